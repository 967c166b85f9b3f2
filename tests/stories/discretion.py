"""What the logs must not hold (不该记的): words, names, accounts of residents, phones, numbers.

Looks only at what was written since the story began. Called at the end of every story.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stories.pages import Line

_PIECE = re.compile(r"[，。！？：；、“”\s@,.!?:;()（）\-\d]+")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0000-\d{7})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BUG = re.compile(r"^.* (?:ERROR|CRITICAL) .*$", re.MULTILINE)
_SHORTEST = 4


@dataclass(frozen=True)
class Watch:
    """The logs and how long they were when the story began."""

    sizes: dict[Path, int]

    @classmethod
    def of(cls, logs: list[Path]) -> "Watch":
        """Watch from now on."""
        return cls({log: log.stat().st_size if log.exists() else 0 for log in logs})

    def written(self) -> str:
        """Everything written since."""
        texts = []
        for log, size in self.sizes.items():
            if log.exists():
                texts.append(log.read_bytes()[size:].decode("utf-8", errors="replace"))
        return "\n".join(texts)

    def assert_silent_about(self, people: list[dict[str, Any]], said: list[Line]) -> None:
        """Fail naming what leaked."""
        log = self.written()
        names = {one["name"] for one in people}
        accounts = {one["id"] for one in people if one["role"] == "resident"}
        pieces = {piece for line in said for piece in _PIECE.split(line.text)}
        words = {p for p in pieces if len(p) >= _SHORTEST and _CHINESE.search(p)}
        leaked = sorted(word for word in names | accounts | words if word in log)
        assert leaked == [], f"in the logs: {leaked[:5]}"
        assert not (bug := _BUG.search(log)), f"the bot stumbled: {bug.group()[:300]}"
        assert not _PHONE.search(log), "a phone in the logs"
        assert not _IDENTITY.search(log), "an ID number in the logs"
