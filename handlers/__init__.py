"""Behaviour (行为): what the station does at each event, the whole of it on one screen.

``handle`` is plugged into the engine by ``run_bot.py``; mypy fails if a kind of event is
forgotten. ``refused``, ``dead`` and ``unsent`` are its three companions.
"""

from collections.abc import Callable
from typing import assert_never

from bot.door_events import (
    Alarmed,
    Bounced,
    Filed,
    Learned,
    OrderSeen,
    Paged,
    Proposed,
    Recalled,
    Regrouped,
)
from bot.events import OVERHEARD, Clicked, Due, Event, Heard, Joined, Ordered, Scheduled
from bot.turn import Turn
from config.people_rules import ZONE
from config.rules import Rules
from handlers import (
    alarms,
    binding,
    bounces,
    desk,
    draft_acts,
    drafts,
    filing,
    groups,
    hooks,
    late,
    learning,
    order_rows,
    order_sheets,
    overdue,
    overheard,
    paging,
    recalling,
    repeats,
    routine,
    rule_changes,
    shadow,
)
from handlers.desk import dead, refused, unsent

jobs = routine.jobs


def ahead(event: Event, rules: Rules) -> Callable[[Turn], object] | None:
    """What the Turn of ``event`` reads for long and the worker may read before it; mostly None."""
    match event:
        case Scheduled():
            read = routine.ahead(event)
        case Heard():
            read = order_rows.ahead(event, rules)
        case _:
            read = None
    return None if read is None else lambda turn: read(_today(turn))


def _today(turn: Turn) -> Turn:
    """The Turn with the rules that hold today."""
    turn.rules = turn.rules.on(turn.now.astimezone(ZONE).date())
    return turn


def handle(turn: Turn, event: Event) -> None:
    """Do what the station does when ``event`` happens; commit nothing, the writer does."""
    _today(turn)
    match event:
        case Heard():
            _heard(turn, event)
        case Clicked():
            desk.clicked(turn, event)
        case Ordered():
            desk.ordered(turn, event)
        case Due():
            overdue.due(turn, event)
        case Joined():
            desk.joined(turn, event)
        case Scheduled():
            routine.scheduled(turn, event)
        case Paged():
            paging.paged(turn, event)
        case Proposed():
            rule_changes.proposed(turn, event)
        case Bounced() | Recalled() | Alarmed() | Filed() | Learned() | OrderSeen() | Regrouped():
            _told_by_a_door(turn, event)
        case _:
            assert_never(event)
    repeats.after(turn)
    late.after(turn)
    drafts.hand_out(turn)
    hooks.after(turn)


def _told_by_a_door(
    turn: Turn,
    event: Bounced | Recalled | Alarmed | Filed | Learned | OrderSeen | Regrouped,
) -> None:
    """What only some doors can tell."""
    match event:
        case Bounced():
            bounces.bounced(turn, event)
        case Recalled():
            recalling.recalled(turn, event)
        case Alarmed():
            alarms.alarmed(turn, event)
        case Filed():
            filing.filed(turn, event)
        case Regrouped():
            groups.regrouped(turn, event)
        case Learned():
            learning.learned(turn, event)
        case OrderSeen():
            order_sheets.seen(turn, event)
        case _:
            assert_never(event)


def _heard(turn: Turn, event: Heard) -> None:
    """Words that prove a draft open nothing; what is overheard is not said to the bot."""
    if not draft_acts.overheard(turn, event) and not binding.in_public(turn, event):
        hear = overheard.heard if event.door == OVERHEARD else shadow.heard
        hear(turn, event)
    groups.heard(turn, event)
    drafts.first_sight(turn, event.chat)


__all__ = ["ahead", "dead", "handle", "jobs", "refused", "unsent"]
