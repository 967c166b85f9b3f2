"""Timers (到点): what to do when something falls due; the chasing ladder is one of them.

A timer that was cleared, or whose ticket moved on, does nothing. Each kind goes to the module that
set it.
"""

from collections.abc import Callable, Mapping

from bot.events import Due
from bot.turn import Turn
from config.vocabulary import Stage
from handlers import (
    answering,
    appointing,
    asking,
    calling,
    checking,
    danger,
    draft_acts,
    drills,
    feedback,
    groups,
    hazard_acts,
    holding,
    humans,
    interim,
    ladder,
    letters_out,
    mediation_after,
    mediation_colours,
    order_drafts,
    rechecking,
    teaming,
)
from storage import tickets, timers
from storage.tickets import Ticket

_WITHOUT_TICKET: Mapping[str, Callable[[Turn, Due], None]] = {
    answering.TIMER: answering.overdue,
    humans.TIMER: humans.overdue,
    **dict.fromkeys(drills.TIMERS, drills.due),
    **dict.fromkeys(draft_acts.TIMERS, draft_acts.due),
    **dict.fromkeys(groups.TIMERS, groups.due),
    **dict.fromkeys(mediation_after.TIMERS, mediation_after.due),
    mediation_colours.TIMER: mediation_colours.aged,
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
        case kind if kind in ladder.TIMERS:
            ladder.due(turn, event, ticket)
        case kind if kind in interim.TIMERS:
            interim.due(turn, event, ticket)
        case kind if kind in teaming.TIMERS:
            teaming.due(turn, event, ticket)
        case "ring":
            danger.ring_due(turn, event, ticket)
        case "suspected":
            danger.suspected_due(turn, ticket)
        case "none_line":
            danger.none_line_due(turn, event, ticket)
        case "place_ask":
            asking.place_due(turn, ticket)
        case letters_out.TIMER:
            letters_out.reminder_due(turn, event, ticket)
        case "waiting_limit":
            asking.waiting_due(turn, ticket)
        case rechecking.TIMER:
            rechecking.due(turn, event, ticket)
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
