"""Models of station.yaml, grids.yaml, roster.yaml and chats.yaml: who is where.

They hold what a clerk wrote and answer questions about one file; questions that need several
files are answered by ``config.rules.Rules``.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from config.duty_rules import Dates, Hat, Pattern, Sponsor, Stay
from config.shapes import CategoryCode, Code, Hours, Name, Phone, Shape, UserId
from config.vocabulary import ChatKind, Role

ZONE = ZoneInfo("Asia/Shanghai")


class Station(Shape):
    """station.yaml: the police station (派出所), its numbers and its robots' names."""

    id: Code
    name: Name
    prefix: str = Field(pattern=r"^[A-Z]{1,4}$")
    room_name: Name
    room_phone: Phone
    police_sms: Phone
    gas_phone: Phone
    fraud_phone: Phone
    care_phone: Phone
    care_hours: Name
    counter_phone: Phone
    robot_names: tuple[Name, ...] = Field(min_length=1)

    @property
    def words(self) -> dict[str, str]:
        """What the sentences of texts.yaml may call by name: ``{station}``, ``{gas_phone}`` …."""
        return {
            "station": self.name,
            "room_name": self.room_name,
            "room_phone": self.room_phone,
            "police_sms": self.police_sms,
            "gas_phone": self.gas_phone,
            "fraud_phone": self.fraud_phone,
            "care_phone": self.care_phone,
            "care_hours": self.care_hours,
            "counter_phone": self.counter_phone,
        }


class Estate(Shape):
    """An estate or village (小区/村) with the names residents use and its building numbers."""

    name: Name
    aliases: tuple[Name, ...] = ()
    buildings: str = Field(default="", pattern=r"^(\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*)?$")

    def has_building(self, number: int) -> bool:
        """True when the estate has that building, or when its buildings are not listed."""
        if not self.buildings:
            return True
        spans = (part.split("-") for part in self.buildings.split(","))
        return any(int(span[0]) <= number <= int(span[-1]) for span in spans)


class Grid(Shape):
    """A grid (网格) and the people who answer for it."""

    id: Code
    name: Name
    community: Name
    post: Name
    officer: UserId
    auxiliary: UserId | None = None
    leader: UserId
    workers: tuple[UserId, ...] = ()
    mediator: UserId | None = None
    estates: tuple[Estate, ...] = Field(min_length=1)
    landmarks: tuple[Name, ...] = ()
    pipeline: Literal["four", "direct"] = "direct"
    """four: what grid workers report is read by the grid leader first (四级工作机制)."""

    neighbours: tuple[Code, ...] = ()
    """Grids beside this one, whose posts are the nearest (就近)."""

    post_hours: Hours | None = None
    """When the post is open; None means that it is not written down."""

    @property
    def team(self) -> tuple[str, ...]:
        """Userids of everybody named in this grid, the officer first."""
        named = (self.officer, self.auxiliary, *self.workers, self.leader, self.mediator)
        return tuple(dict.fromkeys(userid for userid in named if userid))


class Post(Shape):
    """A police post (警务室): where it stands and when somebody is in it."""

    name: Name
    address: Name
    open: Name | None = None
    phone: Phone | None = None

    @property
    def words(self) -> str:
        """One line that tells a resident where and when."""
        said = f"{self.name}在{self.address}"
        said += f"，{self.open}开门" if self.open else ""
        return said + (f"，电话{self.phone}" if self.phone else "")


class Grids(Shape):
    """grids.yaml."""

    grids: tuple[Grid, ...] = Field(min_length=1)
    posts: tuple[Post, ...] = ()

    def post_words(self, post: str) -> str:
        """Where that post is; where all of them are, when it is not written down."""
        named = [one.words for one in self.posts if one.name == post]
        return "；".join(named or [one.words for one in self.posts])


class Person(Dates):
    """One member of staff; ``id`` is the WeCom userid; ``also`` what else he is (兼任)."""

    id: UserId
    name: Name
    role: Role
    unit: Name
    grids: tuple[Code, ...] = ()
    department: Code | None = None
    leader: UserId | None = None
    also: tuple[Hat, ...] = ()
    skills: tuple[Name, ...] = ()

    def on(self, day: date) -> "Person":
        """The same person with the second offices that hold on ``day``."""
        return self.model_copy(update={"also": tuple(hat for hat in self.also if hat.holds(day))})

    def wearing(self, hat: Hat) -> "Person":
        """The same person in his second office."""
        known = {"role": hat.role, "unit": hat.unit, "grids": hat.grids}
        return self.model_copy(update={**known, "department": hat.department, "also": ()})


def _day_start(value: object) -> object:
    return _moment(value, time.min)


def _day_end(value: object) -> object:
    return _moment(value, time.max)


def _moment(value: object, part: time) -> object:
    """The aware moment that a date or ``2026-03-04 08:30`` names; a bare date means ``part``."""
    if not isinstance(value, str):
        return value
    try:
        if len(value.strip()) == len("2026-03-04"):
            return datetime.combine(date.fromisoformat(value.strip()), part, ZONE)
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("日期写成 2026-03-04，或 2026-03-04 08:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


class Leave(Shape):
    """Somebody is away from ``from`` to ``to`` (both included) and ``substitute`` stands in."""

    id: UserId
    from_: Annotated[datetime, BeforeValidator(_day_start)] = Field(alias="from")
    to: Annotated[datetime, BeforeValidator(_day_end)]
    substitute: UserId | None = None


class Shift(Shape):
    """On these weekdays (1 Monday … 7 Sunday) and hours these people are on duty first."""

    role: Role
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    hours: Hours | None = None
    people: tuple[UserId, ...] = Field(min_length=1)

    def covers(self, at: datetime) -> bool:
        """True when the shift stands at ``at``; past midnight it belongs to the day it began."""
        local = at.astimezone(ZONE)
        if self.hours is None:
            return local.isoweekday() in self.days
        if not self.hours.covers(local):
            return False
        over_midnight = self.hours.from_ > self.hours.to and local.time() < self.hours.to
        began = local - timedelta(days=1) if over_midnight else local
        return began.isoweekday() in self.days


class Roster(Shape):
    """roster.yaml: people, who is on duty, who is on leave."""

    people: tuple[Person, ...] = Field(min_length=1)
    duty: dict[Role, tuple[UserId, ...]] = Field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    stays: tuple[Stay, ...] = ()
    sponsors: tuple[Sponsor, ...] = ()
    leave: tuple[Leave, ...] = ()
    skills: dict[CategoryCode, tuple[Name, ...]] = Field(default_factory=dict)
    """Which skills (社工, 心理, 调解, 法律) a matter of that category asks for."""


class Chat(Shape):
    """A WeCom group: what it is, whose grid it belongs to, what the robot hears in it.

    ``shadow`` (试听): read and count, say nothing, open nothing; danger is handled all the same.
    ``owner`` and ``speakers``: who speaks there where no robot may; else officer and grid workers.
    ``officer``: whose tickets the group's matters are where its grid has several officers.
    """

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    name: Name
    kind: ChatKind
    grid: Code | None
    public: bool
    robots: tuple[Name, ...] = ()
    hears: Annotated[str, Field(pattern="^(all|mention|none)$")] = "mention"
    shadow: bool = False
    owner: UserId | None = None
    speakers: tuple[UserId, ...] = ()
    officer: UserId | None = None
    hook: Code | None = None
    """Name of the webhook whose key stands in the setting ``JINGGE_HOOKS``."""

    appchat: bool = False
    """The app makes this group itself and keeps its members; ``id`` is of our choosing."""

    @model_validator(mode="after")
    def _of_a_team(self) -> Self:
        inside = not self.public and self.kind is ChatKind.INTERNAL_GROUP
        if (self.hook or self.appchat) and not inside:
            raise ValueError("hook、appchat 只能给内部工作群：public: false、kind: internal_group")
        if self.appchat and not re.fullmatch("[0-9A-Za-z]{1,32}", self.id):
            raise ValueError("appchat 的 id 自己起，1 到 32 个字母数字")
        return self


class Chats(Shape):
    """chats.yaml."""

    chats: tuple[Chat, ...]
