"""Diversion in two stages (二次分流), and where a return goes (退回、兜底).

At intake the list decides (``routing``), and a hand may do no more than the list says. After the
first contact an officer may divert otherwise, with a reason. A department's first return goes to
the list's back-stop, the second to the command room, and what nobody owns to the district. Danger
and protected matters are never diverted.
"""

from bot.domain import pipeline, rights, routing
from bot.domain.routing import Route
from bot.turn import Turn
from config.divert_rules import Department
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role, Stage
from handlers import cards, divert_books, loop, opening
from storage import journal
from storage.diversions import Round
from storage.tickets import Ticket

_MET = (Stage.VERIFYING, Stage.HANDLING, Stage.DIVERTED)
_CONTACTS = frozenset({Act.VERIFY, Act.ASK, Act.TELL})
_ROOM = (Role.COMMAND_ROOM, Role.LEADER)


def must_have_another(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Raises: Refused for a matter of a few eyes (涉警投诉、涉毒线索) that nobody else may take."""
    question = opening.question_of(turn, ticket, not_again=(person.id,))
    if ticket.category in rights.KEPT and routing.route(question, turn.rules).owner is None:
        raise Refused("return_kept", number=ticket.number)


def after_return(turn: Turn, ticket: Ticket, back: Ticket, person: Person) -> tuple[Route, str]:
    """Who has it now, and which sentence tells him; never somebody who may not see it."""
    question = opening.question_of(turn, back, not_again=(person.id,))
    if back.category in rights.KEPT:
        return routing.route(question, turn.rules), "returned_staff"
    count = divert_books.returns(turn, back) or back.return_count
    stop = _next_stop(turn, ticket, routing.backstop(question, turn.rules), count)
    if stop and stop != ticket.department:
        route = routing.department(stop, question, turn.rules)
        if route.owner is not None:
            return route, "backstop_staff"
    return routing.room(question, turn.rules), "returned_staff"


def _next_stop(turn: Turn, ticket: Ticket, backstop: str, count: int) -> str:
    """The department for a return: the back-stop, then nobody, then the district."""
    if not ticket.department:
        return ""
    if count <= 1:
        return backstop
    return turn.rules.divert.district if count > 2 else ""


def divert(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """分流 0012 城管 原因: at intake what the list says, after the first contact with a reason.

    Raises: Refused without contact, department or reason, for danger and protected matters.
    """
    if loop.is_danger(ticket) or ticket.protected:
        raise Refused("protected_refused")
    named, reason = named_in(turn, words)
    if ticket.stage is Stage.NEW:
        return _by_list(turn, ticket, person, named, reason)
    if not reason:
        raise Refused("divert_reason", number=ticket.number, department=named.name)
    if not _was_met(turn, ticket, person):
        raise Refused("divert_contact", number=ticket.number)
    return sent_on(turn, ticket, person, named, reason, Round.CONTACT)


def _by_list(turn: Turn, ticket: Ticket, person: Person, named: Department, reason: str) -> str:
    """初次分流: nobody was there yet, so only where a row of the list sends such a matter."""
    row = divert_books.row_of(turn, ticket)
    if row is None or row.department != named.id:
        by_list = turn.rules.department(row.department) if row else None
        raise Refused(
            "divert_list" if by_list else "divert_not_listed",
            number=ticket.number,
            category=loop.category_name(turn, ticket.category),
            department=by_list.name if by_list else named.name,
        )
    turn.clear_timers(ticket, pipeline.TIMER)
    return sent_on(turn, ticket, person, named, reason or f"按清单{row.id}", Round.INTAKE)


def sent_on(
    turn: Turn, ticket: Ticket, person: Person, named: Department, reason: str, how: Round
) -> str:
    """The answer; the ticket is that department's and waits for its signature or its letter."""
    if loop.is_danger(ticket) or ticket.protected:
        raise Refused("protected_refused")
    route = routing.department(named.id, opening.question_of(turn, ticket), turn.rules)
    act = Act.HAND_OUT if route.is_outside else Act.DIVERT
    past = tuple(dict.fromkeys((*ticket.past_owners, ticket.owner))) if ticket.owner else ()
    moved = loop.step(
        turn,
        ticket,
        act,
        person.role,
        by=person.id,
        reason=f"{route.unit}：{reason}"[:200],
        owner=route.owner.id if route.owner else "",
        unit=route.unit,
        department=route.department,
        past_owners=past or ticket.past_owners,
    )
    divert_books.went(turn, moved, route, person.id, reason, how)
    cards.refresh(turn, moved, greyed=f"已分流到{route.unit}")
    opening.show_to_staff(turn, moved, route)
    _tell_reporter(turn, moved)
    return turn.text("diverted_ok", number=moved.number, department=route.unit)


def named_in(turn: Turn, words: str) -> tuple[Department, str]:
    """The department that the first word means, and the reason after it. Raises: Refused."""
    said, _, reason = words.strip().partition(" ")
    every = turn.rules.divert.departments
    found = [one for one in every if said and said in one.name]
    exact = [one for one in found if one.name == said]
    if len(exact or found) != 1:
        names = "、".join(one.name for one in every)
        raise Refused("needs_department", said=said[:12], departments=names)
    return (exact or found)[0], reason.strip(" ：:，,。")


def _was_met(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """Somebody was there or spoke with the reporter; the room decides without."""
    if person.role in _ROOM or ticket.stage in _MET:
        return True
    story = journal.of_ticket(turn.db, ticket.id)
    return any(e.act in _CONTACTS and turn.rules.person(e.actor) is not None for e in story)


def _tell_reporter(turn: Turn, ticket: Ticket) -> None:
    if not turn.rules.times.is_night(turn.now):
        turn.tell_reporter(ticket, "stage_assigned")
