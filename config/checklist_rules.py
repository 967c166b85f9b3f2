"""Model of checklists.yaml (检查和走访清单): what is looked at, and what each fault means.

A checklist of kind ``place`` finds hazards: each item names its class, and the class says who is
told, how soon it has to be put right and what the notice demands. One of kind ``visit`` (三必核、
四必访、五必宣) counts households, never names. A site without the file has no checklists.
"""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.shapes import CategoryCode, Code, Duration, Shape
from config.vocabulary import Urgency

_Words = Annotated[str, Field(min_length=1, max_length=30)]
_MonthDay = Annotated[int, Field(ge=1, le=28)]


class HazardClass(Shape):
    """A class of hazards: its category decides the way, ``fix_within`` the deadline."""

    id: Code
    name: _Words
    category: CategoryCode
    urgency: Urgency = Urgency.U3
    fix_within: Duration
    demand: Annotated[str, Field(min_length=1, max_length=80)]


class Item(Shape):
    """One thing to look at; ``hazard`` is the class of what is wrong there."""

    ask: _Words
    hazard: Code | None = None


class Calendar(Shape):
    """On which days of the month a visit is due, and how many households a grid means to see."""

    days: tuple[_MonthDay, ...] = Field(min_length=1)
    households: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Checklist(Shape):
    """A list that staff work through in a private chat."""

    id: Code
    name: _Words
    kind: Literal["place", "visit"]
    aliases: tuple[_Words, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1, max_length=20)
    calendar: Calendar | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        bare = [item.ask for item in self.items if item.hazard is None]
        if self.kind == "place" and bare:
            raise ValueError(f"场所检查的每一项都要写 hazard（隐患类别），缺的是：{bare[0]}")
        if self.kind == "visit" and len(bare) < len(self.items):
            raise ValueError("走访清单的项目不写 hazard，查出的事按群众说的那样登记")
        if self.kind == "place" and self.calendar:
            raise ValueError("calendar 只写在走访清单里")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """What staff may call it."""
        return (self.name, *self.aliases)


class Checklists(Shape):
    """checklists.yaml: the classes of hazards and the lists."""

    notice_prefix: Annotated[str, Field(min_length=1, max_length=12)]
    remind_before: Duration
    hazards: tuple[HazardClass, ...]
    checklists: tuple[Checklist, ...]

    @classmethod
    def none(cls) -> Self:
        """What holds for a site without the file: no lists."""
        return cls(notice_prefix="隐改", remind_before=timedelta(days=1), hazards=(), checklists=())

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        known = [one.id for one in self.hazards]
        named = [i.hazard for one in self.checklists for i in one.items if i.hazard]
        if wrong := [hazard for hazard in named if hazard not in known]:
            raise ValueError(f"hazards 里没有“{wrong[0]}”这一类")
        for ids in (known, [one.id for one in self.checklists], [*self.all_names]):
            if again := [one for one in ids if ids.count(one) > 1]:
                raise ValueError(f"“{again[0]}”写了两次")
        return self

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name of every list."""
        return tuple(name for one in self.checklists for name in one.names)

    def checklist(self, checklist_id: str) -> Checklist | None:
        """The list with this id."""
        return next((one for one in self.checklists if one.id == checklist_id), None)

    def hazard(self, hazard_id: str) -> HazardClass | None:
        """The class with this id."""
        return next((one for one in self.hazards if one.id == hazard_id), None)

    def of_kind(self, kind: str) -> tuple[Checklist, ...]:
        """The lists of that kind, in the order of the file."""
        return tuple(one for one in self.checklists if one.kind == kind)
