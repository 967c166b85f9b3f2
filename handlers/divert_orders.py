"""What staff type about diversions: 转办函, 部门编号, 部门答复, 转办清单, 清单优化.

The department outside has no account here, so our minder (盯办人) types what it says. The two lists
are for the command room, leaders and the street. Called by ``handlers.orders``.
"""

from datetime import timedelta

from bot.domain import divert_figures, outbound
from bot.domain.commands import Command, Order
from bot.domain.divert_figures import Fate
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, ClosingCode, Role, Stage
from handlers import big_loop, cards, letters_out, loop, results, street, wide
from storage import diversions, tickets
from storage.diversions import Diversion
from storage.tickets import Ticket

_READERS = (Role.COMMAND_ROOM, Role.LEADER, Role.ANALYST, Role.SUPERVISOR)
DAYS = 90
_MOST = 20


def on_one(turn: Turn, person: Person, ticket: Ticket, command: Command) -> str:
    """The answer to a command about one ticket. Raises: Refused."""
    if command.what is Order.WIDE:
        return wide.declared(turn, person, ticket)
    if command.what is Order.STREET_DECIDES:
        return street.decided(turn, person, ticket, command)
    if person.id != ticket.owner and person.role not in _READERS:
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    one = _outside(turn, ticket)
    if command.what is Order.LETTER:
        letters_out.handed(turn, ticket, person.id)
        return letters_out.words_of(turn, ticket, person.id)
    if not command.words:
        raise Refused("needs_words")
    if command.what is Order.THEIR_NUMBER:
        return _numbered(turn, ticket, person, one, command.words[:60])
    return _answered(turn, ticket, person, one, command.words)


def _outside(turn: Turn, ticket: Ticket) -> Diversion:
    one = diversions.current(turn.db, ticket.id)
    if one is None or ticket.stage is not Stage.DIVERTED:
        raise Refused("not_outside", number=ticket.number)
    return one


def _numbered(turn: Turn, ticket: Ticket, person: Person, one: Diversion, said: str) -> str:
    diversions.numbered(turn.db, one.id, said)
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"部门编号：{said}")
    return turn.text("their_number_ok", number=ticket.number, said=said)


def _answered(turn: Turn, ticket: Ticket, person: Person, one: Diversion, words: str) -> str:
    """The department's answer is the result; the resident hears it a minute later.

    What a centre outside answers goes back to who had it before (回小闭环); he closes it.
    """
    if big_loop.away_of(turn, ticket) is not None:
        return big_loop.back(turn, ticket, person, words)
    told = outbound.for_public_result(words, outbound.published(turn.rules))
    public = turn.text("outside_answer", department=ticket.unit, answer=told)
    saved = loop.step(
        turn,
        ticket,
        Act.RESOLVE,
        person.role,
        by=person.id,
        reason=words[:200],
        closing_code=ClosingCode.HANDED_OVER,
        result_internal=f"{ticket.unit} {one.their_number} {words}".strip(),
        result_public=public,
    )
    turn.clear_timers(saved, "feedback_due")
    turn.set_timer(saved, "feedback_due", turn.now + results.SHOWN_BEFORE_SENT)
    cards.refresh(turn, saved)
    return turn.text("resolve_confirm", number=saved.number, public_result=public)


def told(turn: Turn, person: Person, command: Command) -> str:
    """转办清单 or 清单优化, for who may decide about the list. Raises: Refused."""
    is_list = command.what is Order.STREET_LIST
    backstop = person.department in _backstops(turn.rules)
    if person.role not in _READERS and not (is_list and backstop):
        raise Refused("role_refused", act="看清单", who=turn.rules.station.room_name)
    if is_list:
        return _with_hint(turn, person, street_list(turn)) or turn.text("street_list_none")
    found = diversions.fates(turn.db, turn.now - timedelta(days=DAYS))
    return "\n".join(figures(turn.rules, found, DAYS))


def _backstops(rules: Rules) -> set[str]:
    return {rules.divert.district, *(row.backstop for row in rules.divert.list)}


def figures(rules: Rules, found: list[diversions.Fate], days: int) -> list[str]:
    """清单优化 in lines; nothing of persons."""
    return divert_figures.lines(fates(rules, found), days)


def fates(rules: Rules, found: list[diversions.Fate]) -> list[Fate]:
    """What became of diversions that the list is measured by."""
    names = {one.id: one.name for one in rules.divert.departments}
    return [
        Fate(
            row=one.row_id,
            version=one.list_version,
            department=names.get(one.department, one.department),
            was_returned=one.ended_how == diversions.End.RETURNED,
            is_answered=one.ended_how == diversions.End.ANSWERED,
            was_on_time=bool(one.ended_at and one.due_at and one.ended_at <= one.due_at),
            rating=one.rating,
        )
        for one in found
        if one.round in (diversions.Round.INTAKE, diversions.Round.CONTACT)
    ]


def street_list(turn: Turn) -> str:
    """What waits too long at a department, for the street to decide; empty when nothing does."""
    lines = []
    for one in diversions.on_the_list(turn.db):
        ticket = tickets.get(turn.db, one.ticket_id)
        if not ticket.protected:
            lines.append(_line(turn, ticket, one))
    if not lines:
        return ""
    return "\n".join([turn.text("street_list_head", count=len(lines)), *lines[:_MOST]])


def _with_hint(turn: Turn, person: Person, words: str) -> str:
    """How a line is decided, for who may type it."""
    may = bool(words) and person.role in street.DECIDERS
    return f"{words}\n{turn.text('street_list_hint')}" if may else words


def _line(turn: Turn, ticket: Ticket, one: Diversion) -> str:
    return turn.text(
        "street_list_line",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=loop.place_words(turn, ticket, full=False),
        department=ticket.unit,
        days=(turn.now - one.at).days,
    )


def weekly(turn: Turn) -> None:
    """The list goes to the street's first contact and the command room; nothing when empty."""
    words = street_list(turn)
    if not words:
        return
    contacts = turn.rules.contacts("street")[:1]
    room = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None)[:1]
    for person in (*contacts, *room):
        turn.tell(person.id, _with_hint(turn, person, words))
