"""How fast a danger reaches the group (代发用时): heard → on a phone → sent, door by door.

Median and worst, and how many were never sent at all: an average would hide the one that mattered.
Shown by ``run_bot.py drafts`` and on the sidebar page to the command room and the leaders.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_low

from storage.drafts import Spans

_DOORS = {"archive": "会话存档", "": "定时", "socket": "智能机器人", "app": "自建应用"}
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Figure:
    """Median and worst of one span; empty when nothing came so far."""

    median: timedelta | None
    worst: timedelta | None

    @classmethod
    def of(cls, spans: Sequence[timedelta]) -> "Figure":
        """The figure of these spans."""
        if not spans:
            return cls(None, None)
        return cls(median_low(sorted(spans)), max(spans))

    @property
    def words(self) -> str:
        """``12秒/1分5秒``: median, then worst."""
        return f"{_words(self.median)}/{_words(self.worst)}"


@dataclass(frozen=True, slots=True)
class DoorFigures:
    """The figures of one door, danger and the rest apart."""

    door: str
    danger: bool
    count: int
    sent: int
    to_phone: Figure
    to_sent: Figure

    @property
    def words(self) -> str:
        """One line for people."""
        kind = "险情" if self.danger else "平常"
        name = _DOORS.get(self.door, self.door)
        return (
            f"{name} {kind}：{self.count}句，发出{self.sent}句；"
            f"听到→到手机 {self.to_phone.words}，听到→发出 {self.to_sent.words}（中位/最慢）"
        )


def by_door(spans: Iterable[Spans]) -> list[DoorFigures]:
    """Figures of every door that heard something, danger first."""
    sorted_out: dict[tuple[bool, str], list[Spans]] = {}
    for span in spans:
        sorted_out.setdefault((not span.danger, span.door), []).append(span)
    return [_figures(sorted_out[key]) for key in sorted(sorted_out)]


def _figures(spans: list[Spans]) -> DoorFigures:
    phone = [s.phone_at - s.heard_at for s in spans if s.phone_at]
    sent = [s.sent_at - s.heard_at for s in spans if s.sent_at]
    return DoorFigures(
        door=spans[0].door,
        danger=spans[0].danger,
        count=len(spans),
        sent=len(sent),
        to_phone=Figure.of(phone),
        to_sent=Figure.of(sent),
    )


def _words(span: timedelta | None) -> str:
    if span is None:
        return _NONE
    seconds = max(0, round(span.total_seconds()))
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}分{rest}秒" if minutes else f"{rest}秒"
