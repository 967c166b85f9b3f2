"""小闭环 → 大闭环: a ticket goes from the police to the town centre (综治中心), and comes back.

A decider sends it, or agrees when its owner asks (``approving``). Both sides see the queue. The
centre ends it by bringing the result back; whoever had it before tells the reporter and closes. A
centre outside WeCom gets a letter, and our minder (盯办人) speaks for it in the same words.
Danger and protected matters never go. Called by ``acts`` and ``order_rows``.
"""

from bot.domain import lifecycle, rights, routing
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import approving, cards, divert_books, loop, opening
from storage import joint, tickets
from storage.approvals import Approval
from storage.joint import Away
from storage.tickets import Ticket

_MOST = 20


def out(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """大闭环 0012 理由: a decider does it, anybody else who may asks for it.

    Raises: Refused for danger, protected matters, what is there already, and without a reason.
    """
    if loop.is_danger(ticket) or ticket.protected:
        raise Refused("protected_refused")
    if away_of(turn, ticket) is not None:
        raise Refused("loop_is_out", number=ticket.number)
    if not words.strip():
        raise Refused("needs_reason", act=Act.BIG_LOOP.label, number=ticket.number)
    if person.role in lifecycle.DECIDERS:
        return _sent(turn, ticket, person, words.strip())
    _route(turn, ticket)
    return approving.ask(turn, ticket, Act.BIG_LOOP, person, words, {})


def _granted(turn: Turn, ticket: Ticket, person: Person, wish: Approval) -> str:
    return out(turn, ticket, person, wish.reason)


approving.when_granted(Act.BIG_LOOP, _granted)


def _route(turn: Turn, ticket: Ticket) -> routing.Route:
    """To the centre, or to who minds it. Raises: Refused where there is none, or nobody is here."""
    centre = turn.rules.joint.centre or ""
    question = opening.question_of(turn, ticket)
    route = routing.department(centre, question, turn.rules)
    if not centre or route.owner is None:
        raise Refused("loop_no_centre")
    return route


def _sent(turn: Turn, ticket: Ticket, person: Person, reason: str) -> str:
    route = _route(turn, ticket)
    assert route.owner is not None  # _route looked  # noqa: S101
    past = tuple(dict.fromkeys((*ticket.past_owners, ticket.owner))) if ticket.owner else ()
    moved = loop.step(
        turn,
        ticket,
        Act.BIG_LOOP_OUT if route.is_outside else Act.BIG_LOOP,
        person.role,
        by=person.id,
        reason=f"{route.unit}：{reason}"[:200],
        owner=route.owner.id,
        unit=route.unit,
        department=route.department,
        past_owners=past or ticket.past_owners,
    )
    divert_books.went(turn, moved, route, person.id, reason)
    key = f"{turn.event.key}:loop:{ticket.id}"
    joint.went(turn.db, key, ticket.id, ticket.owner, person.id, turn.now)
    cards.refresh(turn, moved, greyed=f"已转{route.unit}")
    opening.show_to_staff(turn, moved, route)
    if ticket.owner and ticket.owner != person.id:
        values = {"number": moved.number, "unit": moved.unit, "name": person.name}
        said = turn.text("loop_out_owner", **values, reason=reason)
        turn.tell(ticket.owner, said, ticket=moved.id)
    _tell_reporter(turn, moved)
    return turn.text("loop_out_ok", number=moved.number, unit=moved.unit)


def _tell_reporter(turn: Turn, ticket: Ticket) -> None:
    if not turn.rules.times.is_night(turn.now):
        turn.tell_reporter(ticket, "stage_assigned")


def back(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """回小闭环 0012 结果: the result goes to who had it before; he closes it.

    Raises: Refused for what is not in the big loop, and without a result.
    """
    away = away_of(turn, ticket)
    if away is None:
        raise Refused("loop_not_out", number=ticket.number)
    if not words.strip():
        raise Refused("needs_result", number=ticket.number)
    owner = _who_had_it(turn, ticket, away)
    if owner is None:
        raise Refused("nobody_decides")
    unit = ticket.unit
    moved = loop.step(
        turn,
        ticket,
        Act.SMALL_LOOP,
        person.role,
        by=person.id,
        reason=words.strip()[:200],
        owner=owner.id,
        unit=owner.unit,
        department=owner.department or "",
        past_owners=tuple(dict.fromkeys((*ticket.past_owners, ticket.owner))),
    )
    joint.came_back(turn.db, away, person.id, turn.now)
    cards.refresh(turn, moved, greyed="已回小闭环")
    cards.show(turn, moved, owner)
    values = {"number": moved.number, "unit": unit, "result": words.strip()[:120]}
    turn.tell(owner.id, turn.text("loop_back_owner", **values), ticket=moved.id)
    return turn.text("loop_back_ok", number=moved.number, name=owner.name)


def _who_had_it(turn: Turn, ticket: Ticket, away: Away) -> Person | None:
    """The owner before, his substitute, else whom the list names now."""
    gone = opening.away_now(turn)
    there = turn.rules.stand_in(away.owner, turn.now, gone) if away.owner else None
    if there is not None and there.id not in ticket.barred:
        return there
    question = opening.question_of(turn, ticket, not_again=(ticket.owner,))
    return routing.somebody_else(question, "", turn.rules).owner


def away_of(turn: Turn, ticket: Ticket) -> Away | None:
    """Its row while it is with the centre; None when it is not there, or not any more."""
    if not ticket.department or ticket.department != turn.rules.joint.centre:
        return None
    return next(iter(joint.away(turn.db, ticket.id)), None)


def queue(turn: Turn, person: Person) -> str:
    """大闭环清单: what is with the centre, for both sides; each sees what he may see."""
    lines = []
    for away in joint.away(turn.db):
        ticket = tickets.get(turn.db, away.ticket_id)
        if ticket.is_open and away_of(turn, ticket) and _sees(turn, person, ticket, away):
            lines.append(_line(turn, ticket, away))
    if not lines:
        return turn.text("loop_list_none")
    return "\n".join([turn.text("loop_list_head", count=len(lines)), *lines[:_MOST]])


def mine(turn: Turn, person: Person) -> list[str]:
    """What was his before it went to the centre, for 我的任务."""
    his = (one for one in joint.away(turn.db) if one.owner == person.id)
    found = ((tickets.get(turn.db, one.ticket_id), one) for one in his)
    return [
        _line(turn, ticket, away)
        for ticket, away in found
        if ticket.is_open and away_of(turn, ticket) and _sees(turn, person, ticket, away)
    ]


def _sees(turn: Turn, person: Person, ticket: Ticket, away: Away) -> bool:
    if person.id in ticket.barred:
        return False
    mine = person.id == away.owner and not ticket.protected
    return mine or rights.may_see(person, loop.matter_of(ticket), turn.rules)


def _line(turn: Turn, ticket: Ticket, away: Away) -> str:
    return turn.text(
        "loop_list_line",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=loop.place_words(turn, ticket, full=False),
        stage=ticket.stage.label,
        unit=ticket.unit,
        owner=loop.name_of(turn, away.owner) if away.owner else turn.rules.station.room_name,
        days=(turn.now - away.sent_at).days,
    )
