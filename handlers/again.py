"""Who does a matter again (换人再办): never who had it, from the second time on the leader.

What only one role may know stays with that role. Called by ``feedback`` when a matter is reopened.
"""

from bot.domain import rights, routing
from bot.domain.routing import Question, Route
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Danger, Role
from handlers import opening
from storage.tickets import Ticket


def who(turn: Turn, ticket: Ticket, not_again: tuple[str, ...]) -> Route:
    """Who goes on; the owner is None where nobody is there who may know of it."""
    question = opening.question_of(turn, ticket, not_again)
    if ticket.category in rights.KEPT:
        found = routing.route(question, turn.rules)
        # Where the role has one person alone, he looks at it once more himself.
        anew = opening.question_of(turn, ticket)
        return found if found.owner else routing.route(anew, turn.rules)
    above = _above(turn, ticket, question)
    if above is not None:
        return Route(above, above.unit, ticket.department)
    return routing.somebody_else(question, ticket.department, turn.rules)


def _above(turn: Turn, ticket: Ticket, question: Question) -> Person | None:
    """Whoever leads, once it has come back too often; he keeps it however often it comes again."""
    often = turn.rules.times.supervise_reopens
    if ticket.reopen_count < often or ticket.danger is not Danger.NONE:
        return None
    if ticket.department:
        leads = turn.rules.people_with(Role.DEPARTMENT_LEAD)
        there = tuple(lead for lead in leads if lead.department == ticket.department)
    else:
        there = tuple(turn.rules.duty(Role.LEADER, turn.now, None, question.away))
    not_he = {*ticket.barred, *question.away}
    return next((person for person in there if person.id not in not_he), None)
