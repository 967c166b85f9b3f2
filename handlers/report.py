"""Somebody said something (听到): command, answer to a question, report, or talk.

Staff commands come first, then answers the bot waits for, then the reader's judgement together
with what was said before (``domain.deciding``). In a group that only hears mentions every mention
gets a finished answer, however short.
"""

from datetime import timedelta

from bot.domain import commands, deciding, follow_ups, privacy
from bot.domain.deciding import Decision, Move
from bot.domain.reading import Reading, read
from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import ChatKind, Danger, Kind, Stage, Urgency
from handlers import (
    asking,
    before,
    binding,
    coming_back,
    customers,
    draft_acts,
    effects,
    feedback,
    field,
    group_claims,
    humans,
    intake,
    judging,
    likeness,
    lost_found,
    mass,
    mediating,
    opening,
    opinions,
    orders,
    publicity_cases,
    purpose,
    questions,
    spoken_line,
    supplements,
    talk,
    wide,
    wishes,
)
from handlers.intake import Hearing
from handlers.intake import words_of as words_of
from storage import people, tickets
from storage.people import Said

_OWN_SINCE = timedelta(days=30)
_LONGEST = 10_000
_ENDED = (Stage.CLOSED, Stage.REVIEW)


def heard(turn: Turn, event: Heard) -> None:
    """Do what the station does when somebody speaks."""
    hearing = _hearing(turn, event)
    if _carried_out(turn, hearing):
        return
    _understood(turn, hearing)
    humans.also_wanted(turn, event, hearing.reading)
    _warn_of_private_data(turn, hearing)


def _hearing(turn: Turn, event: Heard) -> Hearing:
    assert turn.reading is not None  # the worker reads every Heard  # noqa: S101
    person = turn.rules.person(event.by)
    key = turn.person_key(event.by)
    is_group = ":" not in event.chat
    if is_group:
        kind = ChatKind.INTERNAL_GROUP
        people.spoke_in(turn.db, event.line, kind, event.door, event.chat, turn.now)
    else:
        customers.spoke(turn, event, key)
    people.met(turn.db, key, turn.now, user=event.by)
    purpose.told(turn, event, key)
    grid = _grid(turn, event, person, key)
    if not is_group and turn.reading.kind in (Kind.REPORT, Kind.UPDATE):
        turn.reading = _at_home(turn, event, grid)
    return Hearing(
        event=event,
        reading=turn.reading,
        said=words_of(turn, event),
        person=person,
        person_key=key,
        grid=grid,
        is_group=is_group,
    )


def _at_home(turn: Turn, event: Heard, grid: str) -> Reading:
    """What is said in private, read once more with the names of the grid it is about."""
    view = opening.grid_view(turn.rules.grid(grid))
    words = words_of(turn, event)[:_LONGEST]
    return read(words, event.at, view, turn.rules.reading, addressed=True)


def _grid(turn: Turn, event: Heard, person: Person | None, key: str) -> str:
    """The group's grid, else the estate she named, else where she lives or works."""
    named = named_grid(turn, event.text)
    group = turn.rules.grid_of(event.chat)
    if group is not None:
        people.lives_in(turn.db, key, group.id)
        return group.id
    if named:
        return named
    known = person or turn.rules.contact(event.by)
    if known is not None:
        return known.grids[0] if len(known.grids) == 1 else ""
    return people.grid_of(turn.db, key)


def named_grid(turn: Turn, text: str) -> str:
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
    if binding.said(turn, hearing):
        return True
    if hearing.person is not None:
        return _by_staff(turn, hearing, hearing.person)
    if field.place_given(turn, hearing):
        return True
    return hearing.reading.danger is Danger.NONE and _by_resident(turn, hearing)


def _by_staff(turn: Turn, hearing: Hearing, person: Person) -> bool:
    event, said = hearing.event, hearing.said
    apart = (draft_acts.said, mass.ordered, group_claims.ordered, mediating.ordered)
    if any(ordered(turn, event, person, said) for ordered in apart):
        return True
    if field.ordered(turn, hearing, person):
        return True
    command = commands.parse(said)
    if command is not None:
        orders.ordered(turn, event, person, command, hearing.grid)
        return True
    return spoken_line.given(turn, hearing, person) or asking.staff_answered(
        turn, event, person, said
    )


def _by_resident(turn: Turn, hearing: Hearing) -> bool:
    event = hearing.event
    if field.asked(turn, hearing):
        return True
    if humans.wanted(turn, event, hearing.said, hearing.person_key):
        return True
    if humans.left_phone(turn, event, hearing.person_key, hearing.reading):
        return True
    if wishes.granted(turn, event, hearing.person_key, hearing.said):
        return True
    if mediating.answered(turn, event, hearing.person_key, hearing.said):
        return True
    if feedback.answered(turn, event, hearing.person_key, hearing.said, hearing.is_group):
        return True
    if coming_back.late(turn, hearing):
        return True
    known = questions.knows(turn, event, hearing.reading)
    asks = follow_ups.asks(hearing.reading, turn.rules.alike, is_answered=known)
    return asking.answered(
        turn, event, hearing.person_key, hearing.said, hearing.reading, asks=asks
    )


def _understood(turn: Turn, hearing: Hearing) -> None:
    """Decide what the words lead to and do it."""
    reading = hearing.reading
    place_key = deciding.place_key(hearing.grid, reading.place)
    context = likeness.compared(
        turn, reading, before.context(turn, hearing, place_key), hearing.grid
    )
    decision = deciding.decide(reading, context)
    ticket_id = _do(turn, hearing, decision, place_key)
    judging.noticed(turn, hearing, decision.move, ticket_id)
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


def _do(turn: Turn, hearing: Hearing, decision: Decision, place_key: str) -> int:
    """Carry the decision out; returns the ticket it concerns (0 for none)."""
    if decision.move is Move.OPEN:
        return _open(turn, hearing, decision, place_key)
    ticket = tickets.get(turn.db, decision.ticket) if decision.ticket else None
    if decision.move is Move.AGAIN and ticket is not None:
        return intake.open_new(turn, hearing, ticket).id
    if ticket is None and _is_bare_photo(hearing):
        what = supplements.kinds(hearing.event)
        turn.answer(turn.text("photo_alone_private", what=what))
        return 0
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
        wide.noticed(turn, tickets.get(turn.db, ticket.id))
    elif decision.move is Move.STATUS:
        wishes.status(turn, hearing.event, ticket, hearing.person_key)
    else:
        talk.spoken(turn, hearing.event, hearing.reading, decision.move, hearing.person_key)
    return ticket.id


def _open(turn: Turn, hearing: Hearing, decision: Decision, place_key: str) -> int:
    """A new ticket, or the one that it goes on; 0 when the program has answered it already."""
    if _is_answered(turn, hearing) or opinions.heard(turn, hearing):
        return 0
    if (parent := wide.joined(turn, hearing)) is not None:
        return parent.id
    if goes_on := _reopened(turn, hearing, place_key):
        return goes_on
    opened = intake.open_new(turn, hearing)
    wide.noticed(turn, opened)
    lost_found.noticed(turn, opened)
    publicity_cases.noticed(turn, tickets.get(turn.db, opened.id))
    if decision.alike:
        likeness.ask(turn, opened, decision.alike)
    return opened.id


def _reopened(turn: Turn, hearing: Hearing, place_key: str) -> int:
    """The ticket of the same matter that she told before and that did not hold; 0 for none."""
    reading = hearing.reading
    quiet = reading.danger is not Danger.NONE or reading.protected or reading.more
    if hearing.person is not None or quiet:
        return 0
    unit = reading.place.unit
    old = effects.reopened(turn, reading.category or "", place_key, hearing.person_key, unit)
    if old is None:
        return 0
    supplements.added(turn, hearing.event, reading, old, Move.JOIN, None, place_key)
    return old.id


def _is_bare_photo(hearing: Hearing) -> bool:
    """A resident's picture without words, in private: what it shows has yet to be said."""
    bare = bool(hearing.event.media) and not hearing.said
    return bare and not hearing.is_group and hearing.person is None


def _is_answered(turn: Turn, hearing: Hearing) -> bool:
    """True when it is a mere consultation that faq.yaml answers; 转为上报 still opens a ticket."""
    reading = hearing.reading
    if hearing.person is not None or reading.danger is not Danger.NONE or reading.protected:
        return False
    if reading.urgency is not Urgency.U5:
        return False
    return questions.is_known(turn, hearing.event, reading)


def _warn_of_private_data(turn: Turn, hearing: Hearing) -> None:
    """Somebody posted an ID number or a phone into a group: say so privately, quote nothing."""
    if not hearing.is_group or hearing.person is not None or hearing.event.door == OVERHEARD:
        return
    kinds = privacy.reveals(hearing.event.text)
    if kinds:
        what = "、".join(kinds)
        turn.tell(hearing.event.by, turn.text("private_detail_private", what=what))
