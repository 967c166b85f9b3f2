"""Who may see, do and read what (权限): asked in one place, before anything is shown or done.

The rows of rights.yaml say it: role × scope × class × act × field; what no row gives, nobody has.
Before the rows come the lines that no clerk moves: who is barred (complained about, or 回避) has no
such ticket, and to violence go police roles alone. A protected ticket does not exist for those who
may not see it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from config.people_rules import Person
from config.rights_rules import Class, Page, Part, Row, Scope
from config.rules import Rules
from config.vocabulary import Act, Role

STAFF_COMPLAINT = "P23"
DRUG_TIP = "P08"
KEPT = (STAFF_COMPLAINT, DRUG_TIP)  # nobody beside those whose work it is, whatever their rank
POLICE_ONLY = "police_only_refused"
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
    barred: tuple[str, ...] = ()
    supervised: bool = False


def class_of(matter: Matter, rules: Rules) -> Class:
    """The class of a matter; the most secret one that fits."""
    if matter.category == STAFF_COMPLAINT:
        return Class.STAFF_COMPLAINT
    if matter.category == DRUG_TIP:
        return Class.DRUG_TIP
    if matter.protected:
        return Class.PROTECTED
    return Class.DISPUTE if matter.category in rules.rights.disputes else Class.ORDINARY


def may_see(person: Person, matter: Matter, rules: Rules) -> bool:
    """True when the ticket exists for this member of staff, in any of his offices."""
    return any(_rows(one, matter, rules) for one in offices(person))


def office_for(person: Person, act: Act, matter: Matter, rules: Rules) -> Person:
    """The office (兼任) in which this person may do ``act``: the first where none may."""
    able = (one for one in offices(person) if not _refused(one, act, matter, rules))
    return next(able, person)


def offices(person: Person) -> tuple[Person, ...]:
    """Everything he is (兼任): his first office, then the others."""
    return (person, *(person.wearing(hat) for hat in person.also))


def wearing(person: Person, roles: Collection[Role]) -> Person | None:
    """The person in the first of his offices (兼任) that is one of ``roles``; None without."""
    return next((one for one in offices(person) if one.role in roles), None)


def may_act(person: Person, act: Act, matter: Matter, rules: Rules) -> str:
    """Empty when this person may do ``act`` on it, else the key of the sentence that refuses."""
    return _refused(office_for(person, act, matter, rules), act, matter, rules)


def _refused(person: Person, act: Act, matter: Matter, rules: Rules) -> str:
    police_only = rules.is_police_only(matter.category, matter.danger_class)
    if police_only and act in GOING_THERE and not person.role.is_police:
        return POLICE_ONLY
    allowed = any(row.allows(act) for row in _rows(person, matter, rules))
    return "" if allowed or _anybodys(person, act, matter, rules) else "not_your_ticket"


def may_read(person: Person, part: Part, matter: Matter, rules: Rules) -> bool:
    """True when this person may read that part of it, in any of his offices."""
    rows = (row for one in offices(person) for row in _rows(one, matter, rules))
    return any(row.shows(part) for row in rows)


def may_open(person: Person, page: Page, rules: Rules) -> bool:
    """True when this person may open that page of the dashboard, in any of his offices."""
    return any(rules.rights.opens(one.role, page) for one in offices(person))


def may_export(person: Person, page: Page, rules: Rules) -> bool:
    """True when this person may open that page and take its tables along as files."""
    takes = any(rules.rights.takes(one.role, page) for one in offices(person))
    return takes and may_open(person, page, rules)


def rows_of(person: Person, rules: Rules) -> list[tuple[Person, Row]]:
    """Every row that speaks of this person, with the office in which it does; for lists."""
    rows = rules.rights.rows
    return [(one, row) for one in offices(person) for row in rows if row.is_for(one.role)]


def grids_of(person: Person, rules: Rules) -> tuple[str, ...]:
    """The grids that he answers for, his own and those of people he stands in for."""
    return tuple(dict.fromkeys((*person.grids, *rules.covers(person.id))))


def _anybodys(person: Person, act: Act, matter: Matter, rules: Rules) -> bool:
    """回避 is open to whoever sees it."""
    return act is Act.RECUSE and may_see(person, matter, rules)


def _rows(person: Person, matter: Matter, rules: Rules) -> list[Row]:
    """The rows that speak of this person and this matter; none for who is barred."""
    if person.id in matter.barred:
        return []
    found = class_of(matter, rules)
    return [
        row
        for row in rules.rights.rows
        if found in row.classes
        and row.is_for(person.role)
        and _within(person, row.scope, matter, rules)
    ]


def _within(person: Person, scope: Scope, matter: Matter, rules: Rules) -> bool:
    """True when the ticket lies in that person's scope."""
    match scope:
        case Scope.OWN:
            return person.id == matter.owner
        case Scope.CARRIED:
            return person.id == matter.carrier
        case Scope.GRID:
            return _answers_for(person, matter.grid, rules)
        case Scope.BEAT:
            return not matter.grid or _answers_for(person, matter.grid, rules)
        case Scope.DEPARTMENT:
            return bool(matter.department) and person.department == matter.department
        case Scope.SUPERVISED:
            return matter.supervised
        case Scope.STATION:
            return True


def _answers_for(person: Person, grid: str, rules: Rules) -> bool:
    """His own grid, or one whose people he stands in for: who is rung may sign."""
    return grid in person.grids or grid in rules.covers(person.id)
