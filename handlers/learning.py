"""What doors learned (得知): how a call ended, that somebody left or was renamed.

Thin: each kind goes to the module that knows what to do with it.
"""

from bot.door_events import Learned
from bot.turn import Turn
from handlers import calling, danger, drills, humans, rule_outcomes, staffing
from storage import tickets


def learned(turn: Turn, event: Learned) -> None:
    """Do what the station does when a door learned something that nobody said."""
    match event.what:
        case "call" if "drill" in event.data:
            drills.learned(turn, event)
        case "call":
            rung = calling.learned(turn, event)
            if rung != calling.NOBODY:
                ticket = tickets.get(turn.db, event.ticket)
                turn.clear_timers(ticket, "ring")
                danger.ring(turn, ticket, rung)
        case "staff":
            staffing.changed(turn, event)
        case "human":
            humans.learned(turn, event)
        case "roster":
            staffing.checked(turn, event)
        case "rules":
            rule_outcomes.learned(turn, event)
        case _:
            raise LookupError(f"nobody knows what {event.what} is")
