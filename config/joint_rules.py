"""Model of joint.yaml (警格联动): what comes by the calendar, who works together, how it counts.

移动户籍室, 关爱日, 3+1 巡防, 先锋队, the town centre of the big loop, 五联 and 星级. A site without
the file has none of it. No list of persons stands here but the staff of patrols and campaigns.
"""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.shapes import CategoryCode, Code, Hours, Shape, UserId

_Words = Annotated[str, Field(min_length=1, max_length=30)]
_Line = Annotated[str, Field(min_length=1, max_length=80)]
_MonthDay = Annotated[int, Field(ge=1, le=28)]
_Share = Annotated[float, Field(gt=0, le=1)]


def _day(value: object) -> date:
    """The day that ``2026-03-06`` names. Raises: ValueError."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ValueError("日子写成 2026-03-06") from error


_Day = Annotated[date, BeforeValidator(_day)]


class Stop(Shape):
    """One day on which the counter comes to a place."""

    day: _Day
    hours: Hours
    place: _Words
    grid: Code


class Counter(Shape):
    """移动户籍室: its days and places; ``publicity`` leaves a draft for who speaks in the group."""

    name: _Words = "移动户籍室"
    bring: _Line
    publicity: bool = False
    stops: tuple[Stop, ...]


class Care(Shape):
    """关爱日: a place and a kind of care, never a list of persons."""

    id: Code
    name: _Words
    about: Literal["minors", "elders"]
    grid: Code
    place: _Words
    days: tuple[_MonthDay, ...] = Field(min_length=1)
    look_at: _Line


class Patrol(Shape):
    """3+1 联防: one of the police and the others who walk with him, on which evenings."""

    id: Code
    name: _Words
    grid: Code
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(min_length=1)
    hours: Hours
    police: UserId
    members: tuple[UserId, ...] = Field(min_length=1)

    @property
    def everybody(self) -> tuple[str, ...]:
        """Who goes, the police first."""
        return tuple(dict.fromkeys((self.police, *self.members)))


class Campaign(Shape):
    """先锋队: a team for a time; its figures end with it."""

    id: Code
    name: _Words
    members: tuple[UserId, ...] = Field(min_length=1)
    from_: _Day = Field(alias="from")
    to: _Day

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if not self.from_ <= self.to <= self.from_ + timedelta(days=366):
            raise ValueError("先锋队有始有终：to 不早于 from，最长一年")
        return self


class Tag(Shape):
    """One of the 五联, and the categories that carry it until somebody says otherwise."""

    id: Code
    name: _Words
    categories: tuple[CategoryCode, ...] = ()
    rest: bool = False


class Stars(Shape):
    """星级: off unless ``shown``; a star for each mark that a community's outcome reaches."""

    shown: bool = False
    least: Annotated[int, Field(ge=10)] = 10
    resolved: _Share = 0.9
    lasting: _Share = 0.9
    fixed: _Share = 0.9


class Joint(Shape):
    """joint.yaml; ``at`` is the hour at which everybody hears what the day brings."""

    at: time
    counter: Counter | None = None
    care: tuple[Care, ...] = ()
    patrols: tuple[Patrol, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    centre: Code | None = None
    tags: tuple[Tag, ...] = ()
    security: tuple[CategoryCode, ...] = ()
    fraud: tuple[CategoryCode, ...] = ("P02",)
    stars: Stars = Stars()

    @classmethod
    def none(cls) -> Self:
        """What holds for a site without the file."""
        return cls(at=time(8, 0))

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once([one.name for one in self.care], "关爱日")
        _once([one.name for one in self.patrols], "巡防")
        _once([one.name for one in self.campaigns], "先锋队")
        _once([one.name for one in self.tags], "五联")
        _once([code for tag in self.tags for code in tag.categories], "五联的类别")
        if self.tags and sum(tag.rest for tag in self.tags) != 1:
            raise ValueError("五联里要有一个（只一个）写 rest: true，没点名的类别都归它")
        return self

    @property
    def has_days(self) -> bool:
        """True when something comes round by the calendar."""
        return bool(self.counter or self.care or self.patrols or self.campaigns)

    def tag_of(self, category: str) -> str:
        """The id of the tag that the rule gives to a category; empty without tags."""
        named = next((tag.id for tag in self.tags if category in tag.categories), "")
        return named or next((tag.id for tag in self.tags if tag.rest), "")

    def tag_named(self, said: str) -> Tag | None:
        """The one tag whose name begins with, or is, what was said."""
        found = [tag for tag in self.tags if said and tag.name.startswith(said)]
        return found[0] if len(found) == 1 else None


def _once(names: Iterable[str], what: str) -> None:
    """Raises: ValueError when a name stands twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what}里“{name}”写了两次")
        seen.add(name)
