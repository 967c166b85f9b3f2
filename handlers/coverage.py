"""Who is on duty next week (在岗): every morning the command room hears of a grid without officer.

``run_bot.py check`` refuses such a roster for the month ahead; this is for leave that was written
or dates that ran out after the last check. Said once for each grid and day. The administrator
hears once a month that the table of holidays ends soon. Called by the clock.
"""

from datetime import date

from bot.domain import clocks
from bot.turn import Turn
from config.duty_check import holidays_end, uncovered
from config.vocabulary import Role
from handlers import opening
from storage import facts

JOB, AT = "coverage", "10 8 * * *"
_DAYS = 7


def look(turn: Turn) -> None:
    """Tell the command room of each grid that has no officer on a day of the next week."""
    today = turn.now.astimezone(clocks.ZONE).date()
    there = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, opening.away_now(turn))
    for index, day in uncovered(turn.rules, today, _DAYS):
        grid = turn.rules.grids.grids[index]
        if there and facts.once(turn.db, f"uncovered:{grid.id}", day.isoformat()):
            turn.tell(there[0].id, turn.text("uncovered_staff", grid=grid.name, day=day))
    _holidays(turn, today)


def _holidays(turn: Turn, today: date) -> None:
    last = holidays_end(turn.rules, today)
    if last is not None and facts.once(turn.db, "holidays_end", f"{today:%Y-%m}"):
        for person in turn.rules.people_with(Role.ADMIN):
            turn.tell(person.id, turn.text("holidays_end_staff", day=last))
