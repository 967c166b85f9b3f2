"""What comes again (反复): focus tickets by their kind, what is attached, and where they stand.

一地多起 and 一类多发 show the tickets that make them; of 一人多次 only the number of the focus
ticket stands here, nobody is named and no list of persons exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.domain import rights
from bot.domain.repeats import Level, What
from config.rights_rules import Page
from handlers import loop
from handlers.dashboard import reach, rows
from handlers.dashboard.entry import Seat
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look, Shell
from storage import repeats_board
from storage.repeats_board import Known

_MOST, _MEMBERS = 20, 8
_MAX_ID = 2**53
KINDS: Mapping[str, str] = {
    What.PLACE: "一地多起",
    What.KIND: "一类多发",
    What.PERSON: "一人多次",
}


@dataclass(frozen=True, slots=True)
class Focus:
    """One finding: its focus ticket, how much it is, what is attached as far as it is shown."""

    id: int
    level: str
    level_name: str
    line: Line
    attached: int
    members: list[str]


@dataclass(frozen=True, slots=True)
class Board:
    """The findings of one kind; ``more`` is the id to go on from."""

    kind: str
    is_open: bool
    found: list[Focus]
    more: int


class RepeatsPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/repeats", self._shell.page(Page.REPEATS, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Findings of the kind that was asked for; those still worked on first."""
        asked = request.query.get("kind", "")
        kind = asked if asked in KINDS else str(What.PLACE)
        is_open = request.query.get("state", "") != "ended"
        before = _number(request.query.get("before", ""))
        found = await self._shell.look(
            seat, lambda look: board(look, kind, is_open=is_open, before=before)
        )
        return self._shell.render(request, seat, "repeats.html", it=found, kinds=KINDS)


def board(look: Look, kind: str, *, is_open: bool = True, before: int = 0) -> Board:
    """One page of findings that exist for who looks."""
    turn, person = look.turn, look.seat.person
    scope = reach.of(person, turn.rules)
    found = repeats_board.found(turn.db, scope, kind, _MOST + 1, is_open=is_open, before=before)
    more = found[_MOST - 1].id if len(found) > _MOST else 0
    seen = [
        one
        for one in found[:_MOST]
        if rights.may_see(person, loop.matter_of(one.ticket), turn.rules)
    ]
    return Board(kind, is_open, [_focus(look, one) for one in seen], more)


def _focus(look: Look, one: Known) -> Focus:
    level = one.finding.level
    return Focus(
        id=one.id,
        level=level,
        level_name=_level_name(look, level),
        line=rows.line(look.turn, one.ticket, look.seat.person),
        attached=one.attached,
        members=[] if one.finding.kind == What.PERSON else _members(look, one),
    )


def _level_name(look: Look, level: str) -> str:
    known = level in {str(one) for one in Level}
    return look.turn.text(f"level_{level}") if known else level


def _members(look: Look, one: Known) -> list[str]:
    turn, person = look.turn, look.seat.person
    found = repeats_board.members(turn.db, one.finding.ticket_id, one.finding.kind, _MEMBERS)
    return [ticket.number for ticket in reach.visible(found, person, turn.rules)]


def _number(said: str) -> int:
    return min(int(said), _MAX_ID) if said.isdecimal() and len(said) < 17 else 0
