"""More about a ticket that is open (补充): the same sender goes on, others tell the same.

Words that say 没事了 never close or lower a danger or protected ticket; a human who has spoken with
the person does. Any word may raise one.
"""

from dataclasses import replace

from bot.domain.deciding import Move
from bot.domain.reading import Reading
from bot.events import Heard, media_names
from bot.turn import Turn
from config.vocabulary import Act, Danger
from handlers import cards, danger, loop
from storage import people, tickets
from storage.tickets import Ticket, Voice


def added(
    turn: Turn,
    event: Heard,
    reading: Reading,
    ticket: Ticket,
    move: Move,
    voice: Voice | None,
    place_key: str,
) -> None:
    """Attach the message to ``ticket``, tell the owner, answer the sender shortly."""
    if move is Move.RAISE:
        _raise(turn, event, reading, ticket, voice)
        return
    saved = _attach(turn, event, reading, ticket, voice, place_key)
    _answer_asked_place(turn, event, saved)
    _tell_owner(turn, saved, reading)
    turn.answer(_ack(turn, event, reading, saved), quiet_quote=saved.protected)


def _raise(turn: Turn, event: Heard, reading: Reading, ticket: Ticket, voice: Voice | None) -> None:
    is_staff = turn.rules.person(event.by) is not None
    danger.first_words(turn, event, reading.danger_class or "other", is_staff=is_staff)
    by = event.by if is_staff else "reporter"
    raised = danger.raised(turn, ticket, reading, by)
    if voice is not None and voice.user not in {v.user for v in raised.voices}:
        tickets.save(turn.db, replace(raised, voices=(*raised.voices, voice)))


def kept_words(event: Heard) -> str:
    """The names under which what came with the message is kept; empty when nothing came."""
    names = "、".join(media_names(event))
    return f"[图片 {names}]" if names else ""


def _attach(
    turn: Turn, event: Heard, reading: Reading, ticket: Ticket, voice: Voice | None, place_key: str
) -> Ticket:
    place = {**ticket.place}
    for name in reading.place.__slots__:
        if getattr(reading.place, name) and not place.get(name):
            place[name] = getattr(reading.place, name)
    known = {v.user for v in ticket.voices}
    voices = (*ticket.voices, voice) if voice and voice.user not in known else ticket.voices
    is_staff = turn.rules.person(event.by) is not None
    words = f"{reading.masked[:200]} {kept_words(event)}".strip()
    return loop.change(
        turn,
        ticket,
        Act.SUPPLEMENT,
        by=event.by if is_staff else "reporter",
        reason=words,
        place=place,
        place_key=ticket.place_key or place_key,
        voices=voices,
        masked=f"{ticket.masked}\n{words}"[:2000],
        original=f"{ticket.original}\n{event.text}"[:20_000],
    )


def _answer_asked_place(turn: Turn, event: Heard, ticket: Ticket) -> None:
    """A place that we had asked for is here now."""
    if not ticket.place_key:
        return
    for ask in people.asks_of_ticket(turn.db, ticket.id):
        if ask.kind == "place":
            people.answered(turn.db, ask.id, turn.now)
            turn.clear_timers(ticket, "place_ask")


def _tell_owner(turn: Turn, ticket: Ticket, reading: Reading) -> None:
    """The one who works it hears what was added; nobody else is bothered."""
    if not ticket.owner:
        return
    text = turn.text(
        "new_ticket_again_staff",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=loop.place_words(turn, ticket),
        summary=" ".join(reading.masked.split())[:60] or "发来图片",
    )
    urgent = ticket.danger is not Danger.NONE
    turn.tell(ticket.owner, text, danger=urgent, ticket=ticket.id)
    cards.refresh(turn, ticket)


_HIDDEN = frozenset({"domestic", "sexual", "minor_harmed"})


def _says_nothing(reading: Reading, ticket: Ticket, *, group: bool) -> bool:
    """True where the answer must not show that anything goes on: somebody else may read it."""
    if ticket.protected:
        return group or reading.is_over or ticket.danger_class in _HIDDEN
    return ticket.danger is Danger.CONFIRMED and reading.is_over


def _ack(turn: Turn, event: Heard, reading: Reading, ticket: Ticket) -> str:
    group = ":" not in event.chat
    if _says_nothing(reading, ticket, group=group):
        return turn.text("short_ack")
    if reading.is_over and not group:
        return turn.text("still_open_private", number=ticket.number)
    return turn.text("supplement_ack_group" if group else "supplement_ack_private")
