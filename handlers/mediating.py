"""Mediation (矛盾分流化解) from chat: what staff type and press, what residents answer.

The entry of all modules ``handlers.mediation_*``: it finds the ticket and hands over. A site
without mediation.yaml has none of it. Called by ``report`` and ``desk``.
"""

from collections.abc import Callable

from bot.domain import mediation as domain
from bot.domain.mediation import A, B, Move, Result
from bot.events import ButtonKey, Clicked, Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from handlers import hers, merging
from handlers import mediation_after as after
from handlers import mediation_begin as begin
from handlers import mediation_colours as colours
from handlers import mediation_people as people
from handlers import mediation_work as work
from storage import mediations, tickets
from storage.mediations import Mediation
from storage.tickets import Ticket

_MOVES: dict[Move, Callable[[Turn, Person, Ticket, str], str]] = {
    Move.START: begin.start,
    Move.AGREE: begin.agree,
    Move.REFUSE: begin.refuse,
    Move.PLAN: work.plan,
    Move.MINUTES: work.minutes,
    Move.RESULT: work.result,
    Move.PROMISE: after.promise,
    Move.KEPT: after.kept,
    Move.BROKEN: after.broken,
    Move.PAPER: after.paper,
    Move.ESCALATE: work.escalate,
    Move.CALM: colours.calm,
    Move.COLOUR: colours.raise_by_hand,
    Move.LOOK: work.look,
}


def ordered(turn: Turn, event: Heard, person: Person, said: str) -> bool:
    """True when staff typed a command of a mediation; answered in private.

    Raises: Refused with a kind sentence.
    """
    wanted = domain.parse(said, event.quote)
    if wanted is None or turn.rules.mediation is None:
        return False
    ticket = people.ticket_for(turn, person, wanted.number)
    words = _MOVES[wanted.move](turn, person, ticket, wanted.words)
    if ":" in event.chat:
        turn.answer(words)
    else:  # what is said at the table is nobody's business in a group
        turn.answer(turn.text("short_ack"))
        turn.tell(person.id, words, ticket=ticket.id)
    return True


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was a button of a mediation's card. Raises: Refused."""
    if not key.act.startswith(begin.BUTTON) or turn.rules.mediation is None:
        return False
    person, ticket = turn.rules.person(event.by), tickets.by_number(turn.db, key.number)
    if person is None or ticket is None:
        raise Refused("not_found", number=key.number)
    seen = people.ticket_for(turn, person, ticket.number)
    mediation = people.active(turn, seen)
    if mediation is None or mediation.id != key.version:
        raise Refused("mediation_none", number=seen.number)
    turn.tell(person.id, _pressed(turn, person, seen, key), ticket=seen.id)
    return True


def _pressed(turn: Turn, person: Person, ticket: Ticket, key: ButtonKey) -> str:
    act = key.act.removeprefix(begin.BUTTON)
    if act == "both":
        return begin.agree(turn, person, ticket, "双方")
    if act == "refuse":
        return begin.refuse(turn, person, ticket, "")
    return work.ended(turn, person, ticket, Result(act))


def answered(turn: Turn, event: Heard, person_key: str, said: str) -> bool:
    """True when a resident answered an invitation or a visit; only in private."""
    found = domain.resident_move(said) if ":" in event.chat else None
    if found is None or turn.rules.mediation is None:
        return False
    move, number = found
    meant = [
        (ticket, mediation)
        for ticket, mediation in _hers(turn, person_key)
        if _fits(mediation, move) and (not number or number in (ticket.number, ticket.serial))
    ]
    if len(meant) != 1:
        return False
    turn.answer(_did(turn, *meant[0], move))
    return True


def _hers(turn: Turn, person_key: str) -> list[tuple[Ticket, Mediation]]:
    """Matters she reported first and that are or were mediated."""
    found = (merging.goes_on_in(turn, t) for t in hers.of_person(turn, person_key, _SINCE))
    own = {t.id: t for t in found if t.reporter and _is_hers(turn, t, person_key)}
    pairs = ((ticket, people.current(turn, ticket)) for ticket in own.values())
    return [(ticket, mediation) for ticket, mediation in pairs if mediation is not None]


def _is_hers(turn: Turn, ticket: Ticket, person_key: str) -> bool:
    return ticket.reporter is not None and turn.person_key(ticket.reporter.user) == person_key


def _fits(mediation: Mediation, move: Move) -> bool:
    if move in (Move.AGREE, Move.REFUSE):
        return mediation.state != mediations.ENDED
    is_side = people.REPORTER in (mediation.side_a, mediation.side_b)
    return is_side and bool(mediation.result) and Result(mediation.result).is_agreed


def _did(turn: Turn, ticket: Ticket, mediation: Mediation, move: Move) -> str:
    by = people.REPORTER
    number = ticket.number
    side = B if mediation.side_b == by or (mediation.side_a not in ("", by)) else A
    match move:
        case Move.AGREE:
            begin.agreed(turn, ticket, mediation, (side,), by)
            return turn.text("mediation_agreed", number=number)
        case Move.REFUSE:
            begin.stopped(turn, ticket, mediation, by)
            return turn.text("mediation_over", number=number, doors=people.doors(turn))
        case Move.KEPT:
            after.said(turn, ticket, mediation, (side,), is_kept=True, by=by)
            return turn.text("mediation_kept_thanks", number=number)
        case _:
            after.said(turn, ticket, mediation, (side,), is_kept=False, by=by)
            return turn.text("mediation_broken_thanks", number=number)


_SINCE = after.REMEMBERED
