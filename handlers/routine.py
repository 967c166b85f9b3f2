"""Cron hours (定时例行): what happens by the clock and not by a ticket.

Old context is forgotten every night. Digests come with the reports.
"""

from datetime import timedelta

from bot.events import Scheduled
from bot.turn import Turn
from storage import people

JOBS = {"forget": "30 3 * * *"}
KEPT = timedelta(days=7)


def scheduled(turn: Turn, event: Scheduled) -> None:
    """Do the job of this hour."""
    match event.job:
        case "forget":
            people.forget_heard(turn.db, turn.now - KEPT)
        case _:
            raise LookupError(f"nobody knows the job {event.job}")
