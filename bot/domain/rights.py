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
    """True when the ticket exists for this member of staff."""
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
    police_only = rules.is_police_only(matter.category, matter.danger_class)
    if police_only and act in GOING_THERE and not person.role.is_police:
        return "police_only_refused"
    if person.id == matter.owner or person.role in _STATION:
        return ""
    if act in (Act.ACCEPT, Act.CONFIRM, Act.FALSE_ALARM) and may_see(person, matter, rules):
        return ""
    if act is Act.TRANSFER and leads(person, matter):
        return ""
    return "not_your_ticket"


def leads(person: Person, matter: Matter) -> bool:
    """True for the grid leader of its grid and the lead of its department: he assigns inside."""
    if person.role is Role.GRID_LEADER:
        return bool(matter.grid) and matter.grid in person.grids and not matter.protected
    if person.role is Role.DEPARTMENT_LEAD:
        return bool(matter.department) and matter.department == person.department
    return False
