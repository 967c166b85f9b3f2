"""回避: anybody who sees a ticket may say that it is not for him; then it does not exist for him.

No reason has to be given. Who had it is freed at once and somebody else gets it; of a danger the
chain goes on ringing.
"""

from bot.domain import rights, routing
from bot.domain.lifecycle import SYSTEM
from bot.domain.routing import Route
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger, Stage
from handlers import cards, danger, divert_books, handing, loop, opening
from storage.tickets import Ticket

_DONE = (Stage.RESOLVED, Stage.RECHECK)


def recuse(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """回避 0012: the answer. Raises: Refused where nobody else could take what he has."""
    saved = loop.step(
        turn,
        ticket,
        Act.RECUSE,
        person.role,
        by=person.id,
        reason=words[:100] or "申请回避",
        barred=tuple(dict.fromkeys((*ticket.barred, person.id))),
    )
    if saved.owner == person.id and saved.stage not in _DONE:
        saved = _handed_on(turn, saved, person)
    cards.refresh(turn, saved)
    return turn.text("recused_ok", number=saved.number)


def _handed_on(turn: Turn, ticket: Ticket, person: Person) -> Ticket:
    route = _somebody(turn, ticket)
    assert route.owner is not None  # _somebody looked  # noqa: S101
    handed = loop.step(
        turn,
        ticket,
        Act.TRANSFER,
        SYSTEM,
        reason=f"{person.name}回避，转给{route.owner.name}",
        owner=route.owner.id,
        unit=route.unit,
        department=route.department,
        past_owners=tuple(dict.fromkeys((*ticket.past_owners, person.id))),
    )
    divert_books.moved(turn, ticket, handed, route, SYSTEM, "回避")
    opening.show_to_staff(turn, handed, Route(route.owner, route.unit, route.department))
    handing.say_late(turn, handed)
    if handed.danger is Danger.CONFIRMED:
        danger.ring(turn, handed, 0)
    return handed


def _somebody(turn: Turn, ticket: Ticket) -> Route:
    question = opening.question_of(turn, ticket)
    if ticket.category in rights.KEPT:
        route = routing.route(question, turn.rules)
    else:
        route = routing.somebody_else(question, ticket.department, turn.rules)
    found = route.owner
    # As owner he would see what he does not see now; a complaint stays the inspector's.
    if found is None or found.id in ticket.barred:
        raise Refused("recuse_nobody", number=ticket.number)
    return route
