"""转人工: a WeChat customer wants a human and no program.

Who receives customers gets her, and the bot is silent as long as a human holds the session
(``bot.wecom.kf_budget``). Where nobody does, she is told so, and the one on duty is asked to call
back. Danger never comes here: it is answered with numbers and rings as always.
Called by ``report``, ``desk``, ``learning`` and ``overdue``.
"""

from datetime import timedelta

from bot.domain import humans, privacy
from bot.domain.reading import Reading
from bot.door_events import Learned
from bot.events import Due, Heard
from bot.messages import Weight
from bot.speech import Choices
from bot.turn import Turn
from config.vocabulary import Act, Danger, Kind, Role
from handlers import opening
from storage import kf, people, tickets, timers
from storage.people import Ask
from storage.tickets import Ticket
from storage.timers import Timer

TIMER = "human_waits"
_DOOR = "kf:"
_ASKED = "callback"
_POOL, _HUMAN = 2, 3
_WAIT = timedelta(minutes=10)
_PHONE_LIFE = timedelta(hours=12)
_OWN_SINCE = timedelta(days=30)
_LONGEST = 200


def menu(chat: str) -> Choices:
    """The choice that her greeting offers; other doors have none."""
    return ((humans.WISH, humans.WISH),) if chat.startswith(_DOOR) else ()


def wanted(turn: Turn, event: Heard, said: str, person_key: str) -> bool:
    """True when all she says is that she wants a human; then one is asked for."""
    if not event.chat.startswith(_DOOR) or not humans.is_wish(said):
        return False
    _fetch(turn, event)
    return True


def also_wanted(turn: Turn, event: Heard, reading: Reading) -> None:
    """A report that asks for a human besides; in danger she stays where numbers reach her."""
    safe = event.chat.startswith(_DOOR) and reading.danger is Danger.NONE
    if safe and humans.holds_wish(event.text):
        _fetch(turn, event)


def _fetch(turn: Turn, event: Heard) -> None:
    """Ask the door to hand her over; it changes nothing where a human has her already."""
    data = {"by": event.by, "told": turn.text("human_called")}
    turn.errand("kf", event.chat.removeprefix(_DOOR), "human", data=data)


def learned(turn: Turn, event: Learned) -> None:
    """She waits in the pool, a human has her, or nobody is there."""
    state = int(event.data["state"])
    if state == _POOL and event.data["fresh"]:
        timers.set_timer(
            turn.db,
            Timer(
                key=f"{event.key}:{TIMER}",
                line=event.line,
                kind=TIMER,
                due_at=turn.now + _WAIT,
                data={},
            ),
        )
    elif state not in (_POOL, _HUMAN):
        _nobody(turn, str(event.data["by"]))


def overdue(turn: Turn, event: Due) -> None:
    """She has waited in the pool for ten minutes: the one on duty hears of it."""
    if kf.session(turn.db, event.line).state == _POOL:
        by = _DOOR + people.chat_of(turn.db, event.line).rpartition(":")[2]
        _tell_duty(turn, by, "human_waits_staff")


def _nobody(turn: Turn, by: str) -> None:
    """She hears the truth, and that a phone number would help."""
    user, ticket = _tell_duty(turn, by, "human_wanted_staff")
    turn.tell(by, turn.text("human_none"), weight=Weight.CLOSING)
    people.ask(
        turn.db,
        Ask(
            key=f"{turn.event.key}:{_ASKED}",
            kind=_ASKED,
            person_key=turn.person_key(by),
            ticket_id=ticket.id if ticket else 0,
            asked_at=turn.now,
            until=turn.now + _PHONE_LIFE,
            data={"user": user},
        ),
    )


def _tell_duty(turn: Turn, by: str, key: str) -> tuple[str, Ticket | None]:
    """Who was told, and her open ticket: its owner, else the officer on duty, else the room."""
    ticket = _open_ticket(turn, by)
    grid = ticket.grid if ticket else people.grid_of(turn.db, turn.person_key(by))
    user = ticket.owner if ticket and ticket.owner else _on_duty(turn, grid)
    named = turn.rules.grid(grid)
    about = turn.text("human_about", number=ticket.number) if ticket else ""
    place = named.name if named else turn.rules.station.name
    words = turn.text(key, place=place, about=about)
    turn.tell(user, words, ticket=ticket.id if ticket else 0)
    if ticket:
        turn.note(ticket, Act.TELL, reason="反映人要找人，已告诉办的人")
    return user, ticket


def _open_ticket(turn: Turn, by: str) -> Ticket | None:
    found = tickets.of_reporter(turn.db, turn.person_key(by), turn.now - _OWN_SINCE)
    return next((ticket for ticket in found if ticket.is_open), None)


def _on_duty(turn: Turn, grid: str) -> str:
    away = opening.away_now(turn)
    there = turn.rules.duty(Role.OFFICER, turn.now, grid, away) if grid else []
    there = there or turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, away)
    return (there or turn.rules.people_with(Role.COMMAND_ROOM))[0].id


def left_phone(turn: Turn, event: Heard, person_key: str, reading: Reading) -> bool:
    """True when the words were only the number that we had asked for; it goes to one person."""
    if not event.chat.startswith(_DOOR) or not privacy.reveals(event.text):
        return False
    asks = people.open_asks(turn.db, person_key, turn.now)
    ask = next((one for one in asks if one.kind == _ASKED), None)
    if ask is None:
        return False
    people.answered(turn.db, ask.id, turn.now)
    words = " ".join(event.text.split())[:_LONGEST]
    turn.tell(str(ask.data["user"]), turn.text("human_phone_staff", draft=words))
    if reading.kind is Kind.REPORT and not humans.is_only_a_number(event.text):
        return False  # it tells of a matter besides, which is dealt with as any other
    turn.answer(turn.text("human_phone_ok"))
    return True
