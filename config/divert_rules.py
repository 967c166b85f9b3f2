"""Models of divert.yaml (非警务分流清单) and crisis.yaml (险情怎么说、怎么办).

The diversion list is data with a version: each diverted ticket remembers the row's id and the
list's version, so that its precision can be measured. Read by ``config.rules`` and the handlers.
"""

from datetime import datetime, time, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from config.people_rules import ZONE
from config.shapes import CategoryCode, Code, Duration, Hours, Name, Phone, Shape, Span, UserId
from config.vocabulary import GroupSpeech


class Department(Shape):
    """A department (部门) that takes matters which are not the police's.

    Its contacts are members of ours; where there are none it stands outside (不在企业微信里) and a
    named person of ours minds what went there (盯办人).
    """

    id: Code
    name: Name
    contacts: tuple[UserId, ...] = ()
    minder: UserId | None = None
    phone: Phone
    sla: Span
    hours: Name

    @model_validator(mode="after")
    def _somebody_answers(self) -> Self:
        if not self.contacts and not self.minder:
            raise ValueError(
                "contacts 写部门里接单的人；不在企业微信里的部门写 minder 我们的盯办人"
            )
        return self

    @property
    def is_outside(self) -> bool:
        """True when nobody of it is a member: it gets a letter (转办函) and no card."""
        return not self.contacts


class Condition(Shape):
    """When a row fits: every given part must hold; none given fits always."""

    words: tuple[Name, ...] = ()
    not_words: tuple[Name, ...] = ()
    grids: tuple[Code, ...] = ()
    hours: Hours | None = None

    def fits(self, text: str, grid: str | None, at: datetime) -> bool:
        """True when a word occurs in ``text``, the grid is named and the hour is right."""
        return (
            (not self.words or any(word in text for word in self.words))
            and not any(word in text for word in self.not_words)
            and (not self.grids or grid in self.grids)
            and (self.hours is None or self.hours.covers(at.astimezone(ZONE)))
        )


class DivertRow(Shape):
    """Category (and condition) → department; ``backstop`` takes what that one sends back."""

    id: Code
    category: CategoryCode
    when: Condition = Condition()
    department: Code
    text: str = "diverted_private"
    sla: Span | None = None
    backstop: Code = "street"


class WideEvent(Shape):
    """A kind of event that many tell of at once (大面积事件): one parent, one line per group."""

    id: Code
    name: Name
    categories: tuple[CategoryCode, ...] = Field(min_length=1)
    words: tuple[Name, ...] = Field(min_length=1)
    least: int = Field(default=3, ge=2, le=50)
    window: Duration = timedelta(hours=2)
    lasts: Duration = timedelta(hours=12)


class Letters(Shape):
    """The letter to a department (部门函) by the clock: a draft, unless ``send`` says otherwise.

    On the first working day of each week or month, about the one that is over.
    """

    every: Literal["week", "month"] = "month"
    at: time = time(8, 40)
    send: bool = False


class Divert(Shape):
    """divert.yaml; rows are tried from top to bottom, the first that fits decides.

    ``district`` takes what nobody owns (区里兜底). Our minder is reminded every ``remind_every``;
    after ``list_after`` reminders the matter stands in the street's list.
    """

    version: Name
    departments: tuple[Department, ...] = Field(min_length=1)
    list: tuple[DivertRow, ...]
    district: Code = "street"
    wide: tuple[WideEvent, ...] = ()
    remind_every: Duration = timedelta(days=14)
    list_after: int = Field(default=2, ge=1, le=20)
    letters: Letters | None = None

    def wide_event(self, category: str, text: str) -> WideEvent | None:
        """The kind of wide event the words tell of, or None."""
        kinds = (kind for kind in self.wide if category in kind.categories)
        return next((kind for kind in kinds if any(word in text for word in kind.words)), None)

    def row(self, category: str, text: str, grid: str | None, at: datetime) -> DivertRow | None:
        """The first row that fits, or None when the matter stays with the police."""
        rows = (row for row in self.list if row.category == category)
        return next((row for row in rows if row.when.fits(text, grid, at)), None)


class DangerClass(Shape):
    """What is said and done for one class of danger.

    ``numbers`` must stand in its texts ``danger_<id>_group`` and ``danger_<id>_private``;
    ``number_first`` false only for gas, where "touch no switch, go out" comes before the phone.
    """

    id: Code
    name: Name
    group_speech: GroupSpeech
    numbers: tuple[str, ...] = ()
    number_first: bool = True
    police_only: bool = False
    protected: bool = False
    rings_chain: bool = True
    life: bool = True
    private_text: str = ""

    @model_validator(mode="after")
    def _speaks_with_number(self) -> Self:
        if (self.rings_chain or self.group_speech is not GroupSpeech.NONE) and not self.numbers:
            raise ValueError("会叫人或在群里说话的险情要写电话号码 numbers，如 numbers: ['110']")
        return self

    @property
    def group_text(self) -> str | None:
        """Key of the line a public group hears, None where the group hears nothing."""
        silent = self.group_speech is GroupSpeech.NONE
        return None if silent else f"danger_{self.id}_group"

    @property
    def answer_text(self) -> str:
        """Key of the private answer: ``private_text``, else ``danger_<id>_private``."""
        return self.private_text or f"danger_{self.id}_private"


class Crisis(Shape):
    """crisis.yaml."""

    classes: tuple[DangerClass, ...] = Field(min_length=1)
    police_only_categories: tuple[CategoryCode, ...] = ()
