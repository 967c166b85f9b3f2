"""Voice that nobody wrote down (没有文字的语音): it goes to a human ear.

The owner of her open ticket, else the officer of the grid, else the command room is told that
somebody spoke; the line says nothing of the content. A resident is asked for nothing, least of all
to type; a member of staff for one line, which goes with the recording to his ticket or opens one.
Called by ``wishes`` for residents, by ``report`` and ``talk`` for staff.
"""

from datetime import timedelta

from bot.domain.reading import Reading
from bot.events import Heard, media_names
from bot.turn import Turn
from config.vocabulary import Act, Danger
from handlers import answering
from storage import people, tickets
from storage.people import Ask
from storage.tickets import Ticket

LINE, PHOTOS = "voice_line", "photos"
_SINCE = timedelta(days=7)
_LINE_LIFE = timedelta(minutes=10)


def is_bare(event: Heard) -> bool:
    """True for a voice message that came without its words."""
    return not event.text.strip() and any(medium.kind == "voice" for medium in event.media)


def to_an_ear(turn: Turn, event: Heard, reading: Reading, person_key: str) -> None:
    """Ask a human to listen, and tell the sender who will."""
    mine = tickets.of_reporter(turn.db, person_key, turn.now - _SINCE)
    ticket = next((t for t in mine if t.is_open and t.owner), None)
    unit = _of_ticket(turn, event, ticket) if ticket else _of_grid(turn, event, reading, person_key)
    if turn.rules.person(event.by) is None:
        turn.answer(turn.text("voice_private", unit=unit))
        return
    _ask_line(turn, event, person_key)
    turn.answer(turn.text("voice_line_staff", unit=unit))


def _ask_line(turn: Turn, event: Heard, person_key: str) -> None:
    kept = f"[语音 {'、'.join(media_names(event))}]"
    people.ask(
        turn.db,
        Ask(
            key=f"{event.key}:{LINE}",
            kind=LINE,
            person_key=person_key,
            ticket_id=_named(turn, person_key),
            asked_at=turn.now,
            until=turn.now + _LINE_LIFE,
            data={"kept": kept},
        ),
    )


def _named(turn: Turn, person_key: str) -> int:
    """The ticket that he named for pictures a moment ago (拍 0012); 0 for none."""
    asks = people.open_asks(turn.db, person_key, turn.now)
    return next((ask.ticket_id for ask in asks if ask.kind == PHOTOS), 0)


def line_of_voice(turn: Turn, event: Heard, person_key: str) -> tuple[str, Ticket | None] | None:
    """The recording that these words go with, and its ticket if one was named; None without one.

    Asked once: the next words belong to it, whatever they are.
    """
    asks = people.open_asks(turn.db, person_key, turn.now)
    ask = next((one for one in asks if one.kind == LINE), None)
    if ask is None or not event.text.strip():
        return None
    people.answered(turn.db, ask.id, turn.now)
    ticket = tickets.get(turn.db, ask.ticket_id) if ask.ticket_id else None
    return str(ask.data["kept"]), ticket if ticket and ticket.is_open else None


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
