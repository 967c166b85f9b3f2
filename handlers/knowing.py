"""What a closing asks for, typed in (办结要件): 告诫书, 回访计划, 强制报告, 签字, 没联系上.

Each is one fact with its words, journalled; the guard of ``handlers.closing`` reads them. Whoever
works the matter or leads the station writes them; 签字 is the leader's alone.
"""

from bot.domain import closing as rules_of_closing
from bot.domain import rights
from bot.domain.commands import Order
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import closing, loop
from storage.ticket_facts import Fact
from storage.tickets import Ticket

FACTS = {
    Order.WARNING: Fact.WARNING,
    Order.VISIT_PLAN: Fact.VISIT_PLAN,
    Order.REPORTED: Fact.MANDATORY_REPORT,
    Order.SIGN: Fact.LEADER_SIGN,
    Order.TRIED: Fact.CONTACT_TRY,
}
_WORDLESS = (Fact.LEADER_SIGN, Fact.CONTACT_TRY)


def noted(turn: Turn, person: Person, ticket: Ticket, fact: Fact, words: str) -> str:
    """The answer; the fact stands on the ticket from now on.

    Raises: Refused for who does not work it, without words, when it is over, and for 签字 by
    anybody but the leader, or by who works it himself.
    """
    _may(turn, person, ticket, fact)
    if not ticket.is_open:
        raise Refused("stage_refused", stage=ticket.stage.label, act=closing.LABELS[fact])
    if not words.strip() and fact not in _WORDLESS:
        raise Refused("needs_reason", act=closing.LABELS[fact], number=ticket.number)
    closing.note(turn, ticket, fact, person.id, words.strip())
    if fact is Fact.CONTACT_TRY:
        return _tried(turn, ticket)
    return turn.text("fact_ok", number=ticket.number, what=closing.LABELS[fact])


def _may(turn: Turn, person: Person, ticket: Ticket, fact: Fact) -> None:
    if fact is Fact.LEADER_SIGN:
        if person.role is not Role.LEADER or person.id == ticket.owner:
            raise Refused("sign_refused", number=ticket.number)
        return
    key = rights.may_act(person, Act.SUPPLEMENT, loop.matter_of(ticket), turn.rules)
    if key:
        raise Refused(key, number=ticket.number, owner_unit=ticket.unit)


def _tried(turn: Turn, ticket: Ticket) -> str:
    case = closing.case_of(turn, ticket)
    return turn.text(
        "tried_ok",
        number=ticket.number,
        count=len(case.tries),
        times=rules_of_closing.half_days(case.tries),
    )
