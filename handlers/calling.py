"""Phone calls to staff (电话叫人): made besides the messages of a danger, never instead of them.

Each call and how it ended is a journal row of the ticket. A call that certainly woke nobody lets
the next of the chain be rung at once; whoever answers still has to sign. ``call`` is for every
handler that must wake somebody; where no call can be made it does nothing.
"""

from datetime import timedelta

from bot.door_events import Learned
from bot.events import Due
from bot.turn import Turn
from config import calls
from config.people_rules import Person
from config.vocabulary import Act, Danger, Stage
from handlers import alarms, loop
from storage import tickets, timers
from storage.tickets import Ticket

TIMER = "call_state"
LOOKS = tuple(timedelta(seconds=s) for s in (10, 10, 15, 15, 25, 25))  # 100 seconds in all
NOBODY = -1
_UNSIGNED = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)


def call(turn: Turn, ticket: Ticket, person: Person, rung: int = NOBODY) -> None:
    """Ring this person's phone for ``ticket``; ``rung`` is his place in the danger chain.

    Once in a Turn: the chain and the draft for a group may mean the same phone.
    """
    if (ticket.id, person.id) in turn.called:
        return
    turn.called.add((ticket.id, person.id))
    data = {"user": person.id, "rung": rung, "look": 0, "at": turn.now.isoformat()}
    turn.errand("voice", person.id, "call", ticket, data, ring=True)


def look(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Ask whether the phone was answered."""
    turn.errand("voice", str(event.data["user"]), TIMER, ticket, dict(event.data))


def learned(turn: Turn, event: Learned) -> int:
    """Write down what became of a call; the rung to be rung at once, or ``NOBODY``."""
    ticket, data = tickets.get(turn.db, event.ticket), event.data
    match data["outcome"]:
        case "placed":
            _note(turn, ticket, event, "call_placed")
            _look_again(turn, ticket, event, 0)
        case "answered":
            _note(turn, ticket, event, "call_answered")
        case "ringing" if int(data["look"]) + 1 < len(LOOKS):
            _look_again(turn, ticket, event, int(data["look"]) + 1)
        case "ringing" | "unanswered":
            _note(turn, ticket, event, "call_unanswered", calls.WHY.get(int(data["reason"])))
            return _next_rung(turn, ticket, int(data["rung"]))
        case "late":
            _note(turn, ticket, event, "call_failed", calls.LATE)
        case _:
            _not_made(turn, ticket, event)
    return NOBODY


def _look_again(turn: Turn, ticket: Ticket, event: Learned, number: int) -> None:
    kept = {name: event.data[name] for name in ("user", "rung", "call")}
    turn.set_timer(ticket, TIMER, turn.now + LOOKS[number], **kept, look=number)


def _not_made(turn: Turn, ticket: Ticket, event: Learned) -> None:
    """The chain goes on by its own clock; what only the administrator can mend he hears once."""
    reason = int(event.data["reason"])
    why = calls.WHY.get(reason) if event.data["call"] else calls.NOT_MADE.get(reason)
    _note(turn, ticket, event, "call_failed", why or calls.OTHER)
    if reason in calls.NOT_MADE and reason:
        alarms.tell(turn, "operator_voice", str(reason), why=calls.NOT_MADE[reason])


def _note(
    turn: Turn, ticket: Ticket, event: Learned, key: str, why: str | None = calls.OTHER
) -> None:
    name = loop.name_of(turn, str(event.data["user"]))
    turn.note(ticket, Act.CALL, reason=turn.text(key, name=name, why=why or calls.OTHER))


def _next_rung(turn: Turn, ticket: Ticket, rung: int) -> int:
    """The rung after ``rung`` while nobody signed and the chain has not gone on by itself.

    Only within one round: a chain of phones that are all off must not run in circles.
    """
    if ticket.stage not in _UNSIGNED or ticket.danger is not Danger.CONFIRMED or rung < 0:
        return NOBODY
    if (rung + 1) % len(turn.rules.times.danger.chain) == 0:
        return NOBODY
    waiting = timers.waiting(turn.db, ticket.id, "ring")
    return rung + 1 if [t.data["rung"] for t in waiting] == [rung + 1] else NOBODY
