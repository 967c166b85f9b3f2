"""The one line that goes with a recording (说): words for a voice message that had none.

It goes to the ticket that was named, else it is registered like every word of staff, and the
recording with it. Danger takes its own road and takes the recording along. Called by ``report``.
"""

from bot.domain.commands import Command, Order
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Danger, Kind
from handlers import registering, voices
from handlers.intake import Hearing
from storage import journal, tickets


def given(turn: Turn, hearing: Hearing, person: Person) -> bool:
    """True when the words were that line."""
    reading = hearing.reading
    if hearing.is_group or reading.danger is not Danger.NONE:
        return False
    found = voices.line_of_voice(turn, hearing.event, hearing.person_key)
    if found is None:
        return False
    kept, ticket = found
    if ticket is not None:
        turn.note(ticket, Act.SUPPLEMENT, by=person.id, reason=f"{reading.masked[:200]} {kept}")
        turn.answer(turn.text("voice_line_kept", number=ticket.number))
        return True
    if reading.kind is not Kind.REPORT:
        return False
    command = Command(Order.REGISTER, (), hearing.said)
    turn.answer(registering.registered(turn, hearing.event, person, command, hearing.grid))
    opened = journal.ticket_of(turn.db, hearing.event.key)
    turn.note(tickets.get(turn.db, opened), Act.SUPPLEMENT, by=person.id, reason=kept)
    return True
