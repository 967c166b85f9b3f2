"""Did it hold (问效): whether the same came again so many days after a closing.

Every night, for each ticket that stayed closed: the answer stands in its journal and in the books,
a focus ticket whose matter came back is worked again, and what was found of a person is deleted
when its time is over. ``reopened`` is the other half (一事反复): the same person tells the same
matter again, and the old ticket goes on instead of a new one. Called by ``routine`` and ``report``.
"""

from datetime import timedelta

from bot.domain import spots
from bot.domain.lifecycle import SYSTEM
from bot.domain.repeats import What
from bot.turn import Turn
from config.vocabulary import ClosingCode, Stage
from handlers import feedback, loop, recurrences
from storage import effects, findings, tickets
from storage import repeats as stored
from storage.effects import Closing
from storage.tickets import Ticket

_CATCH_UP = timedelta(days=7)  # so long a check waits for a machine that stood still
_OPEN_AGAIN = (Stage.CLOSED, Stage.REVIEW)


def nightly(turn: Turn) -> None:
    """Make the checks whose day has come; forget what must be forgotten."""
    rules = turn.rules.repeats
    for after in rules.effect_after:
        until = turn.now - after
        for closing in effects.closings(turn.db, until - _CATCH_UP, until):
            _check(turn, closing, after)
    last = rules.effect_after[-1]
    findings.drop_findings(turn.db, What.PERSON, turn.now - last - rules.person.drop_after)


def _check(turn: Turn, closing: Closing, after: timedelta) -> None:
    came = recurrences.checked(turn, closing, after)
    ticket = tickets.get(turn.db, closing.id)
    if came and closing.is_focus and ticket.stage in _OPEN_AGAIN:
        words = recurrences.words(turn, closing, after, came)
        feedback.reopen(turn, ticket, SYSTEM, SYSTEM, words)


def reopened(
    turn: Turn, category: str, place_key: str, person_key: str, unit: str = ""
) -> Ticket | None:
    """一事反复: the closed ticket of the same matter by the same person, open again; else None.

    Only what goes on by its nature (repeats.yaml ``again_categories``): a second theft is no
    theft again. The closing counts as one that did not hold.
    """
    rules = turn.rules.repeats
    if category not in rules.again_categories or not person_key:
        return None
    since = turn.now - rules.again_within
    for number in stored.closed_like(turn.db, person_key, category, since):
        old = tickets.get(turn.db, number)
        fits = spots.fits(old.place_key, place_key) and not spots.other_stairwell(
            old.place.get("unit", ""), unit, category, turn.rules.alike
        )
        if fits and old.stage in _OPEN_AGAIN and old.closing_code != ClosingCode.UNFOUNDED:
            return _worked_again(turn, old)
    return None


def _worked_again(turn: Turn, old: Ticket) -> Ticket:
    assert old.closed_at is not None  # closed_like found it by that  # noqa: S101
    days = max(1, (turn.now - old.closed_at).days)
    closing = effects.closing_of(old, old.closed_at)
    effects.effect(turn.db, closing, stored.AT_ONCE, 1, turn.now)
    text = turn.text("repeat_again", number=old.number, days=days)
    if old.owner:
        turn.tell(old.owner, text, ticket=old.id)
    again = feedback.reopen(turn, old, SYSTEM, SYSTEM, f"一事反复：办结{days}天内又来反映")
    turn.tell_reporter(again, "reopened", due=loop.promise_words(turn, again))
    return again
