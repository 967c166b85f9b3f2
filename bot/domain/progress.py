"""How far a matter is, in the words that other systems may know (对外进度).

Open311 knows ``open`` and ``closed``; a sentence of texts.yaml says a little more. Stages that tell
of the inside of the station (suspended, rechecked, sent back) all sound alike. Pure.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from config.vocabulary import Stage

OPEN, CLOSED = "open", "closed"
RECEIVED = "filed_received"
_WORKING = "filed_working"
_SAID = {
    Stage.DRAFT: RECEIVED,
    Stage.NEW: RECEIVED,
    Stage.ADMITTED: RECEIVED,
    Stage.ASSIGNED: "filed_assigned",
    Stage.DIVERTED: "filed_assigned",
    Stage.RESOLVED: "filed_resolved",
    Stage.EVALUATION: "filed_resolved",
    Stage.CLOSED: "filed_closed",
    Stage.REVIEW: "filed_closed",
    Stage.ARCHIVED: "filed_closed",
    Stage.REJECTED: "filed_rejected",
    Stage.VOID: "filed_rejected",
}
_WAY = (RECEIVED, "filed_assigned", _WORKING, "filed_resolved", "filed_closed", "filed_rejected")
_ENDED = frozenset({Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED, Stage.REJECTED, Stage.VOID})


def status_of(stage: Stage) -> str:
    """``open`` until it is done with, then ``closed``; a merged matter goes on."""
    return CLOSED if stage in _ENDED else OPEN


def note_of(stage: Stage) -> str:
    """The key of the sentence that says how far it is."""
    return _SAID.get(stage, _WORKING)


class Staged(Protocol):
    """A ticket of which only this has to be known."""

    @property
    def id(self) -> int:
        """The older, the smaller."""

    @property
    def stage(self) -> Stage:
        """Where it stands."""


T = TypeVar("T", bound=Staged)


def least(found: Iterable[T]) -> T | None:
    """The least advanced of the tickets of one report, the oldest of equals; None for none.

    What was refused counts as the furthest, so that it hides no result of the others.
    """
    return min(found, key=lambda one: (_WAY.index(note_of(one.stage)), one.id), default=None)
