"""Models of roster.yaml's duty: patterns of shifts, hats, beats with fixed days (排班规律).

Three patterns as stations live them: 工作日全员 (``workdays``), 周末和节假日值班组 (``days_off``)
and 24 小时岗 (``round_the_clock``). Groups take turns, counted from ``begins``. Also a person's
second hat (兼任) with its dates, and 驻村: on which weekdays somebody is in his village.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.shapes import Code, Name, Shape, UserId
from config.vocabulary import Role

_WEEK = 7


class PatternKind(StrEnum):
    """When a pattern's people are on duty."""

    WORKDAYS = "workdays"  # 工作日全员
    DAYS_OFF = "days_off"  # 周末、节假日值班组
    ROUND_THE_CLOCK = "round_the_clock"  # 24 小时岗


class Pattern(Shape):
    """Groups of one role that are on duty in turn; ``turn_at`` is the hour of every handover.

    ``days_off`` changes its group every week, ``round_the_clock`` every day; ``workdays`` has one
    group, everybody. Weekend and 24-hour people answer for all grids, others for their own.
    """

    role: Role
    kind: PatternKind
    groups: tuple[Annotated[tuple[UserId, ...], Field(min_length=1)], ...] = Field(min_length=1)
    begins: date | None = None
    turn_at: time = time(8, 30)

    @model_validator(mode="after")
    def _turns_have_a_beginning(self) -> Self:
        if self.kind is PatternKind.WORKDAYS and len(self.groups) > 1:
            raise ValueError("工作日全员（workdays）只写一组，大家都在")
        if len(self.groups) > 1 and self.begins is None:
            raise ValueError("几个组轮流要写从哪天起轮（begins），那天是第一组")
        return self

    @property
    def is_everywhere(self) -> bool:
        """True when its people answer for every grid, not only for their own."""
        return self.kind is not PatternKind.WORKDAYS

    def day_of(self, local: datetime) -> date:
        """The day of duty of ``local``: before the handover it is still yesterday's."""
        early = local.time() < self.turn_at
        return local.date() - timedelta(days=1) if early else local.date()

    def on_duty(self, day: date, is_workday: bool) -> tuple[str, ...]:
        """Who is on duty on that day of duty; empty where the pattern does not apply."""
        match self.kind:
            case PatternKind.WORKDAYS:
                return self.groups[0] if is_workday else ()
            case PatternKind.DAYS_OFF:
                return () if is_workday else self._group(_monday(day))
            case PatternKind.ROUND_THE_CLOCK:
                return self._group(day)

    def _group(self, day: date) -> tuple[str, ...]:
        if self.begins is None:
            return self.groups[0]
        by_week = self.kind is PatternKind.DAYS_OFF
        gone = (day - (_monday(self.begins) if by_week else self.begins)).days
        return self.groups[(gone // _WEEK if by_week else gone) % len(self.groups)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class Dates(Shape):
    """Something that holds from one day to another, both included; open where a day is missing."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("since（从哪天起）要在 until（到哪天止）之前")
        return self

    def holds(self, day: date) -> bool:
        """True on the days from ``since`` to ``until``."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Hat(Dates):
    """A second office of the same person (兼任), with its dates."""

    role: Role
    unit: Name
    grids: tuple[Code, ...] = ()
    department: Code | None = None


class Sponsor(Dates):
    """包联领导: somebody above who answers for the station, or for some of its grids."""

    id: UserId
    grids: tuple[Code, ...] = ()


class Stay(Shape):
    """驻村: on these weekdays (1 Monday … 7 Sunday) ``id`` is in the grid, else ``otherwise``."""

    id: UserId
    grid: Code
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(min_length=1)
    otherwise: UserId
