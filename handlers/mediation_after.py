"""After the agreement (履行、文书): the day it is to be kept, the papers, reminders.

Timers belong to no ticket, because a ticket that is closed forgets its own. Both sides may say
whether it was kept. Called by ``handlers.mediating`` and ``handlers.overdue``.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import commands
from bot.domain import mediation as domain
from bot.domain.clocks import ZONE
from bot.domain.mediation import A, B, Result
from bot.events import Due
from bot.lines import line_of
from bot.messages import Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import loop, mediation_papers
from handlers import mediation_people as people
from storage import mediations, serials, tickets, timers
from storage.mediations import Mediation, Paper
from storage.tickets import Ticket

PROMISE, CONFIRM = "mediation_promise", "mediation_confirm"
TIMERS = (PROMISE, CONFIRM)
_DAY = re.compile(r"(?:(?P<y>\d{4})[年/-])?(?P<m>\d{1,2})[月/-](?P<d>\d{1,2})[日号]?")
_LAST_HOUR = 17
REMEMBERED = timedelta(days=400)


def _agreed(turn: Turn, ticket: Ticket) -> Mediation:
    """The newest mediation that came to an agreement. Raises: Refused."""
    found = people.current(turn, ticket)
    if found is None or not found.result or not Result(found.result).is_agreed:
        raise Refused("mediation_no_result", number=ticket.number)
    return found


def remind(turn: Turn, ticket: Ticket, kind: str, at: datetime, mark: str, **data: object) -> None:
    """Set a timer of no ticket; never at night, never in the past."""
    timers.set_timer(
        turn.db,
        timers.Timer(
            key=f"{turn.event.key}:{kind}:{mark}",
            line=ticket.line,
            kind=kind,
            due_at=loop.by_day(turn, max(at, turn.now)),
            data=data,
        ),
    )


def promise(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """履行期限 0012 3月20日: the day, with a reminder before it. Raises: Refused without a day."""
    mediation = _agreed(turn, ticket)
    people.must_work(turn, person, ticket, mediation)
    day = day_in(words, turn.now)
    if day is None:
        raise Refused("mediation_which_day", number=ticket.number)
    mediations.save(turn.db, replace(mediation, promised_at=day))
    data = {"mediation": mediation.id, "promised_at": day.isoformat()}
    before = day - people.plan_of(turn).promise_reminder
    for mark, at in (("before", before), ("day", day)):
        remind(turn, ticket, PROMISE, at, f"{mediation.id}:{mark}", **data)
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"约定{day_words(day)}以前履行")
    return turn.text("mediation_promised", number=ticket.number, due=day_words(day))


def day_words(day: datetime) -> str:
    """``3月20日``."""
    local = day.astimezone(ZONE)
    return f"{local.month}月{local.day}日"


def day_in(words: str, now: datetime) -> datetime | None:
    """The coming day that the words name (3月20日, 15天), at the end of its work; or None."""
    found = _DAY.search(words)
    local = now.astimezone(ZONE)
    if found is None:
        minutes = commands.minutes_of(words)
        day = local + timedelta(minutes=minutes) if minutes else None
        return day.replace(hour=_LAST_HOUR, minute=0, second=0, microsecond=0) if day else None
    years = [int(found["y"])] if found["y"] else [local.year, local.year + 1]
    return next((day for year in years if (day := _day(year, found)) and day > now), None)


def _day(year: int, found: re.Match[str]) -> datetime | None:
    try:
        return datetime(year, int(found["m"]), int(found["d"]), _LAST_HOUR, tzinfo=ZONE)
    except ValueError:
        return None


def kept(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """已履行 0012 双方: what the sides said to who asked them."""
    mediation = _agreed(turn, ticket)
    people.must_work(turn, person, ticket, mediation)
    said(turn, ticket, mediation, _sides(ticket, words), is_kept=True, by=person.id)
    return turn.text("mediation_kept_noted", number=ticket.number)


def broken(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """没履行 0012 甲方."""
    mediation = _agreed(turn, ticket)
    people.must_work(turn, person, ticket, mediation)
    said(turn, ticket, mediation, _sides(ticket, words), is_kept=False, by=person.id)
    return turn.text("mediation_kept_noted", number=ticket.number)


def _sides(ticket: Ticket, words: str) -> tuple[str, ...]:
    sides = domain.sides_in(words)
    if not sides:
        raise Refused("mediation_which_side", number=ticket.number)
    return sides


def said(
    turn: Turn, ticket: Ticket, mediation: Mediation, sides: tuple[str, ...], *, is_kept: bool,
    by: str,
) -> None:  # fmt: skip
    """Those sides say that it was kept, or not; the mediator hears of what was not."""
    word = "kept" if is_kept else "broken"
    changed = replace(
        mediation,
        kept_a=word if A in sides else mediation.kept_a,
        kept_b=word if B in sides else mediation.kept_b,
        eventful_at=mediation.eventful_at if is_kept else turn.now,
    )
    mediations.save(turn.db, changed)
    turn.note(ticket, Act.NOTE, by=by, reason="约定已履行" if is_kept else "约定没有履行")
    if not is_kept and by != mediation.mediator:
        text = turn.text("mediation_broken_staff", number=ticket.number)
        turn.tell(mediation.mediator, text, ticket=ticket.id)


def paper(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """写协议 0012 协议书 …: a numbered draft; the court's reminder where the form has one.

    Raises: Refused without an agreement or a form, and for a police form by somebody else.
    """
    mediation = _agreed(turn, ticket)
    people.must_be_of_force(turn, person, ticket, mediation)
    rules = people.plan_of(turn)
    form = domain.form_in(words, rules)
    if form is None:
        names = "、".join(one.name for one in rules.forms)
        raise Refused("mediation_which_form", number=ticket.number, forms=names)
    if form.police and not person.role.is_police:
        raise Refused("mediation_police_form")
    number = _number(turn, form.mark)
    terms = _without(words, (form.name, *form.words)) or mediation.terms
    day = day_words(mediation.promised_at) if mediation.promised_at else ""
    content = mediation_papers.filled(turn, person, ticket, mediation, form, number, terms, day)
    made = mediations.write_paper(
        turn.db,
        Paper(
            key=f"{turn.event.key}:paper:{mediation.id}",
            mediation_id=mediation.id,
            ticket_id=ticket.id,
            form=form.id,
            number=number,
            made_at=turn.now,
            made_by=person.id,
            words=content.pack(),
        ),
    )
    if form.confirm:
        at = turn.now + rules.confirm_reminder
        data = {"mediation": mediation.id, "paper": number}
        remind(turn, ticket, CONFIRM, at, number, **data)
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"写了{form.name} {number}")
    said = turn.text("mediation_paper", number=ticket.number, name=form.name, code=number)
    turn.hand_paper(person.id, mediation_papers.file_of(content), ticket)
    _show(turn, person, form.name, number, made)
    return said


def _show(turn: Turn, person: Person, name: str, number: str, paper_id: int) -> None:
    """A card that leads to the page of the paper, where it can be had again."""
    turn.cards_made += 1
    card = Card(
        task_id=f"paper-{line_of(turn.event.key)}-{turn.cards_made}",
        title=name,
        desc=number,
        text=turn.text("mediation_paper_open"),
        url=f"/sidebar/papers/{paper_id}",
        source=turn.text("card_source"),
    )
    turn.show_plain_card(person.id, card)


def _without(words: str, names: tuple[str, ...]) -> str:
    """The terms behind the name of the form."""
    named = next((name for name in names if words.startswith(name)), "")
    return words.removeprefix(named).strip(" ：:，,。\n")


def _number(turn: Turn, mark: str) -> str:
    year = turn.now.astimezone(ZONE).year
    serial = serials.next_serial(turn.db, f"paper:{mark}:{year}")
    return f"{turn.rules.station.prefix}{mark}〔{year}〕{serial:04}号"


def due(turn: Turn, event: Due) -> None:
    """The day of the promise, or the court's thirty days."""
    mediation = mediations.find(turn.db, int(event.data["mediation"]))
    if mediation is None:
        return
    ticket = tickets.get(turn.db, mediation.ticket_id)
    if people.is_never(turn, ticket) or people.active(turn, ticket):
        return
    match event.kind:
        case "mediation_promise":
            _promise_due(turn, event, ticket, mediation)
        case _:
            _confirm_due(turn, event, ticket, mediation)


def ask_side(turn: Turn, ticket: Ticket, mediation: Mediation) -> None:
    """Who reported says whether it was kept, if she is a side and has not said so."""
    user = people.reporter_side(turn, mediation)
    own = mediation.kept_a if mediation.side_a == people.REPORTER else mediation.kept_b
    if user and not own:
        text = turn.text("mediation_kept_asked", number=ticket.number)
        turn.tell(user, text, ticket=ticket.id)


def _promise_due(turn: Turn, event: Due, ticket: Ticket, mediation: Mediation) -> None:
    """Only for the day that still stands, and only while a side has not said that it was kept."""
    day = datetime.fromisoformat(str(event.data["promised_at"]))
    is_kept = mediation.kept_a == mediation.kept_b == "kept"
    if is_kept or mediation.promised_at != day:
        return
    text = turn.text("mediation_promise_due", number=ticket.number, due=day_words(day))
    turn.tell(mediation.mediator, text, ticket=ticket.id)
    if turn.now >= day:
        ask_side(turn, ticket, mediation)


def _confirm_due(turn: Turn, event: Due, ticket: Ticket, mediation: Mediation) -> None:
    paper = mediations.paper(turn.db, str(event.data["paper"]))
    if paper is None:
        return
    last = day_words(paper.made_at + people.plan_of(turn).confirm_within)
    text = turn.text("mediation_confirm_staff", number=ticket.number, code=paper.number, due=last)
    turn.tell(mediation.mediator, text, ticket=ticket.id)
    if user := people.reporter_side(turn, mediation):
        told = turn.text("mediation_confirm", number=ticket.number, due=last)
        turn.tell(user, told, ticket=ticket.id)
