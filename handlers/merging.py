"""Two tickets become one (并单), when somebody who knows the place says so.

Merging moves voices and words to the ticket that goes on; the other keeps its own and stands as
并案, so that ``handlers.splitting`` can take it out again. Danger is never merged away, and nothing
protected is mixed with anything. Called by ``handlers.likeness``.
"""

from bot.domain import lifecycle, posters, rights, ticket_numbers
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger, Role, Stage
from handlers import cards, loop, shown
from storage import bindings, journal, orders, people, tickets
from storage.tickets import Ticket, Voice

_LOOSE_ENDS = (Stage.RESOLVED, Stage.EVALUATION)
_OUTSIDE = (Role.DEPARTMENT, Role.DEPARTMENT_LEAD, Role.MEDIATOR)
_MOST_MASKED, _MOST_ORIGINAL = 2000, 20_000


def merge(turn: Turn, person: Person, ticket: Ticket, older: Ticket) -> str:
    """``ticket`` goes on as part of ``older``; its reporter hears the number that goes on.

    Raises: Refused when somebody may not, or the two may not be one.
    """
    must_see(turn, person, ticket, older)
    may = lifecycle.may(ticket.stage, Act.MERGE, person.role)
    if not may or not _may_be_one(ticket, older):
        raise Refused("merge_refused", number=ticket.number, other=older.serial)
    added = posters.kept(ticket.place, older.place)
    stands = posters.kept(older.place, added)
    joined = loop.change(
        turn,
        older,
        Act.MERGE,
        by=person.id,
        reason=f"并进来 {ticket.number}：{loop.summary(ticket)}",
        voices=_together(turn, ticket, older),
        reporter_key=older.reporter_key or ticket.reporter_key,
        place={**added, **stands},
        place_key=(older.place_key if stands == older.place else "") or ticket.place_key,
        masked=f"{older.masked}\n{ticket.masked}"[:_MOST_MASKED],
        original=f"{older.original}\n{ticket.original}"[:_MOST_ORIGINAL],
    )
    gone = loop.step(
        turn,
        ticket,
        Act.MERGE,
        person.role,
        by=person.id,
        reason=f"并入 {older.number}",
        prior_stage=ticket.stage,
        closed_at=turn.now,
    )
    turn.clear_timers(gone)
    orders.moved(turn.db, gone.id, joined.id)
    for asked in people.asks_of_ticket(turn.db, gone.id):
        people.answered(turn.db, asked.id, turn.now)
    cards.refresh(turn, gone, greyed=f"已并入{older.serial}")
    cards.refresh(turn, joined)
    turn.tell_reporter(gone, "stage_merged", other=older.serial)
    _tell_owners(turn, person, gone, joined)
    return turn.text("merged_ok", number=gone.number, other=joined.serial)


def _may_be_one(ticket: Ticket, older: Ticket) -> bool:
    if ticket.id == older.id or not older.is_open or older.stage in _LOOSE_ENDS:
        return False
    if ticket.protected or older.protected or ticket.barred != older.barred:
        return False
    return ticket.danger is Danger.NONE


def _together(turn: Turn, ticket: Ticket, older: Ticket) -> tuple[Voice, ...]:
    """All voices, each once; who only carried the younger one hears the result as a voice."""
    known = {v.user for v in older.voices}
    more = list(bindings.each_once(turn.db, (*older.voices, *ticket.voices))[len(older.voices) :])
    if ticket.carrier and not ticket.voices and older.voices and ticket.carrier not in known:
        more.append(Voice(user=ticket.carrier, chat="", said_at=ticket.opened_at.isoformat()))
    return (*older.voices, *more)


def _tell_owners(turn: Turn, person: Person, gone: Ticket, joined: Ticket) -> None:
    """Who works the one that goes on hears what came to it; who had the other one is free."""
    if joined.owner and joined.owner != person.id:
        text = turn.text(
            "new_ticket_again_staff",
            number=joined.number,
            category=loop.category_name(turn, joined.category),
            place=shown.place(turn, joined, joined.owner),
            summary=shown.said(turn, joined, joined.owner, gone.masked),
        )
        turn.tell(joined.owner, text, ticket=joined.id)
    if gone.owner and gone.owner not in (person.id, joined.owner):
        text = turn.text("merged_ok", number=gone.number, other=joined.serial)
        turn.tell(gone.owner, text, ticket=gone.id)


def goes_on_in(turn: Turn, ticket: Ticket) -> Ticket:
    """The ticket that a merged one went into; any other ticket is its own."""
    for _ in range(8):
        number = _last_merge(turn, ticket) if Stage.MERGED in _stood(ticket) else ""
        found = tickets.by_number(turn.db, number) if number else None
        if found is None:
            return ticket
        ticket = found
    return ticket


def _stood(ticket: Ticket) -> tuple[str, ...]:
    """Its stage; of an archived one what it had ended as, too."""
    return (ticket.stage, ticket.prior_stage if ticket.stage is Stage.ARCHIVED else "")


def _last_merge(turn: Turn, ticket: Ticket) -> str:
    """The number of the newest merge in this ticket's story; empty when it was split since."""
    for entry in reversed(journal.of_ticket(turn.db, ticket.id)):
        if entry.act == Act.MERGE:
            return next(iter(ticket_numbers.found_in(entry.reason)), "")
        if entry.act == Act.SPLIT:
            return ""
    return ""


def must_see(turn: Turn, person: Person, *meant: Ticket) -> None:
    """Nothing, where this person may sort these tickets.

    Raises: Refused when one does not exist for this person, or is not his to sort."""
    for ticket in meant:
        if not rights.may_see(person, loop.matter_of(ticket), turn.rules):
            raise Refused("not_found", number=ticket.serial)
        if person.role in _OUTSIDE and person.id != ticket.owner:
            raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)


def by_number(turn: Turn, person: Person, number: str) -> Ticket:
    """The newest ticket of that number that this person may see, an open one first.

    Raises: Refused when there is none.
    """
    full = tickets.by_number(turn.db, number) if ticket_numbers.is_full(number) else None
    found = [full] if full else tickets.by_serial(turn.db, number)
    seen = [t for t in found if rights.may_see(person, loop.matter_of(t), turn.rules)]
    if not seen:
        raise Refused("not_found", number=number)
    return next((t for t in seen if t.is_open), seen[0])
