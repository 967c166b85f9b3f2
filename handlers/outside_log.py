"""Visits and inspections of a day, for the log of who goes there (走访、检查 in 日志).

A list that is done does not know who did it, so the log says how many there were in his grids that
day and how much was found: enough for a log, useless for a ranking. Called by ``worklog``.
"""

from datetime import datetime

from config.checklist_rules import Checklist
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role
from storage import forms
from storage.session import Db

ON_ROUND = (
    Role.OFFICER,
    Role.AUXILIARY,
    Role.GRID_WORKER,
    Role.GRID_LEADER,
    Role.ASSISTANT,
)


def of_day(db: Db, rules: Rules, person: Person, begins: datetime, ends: datetime) -> list[str]:
    """A line for each list that was gone through in one of his grids."""
    if person.role not in ON_ROUND:
        return []
    return [
        line
        for one in rules.checklists.checklists
        for line in _lines(db, rules, person, one, begins, ends)
    ]


def _lines(
    db: Db, rules: Rules, person: Person, one: Checklist, begins: datetime, ends: datetime
) -> list[str]:
    counted = forms.coverage(db, one.id, begins, ends)
    key = "log_inspected" if one.kind == "place" else "log_visited"
    found = []
    for grid_id, (count, finds) in counted.items():
        grid = rules.grid(grid_id)
        if grid is not None and grid_id in person.grids:
            values = {"name": one.name, "grid": grid.name, "count": count, "found": finds}
            found.append(rules.text(key, **values))
    return found
