"""复盘: after a theft or fraud the owner says in two lines why it came about and how to prevent it.

``复盘 0012 原因；预防`` (or two messages) stands on the ticket as facts. From the second line a
notice is drafted for the groups of the same grid, at most one a day each; a human reads and sends
it. Called by ``feedback`` at closing, by ``overdue`` and by ``order_rows``.
"""

from datetime import datetime, time

from bot.domain import debriefing, drafting, outbound, rights
from bot.domain.clocks import ZONE
from bot.lines import line_of
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Chat, Person
from config.vocabulary import Act, ClosingCode, Stage
from handlers import closing, loop
from storage import drafts, ticket_facts
from storage.ticket_facts import Fact
from storage.tickets import Ticket

TIMER = "debrief"
_LEARNS_NOTHING = (ClosingCode.UNFOUNDED, ClosingCode.DUPLICATE)
_DONE = (
    *(Stage.RESOLVED, Stage.RECHECK, Stage.EVALUATION),
    *(Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED),
)
_LONGEST = 200


def asked(turn: Turn, ticket: Ticket) -> None:
    """It is closed: who worked it is asked once for cause and prevention, by day."""
    owner = turn.rules.person(ticket.owner)
    real = ticket.closing_code not in _LEARNS_NOTHING
    if owner is None or not real or not _concerns(turn, ticket) or _said(turn, ticket):
        return
    if (at := loop.by_day(turn, turn.now)) > turn.now:
        turn.set_timer(ticket, TIMER, at)
        return
    name = loop.category_name(turn, ticket.category)
    text = turn.text("debrief_asked", number=ticket.number, category=name)
    turn.tell(owner.id, text, ticket=ticket.id)


def said(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """The answer; one line fills what is missing, two lines fill both.

    Raises: Refused for other categories, before there is a result, for who does not work it, and
    for words that no group may hear.
    """
    if not _concerns(turn, ticket):
        raise Refused("debrief_none", number=ticket.number)
    if key := rights.may_act(person, Act.SUPPLEMENT, loop.matter_of(ticket), turn.rules):
        raise Refused(key, number=ticket.number, owner_unit=ticket.unit)
    if ticket.stage not in _DONE:
        raise Refused("debrief_early", number=ticket.number)
    cause, prevention = debriefing.parts(words[:_LONGEST])
    if not cause and not prevention:
        raise Refused("needs_reason", act=closing.LABELS[Fact.CAUSE], number=ticket.number)
    if not prevention and Fact.CAUSE in _said(turn, ticket):
        cause, prevention = "", cause
    if prevention:
        _may_be_heard(turn, ticket, prevention)
    for kind, line in ((Fact.CAUSE, cause), (Fact.PREVENTION, prevention)):
        if line:
            closing.note(turn, ticket, kind, person.id, line)
    if not prevention:
        return turn.text("debrief_more", number=ticket.number)
    return turn.text("debrief_ok", number=ticket.number, count=_warn(turn, ticket, prevention))


def _concerns(turn: Turn, ticket: Ticket) -> bool:
    return ticket.category in turn.rules.everyday.debrief


def _said(turn: Turn, ticket: Ticket) -> set[Fact]:
    known = {one.kind for one in ticket_facts.of_ticket(turn.db, ticket.id)}
    return known & {Fact.CAUSE, Fact.PREVENTION}


def _may_be_heard(turn: Turn, ticket: Ticket, words: str) -> None:
    heard = outbound.for_group(words, outbound.published(turn.rules))
    if heard != words or len(words) > debriefing.LONGEST_NOTICE:
        raise Refused("debrief_private", number=ticket.number)


def _warn(turn: Turn, ticket: Ticket, prevention: str) -> int:
    """In how many groups a human is asked to say it; none of a protected matter."""
    if ticket.protected:
        return 0
    local = turn.now.astimezone(ZONE)
    today = datetime.combine(local.date(), time.min, ZONE)
    groups = [chat for chat in _groups(turn, ticket) if not _warned(turn, chat, today)]
    name = loop.category_name(turn, ticket.category)
    for chat in groups:
        text = turn.text("prevention_notice", category=name, words=prevention)
        turn.draft(chat.id, text, kind=drafting.PREVENTION)
    return len(groups)


def _warned(turn: Turn, chat: Chat, today: datetime) -> bool:
    return drafts.made_since(turn.db, line_of(chat.id), drafting.PREVENTION, today)


def _groups(turn: Turn, ticket: Ticket) -> list[Chat]:
    """The group it was told in and those of the same grid."""
    return [
        chat
        for chat in turn.rules.chats.chats
        if chat.public and (chat.id == ticket.chat or (ticket.grid and chat.grid == ticket.grid))
    ]
