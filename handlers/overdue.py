"""Timers (到点): what to do when something falls due; the chasing ladder is one of them.

A timer that was cleared, or whose ticket moved on, does nothing. Each kind goes to the module that
set it.
"""

from collections.abc import Callable, Mapping

from bot.events import Due
from bot.turn import Turn
from handlers import (
    answering,
    appointing,
    asking,
    calling,
    calling_back,
    checking,
    danger,
    debriefing,
    draft_acts,
    drills,
    feedback,
    groups,
    hazard_acts,
    holding,
    humans,
    interim,
    ladder,
    late,
    letters_out,
    mediation_after,
    mediation_colours,
    mediation_visits,
    mediation_work,
    nudging,
    order_drafts,
    publicity_sending,
    rechecking,
    searching,
    street,
    teaming,
)
from storage import tickets, timers
from storage.tickets import Ticket

_WITHOUT_TICKET: Mapping[str, Callable[[Turn, Due], None]] = {
    answering.TIMER: answering.overdue,
    humans.TIMER: humans.overdue,
    late.TIMER: late.due,
    **dict.fromkeys(calling_back.TIMERS, calling_back.due),
    **dict.fromkeys(drills.TIMERS, drills.due),
    **dict.fromkeys(draft_acts.TIMERS, draft_acts.due),
    **dict.fromkeys(groups.TIMERS, groups.due),
    **dict.fromkeys(mediation_after.TIMERS, mediation_after.due),
    mediation_colours.TIMER: mediation_colours.aged,
    mediation_visits.TIMER: mediation_visits.due,
    mediation_work.SESSION: mediation_work.session_due,
    publicity_sending.TIMER: publicity_sending.due,
}
_WITH_TICKET: Mapping[str, Callable[[Turn, Due, Ticket], None]] = {
    checking.REMIND: hazard_acts.remind,
    **dict.fromkeys(appointing.TIMERS, appointing.due),
    **dict.fromkeys(ladder.TIMERS, ladder.due),
    **dict.fromkeys(interim.TIMERS, interim.due),
    **dict.fromkeys(teaming.TIMERS, teaming.due),
    letters_out.TIMER: letters_out.reminder_due,
    street.TIMER: street.due,
    rechecking.TIMER: rechecking.due,
    debriefing.TIMER: lambda turn, _event, ticket: debriefing.asked(turn, ticket),
    searching.TIMER: lambda turn, _event, ticket: searching.late(turn, ticket),
    calling.TIMER: calling.look,
    "ring": danger.ring_due,
    "suspected": lambda turn, _event, ticket: danger.suspected_due(turn, ticket),
    "none_line": danger.none_line_due,
    "place_ask": lambda turn, _event, ticket: asking.place_due(turn, ticket),
    "waiting_limit": lambda turn, _event, ticket: asking.waiting_due(turn, ticket),
    holding.TIMER: lambda turn, _event, ticket: holding.hold_due(turn, ticket),
    "feedback_due": lambda turn, _event, ticket: feedback.result_due(turn, ticket),
    "rating_reminder": lambda turn, _event, ticket: feedback.reminder_due(turn, ticket),
    "rating_silence": lambda turn, _event, ticket: feedback.silence_due(turn, ticket),
    "rating_confirm": lambda turn, _event, ticket: feedback.confirm_due(turn, ticket),
    nudging.TIMER: lambda turn, _event, ticket: nudging.due(turn, ticket),
    "review": lambda turn, _event, ticket: feedback.review_due(turn, ticket),
    order_drafts.UNWRITTEN: lambda turn, _event, ticket: order_drafts.remind(turn, ticket),
}


def due(turn: Turn, event: Due) -> None:
    """Do what this timer was set for, once. Raises: LookupError for a kind nobody knows."""
    if not timers.finish(turn.db, event.timer, turn.now):
        return
    if (without_ticket := _WITHOUT_TICKET.get(event.kind)) is not None:
        without_ticket(turn, event)
        return
    _WITH_TICKET[event.kind](turn, event, tickets.get(turn.db, event.ticket))
