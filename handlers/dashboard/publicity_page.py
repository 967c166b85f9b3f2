"""Publicity (宣传): the month, what waits for a yes, what was said, wordings, groups, searches.

Read here, done by orders: every button says 宣传 … as in a chat. An officer sees the groups of his
grids. Nothing on the page says who read anything.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aiohttp import web

from bot.domain import publicity, rights
from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.people_rules import Chat, Person
from config.rights_rules import Page
from handlers import publicity_acts, publicity_reach
from handlers.dashboard import publicity_rows
from handlers.dashboard.entry import Seat
from handlers.dashboard.publicity_rows import Entry, Group, Heading, Search
from handlers.dashboard.shell import Look, Shell
from handlers.publicity import groups_of
from handlers.publicity_reach import Reach
from storage import publicity as stored
from storage.spans import Span

_MOST_LINES, _MOST_GROUPS = 400, 300
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month; ``planned`` names what the calendar has and nobody was shown yet."""

    day: date
    is_inside: bool
    is_today: bool
    is_quiet: bool
    planned: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All that is on the page."""

    month: str
    before: str
    after: str
    weeks: tuple[tuple[Cell, ...], ...]
    waiting: tuple[Entry, ...]
    lines: tuple[Entry, ...]
    topics: tuple[Heading, ...]
    groups: tuple[Group, ...]
    searches: tuple[Search, ...]
    reach: Reach
    a_week: int


class PublicityPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/publicity", self._shell.page(Page.PUBLICITY, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The month that was asked for, else this one."""
        asked = request.query.get("month", "")
        found = await self._shell.look(seat, lambda look: board(look, asked))
        return self._shell.render(request, seat, "publicity.html", it=found)


def board(look: Look, asked: str = "") -> Board:
    """What this person answers for; who has no grids sees all."""
    turn, person = look.turn, look.seat.person
    rules, first = turn.rules.publicity, _first(turn, asked)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    chats = _mine(turn, person)
    names = {chat.id for chat in chats}
    known = stored.between(turn.db, str(weeks[0][0]), str(weeks[-1][-1]), _MOST_LINES)
    own = {one.id: one for one in publicity_acts.waiting(turn, person)}
    found = publicity_rows.entries(
        turn, [*own.values(), *(one for one in known if one.id not in own)], names
    )
    by_id = {entry.line.id: entry for entry in found}
    lines = tuple(by_id[one.id] for one in known if one.id in by_id)
    inside = f"{first:%Y-%m}"
    return Board(
        month=inside,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{_next(first):%Y-%m}",
        weeks=tuple(tuple(_cell(turn, day, first, lines) for day in week) for week in weeks),
        waiting=tuple(by_id[number] for number in own if number in by_id),
        lines=tuple(one for one in lines if one.line.day.startswith(inside)),
        topics=publicity_rows.topics(turn, names),
        groups=publicity_rows.groups(turn, person, chats),
        searches=publicity_rows.searches_now(turn, person),
        reach=publicity_reach.of(turn.db, Span(_midnight(first), _midnight(_next(first)))),
        a_week=rules.a_week,
    )


def _first(turn: Turn, asked: str) -> date:
    found = _MONTH.fullmatch(asked)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    return publicity.day_of(turn.now).replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE)


def _mine(turn: Turn, person: Person) -> list[Chat]:
    own = rights.grids_of(person, turn.rules)
    return [one for one in groups_of(turn.rules) if not own or one.grid in own][:_MOST_GROUPS]


def _cell(turn: Turn, day: date, first: date, lines: tuple[Entry, ...]) -> Cell:
    rules, today = turn.rules.publicity, publicity.day_of(turn.now)
    here = tuple(one for one in lines if one.line.day == str(day))
    topics = publicity.topics_on(day, rules) if day > today and not here else []
    return Cell(
        day=day,
        is_inside=day.month == first.month,
        is_today=day == today,
        is_quiet=rules.is_quiet(day),
        planned=tuple(one.name for one in topics),
        entries=here,
    )
