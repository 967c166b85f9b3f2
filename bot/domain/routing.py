"""Whose matter it is (派给谁): duty roster, diversion list, protected classes, danger.

Pure: rules, moment and who is away go in; owner, helpers and those who are only informed come
out. Danger always goes to the police, whoever else handles the category. Called when a ticket is
opened, returned, handed on or reopened.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import nearby
from bot.domain.rights import DRUG_TIP, STAFF_COMPLAINT
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Danger, Role

_SECRET = frozenset({"domestic", "sexual", "minor_harmed"})


@dataclass(frozen=True, slots=True)
class Question:
    """What routing needs to know of a matter."""

    category: str
    text: str
    grid: str
    danger: Danger
    danger_class: str
    protected: bool
    at: datetime
    away: Collection[str] = ()
    not_again: Collection[str] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    officer: str = ""
    """The officer of the group it was said in; he is asked before his colleagues of the grid."""


@dataclass(frozen=True, slots=True)
class Route:
    """The answer: who owns it, who may help, who is only told to keep people safe."""

    owner: Person | None
    unit: str
    department: str = ""
    helpers: tuple[Person, ...] = ()
    informed: tuple[Person, ...] = ()
    is_outside: bool = False
    """The department has no member here: ``owner`` is the one of ours who minds it (盯办人)."""


def route(question: Question, rules: Rules) -> Route:
    """Owner, unit, helpers and informed people of a new matter."""
    if question.category == STAFF_COMPLAINT:
        return _special(Role.INSPECTOR, question, rules)
    if question.category == DRUG_TIP:
        return _special(Role.NARCOTICS, question, rules)
    row = rules.divert_row(question.category, question.text, question.grid or None, question.at)
    if row is not None and question.danger is Danger.NONE:
        found = department(row.department, question, rules)
        return found if found.owner else department(row.backstop, question, rules)
    return _police(question, rules)


def department(department_id: str, question: Question, rules: Rules) -> Route:
    """The first contact of a department who is there; of one outside, our minder."""
    named = rules.department(department_id)
    if named is not None and named.is_outside:
        minder = named.minder or ""
        ours = rules.stand_in(minder, question.at, question.away) or rules.person(minder)
        return Route(ours, named.name, department_id, is_outside=True)
    there = (
        rules.stand_in(person.id, question.at, question.away)
        for person in rules.contacts(department_id)
        if person.id not in question.not_again
    )
    owner = next((person for person in there if person), None)
    return Route(owner, named.name if named else "", department_id)


def backstop(question: Question, rules: Rules) -> str:
    """The department that takes what another one sent back."""
    row = rules.divert_row(question.category, question.text, question.grid or None, question.at)
    return row.backstop if row else ""


def somebody_else(question: Question, department_id: str, rules: Rules) -> Route:
    """For a rework: another person of the same kind, the back-stop, at last the command room."""
    if not department_id:
        return _police(question, rules)
    for tried in dict.fromkeys((department_id, backstop(question, rules), "street")):
        found = department(tried, question, rules) if tried else Route(None, "")
        if found.owner:
            return found
    return room(question, rules)


def on_duty(role: Role, question: Question, rules: Rules) -> list[Person]:
    """Everybody of that role who is there, first to be asked first."""
    away = [user for user in question.away if user not in question.stand_ins]
    people = rules.duty(role, question.at, question.grid or None, away)
    if role is Role.OFFICER and question.officer:
        first = rules.stand_in(question.officer, question.at, away)
        people.sort(key=lambda person: first is None or person.id != first.id)
    there = [rules.person(question.stand_ins.get(person.id, person.id)) for person in people]
    return [person for person in there if person and person.id not in question.not_again]


def _special(role: Role, question: Question, rules: Rules) -> Route:
    """Only who may know of it; of a complaint that is an inspector, here or away, nobody else."""
    there = on_duty(role, question, rules)
    if role is Role.INSPECTOR:
        there += [one for one in rules.people_with(role) if one.id not in question.not_again]
    else:
        there = there or on_duty(Role.LEADER, question, rules)
    owner = there[0] if there else None
    return Route(owner, owner.unit if owner else "")


def room(question: Question, rules: Rules) -> Route:
    """The command room, else the leader: for what nobody else takes."""
    roles = (Role.COMMAND_ROOM, Role.LEADER)
    there = [person for role in roles for person in on_duty(role, question, rules)]
    owner = there[0] if there else None
    return Route(owner, owner.unit if owner else rules.station.room_name)


def _police(question: Question, rules: Rules) -> Route:
    first = (Role.OFFICER, Role.LEADER) if question.not_again else (Role.OFFICER, Role.AUXILIARY)
    roles: tuple[Role, ...] = first
    if not question.grid:
        roles = (Role.COMMAND_ROOM,)
    everybody = [p for role in roles for p in _able_first(role, question, rules)]
    everybody += _beside(question, rules) if question.danger is Danger.NONE else []
    everybody += on_duty(Role.COMMAND_ROOM, question, rules)
    owner = everybody[0] if everybody else None
    workers = _of_grid(question, rules)
    if question.danger is not Danger.NONE:
        return Route(
            owner, owner.unit if owner else "", informed=_informed(question, rules, workers)
        )
    if rules.is_police_only(question.category) or question.protected:
        return Route(owner, owner.unit if owner else "")
    helpers = dict.fromkeys((*workers, *_skilled(question, rules)))
    return Route(owner, owner.unit if owner else "", helpers=tuple(helpers))


def _able_first(role: Role, question: Question, rules: Rules) -> list[Person]:
    """Who is on duty, those with the skill that the category asks for first."""
    people, wanted = on_duty(role, question, rules), _wanted(question, rules)
    if question.danger is Danger.NONE and not question.officer:
        people.sort(key=lambda person: not wanted & set(person.skills))
    return people


def _wanted(question: Question, rules: Rules) -> set[str]:
    return set(rules.roster.skills.get(question.category, ()))


def _of_grid(question: Question, rules: Rules) -> tuple[Person, ...]:
    """The grid's workers and police assistants (警务助理): they help, or keep people away."""
    if not question.grid:
        return ()
    roles = (Role.GRID_WORKER, Role.ASSISTANT)
    there = (rules.duty(role, question.at, question.grid, question.away) for role in roles)
    return tuple(person for people in there for person in people)


def _skilled(question: Question, rules: Rules) -> tuple[Person, ...]:
    """The first of this grid who has the skill (社工, 心理 …) that the category asks for."""
    wanted = _wanted(question, rules)
    able = (person for person in rules.people if wanted & set(person.skills))
    near = (person for person in able if question.grid in person.grids)
    there = (rules.stand_in(person.id, question.at, question.away) for person in near)
    found = (p for p in there if p and p.id not in question.not_again and p.role.is_staff)
    return tuple(found)[:1]


def _beside(question: Question, rules: Rules) -> list[Person]:
    """The nearest police of the grids beside it, where they are written down (就近)."""
    grid = rules.grid(question.grid)
    if grid is None or not grid.neighbours or question.protected:
        return []
    tried = question.not_again
    found = nearby.responders(question.grid, question.at, question.away, rules, tried)
    return [person for person in found if person.role in (Role.OFFICER, Role.AUXILIARY)]


def _informed(question: Question, rules: Rules, workers: tuple[Person, ...]) -> tuple[Person, ...]:
    """Who keeps people away and shows the way in a danger; nobody where a victim must be hidden."""
    if question.danger_class in _SECRET:
        return ()
    row = rules.divert_row(question.category, question.text, question.grid or None, question.at)
    contacts = rules.contacts(row.department)[:1] if row and not question.protected else ()
    return tuple(dict.fromkeys((*workers, *contacts)))
