"""Voice that nobody wrote down (没有文字的语音): it goes to a human ear.

The owner of her open ticket, else the officer of the grid, else the command room is told that
somebody spoke; the line says nothing of the content. The sender is asked for nothing, least of all
to type. Called by ``wishes`` for residents and by ``talk`` for staff.
"""

from datetime import timedelta

from bot.domain.reading import Reading
from bot.events import Heard, media_names
from bot.turn import Turn
from config.vocabulary import Act, Danger
from handlers import answering
from storage import people, tickets
from storage.tickets import Ticket

_SINCE = timedelta(days=7)


def is_bare(event: Heard) -> bool:
    """True for a voice message that came without its words."""
    return not event.text.strip() and any(medium.kind == "voice" for medium in event.media)


def to_an_ear(turn: Turn, event: Heard, reading: Reading, person_key: str) -> None:
    """Ask a human to listen, and tell the sender who will."""
    mine = tickets.of_reporter(turn.db, person_key, turn.now - _SINCE)
    ticket = next((t for t in mine if t.is_open and t.owner), None)
    unit = _of_ticket(turn, event, ticket) if ticket else _of_grid(turn, event, reading, person_key)
    turn.answer(turn.text("voice_private", unit=unit))


def _of_ticket(turn: Turn, event: Heard, ticket: Ticket) -> str:
    names = "、".join(media_names(event))
    turn.note(ticket, Act.SUPPLEMENT, by="reporter", reason=f"发来语音，请人听 [语音 {names}]")
    urgent = ticket.danger is not Danger.NONE
    text = turn.text("voice_ticket_staff", number=ticket.number)
    turn.tell(ticket.owner, text, danger=urgent, ticket=ticket.id)
    owner = turn.rules.person(ticket.owner)
    return owner.unit if owner else ticket.unit


def _of_grid(turn: Turn, event: Heard, reading: Reading, person_key: str) -> str:
    staff = turn.rules.person(event.by)
    grid = staff.grids[0] if staff and staff.grids else people.grid_of(turn.db, person_key)
    ear = answering.whom(turn, reading, grid, event.by)
    if ear is None:
        return turn.rules.station.room_name
    turn.tell(ear.id, turn.text("voice_staff", name=_name(turn, event.by)))
    return ear.unit


def _name(turn: Turn, user: str) -> str:
    """How to find the sender: staff by name, a resident by surname where known, and account."""
    staff = turn.rules.person(user)
    if staff is not None:
        return staff.name
    residents = turn.rules.demo.residents if turn.rules.demo else ()
    known = next((f"{one.name[0]}某" for one in residents if one.id == user), "一位群众")
    return f"{known}（企业微信账号 {user}）"
