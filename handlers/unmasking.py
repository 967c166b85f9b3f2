"""The words as they were said (查看原文): asked for with a reason, granted by another.

Only who may read the field at all may ask. The words go to who asked, in private, once; both names
stand in the journal, the words never do.
"""

from bot.domain import rights
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rights_rules import Part
from config.vocabulary import Act
from handlers import approving, loop
from storage.approvals import Approval
from storage.tickets import Ticket

_LONGEST = 500


def unmask(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """查看原文 0012 理由: the answer. Raises: Refused for who may not read it, without a reason."""
    if not rights.may_read(person, Part.ORIGINAL, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    return approving.ask(turn, ticket, Act.UNMASK, person, words, {})


def _shown(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """Raises: Refused when who asked may not read it any more."""
    asker = turn.rules.person(wish.asked_by)
    matter = loop.matter_of(ticket)
    if asker is None or not rights.may_read(asker, Part.ORIGINAL, matter, turn.rules):
        raise Refused("approval_over")
    reason = f"{asker.name}看原文，{decider.name}同意：{wish.reason}"[:200]
    turn.note(ticket, Act.UNMASK, by=decider.id, reason=reason)
    words = turn.text("unmask_words", number=ticket.number, said=ticket.original[:_LONGEST])
    turn.tell(asker.id, words, ticket=ticket.id)
    return turn.text("unmask_ok", number=ticket.number, name=asker.name)


approving.when_granted(Act.UNMASK, _shown)
