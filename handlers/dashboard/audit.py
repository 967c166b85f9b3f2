"""The book of looks (留痕): who saw personal data on a page, when, of which ticket.

Newest first by keyset, of one person when asked. A ticket that does not exist for the reader stands
there without a number, so that the book gives nothing away. Nobody is counted or compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.domain import rights
from config.rights_rules import Page
from handlers import loop
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from storage import web as books
from storage import web_board
from storage.tickets import Ticket
from storage.web import View

_MOST = 100
_MAX_ID = 2**53


@dataclass(frozen=True, slots=True)
class Row:
    """One look: ``number`` is empty where there is no ticket, or none for the reader."""

    at: datetime
    name: str
    unit: str
    what: str
    number: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """One page of the book; ``more`` is the id to go on from."""

    rows: list[Row]
    more: int


class AuditPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/audit", self._shell.page(Page.AUDIT, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The book from the id that was asked for."""
        asked = request.query.get("before", "")
        before = min(int(asked), _MAX_ID) if asked.isdecimal() and len(asked) < 17 else 0
        rules = self._shell.engine.current_rules()
        user = request.query.get("user", "")
        user = user if rules.person(user) else ""
        found = await self._shell.look(seat, lambda look: book(look, before, user))
        people = sorted(rules.people, key=lambda one: one.name)
        return self._shell.render(request, seat, "audit.html", it=found, user=user, people=people)


def book(look: Look, before: int = 0, user: str = "") -> Book:
    """One page of looks, newest first."""
    turn = look.turn
    found = books.views(turn.db, before, user, _MOST + 1)
    tickets = web_board.tickets_of(turn.db, {one.ticket_id for one in found if one.ticket_id})
    more = found[_MOST - 1].id if len(found) > _MOST else 0
    return Book([_row(look, one, tickets) for one in found[:_MOST]], more)


def _row(look: Look, one: View, tickets: Mapping[int, Ticket]) -> Row:
    turn = look.turn
    person, ticket = turn.rules.person(one.user), tickets.get(one.ticket_id)
    seen = ticket is not None and rights.may_see(
        look.seat.person, loop.matter_of(ticket), turn.rules
    )
    return Row(
        at=one.at,
        name=loop.name_of(turn, one.user),
        unit=person.unit if person else "不在名册里了",
        what=one.what,
        number=ticket.number if ticket is not None and seen else "",
        is_hidden=bool(one.ticket_id) and not seen,
    )
