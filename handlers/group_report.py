"""Which customer groups are quiet or lack something (客户群清单): for the room, in neutral words.

Weekly by itself, at any time by 客户群. A group counts as quiet when nobody was heard in it, or
none of us spoke there, for ``quiet_after``; who should have spoken is nobody's business. The
command ``groups`` shows the same lines. Called by ``routine`` and ``group_claims``.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import clocks
from bot.turn import Turn
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import ChatKind, Role
from handlers import group_wizard
from storage import customer_groups as stored
from storage.customer_groups import CustomerGroup

JOB = "customer_groups"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One group of the report: ``lacks`` are keys of texts.yaml, ``quiet`` says since when."""

    group: CustomerGroup
    grid: str
    officer: str
    lacks: tuple[str, ...]
    quiet: str = ""


def lines_of(rules: Rules, groups: list[CustomerGroup], now: datetime) -> list[Line]:
    """Every group, those that lack something first; ``quiet`` only where anything can be heard."""
    can_hear = any(group.heard_at or group.staff_at for group in groups)
    found = [_line(rules, group, now, can_hear=can_hear) for group in groups]
    return sorted(found, key=lambda line: (not line.lacks, not line.quiet, line.group.id))


def _line(rules: Rules, group: CustomerGroup, now: datetime, *, can_hear: bool) -> Line:
    chat, grid = rules.chat(group.chat), rules.grid_of(group.chat)
    user = (chat.officer if chat else None) or (grid.officer if grid else "")
    officer = rules.person(user)
    quiet = _quiet(rules, group, now) if can_hear and grid is not None else ""
    name = officer.name if officer else ""
    return Line(group, grid.name if grid else "", name, _lacks(rules, group), quiet)


def _lacks(rules: Rules, group: CustomerGroup) -> tuple[str, ...]:
    chat = rules.chat(group.chat)
    found = []
    if chat is not None and chat.kind is not ChatKind.CUSTOMER_GROUP:
        found.append("group_lacks_kind")
    if rules.grid_of(group.chat) is None:
        found.append("group_lacks_grid")
    if chat is not None and chat.hears != "all":
        found.append("group_lacks_ear")
    if group.owner_left:
        found.append("group_lacks_owner")
    elif group.seen_at is not None and rules.person(group.owner) is None:
        found.append("group_lacks_known_owner")
    if group.seen_at is not None and not group.staff:
        found.append("group_lacks_staff")
    return tuple(found)


def _quiet(rules: Rules, group: CustomerGroup, now: datetime) -> str:
    """The sentence that says what was not heard for so long; empty when all is lively."""
    after = rules.times.customer_groups.quiet_after
    since = {"group_quiet": group.heard_at, "group_quiet_staff": group.staff_at}
    for key, at in since.items():
        silent = now - (at or group.first_at)
        if silent >= after:
            return rules.text(key, days=silent.days)
    return ""


def weekly(turn: Turn) -> None:
    """Tell room and leader which groups are quiet or lack something; nothing when none is."""
    found = [
        line
        for line in lines_of(turn.rules, stored.living(turn.db), turn.now)
        if line.lacks or line.quiet
    ]
    if not found:
        return
    text = "\n".join([turn.text("group_report", count=len(found)), *_told(turn, found)])
    leader = turn.rules.duty(Role.LEADER, turn.now)[:1]
    for person in {p.id: p for p in (*group_wizard.room(turn)[:1], *leader)}.values():
        turn.tell(person.id, text)


def listing(turn: Turn, person: Person) -> str:
    """All groups; for an officer those of his grids and those that nobody has taken."""
    found = lines_of(turn.rules, stored.living(turn.db), turn.now)
    if person.role is Role.OFFICER:
        own = {grid.name for one in person.grids if (grid := turn.rules.grid(one))}
        found = [line for line in found if not line.grid or line.grid in own]
    if not found:
        return turn.text("group_none_known")
    return "\n".join([turn.text("group_list", count=len(found)), *_told(turn, found)])


def _told(turn: Turn, lines: list[Line]) -> list[str]:
    shown = [_words(turn, line) for line in lines[:_MOST]]
    if len(lines) > _MOST:
        shown.append(turn.text("group_more", count=len(lines) - _MOST))
    return shown


def _words(turn: Turn, line: Line) -> str:
    group = line.group
    named = turn.text(
        "group_line",
        group=f"{group_wizard.name_of(turn, group)}（#{group.id}）",
        grid=line.grid or turn.text("group_no_grid"),
        count=group.residents,
    )
    more = [turn.text(key) for key in line.lacks] + ([line.quiet] if line.quiet else [])
    last = max(filter(None, (group.heard_at, group.staff_at)), default=None)
    if not more and last is not None:
        more = [turn.text("group_heard", age=clocks.span_words(turn.now - last))]
    return named + "，".join(more)
