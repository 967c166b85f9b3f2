"""Models of times.yaml's further clocks (按类别的时限、疑难件、演练): parts of ``Times``.

A category may have other allowances than its urgency gives; a hard matter (疑难件) has longer
ones, and whoever reported it hears something every week. Never for U1: danger has one clock.
"""

from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from config.shapes import CategoryCode, Duration, Shape, Span, UserId, WrittenSpan
from config.vocabulary import Urgency

_LEAST_NOTE = timedelta(days=1)
_LEAST_OUTAGE, _MOST_OUTAGE = timedelta(minutes=1), timedelta(minutes=30)


def _as_outage(span: timedelta) -> timedelta:
    if not _LEAST_OUTAGE <= span <= _MOST_OUTAGE:
        raise ValueError("多久以前的话算停机期间的（outage），写 1m 到 30m")
    return span


OutageLimit = Annotated[Duration, AfterValidator(_as_outage)]
"""Words older than this when they are handled are those of an outage; 1 to 30 minutes."""


class PaperKind(StrEnum):
    """A step of the ladder that has a number and waits for an answer."""

    SUPERVISION = "supervision"  # 督办
    BULLETIN = "bulletin"  # 通报
    JOINT = "joint"  # 联席会商

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"supervision": "督办", "bulletin": "通报", "joint": "联席"}[self.value]


class CategoryTimes(Shape):
    """Other allowances for one category; what is left out stays as the urgency says.

    ``urgencies``: only for these; all but U1 when none is named. ``hard``: until when a result
    where two persons called it hard (疑难件).
    """

    category: CategoryCode
    urgencies: tuple[Urgency, ...] = (Urgency.U2, Urgency.U3, Urgency.U4, Urgency.U5)
    accept: Span | None = None
    verify: Span | None = None
    handle: Span | None = None
    finish: Span | None = None
    promise: Span | None = None
    hard: Span | None = None

    @model_validator(mode="after")
    def _danger_has_one_clock(self) -> Self:
        if Urgency.U1 in self.urgencies:
            raise ValueError("U1 是险情，时限不按类别改，请去掉 U1")
        return self

    def span(self, name: str) -> WrittenSpan | None:
        """The allowance of that name; None where the urgency's counts."""
        found: WrittenSpan | None = getattr(self, name)
        return found


class HardTimes(Shape):
    """A hard matter (疑难件): until when a result, how often whoever reported it hears something.

    ``note_wait`` is how long the one who works it may take for his line; then she hears the plain
    one.
    """

    finish: Span = Field(default=WrittenSpan(15, "d"))
    note_every: Duration = timedelta(days=7)
    note_wait: Duration = timedelta(days=1)
    extensions: int = Field(default=2, ge=0, le=5)

    @model_validator(mode="after")
    def _not_every_hour(self) -> Self:
        if not _LEAST_NOTE <= self.note_every <= timedelta(days=31):
            raise ValueError("疑难件多久说一次进展（note_every）写 1d 到 31d")
        return self


class DrillTimes(Shape):
    """A wake drill (叫醒演练): how long answers are waited for."""

    wait: Duration = timedelta(minutes=10)

    @model_validator(mode="after")
    def _some_minutes(self) -> Self:
        if not timedelta(minutes=2) <= self.wait <= timedelta(hours=1):
            raise ValueError("叫醒演练等多久（wait）写 2m 到 1h")
        return self


class CallBackTimes(Shape):
    """The call on the day after a low rating (回访): asked for ``at``, written down by ``until``.

    ``tries``: on how many days somebody tries before it is written down as not reached.
    """

    at: time = time(9, 0)
    until: time = time(17, 30)
    tries: int = Field(default=3, ge=1, le=5)

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.until <= self.at:
            raise ValueError("回访（call_back）的 until 要比 at 晚")
        return self


class ReturnTimes(Shape):
    """Sending back (退回): how soon an owner may, and how often without a word.

    ``urgent`` for U1 and U2, ``plain`` for the rest, from the moment it came to him. What is later
    or oftener is decided by the command room or a leader.
    """

    urgent: Span = Field(default=WrittenSpan(2, "h"))
    plain: Span = Field(default=WrittenSpan(1, "wd"))
    most: int = Field(default=1, ge=0, le=5)

    def span(self, urgency: Urgency) -> WrittenSpan:
        """How soon, for that urgency."""
        return self.urgent if urgency in (Urgency.U1, Urgency.U2) else self.plain


class JointTimes(Shape):
    """A joint meeting (联席) that the ladder calls: so far ahead, at that hour."""

    ahead: Span = Field(default=WrittenSpan(2, "wd"))
    at: time = time(10, 0)


class DailySample(Shape):
    """The daily sample (抽查): at ``at`` ``count`` decisions go to ``reader`` for 对 or 错."""

    at: time
    count: int = Field(default=20, ge=1, le=100)
    reader: UserId


class CustomerGroupTimes(Shape):
    """Customer groups (客户群): when to welcome, after how long a group counts as quiet.

    ``report_day`` 1 Monday … 7 Sunday: then ``report_at`` the quiet groups are told.
    """

    welcome_after: Duration = timedelta(hours=1)
    quiet_after: Duration = timedelta(days=14)
    report_day: int = Field(default=1, ge=1, le=7)
    report_at: time = time(9, 0)

    @property
    def hour(self) -> str:
        """The report's hour as a cron expression; Sunday is 6 there, Monday 0."""
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return f"{self.report_at.minute} {self.report_at.hour} * * {days[self.report_day - 1]}"
