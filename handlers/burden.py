"""Burden (负担): how much the bot and its tickets ask of one person, told to his leader alone.

Weekly, and only of those who get too much; roster order, no rank, no total, nothing about how
well anybody works. The limits are times.yaml's. Called by ``routine`` and ``orders``.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.lines import line_of
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from storage import worklog

JOB = "burden"
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Load:
    """What came to one person in the last seven days."""

    person: Person
    messages_a_day: int
    tasks: int


def load_of(turn: Turn, person: Person) -> Load:
    """The figures of one person."""
    begins = turn.now - timedelta(days=_DAYS)
    lines = tuple(line_of(f"{door}:{person.id}") for door in ("bot", "app"))
    messages = worklog.messages_to(turn.db, lines, begins, turn.now)
    tasks = worklog.tasks_of(turn.db, person.id, begins, turn.now)
    return Load(person, -(-messages // _DAYS), tasks)


def weekly(turn: Turn) -> None:
    """Each leader hears of those of his people who get too much; nobody else does."""
    told: dict[str, list[str]] = {}
    for person in turn.rules.people:
        leader = turn.rules.unit_leader(person)
        if leader is not None and (line := _warning(turn, person)):
            told.setdefault(leader.id, []).append(line)
    for leader_id, lines in told.items():
        turn.tell(leader_id, "\n".join([turn.text("burden_head"), *lines]))


def asked(turn: Turn, person: Person) -> str:
    """负担: the same for who leads somebody. Raises: Refused for everybody else."""
    led = [p for p in turn.rules.people if turn.rules.unit_leader(p) == person]
    if not led:
        raise Refused("burden_refused")
    lines = [line for one in led if (line := _warning(turn, one))]
    return "\n".join([turn.text("burden_head"), *lines]) if lines else turn.text("burden_none")


def _warning(turn: Turn, person: Person) -> str:
    """The line about somebody who gets too much; empty for everybody else."""
    load, limit = load_of(turn, person), turn.rules.times.burden
    if load.messages_a_day <= limit.messages_a_day and load.tasks <= limit.tasks_a_week:
        return ""
    values = {"messages": load.messages_a_day, "tasks": load.tasks}
    return turn.text("burden_line", name=person.name, **values)
