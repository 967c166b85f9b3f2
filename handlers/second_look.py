"""What comes of a second look (复核合格、返工): the reporter hears it, or it is worked again."""

from bot.domain import lifecycle
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import cards, closing, feedback, loop, rechecking
from storage import hazards
from storage.ticket_facts import Fact
from storage.tickets import Ticket

_BAD = ("不合格", "没改好", "没办好", "不行", "没有改")


def passed(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """复核 0012 合格 / 不合格 why: the answer; the result goes to the reporter, or back to work.

    Raises: Refused for who worked it himself, and where nothing waits to be looked at.
    """
    _not_his(ticket, person)
    if any(word in words for word in _BAD):
        return rework(turn, ticket, person, words)
    lifecycle.advance(ticket.stage, Act.RECHECK, person.role)
    closing.note(turn, ticket, Fact.RECHECK, person.id, words)
    turn.clear_timers(ticket, rechecking.TIMER)
    saved = loop.step(turn, ticket, Act.RECHECK, person.role, by=person.id, reason=words[:200])
    hazards.rechecked(turn.db, saved.id, turn.now, is_fixed=True)
    feedback.told(turn, saved)
    return turn.text("recheck_ok", number=saved.number)


def rework(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """返工 0012 哪里没办好: the answer; who worked it goes on, and hears why.

    Raises: Refused without a reason, and for who worked it himself.
    """
    _not_his(ticket, person)
    if not words.strip():
        raise Refused("needs_reason", act=Act.REWORK.label, number=ticket.number)
    saved = loop.step(
        turn,
        ticket,
        Act.REWORK,
        person.role,
        by=person.id,
        reason=words[:200],
        closing_code="",
        result_public="",
    )
    turn.clear_timers(saved, rechecking.TIMER, "feedback_due")
    hazards.rechecked(turn.db, saved.id, turn.now, is_fixed=False)
    cards.refresh(turn, saved)
    owner = turn.rules.person(saved.owner)
    if owner is not None:
        cards.show(turn, saved, owner)
        text = turn.text("rework_staff", number=saved.number, reason=words.strip())
        turn.tell(owner.id, text, ticket=saved.id)
    return turn.text("rework_ok", number=saved.number)


def _not_his(ticket: Ticket, person: Person) -> None:
    if person.id in (ticket.owner, *ticket.past_owners):
        raise Refused("recheck_own", number=ticket.number)
