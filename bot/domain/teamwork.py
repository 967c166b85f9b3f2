"""Who may give whom a part of a ticket (分派), and how such an order is read.

Pure. A grid leader gives work inside his grids, the lead of a department inside his department;
no unarmed person gets a part of a matter of violence, and nobody a part of what he may not see
when it is protected. Asked by ``handlers.parts``, ``handlers.meeting`` and ``handlers.handing``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import commands, rights
from bot.domain.rights import Matter
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, Role

_DESK = frozenset({Role.ADMIN, Role.AUDITOR, Role.ANALYST, Role.SUPERVISOR, Role.RESIDENT})
GRID = frozenset(
    {Role.GRID_WORKER, Role.MICRO_WORKER, Role.GRID_LEADER, Role.ASSISTANT, Role.MEDIATOR}
)
_TOKEN = re.compile(r"[\s、，,；;]*([^\s、，,；;]+)")
_LONGEST_SPAN = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was ordered: who, in how many minutes (None when not said), and what to do."""

    people: tuple[Person, ...]
    minutes: int | None
    words: str


def wanted(said: str, who: Callable[[str], Person | None]) -> Wanted:
    """``方小满、沈伯渔 2小时 上门看看`` taken apart; names come first."""
    people: list[Person] = []
    rest = said.strip()
    while (found := _TOKEN.match(rest)) and (person := who(found[1])):
        people.append(person)
        rest = rest[found.end() :]
    minutes = None
    if (found := _TOKEN.match(rest)) and len(found[1]) <= _LONGEST_SPAN:
        minutes = commands.minutes_of(found[1])
        rest = rest[found.end() :] if minutes else rest
    return Wanted(tuple(dict.fromkeys(people)), minutes, rest.strip(" \t、，,。；;"))


def is_inside(person: Person, target: Person) -> bool:
    """True when ``person`` leads the place where ``target`` works; the police lead everywhere."""
    if person.role is Role.GRID_LEADER:
        return target.role in GRID and bool(set(person.grids) & set(target.grids))
    if person.role in (Role.DEPARTMENT, Role.DEPARTMENT_LEAD):
        return target.department == person.department
    return True


def may_assign(person: Person, matter: Matter, rules: Rules) -> str:
    """Empty when ``person`` may give others parts of it, else the key of the refusal."""
    if not rights.may_see(person, matter, rules) or matter.category in rights.KEPT:
        return "protected_refused"
    if person.role is Role.OFFICER:
        return ""
    return rights.may_act(person, Act.TRANSFER, matter, rules)


def may_take_part(person: Person, target: Person, matter: Matter, rules: Rules) -> str:
    """Empty when ``target`` may get a part of it from ``person``, else the key of the refusal."""
    police_only = rules.is_police_only(matter.category, matter.danger_class)
    if police_only and not target.role.is_police:
        return "police_only_refused"
    if target.id in matter.barred:
        return "protected_refused"
    if matter.protected and not rights.may_see(target, matter, rules):
        return "protected_refused"
    if target.role in _DESK or not is_inside(person, target):
        return "part_outside"
    return ""
