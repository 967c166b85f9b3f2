"""上门办证: a resident asks, staff agree a day with her, everybody is reminded.

The program promises nobody's coming: the day is what a member of staff typed. A new day replaces
the one before. Called by ``field`` and ``overdue``.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import clocks, field_words, posters, privacy, rights
from bot.domain.clocks import ZONE
from bot.domain.reading import read
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.service_rules import Appointments
from config.vocabulary import Act, Kind, Stage, Urgency
from handlers import loop, opening, shown
from handlers.intake import Hearing
from storage import forms, hazards
from storage.forms import Form
from storage.tickets import Ticket, Voice

REMIND, MORNING, OVER = "promise_remind", "promise_morning", "promise_over"
TIMERS = (REMIND, MORNING, OVER)
_OVER_AFTER = timedelta(hours=4)
_DONE = (Stage.RESOLVED, Stage.RECHECK, Stage.EVALUATION)
_FORM = "appointment"
_BEGIN = ("上门办证", "预约上门", "上门办身份证", "送证上门", "上门办理")
_LIFE = timedelta(minutes=30)
_LONGEST = 120


def said(turn: Turn, hearing: Hearing) -> bool:
    """True when the words ask for it, or answer what was asked; in private only."""
    plan = turn.rules.services.appointments
    if plan is None:
        return False
    form = None if hearing.is_group else forms.open_of(turn.db, hearing.person_key, turn.now)
    if form is not None and form.form == _FORM:
        return _answered(turn, hearing, plan, form)
    if hearing.said.strip().strip("。！!“”") not in _BEGIN:
        return False
    if hearing.is_group:
        turn.answer(turn.text("appointment_group"))
        return True
    begun = Form(
        key=f"{hearing.event.key}:form",
        form=_FORM,
        person_key=hearing.person_key,
        grid=hearing.grid,
        began_at=turn.now,
        until=turn.now + _LIFE,
    )
    forms.begin(turn.db, begun)
    shown = [(str(n), one.name) for n, one in enumerate(plan.services, 1)]
    lines = "\n".join(f"{number} {name}" for number, name in shown)
    turn.answer(turn.text("appointment_which", lines=lines), choices=tuple(shown))
    return True


def _answered(turn: Turn, hearing: Hearing, plan: Appointments, form: Form) -> bool:
    words = hearing.said.strip()
    if words in ("取消", "算了", "不办了"):
        forms.drop(turn.db, form, turn.now)
        turn.answer(turn.text("tenancy_stopped"))
        return True
    if "service" in form.data:
        _opened(turn, hearing, plan, form)
        return True
    chosen = [s for n, s in enumerate(plan.services, 1) if words in (str(n), s.name, s.id)]
    if not chosen:
        if hearing.reading.kind is Kind.REPORT:
            return False
        turn.answer(turn.text("appointment_again"))
        return True
    data = {"service": chosen[0].id}
    forms.keep(turn.db, replace(form, data=data, until=turn.now + _LIFE))
    turn.answer(turn.text("appointment_where", name=chosen[0].name))
    return True


def _opened(turn: Turn, hearing: Hearing, plan: Appointments, form: Form) -> None:
    event, words = hearing.event, hearing.said.strip()[:_LONGEST]
    service = next(s for s in plan.services if s.id == form.data["service"])
    grid = hearing.grid or form.grid
    place = read(words, event.at, opening.grid_view(turn.rules.grid(grid)), turn.rules.reading)
    text = f"上门办证（{service.name}）：{words}"
    seed = opening.Seed(
        category=plan.category,
        urgency=Urgency.U5,
        text=text,
        masked=privacy.mask(text),
        line=event.line,
        place=posters.as_place(posters.said_in(place.place)),
        grid=grid,
        voice=Voice(user=event.by, chat=event.chat, said_at=turn.now.isoformat()),
        origin="appointment",
    )
    ticket, route = opening.open_ticket(turn, seed)
    forms.end(turn.db, form, turn.now, ticket_id=ticket.id)
    opening.show_to_staff(turn, ticket, route)
    if route.owner is not None:
        turn.tell(
            route.owner.id,
            turn.text("appointment_staff", number=ticket.number, name=service.name),
            ticket=ticket.id,
        )
    values = {"number": ticket.number, "name": service.name, "bring": service.bring}
    turn.answer(turn.text("appointment_taken", **values))


def agreed(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """约好 0012 3月6日 9:30. Raises: Refused where it is not his, over, or names no day ahead."""
    if rights.may_act(person, Act.HANDLE, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    if not ticket.is_open:
        raise Refused("already_done", number=ticket.number, stage=ticket.stage.label)
    at = field_words.day_ahead(words, turn.now)
    if at is None:
        raise Refused("promise_when", number=ticket.number)
    hazards.promise(
        turn.db, f"{turn.event.key}:promise:{ticket.id}", ticket.id, at, person.id, turn.now
    )
    when = clocks.moment_words(at, turn.now)
    saved = loop.change(
        turn, ticket, Act.NOTE, by=person.id, reason=f"约好{when}", finish_at=max_of(ticket, at)
    )
    _set_reminders(turn, saved, at)
    if not saved.protected:
        turn.tell_reporter(saved, "promise_told", time=when)
    return turn.text("promise_ok", number=saved.number, time=when)


def max_of(ticket: Ticket, at: datetime) -> datetime:
    """What the reporter was told never comes before the day that was agreed with her."""
    return max(ticket.finish_at or at, at)


def _set_reminders(turn: Turn, ticket: Ticket, at: datetime) -> None:
    turn.clear_timers(ticket, *TIMERS)
    plan = turn.rules.services.appointments
    before = plan.remind_before if plan else timedelta(days=1)
    remind = loop.by_day(turn, at - before)
    if remind > turn.now:
        turn.set_timer(ticket, REMIND, remind, at=at.isoformat())
    local = at.astimezone(ZONE)
    hour = plan.morning if plan else local.time().replace(hour=8, minute=0)
    morning = local.replace(hour=hour.hour, minute=hour.minute, second=0)
    if turn.now < morning < at:
        turn.set_timer(ticket, MORNING, morning.astimezone(turn.now.tzinfo), at=at.isoformat())
    turn.set_timer(ticket, OVER, loop.by_day(turn, at + _OVER_AFTER), at=at.isoformat())


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """The day before both hear of it, in the morning who goes; afterwards who left it open."""
    at = hazards.promised(turn.db, ticket.id)
    if event.kind == OVER:
        _over(turn, ticket)
        return
    if at is None or not ticket.is_open or at <= turn.now:
        return
    when = clocks.moment_words(at, turn.now)
    if ticket.owner:
        text = turn.text(
            "promise_remind_staff",
            number=ticket.number,
            place=shown.place(turn, ticket, ticket.owner),
            time=when,
        )
        turn.tell(ticket.owner, text, ticket=ticket.id)
    if event.kind == REMIND and not ticket.protected and ticket.voices:
        turn.tell_reporter(ticket, "promise_remind", time=when)


def _over(turn: Turn, ticket: Ticket) -> None:
    """The day has passed and nobody said how it went: who has it in hand is asked, once."""
    if ticket.is_open and ticket.owner and ticket.stage not in _DONE:
        text = turn.text("promise_over_staff", number=ticket.number)
        turn.tell(ticket.owner, text, ticket=ticket.id)
