"""Timers (到点): what to do when something falls due; the chasing ladder is one of them.

A timer that was cleared, or whose ticket moved on, does nothing. Chasing goes to the person, then
his leader, then the station, never into a group; the rungs are times.yaml's.
"""

from collections.abc import Callable, Mapping

from bot.domain import clocks, rights
from bot.domain.lifecycle import SYSTEM
from bot.events import Due
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Role, Stage
from handlers import (
    answering,
    appointing,
    asking,
    calling,
    checking,
    danger,
    draft_acts,
    feedback,
    groups,
    hazard_acts,
    holding,
    humans,
    loop,
    opening,
    order_drafts,
)
from storage import tickets, timers
from storage.tickets import Ticket

_WITHOUT_TICKET: Mapping[str, Callable[[Turn, Due], None]] = {
    answering.TIMER: answering.overdue,
    humans.TIMER: humans.overdue,
    **dict.fromkeys(draft_acts.TIMERS, draft_acts.due),
    **dict.fromkeys(groups.TIMERS, groups.due),
}
_OUTSIDE: Mapping[str, Callable[[Turn, Due, Ticket], None]] = {
    checking.REMIND: hazard_acts.remind,
    **dict.fromkeys(appointing.TIMERS, appointing.due),
}


def due(turn: Turn, event: Due) -> None:
    """Do what this timer was set for, once."""
    if not timers.finish(turn.db, event.timer, turn.now):
        return
    if (without_ticket := _WITHOUT_TICKET.get(event.kind)) is not None:
        without_ticket(turn, event)
        return
    ticket = tickets.get(turn.db, event.ticket)
    if (outside := _OUTSIDE.get(event.kind)) is not None:
        outside(turn, event, ticket)
        return
    match event.kind:
        case loop.LADDER:
            _chase(turn, event, ticket)
        case "ring":
            danger.ring_due(turn, event, ticket)
        case "suspected":
            danger.suspected_due(turn, ticket)
        case "none_line":
            danger.none_line_due(turn, event, ticket)
        case "place_ask":
            asking.place_due(turn, ticket)
        case "waiting_limit":
            asking.waiting_due(turn, ticket)
        case _:
            _after_work(turn, event, ticket)


def _after_work(turn: Turn, event: Due, ticket: Ticket) -> None:
    match event.kind:
        case holding.TIMER:
            holding.hold_due(turn, ticket)
        case calling.TIMER:
            calling.look(turn, event, ticket)
        case "feedback_due":
            if ticket.stage is Stage.RESOLVED:
                feedback.tell_result(turn, ticket)
        case "rating_reminder":
            feedback.reminder_due(turn, ticket)
        case "rating_silence":
            feedback.silence_due(turn, ticket)
        case "rating_confirm":
            feedback.confirm_due(turn, ticket)
        case "review":
            feedback.review_due(turn, ticket)
        case order_drafts.UNWRITTEN:
            order_drafts.remind(turn, ticket)
        case _:
            raise LookupError(f"nobody knows the timer {event.kind}")


def _chase(turn: Turn, event: Due, ticket: Ticket) -> None:
    """One rung of the ladder, if the ticket still stands where it stood."""
    if ticket.stage != event.data["stage"] or ticket.due_at is None:
        return
    rung = turn.rules.times.chase[int(event.data["rung"])]
    target = _target(turn, ticket, rung.to)
    if target is None or not rights.may_see(target, loop.matter_of(ticket), turn.rules):
        return
    urged = ticket.urged_count + (1 if rung.act is Act.CHASE else 0)
    saved = loop.change(turn, ticket, rung.act, by=SYSTEM, reason=target.name, urged_count=urged)
    turn.tell(target.id, _words(turn, saved, rung.text), ticket=saved.id)


def _words(turn: Turn, ticket: Ticket, key: str) -> str:
    assert ticket.due_at is not None  # _chase looked  # noqa: S101
    owner = turn.rules.person(ticket.owner)
    span = clocks.span_words(ticket.due_at - turn.now)
    return turn.text(
        key,
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=loop.place_words(turn, ticket),
        left="24小时" if key == "supervise" else span,
        over=span,
        owner=owner.name if owner else ticket.unit,
        owner_unit=owner.unit if owner else ticket.unit,
        times=ticket.urged_count,
    )


def _target(turn: Turn, ticket: Ticket, to: str) -> Person | None:
    """Who hears of it: the owner, his leader, the station's leader or the command room."""
    owner = turn.rules.person(ticket.owner)
    away = opening.away_now(turn)
    if to == "owner":
        return owner
    if to == "unit_leader" and owner is not None:
        return turn.rules.unit_leader(owner)
    role = Role.COMMAND_ROOM if to == "command_room" else Role.LEADER
    there = turn.rules.duty(role, turn.now, None, away)
    return there[0] if there else None
