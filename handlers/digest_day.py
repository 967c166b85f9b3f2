"""早会日报: what yesterday brought, what is late, what comes today, and who is on duty.

For the station's own group at 07:45, for leaders by name; the same figures in both. Called by
``handlers.digests`` and the page of reports.
"""

from datetime import timedelta

from bot.domain.clocks import ZONE
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Role, Urgency
from handlers import agenda, digest_parts, figures, opening
from handlers.dashboard import reach
from handlers.figures import Period
from storage import ticket_list
from storage.spans import Span
from storage.ticket_list import Filter

_URGENT = (Urgency.U1, Urgency.U2)
_ON_DUTY = (Role.LEADER, Role.COMMAND_ROOM, Role.OFFICER, Role.AUXILIARY)
_MOST_NAMES, _MOST = 4, 200
_SHOWN = ("answered", "sign", "contact", "overdue", "missed")


def of(turn: Turn, time: Time, reader: Person | None) -> Report:
    """The report of that day; ``reader`` None is the edition for the group."""
    span = Span(time.since, time.until)
    period = figures.of(turn.db, turn.rules, span, turn.now)
    return Report(
        key="day",
        title="早会日报",
        period=time.name,
        lead=(*_lead(turn, period, time), *digest_parts.protected_line(turn, period, reader)),
        tables=_tables(turn, period, reader),
        notes=(turn.text("report_scope"),),
        is_empty=digest_parts.is_empty(period),
    )


def _lead(turn: Turn, period: Period, time: Time) -> tuple[str, ...]:
    is_open = [one for one in period.book.matters if one.is_open]
    late = sum(one.overdue_by is not None for one in is_open)
    flow = digest_parts.flow(turn, period, time)
    return (flow, turn.text("day_open", count=len(is_open), over=late))


def _tables(turn: Turn, period: Period, reader: Person | None) -> tuple[Table, ...]:
    parts, matters = digest_parts, period.book.matters
    span = period.span
    back = [
        one.id
        for one in period.cases
        if one.back_at is not None and span.since <= one.back_at < span.until
    ]
    return (
        parts.listed(turn, "险情和紧急", _urgent(turn, period, reader), reader),
        parts.groups("按类别", "类别", parts.by_class(turn, matters)),
        parts.findings(turn, "三类重复（昨天发现的）", span, reader),
        parts.listed(turn, "重办、返工的", back, reader),
        parts.listed(turn, "今天到期", _due_today(turn, period), reader),
        _today(turn),
        parts.kpis("几个数", period, _SHOWN),
    )


def _urgent(turn: Turn, period: Period, reader: Person | None) -> list[int]:
    """U1 and U2 of the day; a reader by name also has the protected ones that he may see."""
    span = period.span
    if reader is None:
        new = (one for one in period.cases if one.opened_at >= span.since)
        return [one.id for one in new if one.urgency in _URGENT]
    wanted = Filter(since=span.since, until=span.until)
    found = ticket_list.found(turn.db, reach.of(reader, turn.rules), wanted, _MOST)
    return [one.id for one in reversed(found) if one.urgency in _URGENT]


def _due_today(turn: Turn, period: Period) -> list[int]:
    """Open, with its limit today; what is late already stands in the numbers."""
    today = turn.now.astimezone(ZONE).date()
    return [
        one.id
        for one in period.cases
        if one.ended_at is None
        and one.due_at is not None
        and one.due_at >= turn.now
        and one.due_at.astimezone(ZONE).date() == today
    ]


def _today(turn: Turn) -> Table:
    """Visits that the calendar names, and who is on duty."""
    day = turn.now.astimezone(ZONE).date()
    visits = "、".join(one.name for one in agenda.visits_on(turn, day))
    rows = [("走访", visits)] if visits else []
    away = opening.away_now(turn)
    for role in _ON_DUTY:
        people = turn.rules.duty(role, turn.now + timedelta(hours=1), None, away)[:_MOST_NAMES]
        if people:
            rows.append((_ROLES[role], "、".join(person.name for person in people)))
    return Table(title="今天", heads=("事", ""), rows=tuple(rows))


_ROLES = {
    Role.LEADER: "值班领导",
    Role.COMMAND_ROOM: "指挥室",
    Role.OFFICER: "民警",
    Role.AUXILIARY: "辅警",
}
