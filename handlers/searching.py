"""寻人: words to the groups about somebody missing, after a second person has agreed.

``寻人 0012 内容`` asks the leader; what he agrees to goes to every public group: said by the robot,
drafted for a human where no program may speak. No picture ever goes along, nothing that names a
minor. ``已找到 0012``, a result or 误报 ends it: unsent drafts fall away, the groups that heard it
hear that it is over. Called by ``order_rows``, ``results``, ``danger`` and ``overdue``.
"""

from bot.domain import drafting, outbound, rights, searching
from bot.lines import line_of
from bot.turn import Turn
from config.everyday_rules import Search
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import approving, draft_acts, loop
from storage import drafts, journal, searches
from storage.approvals import Approval
from storage.tickets import Ticket

TIMER = "search_over"
_ENDS = ("人找到了，寻人结束", "寻人结束")
_MISSING = "missing"
_MAY = (Role.OFFICER, Role.COMMAND_ROOM, Role.LEADER)


def ask(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """The answer to who asks; nothing is said in a group yet.

    Raises: Refused for other matters, for who may not, for words that no group may hear.
    """
    rules = turn.rules.everyday.search
    if rules is None or not _is_missing(ticket, rules) or not ticket.is_open:
        raise Refused("search_refused", number=ticket.number)
    key = rights.may_act(person, Act.CONFIRM, loop.matter_of(ticket), turn.rules)
    if key or person.role not in _MAY:
        raise Refused(key or "not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    if searches.running(turn.db, ticket.id):
        raise Refused("search_runs", number=ticket.number)
    words = words.strip(" 。")
    heard = outbound.for_group(words, outbound.published(turn.rules))
    if refusal := searching.refusal(words, ticket.masked, heard, rules):
        raise Refused(refusal)
    return approving.ask(turn, ticket, Act.SEARCH, person, words, {})


def _is_missing(ticket: Ticket, rules: Search) -> bool:
    return ticket.category in rules.categories or ticket.danger_class == _MISSING


def _granted(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """Said in every public group, in the name of both."""
    rules = turn.rules.everyday.search
    if rules is None or not ticket.is_open:
        raise Refused("search_refused", number=ticket.number)
    groups = [chat for chat in turn.rules.chats.chats if chat.public]
    for chat in groups:
        searches.begin(turn.db, ticket.id, chat.id, turn.now)
        turn.say_group(chat.id, turn.text("search_group", words=wish.reason))
    turn.note(ticket, Act.SEARCH, by=decider.id, reason=f"寻人发到{len(groups)}个群")
    turn.set_timer(ticket, TIMER, turn.now + rules.kept)
    return turn.text("search_sent", number=ticket.number, count=len(groups))


def found(turn: Turn, person: Person, ticket: Ticket) -> str:
    """已找到: the answer; the groups hear it. Raises: Refused where no search runs."""
    key = rights.may_act(person, Act.CONFIRM, loop.matter_of(ticket), turn.rules)
    if key:
        raise Refused(key, number=ticket.number, owner_unit=ticket.unit)
    count = len(_to_tell(turn, ticket))
    if not count:
        raise Refused("search_none", number=ticket.number)
    over(turn, ticket, by=person.id)
    return turn.text("search_over_ok", number=ticket.number, count=count)


def _to_tell(turn: Turn, ticket: Ticket) -> list[str]:
    """Groups that were told and have not heard how it ended, though its time may be over."""
    groups, since = searches.last(turn.db, ticket.id)
    story = journal.of_ticket(turn.db, ticket.id) if groups else []
    heard = any(e.act == Act.SEARCH and e.reason in _ENDS and e.at >= since for e in story)
    return [] if heard else groups


def over(turn: Turn, ticket: Ticket, by: str, *, is_found: bool = True) -> None:
    """Who heard of the search hears that it is over; whose draft still waits says nothing.

    That somebody was found is said only when it is so.
    """
    groups = _to_tell(turn, ticket)
    if not groups:
        return
    searches.end(turn.db, ticket.id, turn.now)
    turn.clear_timers(ticket, TIMER)
    for chat in groups:
        if not _fell_away(turn, ticket, chat):
            words = turn.text("search_over_group" if is_found else "search_ended_group")
            turn.say_group(chat, words)
    turn.note(ticket, Act.SEARCH, by=by, reason=_ENDS[0] if is_found else _ENDS[1])


def _fell_away(turn: Turn, ticket: Ticket, chat: str) -> bool:
    """True when the words still waited for a human there; they are dropped."""
    line = line_of(chat)
    waiting = [
        one
        for one in drafts.open_in(turn.db, line)
        if one.ticket_id == ticket.id and one.kind == drafting.SEARCH
    ]
    draft_acts.needless(turn, line, waiting)
    return bool(waiting)


def late(turn: Turn, ticket: Ticket) -> None:
    """Its time is over and nobody was found: the owner hears that it runs no more."""
    if searches.running(turn.db, ticket.id):
        searches.end(turn.db, ticket.id, turn.now)
        if ticket.owner:
            turn.tell(ticket.owner, turn.text("search_late", number=ticket.number))


approving.when_granted(Act.SEARCH, _granted)
