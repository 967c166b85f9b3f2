"""A new matter (受理): danger speaks first, then the record, then who must know, then one answer.

Called by ``report`` when a message leads to a new ticket.
"""

from dataclasses import dataclass, replace

from bot.domain import deciding, posters
from bot.domain.reading import Place, Reading
from bot.events import Heard
from bot.turn import Turn
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, Danger
from handlers import (
    asking,
    carrying,
    danger,
    loop,
    opening,
    recording,
    scanning,
    supplements,
    wishes,
)
from storage.tickets import Ticket, Voice


@dataclass(frozen=True, slots=True)
class Hearing:
    """A message with everything that is known of its sender and place."""

    event: Heard
    reading: Reading
    said: str
    person: Person | None
    person_key: str
    grid: str
    is_group: bool


def words_of(turn: Turn, event: Heard) -> str:
    """The text without the bot's name."""
    return said_in(turn.rules, event.text)


def said_in(rules: Rules, text: str) -> str:
    """``text`` without the bot's name."""
    for name in rules.station.robot_names:
        text = text.replace(f"@{name}", " ")
    return text.replace("\u2005", " ").strip()


def voice_of(turn: Turn, hearing: Hearing) -> Voice | None:
    """Who spoke; staff who forward are carriers, not voices."""
    if hearing.person is not None:
        return None
    return Voice(user=hearing.event.by, chat=hearing.event.chat, said_at=turn.now.isoformat())


def open_new(turn: Turn, hearing: Hearing, before: Ticket | None = None) -> Ticket:
    """A new ticket: danger speaks first, then the record, then who must know.

    ``before``: her earlier matter that has come back; its category and place hold again.
    """
    event, reading = hearing.event, hearing.reading
    is_danger = reading.danger is not Danger.NONE
    if is_danger:
        danger.first_words(
            turn, event, reading.danger_class or "other", is_staff=hearing.person is not None
        )
    carrier = event.by if hearing.person is not None else ""
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=hearing.grid,
        chat=event.chat if hearing.is_group else "",
        text=event.text,
        voice=voice_of(turn, hearing),
        carrier=carrier,
        origin="carried" if carrier else "group" if hearing.is_group else "private",
        by=carrier or "reporter",
    )
    found = carrying.brought(turn, event, hearing.grid)
    seed = _with_before(replace(seed, place=_filled(seed.place, found.place)), before)
    seed = scanning.placed(turn, event, seed)
    ticket, route = opening.open_ticket(turn, seed)
    carrying.keep(turn, ticket, found, seed.by)
    if before is not None:
        _linked(turn, ticket, before, seed.by)
    if event.media:
        turn.note(ticket, Act.SUPPLEMENT, by=seed.by, reason=supplements.kept_words(event))
    key = ""
    if is_danger:
        danger.alarm(turn, ticket)
        if ticket.danger_class == "domestic" and not carrier:
            wishes.ask_can_type(turn, ticket, event.by)
        if carrier and not hearing.is_group:
            turn.answer(turn.text("carrier_told", number=ticket.number, unit=ticket.unit))
    else:
        key = opening.show_to_staff(turn, ticket, route)
        _tell_sender(turn, hearing, ticket, key)
    if deciding.lacks_place(ticket.category, seed.place, bool(ticket.place_key)):
        asking.place_if_missing(turn, event, reading, ticket, hearing.is_group, key)
    _open_more(turn, hearing, seed)
    return ticket


def _filled(place: Place, other: Place) -> Place:
    """``place``, with what the other one says where it names no building."""
    if place.building:
        return place
    missing = {n: getattr(other, n) for n in Place.__slots__ if not getattr(place, n)}
    return replace(place, **missing)


def _with_before(seed: opening.Seed, before: Ticket | None) -> opening.Seed:
    """又来了 says little: category, place and what it was about come from the earlier ticket."""
    if before is None:
        return seed
    known = posters.kept(before.place, posters.said_in(seed.place))
    about = f"（接 {before.serial}：{loop.summary(before)}）"
    return replace(
        seed,
        category=before.category,
        urgency=before.urgency,
        protected=seed.protected or before.protected,
        place=_filled(seed.place, posters.as_place(known)),
        scanned=posters.SCANNED in known and not seed.place.building,
        grid=before.grid or seed.grid,
        masked=f"{seed.masked}{about}",
    )


def _linked(turn: Turn, ticket: Ticket, before: Ticket, by: str) -> None:
    turn.note(ticket, Act.NOTE, by=by, reason=f"与 {before.serial} 同一处又发生（{before.number}）")
    turn.note(before, Act.NOTE, by=by, reason=f"又发生，见 {ticket.number}")


def _open_more(turn: Turn, hearing: Hearing, seed: opening.Seed) -> None:
    """Further matters of the same message get tickets of their own."""
    for further in opening.further_of(turn, hearing.reading, seed):
        ticket, route = opening.open_ticket(turn, further)
        opening.show_to_staff(turn, ticket, route)
        if not hearing.is_group and hearing.person is None:
            turn.answer(opening.accepted_words(turn, ticket, group=False))


def _tell_sender(turn: Turn, hearing: Hearing, ticket: Ticket, card_key: str) -> None:
    """The one answer to an ordinary report."""
    otherwise = opening.pending_words(turn, ticket)
    if hearing.person is not None:
        words = turn.text("carrier_told", number=ticket.number, unit=ticket.unit)
        turn.answer(words, after=card_key, otherwise=otherwise)
        return
    if ticket.protected:
        _tell_protected(turn, hearing, ticket)
        return
    in_group = hearing.is_group and not turn.is_late
    words = opening.accepted_words(turn, ticket, group=in_group)
    words = recording.with_words(turn, ticket, words, group=in_group)
    turn.answer(words, after=card_key, otherwise=otherwise)
    if in_group:
        recording.told(turn, ticket, hearing.event.by)


def _tell_protected(turn: Turn, hearing: Hearing, ticket: Ticket) -> None:
    """Nothing of a protected matter in the group; its own words in private."""
    special = {
        "P23": "staff_complaint_private",
        "P08": "tip_confidential",
        "P07": "tip_confidential",
    }
    key = special.get(ticket.category, "accepted_protected")
    words = turn.text(key, number=ticket.number)
    if hearing.is_group and not turn.is_late:
        turn.answer(turn.text("short_ack"), quiet_quote=True)
        turn.tell(hearing.event.by, words, ticket=ticket.id)
    else:
        turn.answer(recording.with_words(turn, ticket, words, group=False))
