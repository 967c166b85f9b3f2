"""What the doctor finds (结论): one sentence per finding, and how bad it is.

A check is a name and one asynchronous function from ``Patient`` to findings; a door of its own
brings its own checks and adds a line to ``commands.doctor.CHECKS``. What a check raises of WeCom's
faults is put into words by the examination itself, so that checks stay small.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from commands.doctor.patient import Patient


class Mark(StrEnum):
    """✓ well · ✗ something to do · – not looked at, with the reason · ! to know before go-live."""

    WELL = "ok"
    TO_DO = "todo"
    SKIPPED = "skipped"
    TO_KNOW = "know"

    @property
    def sign(self) -> str:
        """What stands at the beginning of the line."""
        return {"ok": "✓", "todo": "✗", "skipped": "–", "know": "–"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``stops``: the bot cannot even start with it."""

    mark: Mark
    sentence: str
    stops: bool = False


def well(sentence: str) -> Finding:
    """Nothing to do here."""
    return Finding(Mark.WELL, sentence)


def to_do(sentence: str, *, stops: bool = False) -> Finding:
    """Somebody must click or type something."""
    return Finding(Mark.TO_DO, sentence, stops)


def skipped(sentence: str) -> Finding:
    """Not looked at, and why."""
    return Finding(Mark.SKIPPED, sentence)


def to_know(sentence: str) -> Finding:
    """No fault that a click mends, but nobody may go live without knowing it."""
    return Finding(Mark.TO_KNOW, sentence)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at; ``look`` may raise WeComFault and NoAnswer."""

    name: str
    look: Callable[[Patient], Awaitable[list[Finding]]]


__all__ = ["Check", "Finding", "Mark", "Patient", "skipped", "to_do", "to_know", "well"]
