"""All of a site's rules as one frozen value, and the questions that the program asks of them.

``config.load.load_rules`` builds it from the YAML files; a Turn and its Reading share one
``Rules``. ``version`` goes into every journal row, so that one can tell later which words decided.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from config.alike_rules import Alike
from config.checklist_rules import Checklists
from config.closing_rules import Closing
from config.demo_rules import Demo
from config.divert_rules import Crisis, DangerClass, Department, Divert, DivertRow
from config.duty_book import DutyBook
from config.everyday_rules import Everyday
from config.faq_rules import Faq
from config.joint_rules import Joint
from config.mediation_rules import Mediation
from config.partner_rules import Partners
from config.people_rules import Chat, Chats, Grid, Grids, Person, Roster, Station
from config.publicity_rules import Publicity
from config.reading_rules import ReadingRules
from config.repeats_rules import Repeats
from config.retention_rules import Retention
from config.rights_rules import Rights
from config.sentence_rules import Sentences
from config.service_rules import Services
from config.text_rules import Texts
from config.time_rules import Times


@dataclass(frozen=True)
class Rules(DutyBook):
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
    everyday: Everyday = field(default_factory=Everyday.none)
    joint: Joint = field(default_factory=Joint.none)
    publicity: Publicity = field(default_factory=Publicity.none)
    sentences: Sentences = field(default_factory=Sentences)
    day: date | None = None
    """The day that ``on`` was asked for; stand-ins cover others' grids on their days alone."""
    lanes: frozenset[str] = frozenset()
    """The ways out that this machine has besides chats; the roof says it, no clerk."""

    def on(self, day: date) -> "Rules":
        """The rules with the people and second offices (兼任) that hold on ``day``."""
        found = self._by_day.get(day)
        if found is None:  # another thread may ask for another day meanwhile
            found = replace(self, roster=self._roster_on(day), day=day)
            self._by_day.clear()
            self._by_day[day] = found
        return found

    def _roster_on(self, day: date) -> Roster:
        if not self._has_dates:
            return self.roster
        there = tuple(person.on(day) for person in self.people if person.holds(day))
        return self.roster.model_copy(update={"people": there})

    def contact(self, userid: str) -> Person | None:
        """The contact (楼栋长, 门卫, 快递) with this userid: known by name, works no ticket."""
        return self._contacts.get(userid)

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

    def contacts(self, department_id: str) -> tuple[Person, ...]:
        """The people of a department in the order of divert.yaml."""
        department = self.department(department_id)
        found = (self.person(userid) for userid in department.contacts) if department else ()
        return tuple(person for person in found if person)

    def text(self, key: str, /, **values: object) -> str:
        """The sentence ``key`` of texts.yaml, filled; station.yaml's words are always there.

        Raises: KeyError, when the key or one of its values is missing (our bug, not the clerk's).
        """
        return self.texts.fill(key, {**self._station_words, **values})

    def answer_words(self, grid_id: str = "") -> dict[str, str]:
        """What answers of faq.yaml may call by name; ``{posts}`` is where the grid's post is."""
        grid = self.grid(grid_id)
        posts = self.grids.post_words(grid.post if grid else "")
        asked = f"警务室地址请打{self.station.room_phone}问"
        return {**self._station_words, "posts": posts or asked}

    @cached_property
    def _has_dates(self) -> bool:
        dated = (one for person in self.people for one in (person, *person.also))
        return any(one.since or one.until for one in dated)

    @cached_property
    def _by_day(self) -> dict[date, "Rules"]:
        return {}

    @cached_property
    def _contacts(self) -> dict[str, Person]:
        return {person.id: person for person in self.people if not person.role.is_staff}

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


_TITLES = ("警官", "所长", "队长", "主任", "师傅", "老师", "姐", "哥", "工")
