"""The script of a day: steps read from YAML, faults found before anything is played.

A step is one line: who says or presses what, where and when, how the clock moves, what a ticket
must have become. The format stands in docs/simulator.md.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from yaml.error import YAMLError

from simulator.world import Json
from simulator.yaml_files import load_yaml

_KEYS = {
    "at",
    "who",
    "chat",
    "say",
    "mention",
    "quote",
    "press",
    "card",
    "selected",
    "times",
    "advance_s",
    "note",
    "expect",
}
_AT = re.compile(r"(?:\+(\d+)d )?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


class BadScript(Exception):
    """The script cannot be played; the text names every fault."""


@dataclass(frozen=True)
class Expectation:
    """A ticket, by number or 4-digit serial, and the stage that it must have reached."""

    ticket: str
    stage: str


@dataclass(frozen=True)
class Step:
    """One step; empty texts mean that the step has no such part."""

    number: int
    at: str = ""
    who: str = ""
    chat: str = ""
    say: str = ""
    mention: Any = None
    quote: str = ""
    press: str = ""
    card: str = ""
    selected: Json = field(default_factory=dict)
    times: int = 1
    advance_s: float = 0.0
    note: str = ""
    expect: tuple[Expectation, ...] = ()

    def moment(self, first_day: datetime) -> datetime | None:
        """When the step happens, counted from the day on which the play begins."""
        found = _AT.fullmatch(self.at)
        if not found:
            return None
        days, hour, minute, second = (int(part or 0) for part in found.groups())
        start = first_day.replace(hour=0, minute=0, second=0, microsecond=0)
        return start + timedelta(days=days, hours=hour, minutes=minute, seconds=second)


def _expectations(value: Any) -> tuple[Expectation, ...]:
    rows = value if isinstance(value, list) else [value] if value else []
    return tuple(Expectation(str(row["ticket"]), str(row["stage"])) for row in rows)


def _faults(number: int, row: Any) -> list[str]:
    if not isinstance(row, dict):
        return [f"step {number}: not a mapping"]
    found = [f"step {number}: unknown key {key}" for key in sorted(set(row) - _KEYS)]
    if row.get("at") and not _AT.fullmatch(str(row["at"])):
        found.append(f'step {number}: at is "HH:MM", "HH:MM:SS" or "+1d HH:MM"')
    if (row.get("say") or row.get("press")) and not row.get("who"):
        found.append(f"step {number}: who is missing")
    if row.get("say") and not row.get("chat"):
        found.append(f"step {number}: chat is missing")
    rows = row.get("expect") or []
    wanted = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(one, dict) and {"ticket", "stage"} <= set(one) for one in wanted):
        found.append(f"step {number}: expect needs ticket and stage")
    return found


def load_script(path: Path) -> list[Step]:
    """The steps of a script file, in order.

    Raises: BadScript, with all faults at once; OSError, when the file cannot be read.
    """
    try:
        loaded: Any = load_yaml(path)
    except (YAMLError, UnicodeDecodeError) as bad:
        raise BadScript(f"{path}: {bad}") from bad
    rows = loaded.get("steps") if isinstance(loaded, dict) else loaded
    if not isinstance(rows, list) or not rows:
        raise BadScript(f"{path}: no steps")
    faults = [fault for number, row in enumerate(rows, 1) for fault in _faults(number, row)]
    if faults:
        raise BadScript("\n".join(faults))
    return [_step(number, row) for number, row in enumerate(rows, 1)]


def _step(number: int, row: Json) -> Step:
    texts = ("at", "who", "chat", "say", "quote", "press", "card", "note")
    return Step(
        number,
        **{key: str(row[key]) for key in texts if row.get(key) is not None},
        mention=row.get("mention"),
        selected=row.get("selected") or {},
        times=int(row.get("times", 1)),
        advance_s=float(row.get("advance_s", 0)),
        expect=_expectations(row.get("expect")),
    )
