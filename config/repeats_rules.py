"""Model of repeats.yaml (一人多次、一地多起、一类多发): when matters that come again are looked at.

Thresholds and windows only; ``bot.domain.repeats`` counts. Which categories may speak of a person
is a list that can only be shorter than what is allowed here: no complaint about staff, no wages,
no opinion or question, no department's matter and nothing protected ever makes one; the first four
make no finding of a place or a kind either. A site without
the file gets ``Repeats.standard``.
"""

from datetime import time, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.shapes import CategoryCode, Duration, Shape

_Count = Annotated[int, Field(ge=2, le=1000)]
# Matters between people, or of one place, that the police themselves have to bring to an end.
MAY_SPEAK_OF_A_PERSON = frozenset({"P01", "P03", "P10", "P11", "P12", "P13", "P14", "P15", "P18"})
_STANDARD_PERSON: tuple[CategoryCode, ...] = ("P10", "P11", "P12", "P13", "P14", "P18")
_STANDARD_AGAIN: tuple[CategoryCode, ...] = (
    *("P10", "P11", "P12", "P13", "P14", "P18"),
    *("N01", "N02", "N03", "N04", "N05", "N06", "N07"),
)
_STANDARD_NEVER: tuple[CategoryCode, ...] = ("P02", "P16", "P17", "P22", "P23", "N11", "N15")
# Questions, rumours asked about, complaints about staff, wages, opinions: no finding of any kind,
# whatever the file says.
NEVER_COUNTED = frozenset({"P17", "P22", "P23", "N11", "N15"})


class Threshold(Shape):
    """So many within so long."""

    count: _Count
    within: Duration


class PlaceRule(Shape):
    """一地多起: so many at one place, told by at least ``people`` different persons."""

    yellow: Threshold
    red: Threshold
    people: int = Field(default=2, ge=2, le=20)
    not_counted: tuple[CategoryCode, ...] = _STANDARD_NEVER

    def counts(self, category: str) -> bool:
        """True when matters of that category may be part of such a finding."""
        return category not in self.not_counted and category not in NEVER_COUNTED

    @model_validator(mode="after")
    def _red_is_more(self) -> Self:
        if self.red.count <= self.yellow.count:
            raise ValueError("red（红）的起数要比 yellow（黄）多")
        return self


class KindRule(Shape):
    """一类多发: one category in one grid, against its own weeks before."""

    least: int = Field(default=5, ge=3, le=1000)
    baseline_weeks: int = Field(default=15, ge=4, le=104)
    least_weeks: int = Field(default=4, ge=2, le=104)
    yellow_times: float = Field(default=1.3, gt=1, le=100)
    red_times: float = Field(default=2.0, gt=1, le=100)
    chance: float = Field(default=0.05, gt=0, le=0.5)
    not_counted: tuple[CategoryCode, ...] = _STANDARD_NEVER

    def counts(self, category: str) -> bool:
        """True when matters of that category may be part of such a finding."""
        return category not in self.not_counted and category not in NEVER_COUNTED

    @model_validator(mode="after")
    def _red_is_more(self) -> Self:
        if self.red_times <= self.yellow_times:
            raise ValueError("red_times（红）要比 yellow_times（黄）大")
        if self.least_weeks > self.baseline_weeks:
            raise ValueError("least_weeks（至少几周）不能比 baseline_weeks（看几周）多")
        return self


class PersonRule(Shape):
    """一人多次: one matter that one person had to tell again and again; never a list of persons."""

    hint: Threshold
    yellow: Threshold
    red: tuple[Threshold, ...] = Field(min_length=1, max_length=3)
    categories: tuple[CategoryCode, ...] = _STANDARD_PERSON
    drop_after: Duration = timedelta(days=90)

    @model_validator(mode="after")
    def _only_what_may(self) -> Self:
        wrong = [code for code in self.categories if code not in MAY_SPEAK_OF_A_PERSON]
        if wrong:
            raise ValueError(
                f"{'、'.join(wrong)} 不能算一人多次：投诉民警、欠薪、意见建议、咨询、部门的事、"
                "受保护的事都不算"
            )
        if min(level.count for level in self.red) <= self.yellow.count:
            raise ValueError("red（红）的次数要比 yellow（黄）多")
        if self.drop_after > timedelta(days=90):
            raise ValueError("drop_after（问效完再留多久）最多 90d")
        return self


class Repeats(Shape):
    """repeats.yaml: the three kinds, when they are looked at, and when the effect is checked."""

    at: time
    place: PlaceRule
    kind: KindRule = Field(default_factory=KindRule)
    person: PersonRule
    again_within: Duration = timedelta(days=30)
    again_categories: tuple[CategoryCode, ...] = _STANDARD_AGAIN
    protected_within: Duration = timedelta(days=365)
    effect_after: tuple[Duration, ...] = Field(min_length=1, max_length=5)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.effect_after) != sorted(set(self.effect_after)):
            raise ValueError("effect_after（问效）要从早到晚写，不重复")
        return self

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file."""
        return cls(
            at=time(7, 10),
            place=PlaceRule(yellow=_threshold(3, 30), red=_threshold(6, 90)),
            person=PersonRule(
                hint=_threshold(2, 7),
                yellow=_threshold(3, 30),
                red=(_threshold(5, 90), _threshold(8, 180)),
            ),
            effect_after=tuple(timedelta(days=days) for days in (7, 30, 90)),
        )


def _threshold(count: int, days: int) -> Threshold:
    return Threshold(count=count, within=timedelta(days=days))
