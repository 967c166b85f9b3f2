"""Building blocks of the rule files' models: the base class and the small types they share.

Every value of a YAML file arrives here as text (``config.yaml_lines`` keeps ``22:30`` and ``0012``
as typed), so these types turn text into times and spans. The ``*_rules`` modules use them.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_SPAN = re.compile(r"(\d{1,5})(wd|[smhd])")


class Shape(BaseModel):
    """One mapping of a rule file: frozen, and a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


def read_duration(value: object) -> timedelta:
    """The span that ``90s``, ``3m``, ``24h`` or ``7d`` names.

    Raises: ValueError, for anything else.
    """
    if isinstance(value, timedelta):
        return value
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or found[2] == "wd":
        raise ValueError("时长写成数字加单位：90s 秒、3m 分、24h 小时、7d 天")
    return int(found[1]) * _UNITS[found[2]]


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
UserId = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CategoryCode = Annotated[str, Field(pattern=r"^[PN][0-9]{2}$")]
Phone = Annotated[str, Field(pattern=r"^[0-9][0-9-]{2,19}$")]


@dataclass(frozen=True, slots=True)
class WrittenSpan:
    """An allowance as a clerk writes it: ``30m``, ``24h``, ``7d`` or ``3wd`` (working days)."""

    count: int
    unit: str

    def length(self, working_day: timedelta) -> timedelta:
        """The span as a timedelta; a working day counts ``working_day`` hours."""
        return self.count * _UNITS.get(self.unit, working_day)


def read_span(value: object) -> WrittenSpan:
    """The allowance that ``30m``, ``24h``, ``7d`` or ``3wd`` names. Raises: ValueError."""
    if isinstance(value, WrittenSpan):
        return value
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("时限写成数字加单位：30m 分、24h 小时、7d 自然日、3wd 工作日")
    return WrittenSpan(int(found[1]), found[2])


Span = Annotated[WrittenSpan, BeforeValidator(read_span)]


class Hours(Shape):
    """A part of the day, ``from`` included, ``to`` not; it may run past midnight."""

    from_: time = Field(alias="from")
    to: time

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("from 和 to 不能是同一时刻")
        return self

    def covers(self, at: datetime) -> bool:
        """True when the wall clock of ``at`` (already in the site's zone) lies inside."""
        now = at.time()
        if self.from_ < self.to:
            return self.from_ <= now < self.to
        return now >= self.from_ or now < self.to

    @property
    def length(self) -> timedelta:
        """From ``from`` to ``to``, over midnight when ``to`` is the earlier one."""
        start = timedelta(hours=self.from_.hour, minutes=self.from_.minute)
        end = timedelta(hours=self.to.hour, minutes=self.to.minute)
        return end - start if end > start else end - start + timedelta(days=1)
