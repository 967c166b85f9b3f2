"""What a chart draws (图): series of numbers beside the table that says the same to who reads.

The table is a ``sheets.Table`` as in every report; ``drawn`` holds its numbers for one small script
of ours, which draws with a kept library. Nothing is counted here. Pure; made by
``handlers.chart_figures``, shown by the page of charts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.sheets import Table


class Form(StrEnum):
    """How it is drawn; the script of the page knows each."""

    COURSE = "course"  # 柱和线，按时间
    BARS = "bars"  # 并排的柱
    RANGES = "ranges"  # 点和区间，0–100
    HEAT = "heat"  # 深浅格子


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers; None is a place where nothing is drawn."""

    name: str
    values: tuple[float | None, ...]
    is_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart; ``said`` is what it says in one line, ``note`` what it does not say."""

    key: str
    form: Form
    table: Table
    names: tuple[str, ...]
    series: tuple[Series, ...]
    rows: tuple[str, ...] = field(default=())
    said: str = ""
    note: str = ""

    @property
    def drawn(self) -> dict[str, object]:
        """What the script draws, as it goes to the page."""
        return {
            "form": str(self.form),
            "names": list(self.names),
            "rows": list(self.rows),
            "series": [
                {"name": one.name, "values": list(one.values), "line": one.is_line}
                for one in self.series
            ],
        }

    @property
    def has_marks(self) -> bool:
        """False where nothing would be seen: the table alone says it better."""
        return any(value for one in self.series for value in one.values)


def table_of(title: str, head: str, names: Sequence[str], series: Sequence[Series]) -> Table:
    """The table of series of whole numbers: a line for each name, a column for each series."""
    columns = [[_said(value) for value in one.values] for one in series]
    rows = tuple(zip(names, *columns, strict=True))
    return Table(title=title, heads=(head, *(one.name for one in series)), rows=rows)


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
