"""The project's own corpus (自己写的语料): some 25,000 messages by many hands, labelled.

``corpus/*.jsonl``, a file per writer; fields as in ``Row``. Split by writer, never by row: a
writer's habits of speech would otherwise stand on both sides. Called by ``training`` and ``bench``.
"""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "corpus"
REGRESSION_WRITERS = ("w04", "w07", "w10", "w16")
"""Writers whose messages are never trained on when the report is made."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message with what it means; ``category`` "" where there is none."""

    id: str
    writer: str
    text: str
    kind: str
    category: str
    also: tuple[str, ...]
    danger: bool
    danger_class: str
    place: dict[str, str]
    when: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The category and the defensible others."""
        return (self.category, *self.also) if self.category else self.also


def read_rows(folder: Path = FOLDER) -> list[Row]:
    """Every row of every ``*.jsonl`` in ``folder``, by file name and line."""
    return [_row(line) for path in sorted(folder.glob("*.jsonl")) for line in _lines(path)]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line]


def _row(line: str) -> Row:
    said = json.loads(line)
    return Row(
        id=said["id"],
        writer=said["id"].partition("-")[0],
        text=said["text"],
        kind=said["kind"],
        category=said["category"] or "",
        also=tuple(said["also"]),
        danger=said["danger"],
        danger_class=said.get("danger_class") or "",
        place=said["place"],
        when=said["when"],
    )
