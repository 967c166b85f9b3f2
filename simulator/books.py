"""The books of a run: which rules the bot broke, what it called, what it never took.

``/sim/errors``, ``/sim/calls`` and ``/sim/lost`` read them. With ``--data DIR`` broken rules are
also appended to a file there, so that they outlive the process.
"""

import json
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from simulator.clock import SimClock, iso, parse_moment
from simulator.limits import RULES, Rule
from simulator.world import Json


class RateWindow:
    """Counts hits of one key within the last minute and the last hour of simulated time."""

    def __init__(self) -> None:
        self._hits: dict[str, deque[float]] = {}

    def over(self, key: str, now_s: float, per_minute: int, per_hour: int) -> str | None:
        """``minute`` or ``hour`` when one more hit would be too many, else None; does not count."""
        hits = self._hits.setdefault(key, deque())
        while hits and hits[0] <= now_s - 3600:
            hits.popleft()
        if sum(1 for at in hits if at > now_s - 60) >= per_minute:
            return "minute"
        return "hour" if len(hits) >= per_hour else None

    def hit(self, key: str, now_s: float) -> None:
        """Count one hit."""
        self._hits.setdefault(key, deque()).append(now_s)


@dataclass
class Books:
    """Errors and calls, oldest first."""

    clock: SimClock
    file: Path | None = None
    errors: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    given_up: list[Json] = field(default_factory=list)
    _count: int = 0

    def broke(self, rule_id: str, door: str, detail: str) -> Rule:
        """Write down that the bot broke a rule; returns that rule."""
        rule = RULES[rule_id]
        row = {
            "at": iso(self.clock.now()),
            "rule": rule.id,
            "trap": rule.trap,
            "door": door,
            "detail": detail,
            "says": rule.says,
            "doc": rule.doc,
        }
        self.errors.append(row)
        if self.file:
            with self.file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        return rule

    def called(self, what: str, errcode: int | None, body: object) -> None:
        """Write down one call or frame of the bot; ``errcode`` None: it got no answer."""
        self._count += 1
        self.calls.append(
            {
                "n": self._count,
                "at": iso(self.clock.now()),
                "what": what,
                "errcode": errcode,
                "body": body,
            }
        )

    def gave_up(self, door: str, msgid: str, chat: str, user: str, ends: list[str]) -> None:
        """Write down a callback that no try of which was answered with 200, and how each ended."""
        row = {"at": iso(self.clock.now()), "door": door, "msgid": msgid}
        self.given_up.append({**row, "chat": chat, "user": user, "ends": ends})

    def calls_since(self, since: str) -> list[Json]:
        """The calls from a moment (ISO 8601) or after a running number on; all for ``""``.

        Raises: ValueError, when ``since`` is neither.
        """
        if not since:
            return list(self.calls)
        if since.isdigit():
            return [row for row in self.calls if row["n"] > int(since)]
        start = parse_moment(since.replace(" ", "+"))
        return [row for row in self.calls if parse_moment(row["at"]) >= start]

    def clear(self) -> None:
        """Forget everything; running numbers go on."""
        self.errors.clear()
        self.calls.clear()
        self.given_up.clear()
