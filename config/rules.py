"""All of a site's rules as one frozen value, and the questions that the program asks of them.

``config.load.load_rules`` builds it from the YAML files; a Turn and its Reading share one
``Rules``. ``version`` goes into every journal row, so that one can tell later which words decided.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from config.alike_rules import Alike
from config.checklist_rules import Checklists
from config.closing_rules import Closing
from config.demo_rules import Demo
from config.divert_rules import Crisis, DangerClass, Department, Divert, DivertRow
from config.faq_rules import Faq
from config.joint_rules import Joint
from config.mediation_rules import Mediation
from config.partner_rules import Partners
from config.people_rules import ZONE, Chat, Chats, Grid, Grids, Leave, Person, Roster, Station
from config.reading_rules import ReadingRules
from config.repeats_rules import Repeats
from config.retention_rules import Retention
from config.rights_rules import Rights
from config.service_rules import Services
from config.text_rules import Texts
from config.time_rules import Times
from config.vocabulary import Role
from config.workdays import is_workday

# Who inside a grid holds a role, besides the people whose roster line names the grid.
_NO_ONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """Everything clerks may change, checked and frozen; one value per version."""

    station: Station
    grids: Grids
    roster: Roster
    chats: Chats
    times: Times
    divert: Divert
    crisis: Crisis
    texts: Texts
    reading: ReadingRules
    version: str
    demo: Demo | None = None
    alike: Alike = field(default_factory=Alike.standard)
    closing: Closing = field(default_factory=Closing.standard)
    rights: Rights = field(default_factory=Rights.standard)
    faq: Faq = field(default_factory=Faq)
    partners: Partners = field(default_factory=lambda: Partners(clients=()))
    mediation: Mediation | None = None
    repeats: Repeats = field(default_factory=Repeats.standard)
    checklists: Checklists = field(default_factory=Checklists.none)
    services: Services = field(default_factory=Services.none)
    retention: Retention = field(default_factory=Retention.standard)
    joint: Joint = field(default_factory=Joint.none)
    lanes: frozenset[str] = frozenset()
    """The ways out that this machine has besides chats; the roof says it, no clerk."""

    def on(self, day: date) -> "Rules":
        """The rules with the people and second offices (兼任) that hold on ``day``."""
        if not self._has_dates:
            return self
        if day not in self._by_day:
            self._by_day.clear()
            there = tuple(person.on(day) for person in self.people if person.holds(day))
            roster = self.roster.model_copy(update={"people": there})
            self._by_day[day] = replace(self, roster=roster)
        return self._by_day[day]

    @property
    def people(self) -> tuple[Person, ...]:
        """All staff in roster order."""
        return self.roster.people

    def person(self, userid: str) -> Person | None:
        """The member of staff with this userid, None for residents and strangers."""
        return self._people.get(userid)

    def named(self, name: str) -> tuple[Person, ...]:
        """Staff whom ``name`` can mean: full name, or surname with a title (李警官, 老林)."""
        name = name.strip().lstrip("@")
        exact = tuple(person for person in self.people if person.name == name)
        if exact or not name:
            return exact
        surname = name.removeprefix("老").removeprefix("小")[:1]
        titled = name[1:] in _TITLES or name[0] in "老小"
        return tuple(p for p in self.people if titled and p.name.startswith(surname))

    def grid(self, grid_id: str | None) -> Grid | None:
        """The grid with this id."""
        return self._grids.get(grid_id or "")

    def chat(self, chat_id: str) -> Chat | None:
        """The registered WeCom group with this id; None for 1:1 chats and unknown groups."""
        return self._chats.get(chat_id)

    def grid_of(self, chat_id: str) -> Grid | None:
        """The grid whose group this is."""
        chat = self.chat(chat_id)
        return self.grid(chat.grid) if chat else None

    def department(self, department_id: str | None) -> Department | None:
        """The department with this id."""
        return self._departments.get(department_id or "")

    def danger_class(self, class_id: str) -> DangerClass | None:
        """What is said and done for this class of danger."""
        return self._dangers.get(class_id)

    def divert_row(
        self, category: str, text: str, grid: str | None, at: datetime
    ) -> DivertRow | None:
        """The diversion list's first row that fits, None when the police keep the matter."""
        return self.divert.row(category, text, grid, at)

    def is_police_only(self, category: str, danger_class: str = "") -> bool:
        """True when only police roles get 到场 and clocks."""
        danger = self.danger_class(danger_class)
        by_class = danger is not None and danger.police_only
        return by_class or category in self.crisis.police_only_categories

    def people_with(self, role: Role, grid: str | None = None) -> tuple[Person, ...]:
        """Everybody with ``role`` in roster order; with ``grid`` only who answers for it.

        Somebody whose second office it is comes after those whose first it is.
        Roles that have no grids at all (command room, leader …) ignore ``grid``.
        """
        hats = tuple((person, hat) for person in self.people for hat in person.also)
        also = tuple(person.wearing(hat) for person, hat in hats if hat.role is role)
        found = (*(person for person in self.people if person.role is role), *also)
        if grid is None or not any(person.grids for person in found):
            return found
        team = self._grids[grid].team if grid in self._grids else ()
        local = tuple(p for p in found if grid in p.grids or p.id in team)
        return tuple(sorted(local, key=lambda p: team.index(p.id) if p.id in team else len(team)))

    def contacts(self, department_id: str) -> tuple[Person, ...]:
        """The people of a department in the order of divert.yaml."""
        department = self.department(department_id)
        found = (self.person(userid) for userid in department.contacts) if department else ()
        return tuple(person for person in found if person)

    def unit_leader(self, person: Person) -> Person | None:
        """Who is told when ``person`` is overdue: his named leader, else the station's leader.

        For grid workers and mediators the grid leader; never the person himself.
        """
        if person.leader:
            return self.person(person.leader)
        if person.role in _LED_BY_GRID and person.grids:
            grid = self.grid(person.grids[0])
            found = self.person(grid.leader) if grid else None
            if found and found.id != person.id:
                return found
        return next((p for p in self.people_with(Role.LEADER) if p.id != person.id), None)

    def duty(
        self,
        role: Role,
        at: datetime,
        grid: str | None = None,
        away: Collection[str] = _NO_ONE,
    ) -> list[Person]:
        """Who does ``role`` at ``at``, first to be asked first; substitutes for those on leave.

        Order: the shift that covers ``at``, then the duty list, then roster order. ``away`` are
        userids that told the bot 忙 or 请假. Empty only when nobody at all is there.
        """
        stand_ins = (self.stand_in(person.id, at, away) for person in self._asked(role, at, grid))
        return list({person.id: person for person in stand_ins if person}.values())

    def stand_in(self, userid: str, at: datetime, away: Collection[str] = _NO_ONE) -> Person | None:
        """The person, or the substitute (of the substitute …) while he is on leave; else None."""
        seen: set[str] = set()
        while userid not in seen:
            seen.add(userid)
            leave = self.leave_of(userid, at)
            if leave is None and userid not in away:
                return self.person(userid)
            if leave is None or leave.substitute is None:
                return None
            userid = leave.substitute
        return None

    def leave_of(self, userid: str, at: datetime) -> Leave | None:
        """The leave that covers ``at``, if the roster has one."""
        covers = (leave for leave in self.roster.leave if leave.from_ <= at <= leave.to)
        return next((leave for leave in covers if leave.id == userid), None)

    def text(self, key: str, /, **values: object) -> str:
        """The sentence ``key`` of texts.yaml, filled; station.yaml's words are always there.

        Raises: KeyError, when the key or one of its values is missing (our bug, not the clerk's).
        """
        return self.texts.fill(key, {**self._station_words, **values})

    def _asked(self, role: Role, at: datetime, grid: str | None) -> list[Person]:
        everybody = self.people_with(role, grid)
        listed, everywhere = self._listed(role, at)
        order = [person for userid in listed if (person := self._as(role, userid))]
        if grid is not None:
            own = [person for person in order if person in everybody]
            order = own + [p for p in order if p.id in everywhere and p not in own]
        return self._at_home(order or list(everybody), at, grid)

    def _listed(self, role: Role, at: datetime) -> tuple[list[str], set[str]]:
        """Who is listed for that moment, and who of them answers for every grid."""
        shifts = (s for s in self.roster.shifts if s.role is role and s.covers(at))
        listed = [userid for shift in shifts for userid in shift.people]
        everywhere: set[str] = set()
        local = at.astimezone(ZONE)
        for pattern in (one for one in self.roster.patterns if one.role is role):
            day = pattern.day_of(local)
            there = pattern.on_duty(day, is_workday(day, self.times.work))
            listed += there
            everywhere |= set(there) if pattern.is_everywhere else set()
        return listed + list(self.roster.duty.get(role, ())), everywhere

    def is_covered(self, role: Role, at: datetime) -> bool:
        """False when the patterns of that role leave this moment to nobody."""
        patterned = any(pattern.role is role for pattern in self.roster.patterns)
        return not patterned or bool(self._listed(role, at)[0])

    def _as(self, role: Role, userid: str) -> Person | None:
        """That person in the office of that role: his first one, or a second."""
        held = self.people_with(role)
        return next((person for person in held if person.id == userid), None)

    def _at_home(self, people: list[Person], at: datetime, grid: str | None) -> list[Person]:
        """驻村: whoever lives there by turns is asked on his days, else who is named."""
        today = at.astimezone(ZONE).isoweekday()
        gone = {
            stay.id: stay.otherwise
            for stay in self.roster.stays
            if stay.grid == grid and today not in stay.days
        }
        there = (self.person(gone.get(person.id, person.id)) for person in people)
        asked = [p if p.id not in gone else found for p, found in zip(people, there, strict=True)]
        return list({person.id: person for person in asked if person}.values())

    @cached_property
    def _has_dates(self) -> bool:
        dated = (one for person in self.people for one in (person, *person.also))
        return any(one.since or one.until for one in dated)

    @cached_property
    def _by_day(self) -> dict[date, "Rules"]:
        return {}

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def _grids(self) -> dict[str, Grid]:
        return {grid.id: grid for grid in self.grids.grids}

    @cached_property
    def _chats(self) -> dict[str, Chat]:
        return {chat.id: chat for chat in self.chats.chats}

    @cached_property
    def _departments(self) -> dict[str, Department]:
        return {department.id: department for department in self.divert.departments}

    @cached_property
    def _dangers(self) -> dict[str, DangerClass]:
        return {danger.id: danger for danger in self.crisis.classes}

    @cached_property
    def _station_words(self) -> dict[str, str]:
        return self.station.words


_LED_BY_GRID = (Role.GRID_WORKER, Role.MICRO_WORKER, Role.MEDIATOR, Role.ASSISTANT)
_TITLES = ("警官", "所长", "队长", "主任", "师傅", "老师", "姐", "哥", "工")
