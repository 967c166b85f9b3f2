"""Stepping in (备勤接手): a matter whose owner does not sign goes to the nearest who can.

Called by the ladder when the limit of the signature has passed. The clock runs on, the earlier
owner hears it and may still sign. Each step asks somebody who was not asked before; the matters of
departments and protected classes go by their own ladder. Danger is rung by ``handlers.danger``.
"""

from bot.domain import nearby, rights
from bot.domain.lifecycle import SYSTEM
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Danger, Stage
from handlers import cards, loop, opening, shown
from storage.repeats import FOCUS
from storage.tickets import Ticket


def passed_on(turn: Turn, ticket: Ticket) -> Ticket:
    """The ticket with who steps in, where its grid has neighbours written down; else as it was."""
    grid = turn.rules.grid(ticket.grid)
    if grid is None or not grid.neighbours or not _may_move(ticket):
        return ticket
    asked = (*ticket.past_owners, ticket.owner)
    there = nearby.responders(
        ticket.grid, turn.now, opening.away_now(turn), turn.rules, not_again=asked
    )
    owner = turn.rules.person(ticket.owner)
    return _to(turn, ticket, owner, there[0]) if owner and there else ticket


def _may_move(ticket: Ticket) -> bool:
    is_plain = ticket.danger is Danger.NONE and not ticket.protected and not ticket.department
    is_plain = is_plain and ticket.origin != FOCUS  # what repeats is its community officer's
    secret = ticket.category in rights.KEPT
    return ticket.stage is Stage.ASSIGNED and is_plain and not secret


def _to(turn: Turn, ticket: Ticket, before: Person, target: Person) -> Ticket:
    saved = loop.step(
        turn,
        ticket,
        Act.TRANSFER,
        SYSTEM,
        reason=f"{before.name}没有签收，请{target.name}接手",
        owner=target.id,
        unit=target.unit,
        past_owners=tuple(dict.fromkeys((*ticket.past_owners, before.id))),
    )
    cards.refresh(turn, saved)
    cards.show(turn, saved, target)
    values = {
        "number": saved.number,
        "category": loop.category_name(turn, saved.category),
        "place": shown.place(turn, saved, target),
    }
    text = turn.text("stepped_in_staff", **values, name=before.name)
    turn.tell(target.id, text, ticket=saved.id)
    text = turn.text("stepped_out_staff", number=saved.number, name=target.name)
    turn.tell(before.id, text, ticket=saved.id)
    return saved
