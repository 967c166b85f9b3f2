"""Old model beside new (新旧对比): what a site gains and loses, before anything is replaced.

Both answer through the whole reader, rules and all, on the newest of the site's tickets, on the
regression sentences, and on the regression writers of the corpus. Whatever is counted is counted
as things done right, so that fewer is always worse. Called by ``training.site``.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.reading import Reading, read
from config.reading_rules import ReadingRules
from config.vocabulary import Danger, Kind
from training.corpus import Row
from training.tickets import Confirmed

_AT = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
_SLACK = 100
_REPORT = frozenset({Kind.REPORT.value})
_NO_REPORT = frozenset(kind.value for kind in Kind) - _REPORT


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and what is right of it; ``danger`` None and empty ``codes`` are not asked."""

    text: str
    kinds: frozenset[str]
    codes: tuple[str, ...] = ()
    danger: bool | None = None
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: of ``total``, how many either model gets right."""

    group: str
    name: str
    old: int
    new: int
    total: int
    is_danger: bool = False

    @property
    def is_worse(self) -> bool:
        """True when more than one in a hundred is lost: a few border cases change at any fit."""
        return self.old - self.new > self.total // _SLACK

    @property
    def loses_danger(self) -> bool:
        """True when a single cry for help fewer is heard."""
        return self.is_danger and self.new < self.old


Check = Callable[[Asked, Reading], bool | None]


def compared(
    group: str, asked: Sequence[Asked], old: ReadingRules, new: ReadingRules
) -> list[Line]:
    """The lines of one group; what nothing in it asks for is left out."""
    pairs = [(one, _read(one, old), _read(one, new)) for one in asked]
    lines = []
    for name, check, is_danger in _CHECKS:
        judged = [(check(one, was), check(one, now)) for one, was, now in pairs]
        told = [(was, now) for was, now in judged if was is not None and now is not None]
        if told:
            hits = [sum(side) for side in zip(*told, strict=True)]
            lines.append(Line(group, name, hits[0], hits[1], len(told), is_danger))
    return lines


def with_model(rules: ReadingRules, raw: bytes) -> ReadingRules:
    """The same rules beside another second reader."""
    return rules.model_copy(update={"model": raw})


def of_tickets(told: Iterable[Confirmed]) -> list[Asked]:
    """A ticket: was it heard, under its category, and its danger where it was worked as one."""
    return [
        Asked(
            text=one.text,
            kinds=_REPORT if one.truth else _NO_REPORT,
            codes=(one.truth,) if one.truth else (),
            danger=True if one.truth and one.is_danger else None,
        )
        for one in told
    ]


def of_rows(rows: Iterable[Row]) -> list[Asked]:
    """Messages of the corpus."""
    return [
        Asked(
            row.text, frozenset({row.kind}), row.codes if row.kind == "report" else (), row.danger
        )
        for row in rows
    ]


def of_sentences(files: Iterable[Path]) -> list[Asked]:
    """Sentences written to be read right for ever; files as ``tests/domain/regression.jsonl``."""
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if line]
    return [_sentence(json.loads(line)) for line in lines]


def table(lines: Sequence[Line]) -> str:
    """A small Chinese table: group, what is right, old, new, change."""
    rows = [f"{'':<14}现在的 → 新的（共）"]
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            rows.append(group)
        mark = "  ✗" if line.loses_danger or line.is_worse else ""
        change = f"{line.new - line.old:+d}" if line.new != line.old else "一样"
        rows.append(f"  {line.name}  {line.old} → {line.new}（{line.total}）  {change}{mark}")
    return "\n".join(rows)


def _sentence(row: dict[str, Any]) -> Asked:
    grade = row.get("danger")
    return Asked(
        text=row["text"],
        kinds=frozenset(row["kind"]),
        codes=tuple(row.get("category", ())) if "report" in row["kind"] else (),
        danger=None if grade is None else grade != "none",
        is_sure=grade == "confirmed",
    )


def _read(one: Asked, rules: ReadingRules) -> Reading:
    return read(one.text, _AT, None, rules)


def _heard(one: Asked, said: Reading) -> bool | None:
    return said.danger is not Danger.NONE if one.danger else None


def _at_once(one: Asked, said: Reading) -> bool | None:
    return said.danger is Danger.CONFIRMED if one.is_sure else None


def _calm(one: Asked, said: Reading) -> bool | None:
    return said.danger is Danger.NONE if one.danger is False else None


def _found(one: Asked, said: Reading) -> bool | None:
    return said.kind in one.kinds if one.kinds == _REPORT else None


def _left_alone(one: Asked, said: Reading) -> bool | None:
    return said.kind is not Kind.REPORT if "report" not in one.kinds else None


def _named(one: Asked, said: Reading) -> bool | None:
    return said.category in one.codes if one.codes else None


_CHECKS: tuple[tuple[str, Check, bool], ...] = (
    ("险情听到", _heard, True),
    ("险情马上叫人", _at_once, False),
    ("没事不虚惊", _calm, False),
    ("诉求听出来", _found, False),
    ("不是诉求没开单", _left_alone, False),
    ("类别说对", _named, False),
)
