"""Sentences with the reading that a careful person expects, and what the reader makes of them.

``regression.jsonl`` holds what must never be read worse again, ``regression_open.jsonl`` what is
still read wrongly; one JSON object a line, all of them invented here:
``{text, kind, category?, danger?, place?, why}``. ``kind`` and ``category`` list what is right
or defensible, ``danger`` is none, some (疑似 or 险情) or confirmed; what is left out is not asked.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.reading import GridNames, Reading, read
from config.reading_rules import ReadingRules
from config.vocabulary import Danger, Kind

_HERE = Path(__file__).parent
_AT = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
_GRID = GridNames(
    community="桂花社区",
    estates=(("桂花苑", ("桂花园", "桂苑")),),
    landmarks=("东门", "北门", "南门", "凉亭", "小广场", "祠堂"),
)
_GRADES = {
    "none": {Danger.NONE},
    "some": {Danger.SUSPECTED, Danger.CONFIRMED},
    "confirmed": {Danger.CONFIRMED},
}
_KINDS_WITH_CATEGORY = (Kind.REPORT, Kind.QUESTION)


@dataclass(frozen=True)
class Row:
    """One sentence and what is expected of it; empty where nothing is asked."""

    text: str
    kinds: tuple[str, ...]
    categories: tuple[str, ...]
    danger: str
    place: tuple[tuple[str, str], ...]
    why: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Row":
        """Raises: KeyError when text, kind or why is missing, ValueError for an unknown key."""
        unknown = row.keys() - {"text", "kind", "category", "danger", "place", "why"}
        if unknown:
            raise ValueError(f"{unknown} in {row['text']}")
        return cls(
            text=row["text"],
            kinds=tuple(Kind(kind).value for kind in row["kind"]),
            categories=tuple(row.get("category", ())),
            danger=row.get("danger", ""),
            place=tuple(row.get("place", {}).items()),
            why=row["why"],
        )


def rows(name: str) -> tuple[Row, ...]:
    """The rows of ``name``, in order."""
    lines = (_HERE / name).read_text("utf-8").splitlines()
    return tuple(Row.of(json.loads(line)) for line in lines if line)


def wrong(row: Row, rules: ReadingRules) -> tuple[str, ...]:
    """What the reader gets wrong of ``row``, with what it made of it; empty when all is right."""
    reading = read(row.text, _AT, _GRID, rules)
    checks = (
        ("kind", reading.kind.value, reading.kind.value in row.kinds),
        ("category", str(reading.category), _is_category(row, reading)),
        ("danger", reading.danger.value, reading.danger in _GRADES.get(row.danger, {*Danger})),
        *((name, said, said == meant) for name, meant, said in _places(row, reading)),
    )
    return tuple(f"{name}={said}" for name, said, is_right in checks if not is_right)


def _is_category(row: Row, reading: Reading) -> bool:
    if not row.categories or reading.kind not in _KINDS_WITH_CATEGORY:
        return True
    return reading.category in row.categories


def _places(row: Row, reading: Reading) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, meant, getattr(reading.place, name)) for name, meant in row.place)
