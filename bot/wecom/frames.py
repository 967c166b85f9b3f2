"""What a robot was told, as events (智能机器人的来话): WeCom's JSON in, our values out.

Socket frames and URL callbacks carry the same bodies, so both doors read them here. What nobody
has to act on (stream polls, feedback, event types still unknown) and what lacks its key or its
sender becomes None with one log line; a robot's door never fails over a body.
Source: https://developer.work.weixin.qq.com/document/path/100719 and 101027.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.events import Clicked, Event, Heard, Joined, Media, ReplyHandle
from bot.wecom.cuts import clean

_log = logging.getLogger(__name__)

Kind = Literal["message", "click", "enter"]
_FILES = ("image", "file", "video")
_SECONDS_BELOW = 100_000_000_000  # larger numbers are milliseconds


@dataclass(frozen=True, slots=True)
class Room:
    """Where a door stands: its lane name and what it calls a 1:1 chat."""

    door: str
    single_prefix: str


def kind_of(body: dict[str, Any]) -> Kind | None:
    """What a body is, or None when nobody has to act on it."""
    match _str(body, "msgtype"), _str(_dict(body, "event"), "eventtype"):
        case (("text" | "mixed" | "voice" | "image" | "file" | "video"), _):
            return "message"
        case "event", "template_card_event":
            return "click"
        case "event", "enter_chat":
            return "enter"
        case msgtype, eventtype:
            _log.info("robot body ignored msgtype=%.40s eventtype=%.40s", msgtype, eventtype)
            return None


def event_of(
    body: dict[str, Any], room: Room, now: datetime, reply: Callable[[Kind], ReplyHandle | None]
) -> Event | None:
    """The event in a body; ``reply`` gives the right to answer for its kind."""
    kind = kind_of(body)
    if kind is None:
        return None
    by, msgid = _str(_dict(body, "from"), "userid"), _str(body, "msgid")
    if not by or not msgid:
        _log.warning("robot body without msgid or sender ignored kind=%s", kind)
        return None
    common: dict[str, Any] = {
        "key": f"aibot:{msgid}",
        "at": moment_of(body.get("create_time"), now),
        "chat": _chat(body, room, by),
        "by": by,
        "door": room.door,
        "reply": reply(kind),
    }
    match kind:
        case "message":
            return _heard(body, common)
        case "click":
            return _clicked(body, common)
        case "enter":
            return Joined(**common)


def moment_of(stamp: Any, now: datetime) -> datetime:
    """The moment of a WeCom time stamp (seconds, or milliseconds by mistake), else ``now``."""
    try:
        seconds = int(stamp)
        seconds = seconds // 1000 if seconds >= _SECONDS_BELOW else seconds
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else now
    except (TypeError, ValueError, OverflowError, OSError):
        return now


def _chat(body: dict[str, Any], room: Room, by: str) -> str:
    chatid = _str(body, "chatid")
    if chatid and _str(body, "chattype") != "single":
        return chatid
    return f"{room.single_prefix}:{by}"


def _heard(body: dict[str, Any], common: dict[str, Any]) -> Heard:
    text, media = _said(body)
    quote, _ = _said(_dict(body, "quote"))
    return Heard(text=text, quote=quote, media=media, **common)


def _said(body: dict[str, Any]) -> tuple[str, tuple[Media, ...]]:
    """Words and media of a message or of what it quotes."""
    msgtype = _str(body, "msgtype")
    if msgtype == "mixed":
        items = _dict(body, "mixed").get("msg_item")
        pieces = [_said(i) for i in items if isinstance(i, dict)] if isinstance(items, list) else []
        words = "\n".join(text for text, _ in pieces if text)
        return words, tuple(medium for _, media in pieces for medium in media)
    part = _dict(body, msgtype)
    if msgtype in _FILES:
        url = _str(part, "url")
        return "", (Media(kind=msgtype, url=url, aes_key=_str(part, "aeskey")),) if url else ()
    words = _str(part, "content")
    # A voice that WeCom could not write down is somebody speaking, not an empty line.
    wordless = msgtype == "voice" and not words.strip()
    return words, (Media(kind="voice", url=_str(part, "url")),) if wordless else ()


def _clicked(body: dict[str, Any], common: dict[str, Any]) -> Clicked:
    click = _dict(_dict(body, "event"), "template_card_event")
    return Clicked(
        task_id=_str(click, "task_id"),
        button=_str(click, "event_key"),
        selected=_selected(click),
        **common,
    )


def _selected(click: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for item in many(_dict(click, "selected_items").get("selected_item")):
        if isinstance(item, dict):
            ids = many(_dict(item, "option_ids").get("option_id"))
            options = tuple(clean(one) for one in ids if isinstance(one, str))
            chosen[_str(item, "question_key")] = options
    return chosen


def many(value: Any) -> list[Any]:
    """A list of what may be one thing, several or none (XML and JSON both do that)."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _dict(parent: Any, name: str) -> dict[str, Any]:
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, dict) else {}


def _str(parent: dict[str, Any], name: str) -> str:
    value = parent.get(name)
    return clean(value) if isinstance(value, str) else ""
