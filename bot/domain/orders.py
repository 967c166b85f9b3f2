"""An order of 政民沟通 (上报工单) and what is new in it: no time of change is ever given.

WeCom repeats an order whenever something of it changed and in every overlap of two polls. What
happened is found by comparing the list of steps with the one seen before; only digests of steps
are remembered. Used by ``handlers.order_sheets`` and ``bot.engine.order_watch``.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.door_events import OrderSeen
from bot.events import Heard, Media

CREATED, ACCEPTED, ASSIGNED, TRANSFERRED, CLOSED, REFUSED, RUNNING = range(1, 8)
URGENT = 3
_STEP_NAMES = {
    CREATED: "上报",
    ACCEPTED: "受理",
    ASSIGNED: "指派",
    TRANSFERRED: "转派",
    CLOSED: "办结",
    REFUSED: "不受理",
    RUNNING: "办理中",
}
_DONE = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the process list; ``at`` is WeCom's second, 0 when it is not over."""

    type: int
    by: str
    words: str
    is_done: bool
    at: int
    media: tuple[Media, ...] = ()

    @property
    def name(self) -> str:
        """What people call this step; 变动 for one that WeCom adds later."""
        return _STEP_NAMES.get(self.type, "变动")

    @property
    def digest(self) -> str:
        """The same for the same step, another once its state or its words change."""
        packed = f"{self.type}|{self.by}|{self.words}|{self.is_done}|{self.at}"
        return hashlib.sha256(packed.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Order:
    """What an ``OrderSeen`` tells."""

    text: str
    case: str
    urge: int
    grid: str
    grid_name: str
    place: str
    address: str
    processors: tuple[str, ...]
    media: tuple[Media, ...]
    steps: tuple[Step, ...]

    @property
    def end(self) -> Step | None:
        """The step that ended it (办结、不受理), or None while it runs."""
        last = self.steps[-1] if self.steps else None
        if last is None or (last.type == CLOSED and not last.is_done):
            return None
        return last if last.type in (CLOSED, REFUSED) else None


def order_of(event: OrderSeen) -> Order:
    """The typed order; what is missing is empty."""
    data = event.data
    return Order(
        text=str(data.get("text", "")),
        case=str(data.get("case", "")),
        urge=int(data.get("urge", 0)),
        grid=str(data.get("grid", "")),
        grid_name=str(data.get("grid_name", "")),
        place=str(data.get("place", "")),
        address=str(data.get("address", "")),
        processors=tuple(dict.fromkeys(data.get("processors", ()))),
        media=_media(data),
        steps=tuple(_step(one) for one in data.get("steps", ())),
    )


def news(order: Order, known: Collection[str]) -> tuple[Step, ...]:
    """The steps whose digest is not among the ``known``, in the order of the list."""
    return tuple(step for step in order.steps if step.digest not in known)


def messages(event: OrderSeen) -> tuple[Heard, ...]:
    """The order's words and each step's, with their pictures, as messages of the same key always.

    Their keys do not change with the order's state, so a picture has one name for ever.
    """
    order = order_of(event)
    base = f"order:{event.kind}:{event.order}"
    said = [(base, "", order.text, order.media)]
    said += [(f"{base}:{s.digest}", s.by, s.words, s.media) for s in order.steps]
    return tuple(
        Heard(key=key, at=event.at, chat=base, by=by, door="orders", text=text, media=media)
        for key, by, text, media in said
    )


def _step(raw: Mapping[str, Any]) -> Step:
    return Step(
        type=int(raw.get("type", 0)),
        by=str(raw.get("by", "")),
        words=str(raw.get("words", "")),
        is_done=raw.get("status") == _DONE,
        at=int(raw.get("at", 0)),
        media=_media(raw),
    )


def _media(raw: Mapping[str, Any]) -> tuple[Media, ...]:
    images = [Media(kind="image", url=str(url)) for url in raw.get("images", ())]
    videos = [Media(kind="video", media_id=str(one)) for one in raw.get("videos", ())]
    return (*images, *videos)
