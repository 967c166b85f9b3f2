"""The log that writes itself (日志): a member of staff asks for his own day, and reads it.

Made of the journal: which matters, which steps, when; what other parts know (visits) comes by
``also``. One correction a day is his; nobody has to fill in, sign or hand in anything, and nobody
else reads it here. Protected matters stand without their kind. Called by ``orders``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.lines import line_of
from bot.messages import Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import ZONE, Person
from config.rules import Rules
from config.vocabulary import Act
from handlers import outside_log
from storage import tickets, worklog
from storage.session import Db
from storage.worklog import Done

Source = Callable[[Db, Rules, Person, datetime, datetime], list[str]]
_SOURCES: list[Source] = [outside_log.of_day]
_CORRECT = ("更正", "改正", "补充")
_EXPORT = "导出"
_MONTH = re.compile(r"^\s*(\d{1,2})月?\s*$")
_DAY = re.compile(r"^(?:(\d{1,2})月(\d{1,2})[日号]?|今天|昨天|前天)\s*")
_BACK = {"今天": 0, "昨天": 1, "前天": 2}
_LONGEST_BACK = timedelta(days=366)
_MOST_LINES = 30
_MOST_WORDS = 300
# Steps that are work; reminders, refusals and notes are not.
_WORK = (
    Act.OPEN, Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.FEEDBACK, Act.REVIEW,
    Act.SEND_BACK, Act.TRANSFER, Act.DIVERT, Act.BIG_LOOP, Act.BIG_LOOP_OUT, Act.SMALL_LOOP,
    Act.ASK, Act.SUPPLEMENT, Act.RECHECK, Act.MERGE,
    Act.SPLIT, Act.CONFIRM, Act.FALSE_ALARM, Act.CLOSE, Act.REOPEN, Act.CALL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of a day: when first, its number, kind and place, and what was done."""

    at: str
    number: str
    about: str
    steps: str


@dataclass(frozen=True, slots=True)
class Day:
    """One person's log of one day."""

    day: date
    lines: tuple[Line, ...]
    more: tuple[str, ...]
    judged: int
    corrected: str


def also(source: Source) -> None:
    """What ``source`` knows of a person's day (visits, inspections) stands in his log too."""
    _SOURCES.append(source)


def day_of(db: Db, rules: Rules, person: Person, day: date) -> Day:
    """His log of that day, as it follows from what was done."""
    begins = datetime.combine(day, time(0), ZONE)
    ends = begins + timedelta(days=1)
    by_ticket: dict[int, list[Done]] = {}
    for done in worklog.done_by(db, person.id, begins, ends):
        if done.act in _WORK:
            by_ticket.setdefault(done.ticket_id, []).append(done)
    return Day(
        day=day,
        lines=tuple(_line(db, rules, one, steps) for one, steps in by_ticket.items()),
        more=tuple(words for s in _SOURCES for words in s(db, rules, person, begins, ends)),
        judged=worklog.heard_of_it(db, person.id, begins, ends),
        corrected=worklog.correction(db, person.id, day.isoformat()),
    )


def _line(db: Db, rules: Rules, ticket_id: int, steps: list[Done]) -> Line:
    ticket = tickets.get(db, ticket_id)
    grid = rules.grid(ticket.grid)
    names = {c.code: c.name for c in rules.reading.categories}
    about = f"{names.get(ticket.category, ticket.category)}（{grid.name if grid else '辖区'}）"
    done = dict.fromkeys(Act(step.act).label for step in steps)
    return Line(
        at=f"{steps[0].at.astimezone(ZONE):%H:%M}",
        number=ticket.number,
        about="受保护的事" if ticket.protected else about,
        steps="、".join(done),
    )


def ordered(turn: Turn, person: Person, words: str) -> str:
    """日志, 日志 昨天, 日志 3月4日, 日志 更正 …: the answer. Raises: Refused."""
    if words.startswith(_EXPORT):
        return _exported(turn, person, words.removeprefix(_EXPORT))
    for word in _CORRECT:
        if words.startswith(word):
            return _corrected(turn, person, words.removeprefix(word).strip(" ：:，,"))
    day, rest = _day(turn, words)
    if rest:
        raise Refused("log_how")
    return "\n".join(_words(turn, day_of(turn.db, turn.rules, person, day)))


def _exported(turn: Turn, person: Person, words: str) -> str:
    """A card that leads to the file; it is given to who is logged in, so it may be passed on."""
    today = turn.now.astimezone(ZONE).date()
    said = _MONTH.match(words)
    if (words.strip() and said is None) or (said and not 1 <= int(said[1]) <= 12):
        raise Refused("log_how")
    month = int(said[1]) if said else today.month
    year = today.year if month <= today.month else today.year - 1
    for form in ("docx", "xlsx"):
        turn.cards_made += 1
        card = Card(
            task_id=f"log-{line_of(turn.event.key)}-{turn.cards_made}",
            title=turn.text("log_card", year=year, month=month),
            desc=form,
            source=turn.text("card_source"),
            url=f"/sidebar/log?month={year}-{month:02}&form={form}",
        )
        turn.show_plain_card(person.id, card)
    return turn.text("log_exported", year=year, month=month)


def _corrected(turn: Turn, person: Person, words: str) -> str:
    day, said = _day(turn, words)
    if not said:
        raise Refused("log_how")
    key = f"{turn.event.key}:log"
    if not worklog.correct(turn.db, key, person.id, day.isoformat(), said[:_MOST_WORDS], turn.now):
        raise Refused("log_corrected_once", day=_named(day))
    return turn.text("log_corrected", day=_named(day))


def _day(turn: Turn, words: str) -> tuple[date, str]:
    """The day that is said first (today when none is), and what is said after it."""
    today = turn.now.astimezone(ZONE).date()
    match = _DAY.match(words.strip())
    if match is None:
        return today, words.strip()
    rest = words.strip()[match.end() :].strip(" ：:，,")
    if match[1] is None:
        return today - timedelta(days=_BACK[match[0].strip()]), rest
    try:
        day = date(today.year, int(match[1]), int(match[2]))
    except ValueError:
        raise Refused("log_how") from None
    if day > today:
        day = day.replace(year=today.year - 1)
    if today - day > _LONGEST_BACK:
        raise Refused("log_how")
    return day, rest


def _words(turn: Turn, log: Day) -> list[str]:
    if not (log.lines or log.more or log.judged or log.corrected):
        return [turn.text("log_empty", day=_named(log.day))]
    said = [turn.text("log_head", day=_named(log.day), count=len(log.lines))]
    said += [f"{one.at} {one.number} {one.about} {one.steps}" for one in log.lines[:_MOST_LINES]]
    said += log.more[:_MOST_LINES]
    if log.judged:
        said.append(turn.text("log_judged", count=log.judged))
    if log.corrected:
        said.append(turn.text("log_own_words", words=log.corrected))
    return said


def _named(day: date) -> str:
    return f"{day.month}月{day.day}日"
