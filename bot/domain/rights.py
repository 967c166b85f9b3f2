"""Who may see and touch a ticket (权限): asked in one place, before anything is shown or done.

Protected tickets do not exist for those who may not see them. Complaints about staff are for the
inspector alone, drug tips for narcotics alone. Violence is for police roles alone.
"""

from dataclasses import dataclass

from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, Role

STAFF_COMPLAINT = "P23"
DRUG_TIP = "P08"
_STATION = frozenset({Role.COMMAND_ROOM, Role.LEADER})
_BEAT = frozenset({Role.OFFICER, Role.AUXILIARY})
_GRID = frozenset(
    {Role.GRID_WORKER, Role.GRID_LEADER, Role.MICRO_WORKER, Role.ASSISTANT, Role.MEDIATOR}
)
_DEPARTMENT = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_LEAD})
GOING_THERE = frozenset({Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.CONFIRM})


@dataclass(frozen=True, slots=True)
class Matter:
    """What rights are asked about; the plain side of a ticket."""

    category: str
    danger_class: str
    protected: bool
    grid: str
    department: str
    owner: str
    past_owners: tuple[str, ...]
    carrier: str


def may_see(person: Person, matter: Matter, rules: Rules) -> bool:
    """True when the ticket exists for this member of staff, in any of his offices."""
    return any(_may_see(one, matter) for one in _offices(person))


def office_for(person: Person, act: Act, matter: Matter, rules: Rules) -> Person:
    """The office (兼任) in which this person may do ``act``: the first where none may."""
    able = (one for one in _offices(person) if not _refused(one, act, matter, rules))
    return next(able, person)


def _offices(person: Person) -> tuple[Person, ...]:
    return (person, *(person.wearing(hat) for hat in person.also))


def _may_see(person: Person, matter: Matter) -> bool:
    if matter.category == STAFF_COMPLAINT:
        return person.role is Role.INSPECTOR
    if person.id == matter.owner:
        return True
    if matter.category == DRUG_TIP:
        return person.role is Role.NARCOTICS
    if person.role in _STATION:
        return True
    if person.role in _BEAT:
        return matter.grid in person.grids or not matter.grid
    if matter.protected:
        return False
    if person.role in _DEPARTMENT:
        return person.department == matter.department and bool(matter.department)
    if person.role in _GRID:
        return matter.grid in person.grids or person.id == matter.carrier
    return False


def may_act(person: Person, act: Act, matter: Matter, rules: Rules) -> str:
    """Empty when this person may do ``act`` on it, else the key of the sentence that refuses."""
    return _refused(office_for(person, act, matter, rules), act, matter, rules)


def _refused(person: Person, act: Act, matter: Matter, rules: Rules) -> str:
    police_only = rules.is_police_only(matter.category, matter.danger_class)
    if police_only and act in GOING_THERE and not person.role.is_police:
        return "police_only_refused"
    if person.id == matter.owner or person.role in _STATION:
        return ""
    if act in (Act.ACCEPT, Act.CONFIRM, Act.FALSE_ALARM) and _may_see(person, matter):
        return ""
    return "not_your_ticket"
