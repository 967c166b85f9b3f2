"""拍: the pictures that a member of staff sends in the next minutes go to one ticket.

Only the names of pictures stand in the journal; the bytes are fetched, looked at and sealed by
``bot.engine.keepsakes``. Called by ``field``.
"""

from datetime import timedelta

from bot.domain import rights
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Stage
from handlers import loop, supplements, voices
from storage import people, tickets
from storage.people import Ask
from storage.tickets import Ticket

_KIND = voices.PHOTOS
_OPEN_FOR = timedelta(minutes=10)
_DONE = (Stage.EVALUATION,)


def wanted(turn: Turn, person: Person, ticket: Ticket | None) -> str:
    """The ticket that the next pictures go to: the named one, else his only open one."""
    if ticket is None:
        own = [t for t in tickets.open_of_owner(turn.db, person.id) if t.stage not in _DONE]
        if not own:
            raise Refused("no_open_ticket")
        if len(own) > 1:
            raise Refused("ambiguous_ticket", numbers="、".join(t.serial for t in own[:12]))
        ticket = own[0]
    elif rights.may_act(person, Act.HANDLE, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    people.ask(
        turn.db,
        Ask(
            key=f"{turn.event.key}:{_KIND}",
            kind=_KIND,
            person_key=turn.person_key(person.id),
            ticket_id=ticket.id,
            asked_at=turn.now,
            until=turn.now + _OPEN_FOR,
        ),
    )
    return turn.text("photo_now", number=ticket.number)


def kept(turn: Turn, event: Heard, person: Person) -> bool:
    """True when a picture without words belongs to a ticket that was named a moment ago."""
    asks = people.open_asks(turn.db, turn.person_key(person.id), turn.now)
    named = [ask for ask in asks if ask.kind == _KIND]
    if not named:
        return False
    ticket = tickets.get(turn.db, max(named, key=lambda ask: ask.asked_at).ticket_id)
    if not ticket.is_open:
        return False
    turn.note(ticket, Act.SUPPLEMENT, by=person.id, reason=supplements.kept_words(event))
    turn.answer(turn.text("photo_kept", number=ticket.number, what=called(event)))
    return True


def called(event: Heard) -> str:
    """What staff call it that came: 照片, 视频, 照片和文件."""
    return supplements.kinds(event).replace("图片", "照片").replace("、", "和")
