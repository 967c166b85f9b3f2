"""Matters that come again (重复): looked at when a ticket is opened, and all of them every morning.

A finding is a ticket of its own (重点, origin ``focus``) in the hands of the community officer,
with its members attached and its reason in one sentence; what comes later is attached to it.
一人多次 means one matter left unsolved: its ticket is protected, names nobody, and no list of them
exists. At night nobody is bothered; the morning finds it. Called by ``handlers``, ``routine``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain import repeats, rights
from bot.domain.repeats import WEEK, Found, Level, Occurrence, What
from bot.turn import Turn
from config.vocabulary import Act, Role, Urgency
from handlers import focus, loop
from storage import bindings, filed, tickets
from storage import repeats as stored
from storage.repeats import Told
from storage.tickets import Ticket

JOB = "repeats"
_FRESH = timedelta(days=7)
_TELLINGS = (Act.OPEN, Act.REOPEN)
# Protected matters in which a second call weighs more than the first (受害人再次求助).
# A child that runs away, harms itself or is harmed is one matter under three names.
_VICTIMS = (frozenset({"P04"}), frozenset({"P09"}), frozenset({"P05", "P06", "P19"}))


def after(turn: Turn) -> None:
    """Look at what this Turn has opened, or opened again."""
    if not turn.note_keys:
        return
    steps = filed.steps_of_keys(turn.db, turn.note_keys)
    opened = {ticket_id: step.act for ticket_id, step in steps if step.act in _TELLINGS}
    for ticket_id, act in opened.items():
        _told(turn, ticket_id, is_new=act == Act.OPEN)


def _told(turn: Turn, ticket_id: int, *, is_new: bool) -> None:
    told = stored.one(turn.db, ticket_id)
    if told is None:
        if is_new:
            _protected(turn, tickets.get(turn.db, ticket_id))
    elif not turn.rules.times.is_night(turn.now):
        _at_place(turn, told.place_key, None, _told_again(turn, told))
        _of_kind(turn, told.grid, told.category, None)
        _by_person(turn, told.reporter_key, told)


def _told_again(turn: Turn, told: Told) -> int:
    """The ticket, when this Turn has heard of it once more after its closing; else 0."""
    return told.id if turn.now in told.again else 0


def daily(turn: Turn) -> None:
    """Look at all that was told in the last days: its places, its kinds, who told it."""
    seen = read(turn)
    for place_key, there in seen.places.items():
        _at_place(turn, place_key, there)
    for (grid, category), same in seen.kinds.items():
        _of_kind(turn, grid, category, same)
    for reporter_key in seen.persons:
        _by_person(turn, reporter_key, None)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the daily look judges: what was told of each place and of each kind (grid, category).

    ``persons``: keys of reporters, whom ``_by_person`` asks about.
    """

    places: Mapping[str, list[Told]]
    kinds: Mapping[tuple[str, str], list[Told]]
    persons: tuple[str, ...]


def read(turn: Turn) -> Seen:
    """All that the daily look takes from the database, once (``Turn.known``)."""
    return turn.known("repeats", lambda: _seen(turn))


def _seen(turn: Turn) -> Seen:
    """Of what is not fresh only the same places and kinds, each as far back as its rule looks."""
    rules = turn.rules.repeats
    fresh = stored.since(turn.db, turn.now - _FRESH)
    keys = dict.fromkeys(one.place_key for one in fresh if one.place_key)
    kinds = dict.fromkeys((one.grid, one.category) for one in fresh if one.grid)
    counted = [kind for kind in kinds if rules.kind.counts(kind[1])]
    hers = (
        o.reporter_key for o in fresh if o.reporter_key and o.category in rules.person.categories
    )
    return Seen(
        stored.by_place(turn.db, keys, turn.now - _place_span(turn)),
        stored.by_kind(turn.db, counted, turn.now - WEEK * (rules.kind.baseline_weeks + 1)),
        tuple(dict.fromkeys(hers)),
    )


def _place_span(turn: Turn) -> timedelta:
    rule = turn.rules.repeats.place
    return max(rule.red.within, rule.yellow.within)


def _at_place(turn: Turn, place_key: str, seen: list[Told] | None, again: int = 0) -> None:
    """一地多起: only what came after the last finding there was closed."""
    if not place_key:
        return
    if seen is None:
        seen = stored.at_place(turn.db, place_key, turn.now - _place_span(turn))
    house = focus.mark_of(turn, What.PLACE, place_key)
    if house.open is None:
        seen = _but_stairs(turn, place_key, seen, again)
    _judge(turn, house, seen, again)


def _but_stairs(turn: Turn, place_key: str, seen: list[Told], again: int) -> list[Told]:
    """Each stairwell (单元) for itself; what is left is judged as the whole building."""
    left = seen
    for unit in dict.fromkeys(one.unit for one in seen if one.unit):
        mark = focus.mark_of(turn, What.PLACE, f"{place_key}|{unit}", unit)
        there = [one for one in seen if one.unit == unit]
        found = _judge(turn, mark, there, again)
        done = found or mark.open is not None
        dealt_with = [
            one.id for one in there if done or (mark.closed_at and one.at <= mark.closed_at)
        ]
        left = [one for one in left if one.id not in dealt_with]
    return left


def _judge(turn: Turn, mark: focus.Mark, seen: list[Told], again: int) -> bool:
    """True when what was told there makes a finding; it has its focus ticket now."""
    found = repeats.at_place(turn.rules.repeats.place, mark.since(_occurrences(seen)), turn.now)
    if found is not None:
        focus.put(turn, mark, found, _place_reason(turn, found, mark.unit), again)
    return found is not None


def _of_kind(turn: Turn, grid: str, category: str, seen: list[Told] | None) -> None:
    """一类多发: silent for a week after the last finding of it was closed."""
    rule = turn.rules.repeats.kind
    began = stored.began(turn.db)
    if not grid or not rule.counts(category) or began is None:
        return
    if seen is None:
        since = turn.now - WEEK * (rule.baseline_weeks + 1)
        seen = stored.of_kind(turn.db, grid, category, since)
    found = repeats.of_kind(rule, _occurrences(seen, again=False), began, turn.now)
    mark = focus.mark_of(turn, What.KIND, f"{grid}|{category}")
    rests = mark.closed_at is not None and mark.closed_at > turn.now - WEEK
    if found is not None and not rests:
        focus.put(turn, mark, found, _kind_reason(turn, found, grid))


def _by_person(turn: Turn, reporter_key: str, newest: Told | None) -> None:
    """一人多次, asked with the key of a reporter; ``newest`` is the one that was just opened."""
    rule = turn.rules.repeats.person
    if not reporter_key or (newest and newest.category not in rule.categories):
        return
    span = max(level.within for level in (*rule.red, rule.yellow, rule.hint))
    seen = stored.of_person(turn.db, reporter_key, turn.now - span)
    for category in dict.fromkeys(one.category for one in seen):
        if category not in rule.categories or (newest and newest.category != category):
            continue
        who = bindings.name_of(turn.db, reporter_key)
        mark = focus.mark_of(turn, What.PERSON, f"{who} {category}")
        hers = [one for one in mark.since(_occurrences(seen)) if one.category == category]
        found = repeats.by_person(rule, hers, turn.now)
        if found is not None and found.level is not Level.BLUE:
            again = _told_again(turn, newest) if newest else 0
            focus.put(turn, mark, found, _person_reason(turn, found, "repeat_person"), again)
        elif found is not None and newest is not None:
            _hint(turn, found, newest)


def _hint(turn: Turn, found: Found, newest: Told) -> None:
    """Whoever has the newest one looks at what became of the others before."""
    ticket = tickets.get(turn.db, newest.id)
    if ticket.owner and ticket.owner != ticket.carrier:
        values = {"category": loop.category_name(turn, found.category), "days": found.days}
        text = turn.text("repeat_hint", number=ticket.number, **values, count=found.count)
        turn.tell(ticket.owner, text, ticket=ticket.id)


def _protected(turn: Turn, ticket: Ticket) -> None:
    """A victim's second call raises her own ticket, for those who may see it, and nothing else."""
    alike = next((names for names in _VICTIMS if ticket.category in names), None)
    if not ticket.protected or alike is None:
        return
    since = turn.now - turn.rules.repeats.protected_within
    before = stored.protected_before(turn.db, ticket, alike, since)
    if not before:
        return
    text = turn.text("repeat_protected", number=ticket.number, count=before + 1)
    urgency = min(ticket.urgency, Urgency.U2)
    if urgency is ticket.urgency:
        turn.note(ticket, Act.NOTE, reason=text)
    else:
        raised = loop.change(turn, ticket, Act.NOTE, reason=text, urgency=urgency)
        ticket = loop.recounted(turn, raised)
    people = [turn.rules.person(ticket.owner), *focus.on_duty(turn, Role.LEADER)[:1]]
    matter = loop.matter_of(ticket)
    for person in dict.fromkeys(one for one in people if one is not None):
        if rights.may_see(person, matter, turn.rules):
            turn.tell(person.id, text, ticket=ticket.id)


def _place_reason(turn: Turn, found: Found, unit: str) -> str:
    newest = [tickets.get(turn.db, one) for one in found.members]
    names = dict.fromkeys(loop.category_name(turn, one.category) for one in newest)
    return turn.text(
        "repeat_place",
        place=loop.place_words(turn, replace(newest[-1], place=focus.spot(newest[-1], unit))),
        days=found.days,
        count=found.count,
        people=found.people,
        categories="、".join(list(names)[:3]),
    )


def _kind_reason(turn: Turn, found: Found, grid: str) -> str:
    named = turn.rules.grid(grid)
    return turn.text(
        "repeat_kind",
        grid=named.name if named else turn.rules.station.name,
        category=loop.category_name(turn, found.category),
        days=found.days,
        count=found.count,
        mean=f"{found.mean:.1f}",
        weeks=found.weeks,
    )


def _person_reason(turn: Turn, found: Found, key: str) -> str:
    name = loop.category_name(turn, found.category)
    return turn.text(key, category=name, days=found.days, count=found.count)


def _occurrences(seen: Iterable[Told], *, again: bool = True) -> list[Occurrence]:
    """Every time it was told; a person who had to tell it once more counts as a telling."""
    return [
        Occurrence(one.id, one.category, at, one.persons)
        for one in seen
        for at in (one.at, *(one.again if again else ()))
    ]
