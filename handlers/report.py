"""Somebody said something (听到): command, answer to a question, report, or talk.

Staff commands come first, then answers the bot waits for, then the reader's judgement together
with what was said before (``domain.deciding``). In a group that only hears mentions every mention
gets a finished answer, however short.
"""

from datetime import timedelta

from bot.domain import commands, deciding, privacy
from bot.domain.deciding import Context, Decision, Known, Move
from bot.events import Heard
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import ChatKind, Danger
from handlers import (
    asking,
    feedback,
    intake,
    orders,
    supplements,
    talk,
    wishes,
)
from handlers.intake import Hearing
from storage import people, tickets
from storage.people import Said
from storage.tickets import Sketch, Ticket

_OWN_SINCE = timedelta(days=30)
_PLACE_SINCE = timedelta(hours=24)


def heard(turn: Turn, event: Heard) -> None:
    """Do what the station does when somebody speaks."""
    hearing = _hearing(turn, event)
    if _carried_out(turn, hearing):
        return
    _understood(turn, hearing)
    _warn_of_private_data(turn, hearing)


def _hearing(turn: Turn, event: Heard) -> Hearing:
    assert turn.reading is not None  # the worker reads every Heard  # noqa: S101
    person = turn.rules.person(event.by)
    key = turn.person_key(event.by)
    is_group = ":" not in event.chat
    kind = ChatKind.INTERNAL_GROUP if is_group else ChatKind.SINGLE
    people.spoke_in(turn.db, event.line, kind, event.door, event.chat, turn.now)
    people.met(turn.db, key, turn.now, user=event.by)
    return Hearing(
        event=event,
        reading=turn.reading,
        said=words_of(turn, event),
        person=person,
        person_key=key,
        grid=_grid(turn, event, person, key),
        is_group=is_group,
    )


def words_of(turn: Turn, event: Heard) -> str:
    """The text without the bot's name."""
    text = event.text
    for name in turn.rules.station.robot_names:
        text = text.replace(f"@{name}", " ")
    return text.replace("\u2005", " ").strip()


def _grid(turn: Turn, event: Heard, person: Person | None, key: str) -> str:
    """The group's grid, else the estate she named, else where she lives or works."""
    named = _named_grid(turn, event.text)
    group = turn.rules.grid_of(event.chat)
    if group is not None:
        people.lives_in(turn.db, key, group.id)
        return group.id
    if named:
        return named
    if person is not None:
        return person.grids[0] if len(person.grids) == 1 else ""
    return people.grid_of(turn.db, key)


def _named_grid(turn: Turn, text: str) -> str:
    """The grid of the longest estate or village name in the words; empty when none is named."""
    found = [
        (len(name), grid.id)
        for grid in turn.rules.grids.grids
        for estate in grid.estates
        for name in (estate.name, *estate.aliases)
        if name in text
    ]
    return max(found, default=(0, ""))[1]


def _carried_out(turn: Turn, hearing: Hearing) -> bool:
    """True when it was a command or an answer to a question of ours."""
    event, person = hearing.event, hearing.person
    if person is not None:
        command = commands.parse(hearing.said)
        if command is not None:
            orders.ordered(turn, event, person, command, hearing.grid)
            return True
        return asking.staff_answered(turn, event, person, hearing.said)
    if hearing.reading.danger is not Danger.NONE:
        return False
    if wishes.granted(turn, event, hearing.person_key, hearing.said):
        return True
    if feedback.answered(turn, event, hearing.person_key, hearing.said, hearing.is_group):
        return True
    return asking.answered(turn, event, hearing.person_key, hearing.said, hearing.reading)


def _understood(turn: Turn, hearing: Hearing) -> None:
    """Decide what the words lead to and do it."""
    reading = hearing.reading
    place_key = deciding.place_key(hearing.grid, reading.place)
    own, near = _own(turn, hearing), _near(turn, hearing)
    known = [_known(t, is_own=True) for t in own]
    known += [_known(t, is_own=False) for t in near if t.id not in {o.id for o in own}]
    window = turn.rules.times.supplement_window
    context = Context(turn.now, window, known, bool(hearing.event.media), place_key)
    decision = deciding.decide(reading, context)
    ticket_id = _do(turn, hearing, decision, place_key)
    people.note_heard(
        turn.db,
        Said(
            event_key=hearing.event.key,
            line=hearing.event.line,
            person_key=hearing.person_key,
            at=turn.now,
            kind=decision.move,
            category=reading.category or "",
            ticket_id=ticket_id,
            masked=reading.masked[:500],
        ),
    )


def _own(turn: Turn, hearing: Hearing) -> list[Ticket]:
    """Open tickets this sender reported or carried, newest first."""
    since = turn.now - _OWN_SINCE
    if hearing.person is not None:
        return [t for t in tickets.of_carrier(turn.db, hearing.event.by, since) if t.is_open]
    found = tickets.of_reporter(turn.db, hearing.person_key, since)
    return [t for t in found if t.is_open]


def _near(turn: Turn, hearing: Hearing) -> list[Sketch]:
    """Open tickets of this grid of the last day, newest first; protected ones stay apart."""
    if not hearing.grid:
        return []
    found = tickets.open_in_grid(turn.db, hearing.grid, turn.now - _PLACE_SINCE)
    return [t for t in found if not t.protected or t.danger is not Danger.NONE]


def _known(ticket: Ticket | Sketch, *, is_own: bool) -> Known:
    return Known(
        id=ticket.id,
        category=ticket.category,
        danger=ticket.danger,
        danger_class=ticket.danger_class,
        opened_at=ticket.opened_at,
        place_key=ticket.place_key,
        is_own=is_own,
    )


def _do(turn: Turn, hearing: Hearing, decision: Decision, place_key: str) -> int:
    """Carry the decision out; returns the ticket it concerns (0 for none)."""
    if decision.move is Move.OPEN:
        return intake.open_new(turn, hearing)
    ticket = tickets.get(turn.db, decision.ticket) if decision.ticket else None
    if ticket is None:
        talk.spoken(turn, hearing.event, hearing.reading, decision.move, hearing.person_key)
        return 0
    if decision.move in (Move.JOIN, Move.VOICE, Move.RAISE, Move.UPDATE):
        voice = (
            intake.voice_of(turn, hearing) if decision.move in (Move.VOICE, Move.RAISE) else None
        )
        supplements.added(
            turn, hearing.event, hearing.reading, ticket, decision.move, voice, place_key
        )
    elif decision.move is Move.STATUS:
        talk.status(turn, hearing.event, ticket)
    else:
        talk.spoken(turn, hearing.event, hearing.reading, decision.move, hearing.person_key)
    return ticket.id


def _warn_of_private_data(turn: Turn, hearing: Hearing) -> None:
    """Somebody posted an ID number or a phone into a group: say so privately, quote nothing."""
    if not hearing.is_group or hearing.person is not None:
        return
    kinds = privacy.reveals(hearing.event.text)
    if kinds:
        what = "、".join(kinds)
        turn.tell(hearing.event.by, turn.text("private_detail_private", what=what))
