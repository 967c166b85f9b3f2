"""Model of services.yaml (便民服务): 上门办证, 租客登记, and the kit that 资料 hands out.

A site without the file offers none of it. Words of the kit may name what station.yaml knows
(``{counter_phone}`` …); nothing typed by a clerk is evaluated.
"""

from datetime import time, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.shapes import CategoryCode, Code, Duration, Phone, Shape
from config.text_keys import STATION_WORDS
from config.text_rules import stray_brace, words_of

_Words = Annotated[str, Field(min_length=1, max_length=20)]
_Line = Annotated[str, Field(min_length=1, max_length=200)]
_Link = Annotated[str, Field(pattern=r"^https://[^\s<>\"]+$", max_length=200)]


class Service(Shape):
    """Something that is done at home (上门办证); ``bring`` says what to have ready."""

    id: Code
    name: _Words
    bring: _Line = "身份证"


class Appointments(Shape):
    """上门办证: which services, under which category, and when everybody is reminded."""

    category: CategoryCode = "P17"
    services: tuple[Service, ...] = Field(min_length=1, max_length=9)
    remind_before: Duration = timedelta(days=1)
    morning: time = time(8, 0)


class Tenancy(Shape):
    """租客登记、搬离: how long the answers are kept, and for what they are used."""

    category: CategoryCode = "P17"
    kept: Duration
    purpose: Annotated[str, Field(min_length=4, max_length=80)]

    @model_validator(mode="after")
    def _not_for_ever(self) -> Self:
        if not timedelta(days=1) <= self.kept <= timedelta(days=90):
            raise ValueError("kept 写 1d 到 90d，登记内容到期自动删除")
        return self


class Contact(Shape):
    """A number that people may be given."""

    name: _Words
    phone: Phone


class Leaflet(Shape):
    """One thing of the kit: words, an address, numbers."""

    id: Code
    name: _Words
    aliases: tuple[_Words, ...] = ()
    text: _Line
    link: _Link | None = None
    contacts: tuple[Contact, ...] = ()

    @model_validator(mode="after")
    def _only_station_words(self) -> Self:
        wrong = [word for word in words_of(self.text) if word not in STATION_WORDS]
        if wrong or stray_brace(self.text):
            known = "、".join(f"{{{word}}}" for word in STATION_WORDS)
            raise ValueError(f"花括号只能写 {known}")
        return self


class Services(Shape):
    """services.yaml: what the station offers besides dealing with matters."""

    appointments: Appointments | None = None
    tenancy: Tenancy | None = None
    kit: tuple[Leaflet, ...]

    @classmethod
    def none(cls) -> Self:
        """What holds for a site without the file: nothing is offered."""
        return cls(kit=())

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [name for one in self.kit for name in (one.name, *one.aliases)]
        if again := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"资料“{again[0]}”写了两次")
        return self

    def leaflet(self, said: str) -> Leaflet | None:
        """The thing of the kit that is called so, or whose name is in the words."""
        exact = [one for one in self.kit if said in (one.name, *one.aliases)]
        near = [o for o in self.kit if said and any(n in said for n in (o.name, *o.aliases))]
        return next(iter([*exact, *near]), None)
