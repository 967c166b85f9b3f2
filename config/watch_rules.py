"""Part of times.yaml about the machine itself (看守): from when on the administrator hears of it.

``/readyz``, the notices through WeCom and the local call beside it go by these; the alert rules of
``deploy/prometheus-alerts.yml`` are written for the values of the sample.
"""

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from config.shapes import Duration, Shape

_LEAST = timedelta(seconds=30)


class Watch(Shape):
    """How long events and words may wait, and how full the disk may be."""

    events_wait: Duration = timedelta(minutes=2)
    words_wait: Duration = timedelta(minutes=5)
    cut_off: Duration = timedelta(minutes=5)
    disk_free: int = Field(default=10, ge=1, le=50)

    @model_validator(mode="after")
    def _not_at_every_breath(self) -> Self:
        if min(self.events_wait, self.words_wait, self.cut_off) < _LEAST:
            raise ValueError("watch 里的时间最短 30s，再短会天天误报")
        return self
