"""What the trial of a change found (试算结果), as it stands in the row of the change.

Made by ``commands.rule_trial``; read by the pages.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.domain.trying import Changed, Sort


@dataclass(frozen=True, slots=True)
class Trial:
    """``faults`` are the sentences of ``check``; with any of them nothing else was looked at.

    ``grave`` says in plain words what becomes weaker where danger is concerned; ``lost`` are
    sentences of which danger was read and is not any more, or as less. ``version`` is that of the
    rules as they were tried, ``files`` those that differ from what is in force; ``diff`` their
    lines with the sign of each, where nothing was proposed on a page. ``own`` are the station's own
    sentences that are read otherwise now, or not as they should be: text, wanted, was, now.
    """

    faults: tuple[str, ...] = ()
    looked_at: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    shown: tuple[Changed, ...] = ()
    grave: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    version: str = ""
    files: tuple[str, ...] = ()
    diff: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str, str, str], ...] = ()

    def weakens_as(self, other: "Trial") -> bool:
        """True when nothing becomes weaker here that does not in ``other``, word for word."""
        return not self.grave or (self.grave, self.lost) == (other.grave, other.lost)

    def to_json(self) -> str:
        """For the row of the change."""
        return json.dumps(asdict(self), ensure_ascii=False)


def trial_of(text: str) -> Trial:
    """What ``to_json`` wrote; an empty one where nothing was."""
    body: dict[str, Any] = json.loads(text or "{}")
    shown = (Changed(**{**one, "sort": Sort(one["sort"])}) for one in body.get("shown", ()))
    return Trial(
        faults=tuple(body.get("faults", ())),
        looked_at=int(body.get("looked_at", 0)),
        counts=dict(body.get("counts", {})),
        shown=tuple(shown),
        grave=tuple(body.get("grave", ())),
        lost=tuple(body.get("lost", ())),
        version=str(body.get("version", "")),
        files=tuple(body.get("files", ())),
        own=tuple((text, wanted, was, now) for text, wanted, was, now in body.get("own", ())),
        diff=tuple((sign, words) for sign, words in body.get("diff", ())),
    )
