"""Standing still and later limits (挂起、延期): asked for by who works it, granted by his leader.

A hold waits for a third party and ends by itself, by 恢复, or by the result. An extension moves
the limit of the present step, is kept as an interval, and the reporter hears the new day.
"""

from datetime import datetime, timedelta

from bot.domain import clocks, commands
from bot.turn import SYSTEM, Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Stage
from handlers import approving, cards, interim, loop
from storage import hard, pauses, tickets
from storage.approvals import Approval
from storage.pauses import Why
from storage.tickets import Ticket

TIMER = "hold_until"
_USUAL = timedelta(days=7)
_LONGEST = timedelta(days=60)


def suspend(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """挂起 0012 5天 等鉴定: the answer; the clock stands still once a second person has agreed."""
    span, reason = _span(words)
    data = {"until": (turn.now + (span or _USUAL)).isoformat()}
    return approving.ask(turn, ticket, Act.SUSPEND, person, reason, data)


def extend(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """延期 0012 3天 等材料: the answer; asked for before the limit has passed.

    Raises: Refused without a length, after the limit, or when it was extended as often as may be.
    """
    span, reason = _span(words)
    if span is None:
        raise Refused("needs_span", number=ticket.number)
    if ticket.due_at is None or ticket.due_at <= turn.now:
        raise Refused("too_late_to_extend", number=ticket.number)
    if pauses.count(turn.db, ticket.id, Why.EXTENSION) >= _most(turn, ticket):
        raise Refused("extended_enough", number=ticket.number)
    data = {"until": (ticket.due_at + span).isoformat()}
    return approving.ask(turn, ticket, Act.EXTEND, person, reason, data)


def _most(turn: Turn, ticket: Ticket) -> int:
    times = turn.rules.times
    return times.hard.extensions if hard.is_hard(turn.db, ticket.id) else times.extensions


def _span(words: str) -> tuple[timedelta | None, str]:
    """The length that is said first, and the reason behind it."""
    first, _, rest = words.strip().partition(" ")
    minutes = commands.minutes_of(first)
    if not minutes:
        return None, words.strip()
    return min(timedelta(minutes=minutes), _LONGEST), rest.strip()


def _suspended(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    until = datetime.fromisoformat(str(wish.data["until"]))
    held = loop.step(
        turn, ticket, Act.SUSPEND, decider.role, by=decider.id, reason=wish.reason[:200]
    )
    turn.set_timer(held, TIMER, loop.by_day(turn, max(until, turn.now)))
    cards.refresh(turn, held)
    return turn.text("held_ok", number=held.number, until=clocks.moment_words(until, turn.now))


def _extended(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """Raises: Refused when the limit has gone meanwhile."""
    if interim.HARD in wish.data:
        return interim.granted(turn, ticket, decider, wish)
    until = datetime.fromisoformat(str(wish.data["until"]))
    if ticket.due_at is None or until <= ticket.due_at:
        raise Refused("approval_over")
    key = f"{turn.event.key}:extension:{ticket.id}"
    pauses.begin(turn.db, key, ticket.id, Why.EXTENSION, ticket.due_at, until)
    finish_at = max(until, ticket.finish_at or until)
    noted = loop.step(
        turn, ticket, Act.EXTEND, decider.role, by=decider.id, reason=wish.reason[:200],
        finish_at=finish_at,
    )  # fmt: skip
    saved = loop.recounted(turn, noted)
    cards.refresh(turn, saved)
    if not saved.protected:
        turn.tell_reporter(saved, "stage_on_hold", due=clocks.moment_words(until, turn.now))
    return turn.text("extended_ok", number=saved.number, due=clocks.moment_words(until, turn.now))


def resume(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    """恢复 0012: the clock runs again."""
    _back(turn, ticket, person.role, person.id, "恢复")
    return turn.text("resumed_ok", number=ticket.number)


def hold_due(turn: Turn, ticket: Ticket) -> None:
    """The hold is over: work goes on, and who has it hears so."""
    if ticket.stage is not Stage.ON_HOLD:
        return
    back = _back(turn, ticket, SYSTEM, SYSTEM, "挂起到期")
    turn.tell(back.owner, turn.text("hold_over_staff", number=back.number), ticket=back.id)


def _back(turn: Turn, ticket: Ticket, who: str, by: str, reason: str) -> Ticket:
    back = loop.step(turn, tickets.get(turn.db, ticket.id), Act.RESUME, who, by=by, reason=reason)
    turn.clear_timers(back, TIMER, "waiting_limit")
    cards.refresh(turn, back)
    return back


approving.when_granted(Act.SUSPEND, _suspended)
approving.when_granted(Act.EXTEND, _extended)
