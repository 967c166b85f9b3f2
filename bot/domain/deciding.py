"""What a message leads to, given what went before (决定): new ticket, more of an old one, or talk.

``read`` knows only the words; ``decide`` adds the sender's last minutes, her open tickets and what
is open at the same place. Pure; the handler gathers the context and carries the decision out.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain import follow_ups, spots
from bot.domain.moves import LOOSE
from bot.domain.moves import Context as Context
from bot.domain.moves import Decision as Decision
from bot.domain.moves import Known as Known
from bot.domain.moves import Move as Move
from bot.domain.reading import Place, Reading
from config.alike_rules import Alike
from config.vocabulary import Danger, Kind

SAME_DANGER = timedelta(minutes=10)
SAME_PLACE = timedelta(hours=24)
SAME_WORDS = timedelta(minutes=30)
WORDY = 10
SHORT = 12
CRY = 4
_URGING = ("快", "急", "救", "来人", "有人吗", "在吗", "怎么还")


def decide(reading: Reading, context: Context) -> Decision:
    """What ``reading`` leads to in ``context``."""
    own = [k for k in context.known if k.is_own]
    recent = next((k for k in own if context.now - k.opened_at <= context.window), None)
    if reading.danger is not Danger.NONE:
        return _danger(reading, context, recent)
    is_thanks = follow_ups.is_thanks(reading.text_stripped, context.alike)
    is_news = bool(own) and (reading.is_over or reading.kind is Kind.UPDATE) and not is_thanks
    if reading.is_praise and reading.category in LOOSE and not is_news:
        done = next((k for k in own if k.is_told), next(iter(own), None))
        return Decision(Move.PRAISE, done.id if done else 0)
    if is_thanks and not context.has_media and not follow_ups.is_grave(recent):
        return Decision(Move.CHAT)
    if follows := _follows(reading, context, own):
        return follows
    if reading.kind is Kind.REPORT:
        return _report(reading, context, recent)
    if follow_ups.asks_apart(reading, context, recent):
        return Decision(Move.ANSWER)
    if reading.is_over and own:
        return Decision(Move.UPDATE, own[0].id)
    if own and (reading.is_status_question or follow_ups.asks_after(reading, context, own[0])):
        return Decision(Move.STATUS, own[0].id)
    if recent and _goes_on(reading, context, recent):
        return Decision(Move.JOIN, recent.id)
    return _talk(reading, own)


def _talk(reading: Reading, own: list[Known]) -> Decision:
    if reading.kind is Kind.UPDATE and own:
        return Decision(Move.UPDATE, own[0].id)
    if reading.kind is Kind.QUESTION:
        return Decision(Move.ANSWER)
    return Decision(Move.CHAT)


def _danger(reading: Reading, context: Context, recent: Known | None) -> Decision:
    """One incident and group is one ticket for ten minutes; a fresh ticket of hers is raised."""
    same = next(
        (
            k
            for k in context.known
            if k.danger is not Danger.NONE
            and not k.is_told
            and k.danger_class == (reading.danger_class or "")
            and context.now - k.opened_at <= SAME_DANGER
            and spots.fits(k.place_key, context.place_key)
        ),
        None,
    )
    if same:
        raised = same.danger is Danger.SUSPECTED and reading.danger is Danger.CONFIRMED
        return Decision(Move.RAISE if raised else Move.JOIN if same.is_own else Move.VOICE, same.id)
    if recent is None or not spots.fits(recent.place_key, context.place_key):
        recent = _referred_to(reading, context)
    if recent is None:
        return Decision(Move.OPEN)
    graver = reading.danger is Danger.CONFIRMED and recent.danger_class != reading.danger_class
    raised = graver or recent.danger is Danger.NONE
    return Decision(Move.RAISE if raised else Move.JOIN, recent.id)


def _report(reading: Reading, context: Context, recent: Known | None) -> Decision:
    if (
        recent
        and reading.category in (*LOOSE, recent.category)
        and spots.fits(recent.place_key, context.place_key)
        and not _is_next_door(recent, reading, context)
    ):
        return Decision(Move.JOIN, recent.id)
    same = _word_for_word(reading, context)
    same = same or next((k for k in context.known if _is_same(k, reading, context)), None)
    same = same or _likest(reading, context)
    if same:
        return Decision(Move.JOIN if same.is_own else Move.VOICE, same.id)
    return Decision(Move.OPEN, alike=_worth_a_look(reading, context))


def _word_for_word(reading: Reading, context: Context) -> Known | None:
    """The very same sentence a moment ago: one message that came through another door."""
    if len(reading.text_stripped.strip()) < WORDY:
        return None
    return next(
        (
            k
            for k in context.known
            if k.likeness == 1.0
            and context.now - k.opened_at <= SAME_WORDS
            and spots.fits(k.place_key, context.place_key)
        ),
        None,
    )


def _is_same(known: Known, reading: Reading, context: Context) -> bool:
    """Exactly the same place and category within a day needs no comparing of words."""
    return (
        known.category == reading.category
        and bool(known.place_key)
        and known.place_key == context.place_key
        and context.now - known.opened_at <= SAME_PLACE
        and not known.is_told
        and not _is_next_door(known, reading, context)
    )


def _is_next_door(known: Known, reading: Reading, context: Context) -> bool:
    """The same in another stairwell (单元): a matter of its own, if not of the house."""
    if known.category != reading.category:
        return False
    if any(word in reading.text_stripped for word in context.alike.whole_building):
        return False
    said, before = reading.place.unit, known.unit
    return spots.other_stairwell(said, before, known.category, context.alike)


def comparable(reading: Reading, context: Context) -> list[int]:
    """Open tickets whose words are worth comparing: same block, nothing protected on either side.

    The block is the grid, a place that fits, a category that fits, and the category's window.
    """
    if reading.kind is not Kind.REPORT or reading.danger is not Danger.NONE or reading.protected:
        return []
    return [k.id for k in context.known if _in_block(k, reading, context)]


def _in_block(known: Known, reading: Reading, context: Context) -> bool:
    if known.protected or known.is_told or spots.apart(known.place_key, context.place_key):
        return False
    if context.now - known.opened_at > context.alike.window(known.category):
        return False
    return _is_near(reading, known.category, context.alike)


def _is_near(reading: Reading, category: str, rules: Alike) -> bool:
    """True when the words could be about that category, under one of its names."""
    meant = {reading.category or "N15", *(candidate.code for candidate in reading.candidates[:3])}
    if category in LOOSE or meant <= LOOSE:
        return True
    return any(rules.are_neighbours(category, code) for code in meant - LOOSE)


def _likest(reading: Reading, context: Context) -> Known | None:
    """The open ticket that says the same: joined without asking anybody.

    Somebody else's only where both know the spot, or for a matter of the whole estate: each of
    two neighbours has somebody upstairs. A message of several matters is never joined as one, and
    a matter that goes by a neighbouring category is only asked about: at one door the lamp is out
    and the rubbish stays.
    """
    if reading.more:
        return None
    of_one_name = (
        k
        for k in context.known
        if k.category == reading.category and not _is_next_door(k, reading, context)
    )
    found = max(of_one_name, key=lambda k: k.likeness, default=None)
    if found is None or found.likeness < context.alike.attach_at:
        return None
    spot = bool(found.place_key) and found.place_key == context.place_key
    vague = spots.fits(found.place_key, context.place_key)
    return found if spot or (vague and (found.is_own or reading.public_facility)) else None


def _worth_a_look(reading: Reading, context: Context) -> tuple[int, ...]:
    found = [k for k in context.known if k.likeness >= context.alike.ask_at]
    found.sort(key=lambda k: -k.likeness)
    return tuple(k.id for k in found[: context.alike.most_shown])


def _follows(reading: Reading, context: Context, own: list[Known]) -> Decision | None:
    """又来了, 还是那家, 补充, 打错了: her own open ticket, or one like the closed one."""
    words, rules = reading.text_stripped, context.alike
    if reading.kind is Kind.QUESTION or (reading.kind is Kind.CHAT and len(words) > SHORT):
        return None
    again = follow_ups.is_again(words, rules)
    if not (again or follow_ups.corrects(words, rules) or follow_ups.adds(words, rules)):
        return None
    running = [k for k in own if not (again and k.is_told)]
    if found := _hers(reading, context, running, again=again):
        return Decision(Move.UPDATE, found.id)
    ended = [k for k in (*own, *context.closed) if k.is_told] if again else []
    if found := _hers(reading, context, ended, again=True):
        return Decision(Move.AGAIN, found.id)
    return None


def _hers(
    reading: Reading, context: Context, tickets: Sequence[Known], *, again: bool
) -> Known | None:
    """The newest that her words fit: a clear new matter of another kind or place is none."""
    for known in tickets:
        fits = not again or spots.fits(known.place_key, context.place_key)
        named = reading.kind is Kind.REPORT and reading.category not in LOOSE
        if fits and (not named or _is_near(reading, known.category, context.alike)):
            return known
    return None


def _referred_to(reading: Reading, context: Context) -> Known | None:
    """Her ticket of the last day, no danger yet, that a cry goes on about: it is raised."""
    is_news = reading.kind is Kind.UPDATE
    if not is_news and not follow_ups.is_again(reading.text_stripped, context.alike):
        return None
    return next(
        (
            k
            for k in context.known
            if k.is_own
            and not k.is_told
            and k.danger is Danger.NONE
            and context.now - k.opened_at <= SAME_PLACE
            and spots.fits(k.place_key, context.place_key)
        ),
        None,
    )


def _goes_on(reading: Reading, context: Context, recent: Known) -> bool:
    """Photos, places, cries and words of the same matter belong to what she just said."""
    if context.has_media or says_place(reading.place):
        return True
    if reading.kind is Kind.UPDATE or _of_one_kind(reading, recent.category):
        return True
    words = reading.text_stripped.strip()
    return len(words) <= CRY or (len(words) <= SHORT and any(w in words for w in _URGING))


def says_place(place: Place) -> bool:
    """True when a spot is named that somebody could walk to."""
    return bool(place.building or place.landmark or place.road or place.unit or place.room)


_QUARREL = frozenset({"P03", "P04", "P10", "P11", "P12"})


def _of_one_kind(reading: Reading, category: str) -> bool:
    """True when the words could be about this category; quarrels go by several names."""
    meant = {candidate.code for candidate in reading.candidates}
    return category in meant or (category in _QUARREL and bool(meant & _QUARREL))


def place_key(grid: str, place: Place) -> str:
    """Grid, building and landmark as one word; empty when no spot was named."""
    spot = place.building or place.landmark or (place.road + place.road_no if place.road else "")
    return f"{grid}|{spot}" if spot else ""


_NO_PLACE_NEEDED = frozenset(
    {"P02", "P08", "P12", "P13", "P16", "P17", "P22", "P23", "N10", "N11", "N12", "N15", "N16"}
)


def lacks_place(category: str, place: Place, known_spot: bool) -> bool:
    """True when somebody who knows the estate could not walk there."""
    if category in _NO_PLACE_NEEDED or known_spot:
        return False
    return not says_place(place)
