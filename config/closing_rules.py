"""Model of closing.yaml (办结规矩): what is looked at twice, and what keeps a matter open.

Which category is a hazard, domestic violence, of a minor, a dispute; how often somebody must have
been tried before she counts as out of reach; how long an appeal may come. Read by
``bot.domain.closing`` and the handlers; a site without the file gets ``Closing.standard``.
"""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field

from config.shapes import CategoryCode, Code, Duration, Shape

_Codes = tuple[CategoryCode, ...]
_Classes = tuple[Code, ...]


class Closing(Shape):
    """closing.yaml; danger classes stand beside categories, since a ticket may have either."""

    hazards: _Codes = ("N06",)
    domestic: _Codes = ("P04",)
    domestic_classes: _Classes = ("domestic",)
    minors: _Codes = ("P19",)
    minor_classes: _Classes = ("minor_harmed",)
    disputes: _Codes = ("P11", "P12", "P13")
    complaints: _Codes = ("P23",)
    recheck_levels: tuple[Annotated[str, Field(pattern="^(blue|yellow|red)$")], ...] = (
        "yellow",
        "red",
    )
    contact_tries: int = Field(default=3, ge=3, le=10)
    contact_half_days: int = Field(default=3, ge=3, le=10)
    appeal_within: Duration = timedelta(days=7)

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file."""
        return cls()
