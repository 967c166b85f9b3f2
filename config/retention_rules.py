"""Model of retention.yaml (保留期): how long what is kept, and when the purpose is told again.

Only data and its limits; the nightly job of ``handlers.keeping_nightly`` does it. A site without
the file keeps what stands here. What opened no ticket goes by times.yaml (``talk_kept``).
Sources of the limits: 网络安全法 (logs six months), 个人信息保护法 (no longer than needed).
"""

from datetime import timedelta
from typing import Self

from pydantic import model_validator

from config.shapes import Duration, Shape

LEAST_AUDIT = timedelta(days=180)
LEAST_AFTER_CLOSE = timedelta(days=90)
LONGEST = timedelta(days=3653)


class Retention(Shape):
    """retention.yaml; every span counts from the end of the matter, whole days."""

    reporter: Duration
    void: Duration
    closed: Duration
    grave: Duration
    audit: Duration
    silent_person: Duration
    note_again: Duration

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file."""
        year, five = timedelta(days=365), timedelta(days=1826)
        return cls(
            reporter=year,
            void=year,
            closed=five,
            grave=five,
            audit=timedelta(days=1095),
            silent_person=year,
            note_again=year,
        )

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        if self.audit < LEAST_AUDIT:
            raise ValueError("操作记录（audit）法律要求至少留六个月，写 180d 或更长")
        if min(self.reporter, self.void, self.closed, self.grave) < LEAST_AFTER_CLOSE:
            raise ValueError("办结的事至少留 90 天（90d），问效和重办还要用")
        if max(getattr(self, name) for name in type(self).model_fields) > LONGEST:
            raise ValueError("最多留十年，写 3653d 或更短")
        return self

    @model_validator(mode="after")
    def _reporter_goes_first(self) -> Self:
        if self.reporter > self.closed:
            raise ValueError("反映人的信息（reporter）不能比整张单（closed）留得久")
        return self
