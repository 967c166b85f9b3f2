"""Before a hazard is closed somebody else looks again (复核): 已处置 leads to 复核, not to 反馈.

``instead`` stands at the beginning of every way to tell a result; a ticket that is no hazard, or
whose hazard passed, goes on as always. Called by ``feedback``.
"""

from bot.domain import rights
from bot.domain.lifecycle import SYSTEM
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Role, Stage
from handlers import cards, loop, opening
from storage import hazards
from storage.tickets import Ticket


def instead(turn: Turn, ticket: Ticket) -> Ticket | None:
    """The ticket in 复核, when it has to pass there first; None when nothing holds it."""
    known = hazards.of_ticket(turn.db, ticket.id)
    if known is None or known.fixed_at is not None or ticket.stage is not Stage.RESOLVED:
        return None
    saved = loop.step(turn, ticket, Act.RECHECK, SYSTEM, reason="隐患要复核后才能办结")
    cards.refresh(turn, saved, greyed="等复核")
    words = turn.text(
        "recheck_asked",
        number=saved.number,
        category=loop.category_name(turn, saved.category),
        place=loop.place_words(turn, saved),
        result=saved.result_internal[:60] or "未写",
    )
    for person in lookers(turn, saved, known.found_by):
        turn.tell(person.id, words, ticket=saved.id)
    return saved


def lookers(turn: Turn, ticket: Ticket, found_by: str) -> list[Person]:
    """Whom we ask to look again: who found it, else the beat's police, else the station."""
    away = opening.away_now(turn)
    finder = turn.rules.person(found_by)
    there = [finder] if finder and finder.id not in away else []
    for role in (Role.OFFICER, Role.AUXILIARY, Role.LEADER, Role.COMMAND_ROOM):
        there += turn.rules.duty(role, turn.now, ticket.grid or None, away)
    return [one for one in there if may_look(turn, one, ticket)][:1]


def may_look(turn: Turn, person: Person, ticket: Ticket) -> bool:
    """Police who may see it and never had it in hand: nobody passes his own work."""
    own = person.id == ticket.owner or person.id in ticket.past_owners
    seen = rights.may_see(person, loop.matter_of(ticket), turn.rules)
    return person.role.is_police and seen and not own
