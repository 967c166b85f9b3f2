"""Model of mediation.yaml (矛盾调解): the four forces, three colours, risk score, forms, doors.

``bot.domain.mediation`` counts with it; a site without the file has no mediation at all, and its
commands say so. Names are checked against the other files by ``config.crosscheck``.
"""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.shapes import CategoryCode, Code, Duration, Name, Phone, Shape, UserId
from config.vocabulary import Role

_Word = Annotated[str, Field(min_length=1, max_length=20)]
_Points = Annotated[int, Field(ge=0, le=100)]


class Force(Shape):
    """One force (调解力量): named people, and everybody of ``roles`` in the ticket's grid."""

    id: Code
    name: Name
    people: tuple[UserId, ...] = ()
    roles: tuple[Role, ...] = ()
    police: bool = False

    @model_validator(mode="after")
    def _has_somebody(self) -> Self:
        if not self.people and not self.roles:
            raise ValueError("people 和 roles 至少写一样，不然没人调解")
        return self


class Colour(Shape):
    """A colour holds ``from`` so many points; ``force`` begins, ``visits`` follow an agreement.

    ``visit_every`` instead of a list: again and again until the officer has calmed it. What is
    ``open_for`` so long gets the colour too.
    """

    id: Code
    name: Name
    from_: _Points = Field(alias="from")
    force: Code
    visits: tuple[Duration, ...] = ()
    visit_every: Duration | None = None
    open_for: Duration | None = None

    @model_validator(mode="after")
    def _days_or_rhythm(self) -> Self:
        if self.visits and self.visit_every is not None:
            raise ValueError(f"颜色{self.name}的 visits（哪几天）和 visit_every（多久一次）写一个")
        if self.visit_every is not None and self.visit_every < timedelta(days=1):
            raise ValueError(f"颜色{self.name}的 visit_every（多久回访一次）至少 1d")
        return self


class Risk(Shape):
    """``points`` once, when one of the words stands in the report."""

    name: Name
    points: _Points
    words: tuple[_Word, ...]


class Earlier(Shape):
    """Points for each earlier matter at the same place, at most ``most``."""

    points: _Points = 5
    most: _Points = 25


class Never(Shape):
    """What is never mediated, besides everything protected."""

    classes: tuple[Code, ...] = ()
    categories: tuple[CategoryCode, ...] = ()
    words: tuple[_Word, ...] = ()


class Form(Shape):
    """A paper (文书); ``mark`` stands in its number, ``end`` before the signatures.

    ``confirm``: both may ask the court to confirm it (司法确认).
    """

    id: Code
    name: Name
    words: tuple[_Word, ...]
    mark: Annotated[str, Field(min_length=1, max_length=6)]
    end: Annotated[str, Field(min_length=1, max_length=300)]
    confirm: bool = False
    police: bool = False


class Door(Shape):
    """Where people may go when no agreement was reached."""

    id: Code
    name: Name
    phone: Phone | None = None

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.name}{self.phone or ''}"


class Mediation(Shape):
    """mediation.yaml; order of ``forces`` is the order of escalation."""

    forces: Annotated[tuple[Force, ...], Field(min_length=1)]
    colours: Annotated[tuple[Colour, ...], Field(min_length=1)]
    calm_after: Duration = timedelta(days=30)
    risk: tuple[Risk, ...] = ()
    earlier: Earlier = Earlier()
    failed: _Points = 10
    never: Never = Never()
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    confirm_within: Duration = timedelta(days=30)
    confirm_reminder: Duration = timedelta(days=20)
    promise_reminder: Duration = timedelta(days=1)
    doors: Annotated[tuple[Door, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        forces = [force.id for force in self.forces]
        for colour in self.colours:
            if colour.force not in forces:
                raise ValueError(f"颜色{colour.name}的力量“{colour.force}”不在 forces 里")
        points = [colour.from_ for colour in self.colours]
        if points[0] != 0 or points != sorted(set(points)):
            raise ValueError("colours 的分数要从 0 开始，一个比一个高")
        if self.confirm_reminder >= self.confirm_within:
            raise ValueError("confirm_reminder（提醒）要早于 confirm_within（期限）")
        return self

    def force(self, force_id: str) -> Force:
        """The force with this id; the first one where the file does not know it any more."""
        return next((f for f in self.forces if f.id == force_id), self.forces[0])

    def colour(self, colour_id: str) -> Colour:
        """The colour with this id; the first one where the file does not know it any more."""
        return next((c for c in self.colours if c.id == colour_id), self.colours[0])

    def is_higher(self, colour: Colour, other: Colour) -> bool:
        """True when ``colour`` stands behind ``other`` in the file."""
        return self.colours.index(colour) > self.colours.index(other)

    def above(self, force_id: str, *, police: bool = False) -> Force | None:
        """The next force to go to; with ``police`` only one of the police."""
        ids = [force.id for force in self.forces]
        higher = self.forces[ids.index(force_id) + 1 :] if force_id in ids else ()
        return next((force for force in higher if force.police or not police), None)

    def form(self, form_id: str) -> Form:
        """The form with this id; the first one where the file does not know it any more."""
        return next((f for f in self.forms if f.id == form_id), self.forms[0])
