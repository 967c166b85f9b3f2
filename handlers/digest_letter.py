"""部门函: one department's open and overdue matters of a month, as a letter that a human signs.

It leaves the house: no protected matter, no handler's and no reporter's name, places down to the
building. What the department had, gave back and answered stands beside what is still there. Called
by ``handlers.digests`` and the page of reports.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import clocks
from bot.domain.clocks import ZONE
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from config.rules import Rules
from handlers import loop
from storage import report_counts, tickets
from storage.diversions import End
from storage.report_counts import Carried
from storage.spans import Span

_MOST = 200


def departments(rules: Rules) -> Mapping[str, str]:
    """Id and name of everyone that a letter can go to."""
    return {one.id: one.name for one in rules.divert.departments}


def named(rules: Rules, words: str) -> str:
    """The department that ``words`` name by its id or a part of its name; empty where none is."""
    parts = [part for part in words.split() if not part[0].isdigit() and len(part) > 1]
    found = (
        one.id
        for part in parts
        for one in rules.divert.departments
        if part in one.name or part == one.id
    )
    return next(found, "")


def first(turn: Turn, time: Time, reader: Person | None) -> Report:
    """The letter to the first department of the list, until one is chosen."""
    return of(turn, time, reader, next(iter(departments(turn.rules)), ""))


def of(turn: Turn, time: Time, _reader: Person | None, department: str) -> Report:
    """The letter to that department about that month; an unknown one gets an empty one."""
    to = turn.rules.department(department)
    span = Span(time.since, min(time.until, turn.now))
    found = report_counts.carried(turn.db, department, span) if to else []
    if to is None or not found:
        return _report(time, to.name if to else "", lead=(turn.text("letter_none"),))
    here = [one for one in found if one.ended_at is None]
    late = [one for one in here if _is_late(turn, one)]
    still = [one for one in here if not _is_late(turn, one)]
    return _report(
        time,
        to.name,
        lead=(
            turn.text("letter_to", department=to.name),
            turn.text("letter_given", month=time.name, lines=_counted(found, span)),
            _open(turn, len(here), len(late)),
        ),
        tables=(_table(turn, "已过期限的", late), _table(turn, "还在办理的", still)),
        notes=_please(turn) if here else (),
        signed=(turn.rules.station.name, _day(turn.now)),
    )


def _report(
    time: Time,
    department: str,
    *,
    lead: tuple[str, ...],
    tables: tuple[Table, ...] = (),
    notes: tuple[str, ...] = (),
    signed: tuple[str, ...] = (),
) -> Report:
    return Report(
        key="letter",
        title=f"请{department}办理事项的函",
        period=time.name,
        lead=lead,
        tables=tables,
        notes=notes,
        signed=signed,
    )


def _open(turn: Turn, count: int, late: int) -> str:
    return turn.text("letter_open", count=count, over=late) if count else turn.text("letter_clear")


def _is_late(turn: Turn, one: Carried) -> bool:
    return one.due_at is not None and one.due_at < turn.now


def _counted(found: Sequence[Carried], span: Span) -> str:
    """What was given, answered and returned within the month, in words."""
    ended = [f for f in found if f.ended_at and span.since <= f.ended_at < span.until]
    answered = [one for one in ended if one.ended_how == End.ANSWERED]
    dated = [one for one in answered if one.due_at is not None]
    kept = sum(bool(f.ended_at and f.due_at and f.ended_at <= f.due_at) for f in dated)
    parts = [
        f"转请办理{sum(one.at >= span.since for one in found)}件",
        f"已答复{len(answered)}件" + (f"（有期限的{len(dated)}件，按期{kept}件）" if dated else ""),
        f"退回{sum(one.ended_how == End.RETURNED for one in ended)}件",
    ]
    return "，".join(parts)


def _table(turn: Turn, title: str, found: Sequence[Carried]) -> Table:
    heads = ("编号", "事项", "地点", "转办日期", "期限", "超过")
    rows = tuple(_row(turn, one) for one in found[:_MOST])
    return Table(title=title, heads=heads, rows=rows, is_list=True)


def _row(turn: Turn, one: Carried) -> tuple[str, ...]:
    ticket = tickets.get(turn.db, one.ticket_id)
    over = clocks.span_words(turn.now - one.due_at) if one.due_at and _is_late(turn, one) else ""
    return (
        ticket.number,
        loop.category_name(turn, ticket.category),
        loop.place_words(turn, ticket, full=False),
        _day(one.at),
        _day(one.due_at) if one.due_at else "",
        over,
    )


def _please(turn: Turn) -> tuple[str, ...]:
    return (turn.text("letter_please"),)


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日"
