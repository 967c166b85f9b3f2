"""One ticket becomes two again (拆开): what came to it last is a ticket of its own.

Either a ticket that was merged into it by hand, which goes on as it was, or words that were
attached by themselves (another voice, more of the same sender), which are read afresh. Used by the
staff command 拆开.
"""

from dataclasses import replace

from bot.domain import ticket_numbers
from bot.domain.reading import Reading, read
from bot.events import Heard, unpack
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Stage
from handlers import cards, danger, intake, loop, merging, opening, supplements
from storage import journal, said, tickets
from storage.tickets import Ticket, Voice

_ATTACHED = ("voice", "join", "update")


def split(turn: Turn, person: Person, ticket: Ticket) -> str:
    """拆开: the last thing that came to ``ticket`` is a ticket of its own again.

    Raises: Refused when somebody may not, or nothing came to it that is still known.
    """
    merging.must_see(turn, person, ticket)
    if ticket.stage is Stage.MERGED:
        older = merging.goes_on_in(turn, ticket)
        if older.id == ticket.id:
            raise Refused("nothing_to_split", number=ticket.number)
        return _unmerge(turn, person, older, ticket)
    younger = _merged_last(turn, ticket)
    words = said.last_on(turn.db, ticket.id, _ATTACHED)
    if younger and younger.closed_at and (words is None or words[1] <= younger.closed_at):
        return _unmerge(turn, person, ticket, younger)
    packed = said.original(turn.db, words[0]) if words else ""
    event = unpack(packed) if packed else None
    if not isinstance(event, Heard):
        raise Refused("nothing_to_split", number=ticket.number)
    return _split_off(turn, person, ticket, event)


def _merged_last(turn: Turn, ticket: Ticket) -> Ticket | None:
    """The newest ticket that went into this one and has not been taken out again."""
    for entry in reversed(journal.of_ticket(turn.db, ticket.id)):
        if entry.act != Act.MERGE:
            continue
        for number in ticket_numbers.found_in(entry.reason)[:1]:
            found = tickets.by_number(turn.db, number)
            if found is not None and found.stage is Stage.MERGED:
                return found
    return None


def _unmerge(turn: Turn, person: Person, older: Ticket, ticket: Ticket) -> str:
    """The merged ticket is worked on its own again, by whoever had it."""
    came = {v.user for v in ticket.voices} | {ticket.carrier}
    voices = tuple(v for v in older.voices if v.user not in came or _spoke(turn, v, older))
    _thinned(turn, person, older, ticket.number, voices, ticket.masked, ticket.original)
    back = loop.step(
        turn,
        ticket,
        Act.SPLIT,
        person.role,
        by=person.id,
        reason=f"从 {older.number} 拆出",
        prior_stage="",
        closed_at=None,
    )
    owner = turn.rules.person(back.owner)
    if owner is not None:
        cards.show(turn, back, owner)
    _tell_who_told(turn, back)
    return turn.text("split_ok", number=older.number, other=back.serial)


def _spoke(turn: Turn, voice: Voice, ticket: Ticket) -> bool:
    return said.has_spoken_on(turn.db, turn.person_key(voice.user), ticket.id)


def _thinned(
    turn: Turn,
    person: Person,
    ticket: Ticket,
    number: str,
    voices: tuple[Voice, ...],
    masked: str,
    original: str,
) -> None:
    """``ticket`` without what is split off into ``number``."""
    saved = loop.change(
        turn,
        ticket,
        Act.SPLIT,
        by=person.id,
        reason=f"拆出 {number}",
        voices=voices,
        reporter_key=turn.person_key(voices[0].user) if voices else "",
        masked=_without(ticket.masked, masked),
        original=_without(ticket.original, original),
    )
    cards.refresh(turn, saved)


def _without(text: str, words: str) -> str:
    """``text`` without the last ``words`` that were put behind it; as it is when they were cut."""
    head, found, tail = text.rpartition(f"\n{words}")
    return head + tail if found else text


def _split_off(turn: Turn, person: Person, ticket: Ticket, event: Heard) -> str:
    """Words that had been attached get a ticket of their own, read afresh."""
    reading = read(
        intake.words_of(turn, event),
        event.at,
        opening.grid_view(turn.rules.grid(ticket.grid)),
        turn.rules.reading,
        addressed=True,
    )
    seed = _seed(turn, ticket, event, reading)
    opened, route = opening.open_ticket(turn, seed)
    said.bind(turn.db, event.key, opened.id)
    turn.note(opened, Act.SPLIT, by=person.id, reason=f"从 {ticket.number} 拆出")
    speaker = turn.person_key(event.by)
    stays = speaker == ticket.reporter_key or said.has_spoken_on(turn.db, speaker, ticket.id)
    voices = tuple(v for v in ticket.voices if stays or v.user != event.by)
    words = supplements.words_kept(event, reading)
    _thinned(turn, person, ticket, opened.number, voices, words, event.text)
    if loop.is_danger(opened):
        danger.alarm(turn, opened)
    else:
        opening.show_to_staff(turn, opened, route)
    _tell_who_told(turn, opened)
    return turn.text("split_ok", number=ticket.number, other=opened.serial)


def _seed(turn: Turn, ticket: Ticket, event: Heard, reading: Reading) -> opening.Seed:
    """What a new ticket is opened with; what the words do not say comes from the old one."""
    is_staff = turn.rules.person(event.by) is not None
    is_group = ":" not in event.chat
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=ticket.grid,
        chat=event.chat if is_group else "",
        text=event.text,
        voice=None if is_staff else _voice(event),
        carrier=event.by if is_staff else "",
        origin="carried" if is_staff else "group" if is_group else "private",
        by=event.by if is_staff else "reporter",
    )
    return replace(
        seed,
        category=reading.category or ticket.category,
        urgency=reading.urgency if reading.category else ticket.urgency,
        protected=seed.protected or ticket.protected,
    )


def _voice(event: Heard) -> Voice:
    return Voice(user=event.by, chat=event.chat, said_at=event.at.isoformat())


def _tell_who_told(turn: Turn, ticket: Ticket) -> None:
    """Whoever told it hears the number under which it goes on; nothing of a protected matter."""
    if not ticket.protected:
        turn.tell_reporter(ticket, "split_private", summary=loop.summary(ticket))
