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

    hazards: _Codes
    domestic: _Codes
    domestic_classes: _Classes
    minors: _Codes
    minor_classes: _Classes
    minor_words: tuple[Annotated[str, Field(min_length=1, max_length=20)], ...] = ()
    disputes: _Codes
    complaints: _Codes
    recheck_levels: _Classes
    sign_levels: _Classes
    contact_tries: int = Field(ge=3, le=10)
    contact_half_days: int = Field(ge=3, le=10)
    appeal_within: Duration
    archive_after: Duration = timedelta(days=30)

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file."""
        return cls(
            hazards=("N06",),
            domestic=("P04",),
            domestic_classes=("domestic",),
            minors=("P19",),
            minor_classes=("minor_harmed",),
            minor_words=("未成年",),
            disputes=("P11", "P12", "P13"),
            complaints=("P23",),
            recheck_levels=("yellow", "red"),
            sign_levels=("red",),
            contact_tries=3,
            contact_half_days=3,
            appeal_within=timedelta(days=7),
        )
