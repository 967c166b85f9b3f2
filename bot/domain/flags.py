"""What lies over the stage of a ticket (标记): flags, no states; several may stand at once.

险情, 受保护, 已超时, 催办, 督办, 通报, 联席, a dispute's colour, 疑难, 重办, 退回, what repeats.
Where a ticket may go is said by ``lifecycle`` alone. Pure; called by ``handlers.flagging``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from config.vocabulary import Danger


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What is known of a ticket beside its stage; ``papers`` and ``repeats`` are their names."""

    danger: Danger = Danger.NONE
    protected: bool = False
    due_at: datetime | None = None
    urged: int = 0
    returned: int = 0
    reopened: int = 0
    papers: tuple[str, ...] = ()
    colour: str = ""
    is_hard: bool = False
    repeats: tuple[str, ...] = field(default=())


def names(over: Overlay, now: datetime) -> tuple[str, ...]:
    """The flags that stand, in words, the gravest first; nothing where none stands."""
    found = (
        {Danger.CONFIRMED: "险情", Danger.SUSPECTED: "疑似险情"}.get(over.danger, ""),
        "受保护" if over.protected else "",
        "已超时" if over.due_at is not None and over.due_at < now else "",
        *dict.fromkeys(over.papers),
        _times("催办", over.urged),
        _times("重办", over.reopened),
        _times("退回", over.returned),
        over.colour,
        "疑难" if over.is_hard else "",
        *dict.fromkeys(over.repeats),
    )
    return _said(found)


def _times(name: str, count: int) -> str:
    return f"{name}{count}次" if count else ""


def _said(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in found if name)
