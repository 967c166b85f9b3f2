"""What came again after a closing (又发生): the same category, place or person, in so many days.

The check of effect (问效) writes it into the ticket and the books, each once, whether the night
came first or the visit. Called by ``effects`` and ``feedback``.
"""

from datetime import timedelta

from bot.domain import repeats, spots
from bot.domain.repeats import WEEK, Occurrence, What
from bot.turn import Turn
from config.vocabulary import Act
from handlers import loop
from storage import effects, findings, tickets
from storage import repeats as stored
from storage.effects import Closing
from storage.tickets import Ticket

_MOST_NUMBERS = 8


def checked(turn: Turn, closing: Closing, after: timedelta) -> list[int] | None:
    """What came again, written into ticket and books; None when that check was made before."""
    came = came_back(turn, closing, after)
    if not effects.effect(turn.db, closing, after.days, len(came), turn.now):
        return None
    turn.note(
        tickets.get(turn.db, closing.id), Act.REVIEW, reason=words(turn, closing, after, came)
    )
    return came


def words(turn: Turn, closing: Closing, after: timedelta, came: list[int]) -> str:
    """The entry 问效 of a ticket; within thirty days it counts against the closing."""
    if not came:
        return turn.text("effect_good", days=after.days)
    against = not closing.is_focus and after <= turn.rules.repeats.again_within
    key = "effect_against" if against else "effect_bad"
    return turn.text(key, days=after.days, count=len(came), numbers=_numbers(turn, came))


def _numbers(turn: Turn, came: list[int]) -> str:
    numbers = [tickets.get(turn.db, one).number for one in came[-_MOST_NUMBERS:]]
    return "、".join(numbers) + ("等" if len(came) > _MOST_NUMBERS else "")


def seen_until_now(turn: Turn, ticket: Ticket) -> str:
    """What whoever makes the visit should know; the check of that day is made with it."""
    if ticket.closed_at is None or ticket.protected or loop.is_danger(ticket):
        return ""
    closing = effects.closing_of(ticket, ticket.closed_at)
    after = timedelta(days=(turn.now - ticket.closed_at).days)
    if after in turn.rules.repeats.effect_after:
        checked(turn, closing, after)
    came = came_back(turn, closing, turn.now - ticket.closed_at)
    if not came:
        return turn.text("effect_none_yet")
    return turn.text("effect_seen", count=len(came), numbers=_numbers(turn, came))


def came_back(turn: Turn, closing: Closing, after: timedelta) -> list[int]:
    """The tickets of the same matter that came within that time after the closing."""
    finding = findings.of_ticket(turn.db, closing.id) if closing.is_focus else None
    if finding is not None and finding.kind == What.KIND:
        return _kind_goes_on(turn, closing)
    key, members = closing.reporter_key, []
    if finding is not None:
        members = findings.members(turn.db, closing.id, finding.kind)
        key = tickets.get(turn.db, members[-1]).reporter_key if members else ""
    place_key = "" if finding and finding.kind == What.PERSON else closing.place_key
    if finding and finding.kind == What.PLACE:
        key = ""
    same = _same(turn, closing, place_key, key)
    return repeats.came_back(closing.closed_at, after, same, {closing.id, *members})


def _same(turn: Turn, closing: Closing, place_key: str, key: str) -> list[Occurrence]:
    """The same category since the closing, at the same place or told by the same person."""
    told = stored.at_place(turn.db, place_key, closing.closed_at) if place_key else []
    if key:
        told += [
            one
            for one in stored.of_person(turn.db, key, closing.closed_at)
            if not spots.apart(one.place_key, closing.place_key)
        ]
    same = {one.id: one for one in told if one.category == closing.category}
    there = (one for one in same.values() if stored.fit(closing.unit, one.unit))
    return [Occurrence(one.id, one.category, one.at) for one in there]


def _kind_goes_on(turn: Turn, closing: Closing) -> list[int]:
    """The members of what would be found now; none when it is as usual again."""
    rule, began = turn.rules.repeats.kind, stored.began(turn.db)
    since = turn.now - WEEK * (rule.baseline_weeks + 1)
    told = stored.of_kind(turn.db, closing.grid, closing.category, since)
    seen = [Occurrence(one.id, one.category, one.at) for one in told]
    found = repeats.of_kind(rule, seen, began or turn.now, turn.now)
    return list(found.members) if found else []
