"""待判: what the readers were not sure of, by group; one tap says the order 待判 12 是 or 不是.

Masked words, never who spoke. Officers see their own grids; the newest come first.
"""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from config.rights_rules import Page
from handlers import judged_figures, judging, loop
from handlers.dashboard.entry import Seat
from handlers.dashboard.rules_page import number_in
from handlers.dashboard.shell import Look, Shell
from storage import hard_ones
from storage.hard_ones import HardOne
from storage.spans import Span

_PAGE = 40
_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """One message, and the category it may be of."""

    one: HardOne
    guess: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is on the page."""

    groups: list[tuple[str, list[Line]]]
    categories: list[str]
    count: int
    older: int
    figures: tuple[str, ...]


class HardPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/hard", self._shell.page(Page.HARD, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """What waits; that it was read stands in the book."""
        before = number_in(request.query.get("before", ""))
        found = await self._shell.look(seat, lambda look: desk(look, before))
        if found.count:
            await self._shell.looked(seat, "待判的话")
        return self._shell.render(request, seat, "hard.html", it=found)


def desk(look: Look, before: int = 0) -> Desk:
    """What waits for who looks."""
    turn, person = look.turn, look.seat.person
    found = hard_ones.waiting(turn.db, _PAGE + 1, judging.reach(turn, person), before)
    shown = found[:_PAGE]
    groups = [
        (name, [Line(one, _guess(look, one)) for one in ones])
        for name, ones in judging.listed(shown, turn)
    ]
    never = {c.code for c in turn.rules.reading.categories if c.protected}
    return Desk(
        groups=groups,
        categories=[c.name for c in turn.rules.reading.categories if c.code not in never],
        count=len(shown),
        older=shown[-1].id if len(found) > _PAGE else 0,
        figures=_figures(look),
    )


def _figures(look: Look) -> tuple[str, ...]:
    """The last thirty days, for who sees the whole station."""
    turn = look.turn
    if judging.reach(turn, look.seat.person) is not None:
        return ()
    return judged_figures.words(turn, Span(turn.now - _LATELY, turn.now))


def _guess(look: Look, one: HardOne) -> str:
    return loop.category_name(look.turn, one.guess) if one.guess else ""
