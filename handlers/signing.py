"""Signing and arriving (签收、到场): whoever signs owns the matter from then on.

Used by buttons and commands through ``acts``, and by ``results`` when a result comes from
somebody who never pressed 签收.
"""

from bot.domain import clocks
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Stage
from handlers import cards, danger, loop
from storage import tickets
from storage.tickets import Ticket


def accept(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    """签收: the answer; the ticket is ``person``'s, ringing stops, other cards are greyed."""
    _not_taken(ticket, person, Act.ACCEPT)
    saved = loop.step(
        turn,
        ticket,
        Act.ACCEPT,
        person.role,
        by=person.id,
        owner=person.id,
        unit=_unit(ticket, person),
    )
    if loop.is_danger(saved):
        danger.signed(turn, saved, person)
    cards.refresh(turn, saved, greyed=f"已由{person.name}签收")
    return turn.text("accepted_ok", number=saved.number, next=f"到场回“到场 {saved.serial}”")


def _unit(ticket: Ticket, person: Person) -> str:
    return ticket.unit if ticket.department else person.unit


def _not_taken(ticket: Ticket, person: Person, what: Act) -> None:
    """Raises: Refused(already_taken) when a colleague was faster."""
    if ticket.stage in (Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING) and (
        ticket.owner != person.id and what is Act.ACCEPT
    ):
        raise Refused("already_taken", number=ticket.number, name=ticket.owner)


def verify(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """到场: the answer; signs first when nobody has."""
    if ticket.stage is Stage.ASSIGNED:
        accept(turn, ticket, person, "")
        ticket = tickets.get(turn.db, ticket.id)
    saved = loop.step(turn, ticket, Act.VERIFY, person.role, by=person.id, reason=words)
    cards.refresh(turn, saved)
    at = clocks.moment_words(turn.now, turn.now)
    return turn.text("arrived_ok", number=saved.number, at=at)
