"""The form that keeps a list by name, or drops one (存成常用): an event of the page, no order.

The links stand on the list of tickets, where ``handlers.dashboard.ticket_list`` reads them.
"""

import secrets

from aiohttp import web

from bot.door_events import Deed, Paged
from config.rights_rules import Page
from handlers.dashboard import ticket_query
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Shell


class SavedViews:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_post("/tickets/views", self._shell.form(Page.TICKETS, self.changed))

    async def changed(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Keep the list that the form names, or drop the one that it numbers; back to the list."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        here = ticket_query.of(form).address()
        number = form.get("drop", "")
        deed, detail = (Deed.DROP, number) if number else (Deed.KEEP, form.get("name", ""))
        event = Paged(
            key=f"page:{deed}:{seat.session.key}:{secrets.token_hex(8)}",
            at=self._shell.engine.clock.now(),
            by=seat.person.id,
            deed=deed,
            session=seat.session.key,
            detail=detail[:60],
            address=here,
        )
        return self._shell.back_to(here, await self._shell.post(event))
