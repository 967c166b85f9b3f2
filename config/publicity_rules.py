"""Model of publicity.yaml (宣传日历): lines for groups, their days, their wordings, and the limits.

The limits may be made stricter here, never weaker: one line a day and three a week at most, by day
only, the same wording not again within sixty days. A site without the file says nothing. Read by
``bot.domain.publicity``; ``config.publicity_check`` judges the wordings.
"""

from datetime import date, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.shapes import CategoryCode, Code, Duration, Hours, Name, Shape, UserId

EARLIEST, LATEST = time(9, 0), time(20, 0)
MOST_A_WEEK = 3
LEAST_APART = timedelta(days=60)
LONGEST = 100
OFFICER = "officer"
_LOCAL = "本辖区近日有类似的事，请多留意。"


def _month_day(value: object) -> tuple[int, int]:
    """Month and day of ``06-26``. Raises: ValueError."""
    if isinstance(value, tuple):
        return value
    try:
        found = date.fromisoformat(f"2024-{str(value).strip()}")  # a leap year: 02-29 is a day
    except ValueError as error:
        raise ValueError("日子写成 06-26") from error
    return found.month, found.day


def _day(value: object) -> date:
    """The day that ``2026-12-13`` names. Raises: ValueError."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ValueError("日子写成 2026-12-13") from error


_MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]
_Month = Annotated[int, Field(ge=1, le=12)]
_Weekday = Annotated[int, Field(ge=1, le=7)]
_Week = Annotated[int, Field(ge=1, le=5)]


class Variant(Shape):
    """One wording of a topic; the id is what is remembered of its use."""

    id: Code
    text: Annotated[str, Field(min_length=8, max_length=LONGEST)]


class Topic(Shape):
    """One topic: on ``dates``, or on ``weekdays`` of ``weeks`` and ``months``, or after cases.

    ``weeks``: the how-manieth such weekday of the month. No ``grids`` and no ``chats``: everywhere.
    ``cases``: categories of tickets after which the line is proposed for the grid at once.
    """

    id: Code
    name: Annotated[str, Field(min_length=1, max_length=12)]
    dates: tuple[_MonthDay, ...] = ()
    weekdays: tuple[_Weekday, ...] = ()
    weeks: tuple[_Week, ...] = ()
    months: tuple[_Month, ...] = ()
    grids: tuple[Code, ...] = ()
    chats: tuple[Name, ...] = ()
    cases: tuple[CategoryCode, ...] = ()
    variants: tuple[Variant, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _comes_some_day(self) -> Self:
        if not (self.dates or self.weekdays or self.cases):
            raise ValueError("写哪天说：dates、weekdays、cases 至少一样")
        if (self.weeks or self.months) and not self.weekdays:
            raise ValueError("weeks、months 要和 weekdays 一起写")
        return self

    def is_on(self, day: date) -> bool:
        """True when the calendar has it on that day."""
        if (day.month, day.day) in self.dates:
            return True
        if day.isoweekday() not in self.weekdays:
            return False
        week = (day.day - 1) // 7 + 1
        return (not self.months or day.month in self.months) and (
            not self.weeks or week in self.weeks
        )

    def is_for(self, grid: str, chat: str) -> bool:
        """True when the line is meant for that group of that grid."""
        everywhere = not self.grids and not self.chats
        return everywhere or grid in self.grids or chat in self.chats


class Small(Shape):
    """A grid or group with fewer than this hears nothing because of a case: it could be guessed."""

    buildings: Annotated[int, Field(ge=5)] = 5
    residents: Annotated[int, Field(ge=30)] = 50


class Publicity(Shape):
    """publicity.yaml; ``evening`` is when tomorrow's lines are shown to who approves them."""

    evening: time = time(18, 0)
    send_at: time = time(10, 0)
    hours: Hours = Hours.model_validate({"from": EARLIEST, "to": LATEST})
    approver: Literal["officer"] | UserId = OFFICER
    a_week: Annotated[int, Field(ge=1, le=MOST_A_WEEK)] = MOST_A_WEEK
    again_after: Duration = LEAST_APART
    danger_quiet: Duration = timedelta(hours=6)
    local_words: Annotated[str, Field(min_length=4, max_length=40)] = _LOCAL
    small: Small = Small()
    quiet_days: tuple[Annotated[date, BeforeValidator(_day)], ...] = ()
    topics: tuple[Topic, ...]

    @classmethod
    def none(cls) -> Self:
        """What holds for a site without the file."""
        return cls(topics=())

    @model_validator(mode="after")
    def _never_weaker(self) -> Self:
        if not EARLIEST <= self.hours.from_ < self.hours.to <= LATEST:
            raise ValueError("宣传只在白天发：hours 写在 09:00 到 20:00 之间")
        if not self.hours.from_ <= self.send_at < self.hours.to:
            raise ValueError("send_at 要在 hours 里面")
        if self.again_after < LEAST_APART:
            raise ValueError("同一句话至少隔 60 天：again_after 写 60d 或更长")
        if self.danger_quiet < timedelta(hours=1):
            raise ValueError("有险情的群要安静一阵：danger_quiet 至少 1h")
        if not time(12, 0) <= self.evening < time(21, 0):
            raise ValueError("evening 写下午或晚上，别等夜里才叫人看")
        return self

    def topic(self, topic_id: str) -> Topic | None:
        """The topic with this id."""
        return next((one for one in self.topics if one.id == topic_id), None)

    def is_quiet(self, day: date) -> bool:
        """True on a day of mourning: nothing is said."""
        return day in self.quiet_days
