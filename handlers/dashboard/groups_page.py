"""Every group (群): what the bot may do in it, whose it is, when it was heard, what it lacks.

From the rules, the registry of customer groups and what was heard; nothing is done here. An officer
sees the groups of his grids and those that nobody has taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.domain import drafting, rights
from bot.lines import line_of
from config.people_rules import Chat, Person
from config.rights_rules import Page
from config.rules import Rules
from config.vocabulary import ChatKind
from handlers import group_report
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from storage import customer_groups, drafts, group_board, publicity
from storage.customer_groups import CustomerGroup

_MOST = 300
_EARS = {"all": "全听", "mention": "@ 才听", "none": "不听"}
_NOTICES = {drafts.OPEN: "公告还没发", drafts.EXPIRED: "公告没发出去", drafts.DROPPED: "公告不发了"}


@dataclass(frozen=True, slots=True)
class Row:
    """One group as the page shows it; ``lacks`` are sentences."""

    chat: str
    name: str
    kind: str
    inside: bool
    grid: str
    officer: str
    ears: str
    speech: str
    mass: str
    is_trial: bool
    is_out: bool
    residents: int
    heard_at: datetime | None
    lacks: tuple[str, ...]


class GroupsPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/groups", self._shell.page(Page.GROUPS, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """All groups; those that lack something first."""
        found = await self._shell.look(seat, board)
        return self._shell.render(request, seat, "groups.html", groups=found)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows, by chat or line."""

    seen: Mapping[str, group_report.Line]
    spoken: Mapping[str, datetime]
    notices: Mapping[str, str]
    outs: frozenset[str]


def board(look: Look) -> list[Row]:
    """The groups that this person answers for; who has no grids sees all."""
    turn = look.turn
    groups = {one.chat: one for one in customer_groups.living(turn.db)}
    chats = {one.id: one for one in turn.rules.chats.chats}
    ids = list(dict.fromkeys((*chats, *groups)))[:_MOST]
    lines = {chat: line_of(chat) for chat in ids}
    reported = group_report.lines_of(turn.rules, list(groups.values()), turn.now)
    known = _Known(
        {line.group.chat: line for line in reported},
        group_board.spoken(turn.db, lines.values()),
        group_board.newest_states(turn.db, lines.values(), drafting.NOTICE),
        frozenset(publicity.outs(turn.db)),
    )
    rows = [_row(turn.rules, chat, chats.get(chat), groups.get(chat), known) for chat in ids]
    mine = [row for row in rows if _is_his(look.seat.person, row, turn.rules)]
    return sorted(mine, key=lambda row: (not row.lacks, row.inside, row.grid, row.name))


def _is_his(person: Person, row: Row, rules: Rules) -> bool:
    grid = rules.grid_of(row.chat)
    own = rights.grids_of(person, rules)
    return not own or grid is None or grid.id in own


def _row(
    rules: Rules, chat: str, group: Chat | None, seen: CustomerGroup | None, known: _Known
) -> Row:
    grid, line = rules.grid_of(chat), line_of(chat)
    user = (group.officer if group else "") or (grid.officer if grid else "")
    officer = rules.person(user) if user else None
    heard = (known.spoken.get(line), seen.heard_at if seen else None)
    return Row(
        chat=chat,
        name=(seen.name if seen else "") or (group.name if group else "没起名的群"),
        kind=_kind(group),
        inside=group is not None and not group.public,
        grid=grid.name if grid else "",
        officer=officer.name if officer else "",
        ears=_ears(group),
        speech=_speech(rules, group),
        mass="可以" if _is_for_mass(rules, group) else "不能",
        is_trial=group is not None and group.shadow,
        is_out=chat in known.outs,
        residents=seen.residents if seen else 0,
        heard_at=max((at for at in heard if at), default=None),
        lacks=_lacks(rules, chat, group, known),
    )


def _kind(group: Chat | None) -> str:
    if group is None or group.kind is ChatKind.CUSTOMER_GROUP:
        return "客户群"
    return "群众群" if group.public else "工作群"


def _ears(group: Chat | None) -> str:
    if group is None:
        return _EARS["none"]
    return _EARS[group.hears] if group.robots or group.hears == "all" else _EARS["none"]


def _speech(rules: Rules, group: Chat | None) -> str:
    """How words get into the group: by itself, by a human, or not at all."""
    if group is None:
        return "不能说"
    if group.kind is ChatKind.CUSTOMER_GROUP or not group.robots:
        return "起草，请人发"
    return "答话、能 @ 人" if _is_board(rules, group) else "自己答话"


def _is_board(rules: Rules, group: Chat) -> bool:
    ways = {"hook": bool(group.hook), "appchat": group.appchat}
    return any(way and lane in rules.lanes for lane, way in ways.items())


def _is_for_mass(rules: Rules, group: Chat | None) -> bool:
    return "mass" in rules.lanes and (group is None or group.kind is ChatKind.CUSTOMER_GROUP)


def _lacks(rules: Rules, chat: str, group: Chat | None, known: _Known) -> tuple[str, ...]:
    """What somebody has to see to, in sentences."""
    seen = known.seen.get(chat)
    found = [rules.text(key) for key in seen.lacks] if seen else []
    if seen and seen.quiet:
        found.append(seen.quiet)
    if group is not None and group.kind is ChatKind.CUSTOMER_GROUP:
        state = known.notices.get(line_of(chat), "")
        found += [_NOTICES[state]] if state in _NOTICES else []
        found += [] if state else ["还没写过置顶公告"]
    if group is not None and group.public and rules.grid_of(chat) is None and not seen:
        found.append("没定网格")
    return tuple(found)
