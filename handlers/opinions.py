"""民意: a suggestion is thanked for, shown to the officer and counted by the month.

No ticket, no clock, no record of who said what; 转为上报 makes a matter of it after all. Only
what the reader took for a suggestion without danger comes here. Called by ``report``.
"""

from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Danger, Role, Urgency
from handlers import answering, questions
from handlers.intake import Hearing
from storage import opinions

_READERS = (Role.LEADER, Role.COMMAND_ROOM, Role.ANALYST)
_LONGEST = 80


def heard(turn: Turn, hearing: Hearing) -> bool:
    """True when it was a mere opinion; then it is dealt with."""
    reading, rules = hearing.reading, turn.rules.everyday.opinions
    if rules is None or hearing.person is not None or hearing.event.media:
        return False
    grave = reading.danger is not Danger.NONE or reading.protected or reading.more
    if grave or reading.urgency is not Urgency.U5 or reading.category not in rules.categories:
        return False
    if not any(word in hearing.said for word in rules.words):
        return False
    opinions.count_one(turn.db, _month(turn), hearing.grid)
    officer = answering.whom(turn, reading, hearing.grid, hearing.event.by)
    if officer is not None:
        words = " ".join(reading.masked.split())[:_LONGEST]
        for name in turn.rules.station.robot_names:
            words = words.replace(f"@{name}", "").strip()
        turn.tell(officer.id, turn.text("opinion_staff", summary=words))
    turn.answer(turn.text("opinion_thanks"))
    questions.offer(turn, hearing.event)
    return True


def shown(turn: Turn, person: Person) -> str:
    """民意: how many this month in which grid. Raises: Refused for everybody else."""
    if person.role not in _READERS:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    month = str(turn.now.astimezone(ZONE).month)
    found = opinions.of_month(turn.db, _month(turn))
    if not found:
        return turn.text("opinions_none", month=month)
    lines = (
        turn.text("opinions_line", grid=_name(turn, grid), count=count)
        for grid, count in found.items()
    )
    return "\n".join([turn.text("opinions_head", month=month), *lines])


def _name(turn: Turn, grid_id: str) -> str:
    grid = turn.rules.grid(grid_id)
    return grid.name if grid else turn.rules.station.name


def _month(turn: Turn) -> str:
    return f"{turn.now.astimezone(ZONE):%Y%m}"
