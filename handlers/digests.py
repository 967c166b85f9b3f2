"""The reports of a station (报表): 早会日报, 晚报, 周研判, 月通报 and others; by clock, on demand.

One table says which there are, how long their period is and when they go to whom; the page and
the files of ``handlers.dashboard.reports`` take them from here. In a group stands the edition
without protected tickets and without handlers' names. Called by ``routine`` and ``order_rows``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain import lifecycle, rights, sheets, spans
from bot.domain.clocks import ZONE
from bot.domain.commands import Order
from bot.domain.sheets import Report
from bot.domain.spans import Length, Time
from bot.events import Heard, Scheduled
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rights_rules import Page
from config.rules import Rules
from config.vocabulary import Role, Stage
from config.workdays import is_first_workday, is_workday
from handlers import (
    agenda,
    digest_audit,
    digest_day,
    digest_findings,
    digest_grids,
    digest_letter,
    digest_long,
    digest_month,
    digest_peace,
    digest_week,
    opening,
    ticket_looks,
)
from storage import tickets

DAY, DAY_AT = "digest_day", "45 7 * * *"
AUDIT, AUDIT_AT = "digest_audit", "50 7 * * *"
EVENING, EVENING_AT = "digest_evening", "30 20 * * *"
WEEK, WEEK_AT = "digest_week", "30 8 * * 1"
MONTH, MONTH_AT = "digest_month", "50 8 1-12 * *"
QUARTER, QUARTER_AT = "digest_quarter", "55 8 1-12 1,4,7,10 *"
JOBS: Mapping[str, str] = {
    DAY: DAY_AT, AUDIT: AUDIT_AT, EVENING: EVENING_AT, WEEK: WEEK_AT, MONTH: MONTH_AT,
    QUARTER: QUARTER_AT,
}  # fmt: skip
_LEADS = (Role.LEADER, Role.COMMAND_ROOM)
_JUDGES = (Role.LEADER, Role.ANALYST)
_ABOVE = (Role.LEADER, Role.ANALYST, Role.SUPERVISOR)
_GRIDS = (Role.LEADER, Role.COMMAND_ROOM, Role.ANALYST)
# The next step is the reporter's, a department's or a date's.
_WAITS = (*lifecycle.STANDING, Stage.EVALUATION, Stage.DIVERTED)
_AUDITS = (Role.LEGAL_OFFICER, Role.LEADER, Role.COMMAND_ROOM)
# By hour, which reports are sent by name, and to the first of which roles.
SENT: Mapping[str, Mapping[str, tuple[Role, ...]]] = {
    DAY: {"day": _LEADS},
    AUDIT: {"audit": _AUDITS[:1]},
    WEEK: {"week": _JUDGES},
    MONTH: {"month": _ABOVE},
    QUARTER: {"quarter": _ABOVE, "year": _ABOVE},
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One report: how it is called, how long its period is, what makes it.

    ``roles``: the only ones that read it; empty where everybody does who may open the page.
    ``subjects``: whom or what it can be about, by id; ``about`` makes it of one of them.
    ``has_editions``: False where nobody is named in it, so that there is one for all.
    """

    title: str
    length: Length
    make: Callable[[Turn, Time, Person | None], Report]
    roles: tuple[Role, ...] = ()
    subjects: Callable[[Rules], Mapping[str, str]] | None = None
    about: Callable[[Turn, Time, Person | None, str], Report] | None = None
    has_editions: bool = True

    def of(self, turn: Turn, time: Time, reader: Person | None, subject: str = "") -> Report:
        """The report; about ``subject`` where it can be about one and one is named."""
        if self.about is not None and subject:
            return self.about(turn, time, reader, subject)
        return self.make(turn, time, reader)

    def is_for(self, person: Person) -> bool:
        """True when he may read it, in one of his offices."""
        return not self.roles or rights.wearing(person, self.roles) is not None


KINDS: Mapping[str, Kind] = {
    "day": Kind("早会日报", Length.DAY, digest_day.of),
    "week": Kind("周研判", Length.WEEK, digest_week.of),
    "month": Kind("月通报", Length.MONTH, digest_month.of),
    "audit": Kind("法制晨审", Length.DAY, digest_audit.of, _AUDITS, has_editions=False),
    "quarter": Kind("季度报", Length.QUARTER, digest_long.of),
    "year": Kind("年报", Length.YEAR, digest_long.of),
    "findings": Kind("研判登记簿", Length.MONTH, digest_findings.of, _GRIDS),
    "grids": Kind("网格台账", Length.MONTH, digest_grids.of, _GRIDS, has_editions=False),
    "peace": Kind("枫桥材料", Length.YEAR, digest_peace.of, has_editions=False),
    "letter": Kind(
        "部门函", Length.MONTH, digest_letter.first, _LEADS,
        digest_letter.departments, digest_letter.of, has_editions=False,
    ),
}  # fmt: skip
ORDERS: Mapping[Order, str] = {
    Order.DAILY: "day",
    Order.WEEKLY: "week",
    Order.MONTHLY: "month",
    Order.MORNING_AUDIT: "audit",
    Order.QUARTERLY: "quarter",
    Order.YEARLY: "year",
    Order.FINDINGS: "findings",
    Order.GRID_BOOK: "grids",
    Order.PEACE: "peace",
    Order.DEPARTMENT_LETTER: "letter",
}


def daily(turn: Turn) -> None:
    """07:45: into the station's own groups, and by name to who leads; nothing where nothing is."""
    report = _last(turn, "day", None)
    if report.is_empty:
        return
    _to_groups(turn, said(turn, report))
    _to_roles(turn)


def by_clock(turn: Turn) -> None:
    """The reports of this hour, each to whom it is for."""
    _to_roles(turn)


def read(turn: Turn) -> None:
    """What the hour will say, read without saying it (``Turn.known``)."""
    if _job(turn) == DAY:
        _last(turn, "day", None)
    _letters(turn)


def _is_due(turn: Turn, key: str) -> bool:
    """Long periods are reported on the first working day of the month; the year in January."""
    if KINDS[key].length not in (Length.MONTH, Length.QUARTER, Length.YEAR):
        return True
    is_january = turn.now.astimezone(ZONE).month == 1
    return _is_first_workday(turn) and (is_january or KINDS[key].length is not Length.YEAR)


def _is_first_workday(turn: Turn) -> bool:
    today = turn.now.astimezone(ZONE).date()
    return is_first_workday(today, "month", turn.rules.times.work)


def _last(turn: Turn, key: str, reader: Person | None) -> Report:
    """The report of the last whole period."""
    return _made(turn, key, spans.asked(KINDS[key].length, "", turn.now), reader)


def _made(turn: Turn, key: str, time: Time, reader: Person | None, subject: str = "") -> Report:
    """The report; what it takes to count is read before the Turn, if anywhere."""
    name = ("report", key, time, reader.id if reader else "", subject)
    return turn.known(name, lambda: KINDS[key].of(turn, time, reader, subject))


def _to_groups(turn: Turn, words: str) -> None:
    """The groups of the whole station, each once: by its webhook, else by the robot in it."""
    boards = {group.id for group in turn.teams()}
    for group in turn.rules.chats.chats:
        if group.public or group.grid is not None:
            continue
        if group.id in boards:
            turn.post(group, words)
        elif group.robots:
            turn.say_group(group.id, words)


def _to_roles(turn: Turn) -> None:
    for person, report in _letters(turn):
        if not report.is_empty:
            turn.tell(person.id, said(turn, report))


def _letters(turn: Turn) -> list[tuple[Person, Report]]:
    """Who gets which report in this hour."""
    away = opening.away_now(turn)
    found = []
    for key, roles in SENT[_job(turn)].items():
        if _is_due(turn, key):
            there = [p for role in roles for p in turn.rules.duty(role, turn.now, None, away)[:1]]
            people = {one.id: one for one in there}.values()
            found += [(person, _last(turn, key, person)) for person in people]
    return found


def _job(turn: Turn) -> str:
    """The job of this hour. Raises: LookupError for an event that is none."""
    if not isinstance(turn.event, Scheduled):
        raise LookupError("no hour has come")
    return turn.event.job


def said(turn: Turn, report: Report) -> str:
    """The report as one message."""
    return sheets.chat(report, lambda left: turn.text("report_more", count=left))


def asked(turn: Turn, event: Heard, person: Person, what: Order, words: str) -> str:
    """日报 3月4日, 周研判, 月通报 2月, 晚报: in private, whoever hears the question.

    Raises: Refused for who may not read reports; 晚报 is everybody's own.
    """
    found = asked_of(turn, person, what, words)
    if ":" in event.chat:
        return found
    turn.tell(person.id, found)
    return turn.text("short_ack")


def asked_of(turn: Turn, person: Person, what: Order, words: str) -> str:
    """The answer alone; says nothing, so that it can be read before the Turn. Raises: Refused."""
    if what is Order.EVENING:
        return of_evening(turn, person) or turn.text("mine_none")
    kind = KINDS[ORDERS[what]]
    if not rights.may_open(person, Page.REPORTS, turn.rules) or not kind.is_for(person):
        raise Refused("role_refused", who=turn.rules.station.room_name)
    time = spans.asked(kind.length, words, turn.now)
    return said(turn, _made(turn, ORDERS[what], time, person, _subject(turn, kind, words)))


def _subject(turn: Turn, kind: Kind, words: str) -> str:
    """Whom the report is to be about. Raises: Refused where nobody known is named."""
    if kind.subjects is None:
        return ""
    known = kind.subjects(turn.rules)
    found = digest_letter.named(turn.rules, words)
    if not found:
        raise Refused("letter_which", names="、".join(known.values()))
    return found


def evening(turn: Turn) -> None:
    """20:30 of a working day: who has something to do hears what, and what tomorrow brings."""
    if not is_workday(turn.now.astimezone(ZONE).date(), turn.rules.times.work):
        return
    away = opening.away_now(turn)
    for person in turn.rules.people:
        if person.role.is_staff and person.id not in away and (words := of_evening(turn, person)):
            turn.tell(person.id, words)


def of_evening(turn: Turn, person: Person) -> str:
    """晚报 of one person; empty where everything open of his waits for somebody else."""
    own = tickets.open_of_owner(turn.db, person.id)
    if all(one.stage in _WAITS for one in own):
        return ""
    late = sum(one.due_at is not None and one.due_at < turn.now for one in own)
    today = turn.now.astimezone(ZONE)
    lines = [
        turn.text("evening_head", day=f"{today.month}月{today.day}日", count=len(own), over=late),
        *ticket_looks.mine(turn, person)[1:],
        agenda.of_day(turn, person, 1),
    ]
    return sheets.cut(lines, lambda left: turn.text("report_more", count=left))
