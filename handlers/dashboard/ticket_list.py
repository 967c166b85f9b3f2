"""The list of tickets (工单): filter, search, next page, several at once.

Search opens the masked words of the newest tickets that fit the filter, so many and no more, and
says how far back it looked: words are sealed in the database and no index knows them. Several
tickets at once get an order as in a chat: 签收 0012 0013 (``handlers.dashboard.several``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from bot.domain import ticket_numbers
from config.rights_rules import Page, Part
from handlers import loop, shown
from handlers.dashboard import reach, rows, several, ticket_query
from handlers.dashboard.entry import Seat
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look, Shell
from handlers.dashboard.ticket_query import KINDS, Query
from storage import saved_views, ticket_list, ticket_words
from storage.saved_views import SavedView
from storage.ticket_list import Filter
from storage.tickets import Ticket

_MOST = 50
_SEARCHED = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list; ``more`` is the id to go on from, ``far`` the oldest looked at.

    ``kept`` are the lists that who looks keeps by name.
    """

    lines: list[Line]
    more: int
    far: Ticket | None
    kept: Sequence[SavedView] = ()


class TicketList:
    """Routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/tickets", self._shell.page(Page.TICKETS, self.page))
        app.router.add_post("/tickets", self._shell.form(Page.TICKETS, self.several))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The list as it was asked for; a whole number in the search box opens that ticket."""
        query = ticket_query.of(request.query)
        numbers = ticket_numbers.found_in(query.words)
        if len(numbers) == 1 and numbers[0] == query.words.upper() and "-" in numbers[0]:
            raise web.HTTPSeeOther(f"/tickets/{numbers[0]}")
        found = await self._shell.look(seat, lambda look: _page(look, query))
        return self._shell.render(
            request,
            seat,
            "tickets.html",
            query=query,
            kinds=KINDS,
            found=found,
            rules=self._shell.engine.current_rules(),
            bulk=several.offered(seat.person),
            people=several.people(self._shell.engine.current_rules()),
            searched=_SEARCHED,
        )

    async def several(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """One order for all that were ticked. Raises: 400 when none was."""
        form = await request.post()
        numbers = [n for n in map(str, form.getall("number", [])) if ticket_numbers.found_in(n)]
        given = [str(form.get(name, "")) for name in ("order", "person", "note")]
        words = several.orders(given[0], numbers, *given[1:])
        if not words:
            raise web.HTTPBadRequest(text="还没勾选工单，或者没选人、没写批注。请回去补上再点。")
        back = ticket_query.of({k: str(v) for k, v in form.items()}).address()
        return await self._shell.told(request, seat, words, back)


def _page(look: Look, query: Query) -> Found:
    kept = saved_views.of(look.turn.db, look.seat.person.id)
    return replace(found_of(look, query), kept=kept)


def found_of(look: Look, query: Query) -> Found:
    """One page of the list as it was asked for, for who looks."""
    turn, person = look.turn, look.seat.person
    wanted = ticket_query.wanted(query, turn.rules, person.id, turn.now)
    if query.words:
        return _searched(look, query.words, wanted)
    ids = ticket_list.ids(turn.db, reach.of(person, turn.rules), wanted, _MOST + 1)
    more = ids[_MOST - 1] if len(ids) > _MOST else 0
    seen = reach.visible(ticket_words.listed(turn.db, ids[:_MOST]), person, turn.rules)
    return Found([rows.line(turn, ticket, person) for ticket in seen], more, None)


def _searched(look: Look, words: str, wanted: Filter) -> Found:
    turn, person = look.turn, look.seat.person
    ids = ticket_list.ids(turn.db, reach.of(person, turn.rules), wanted, _SEARCHED)
    looked = ticket_words.listed(turn.db, ids)
    fits = reach.visible([t for t in looked if _fits(look, t, words)], person, turn.rules)
    seen = fits[:_MOST]
    far = seen[-1] if len(fits) > _MOST else looked[-1] if looked else None
    goes_on = len(fits) > _MOST or len(ids) == _SEARCHED
    more = far.id if far is not None and goes_on else 0
    return Found([rows.line(turn, t, person) for t in seen], more, far)


def _fits(look: Look, ticket: Ticket, words: str) -> bool:
    """True when the words stand in what this person may read of it."""
    turn, person = look.turn, look.seat.person
    if words.upper() in (ticket.number, ticket.serial):
        return True
    if words in ticket.masked and shown.may(turn, ticket, person, Part.SUMMARY):
        return True
    places = (loop.place_words(turn, ticket, full=full) for full in (True, False))
    return any(words in place for place in places) and words in shown.place(turn, ticket, person)
