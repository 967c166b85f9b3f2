"""My logins (我的登录): on which devices somebody is logged in, out of this one, out of all.

Plugged with the other pages; ending a login is an event like everything else.
"""

from aiohttp import web

from bot.door_events import Deed
from config.rights_rules import Page
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Shell
from storage import web as books


class LoginsPage:
    """Routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/logins", self._shell.page(Page.TODAY, self.page))
        app.router.add_post("/logins", self._shell.form(Page.TODAY, self.leave))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The list."""
        found = await self._shell.look(
            seat, lambda look: books.logins(look.turn.db, seat.person.id, look.turn.now)
        )
        return self._shell.render(request, seat, "logins.html", logins=found, own=seat.session.key)

    async def leave(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Out here (``here``) or on every device."""
        here = str((await request.post()).get("where", "")) == "here"
        await self._shell.entry.book(Deed.OUT if here else Deed.ALL_OUT, seat.session)
        return self._shell.entry.leave(web.Response(status=303, headers={"Location": "/"}))
