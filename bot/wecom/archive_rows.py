"""What stands in an opened row of the archive (解开的消息): JSON in, our values out.

Three actions (send, recall, switch) and more than twenty types; what nobody has to read becomes
``Nothing`` with one word of why, so that it can be counted. The archive knows no mention and no
quote: "@小警" is text. Moments are milliseconds. Whether a row may be read at all is not decided
here but in ``bot.engine.archive_sieve``.
Source: https://developer.work.weixin.qq.com/document/path/91774.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.events import Media
from bot.wecom.archive import Unreadable
from bot.wecom.cuts import clean, geo

_MOST_ITEMS = 50
_LATEST_MS = 4_102_444_800_000  # 2100: whatever is later is no moment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Who, when and where; ``room`` is empty in a 1:1 chat, ``to`` are the others in it."""

    msgid: str
    at: datetime
    by: str
    room: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(_Place):
    """Somebody said or sent something."""

    text: str = ""
    quote: str = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(_Place):
    """Somebody took back the message ``of``."""

    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A person agreed to the archive, or refused it."""

    by: str
    at: datetime
    agreed: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """A row that nobody has to act on; ``why`` is one word."""

    why: str


Line = Said | Recall | Consent | Nothing


def line_in(text: str, now: datetime) -> Line:
    """What an opened row says; a moment that is none becomes ``now``.

    Raises: Unreadable, when it is not a message at all.
    """
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Unreadable("not_json") from fault
    if not isinstance(body, dict):
        raise Unreadable("not_json")
    if _str(body, "action") == "switch":
        return Nothing("switch")
    by, msgid, kind = _str(body, "from"), _str(body, "msgid"), _str(body, "msgtype")
    if not by or not msgid or not kind:
        raise Unreadable("no_sender")
    place: dict[str, Any] = {
        "msgid": msgid,
        "at": moment_of_ms(body.get("msgtime"), now),
        "by": by,
        "room": _str(body, "roomid"),
        "to": _names(body.get("tolist")),
    }
    if kind == "revoke" or _str(body, "action") == "recall":
        of = _str(_dict(body, "revoke"), "pre_msgid")
        return Recall(of=of, **place) if of else Nothing("revoke_of_nothing")
    if kind in ("agree", "disagree"):
        return _consent(_dict(body, kind), kind, place["at"], by)
    return _said(body, kind, place)


def moment_of_ms(stamp: Any, now: datetime) -> datetime:
    """The moment of a stamp in milliseconds (also one written as text), else ``now``."""
    try:
        number = int(stamp)
    except (TypeError, ValueError, OverflowError):
        return now
    if not 0 < number < _LATEST_MS:
        return now
    return datetime.fromtimestamp(number / 1000, UTC)


def _consent(part: dict[str, Any], kind: str, at: datetime, by: str) -> Consent:
    """Who agrees stands in ``userid``; where it is missing, it is the sender."""
    stamp = part.get("agree_time") or part.get("disagree_time")
    who = _str(part, "userid") or by
    return Consent(by=who, at=moment_of_ms(stamp, at), agreed=kind == "agree")


def _said(body: dict[str, Any], kind: str, place: dict[str, Any]) -> Line:
    if kind == "mixed":
        items = _dict(body, kind).get("item")
        parts = [_item(one) for one in items[:_MOST_ITEMS]] if isinstance(items, list) else []
    else:
        parts = [_content(kind, _dict(body, kind))]
    known = [part for part in parts if part is not None]
    if not known:
        return Nothing(f"type_{kind[:40]}")
    text = "\n".join(part.text for part in known if part.text)
    quote = "\n".join(part.quote for part in known if part.quote)
    media = tuple(medium for part in known for medium in part.media)
    if not text and not quote and not media:
        return Nothing("empty")
    return Said(text=text, quote=quote, media=media, **place)


@dataclass(frozen=True, slots=True)
class _Content:
    text: str = ""
    quote: str = ""
    media: tuple[Media, ...] = ()


def _content(kind: str, part: dict[str, Any]) -> _Content | None:
    """Text, quote and media of one type; None for a type that opens nothing."""
    match kind:
        case "text":
            return _Content(_str(part, "content"))
        case "image" | "voice" | "video" | "file":
            file_id = _str(part, "sdkfileid")
            media = (Media(kind=kind, media_id=file_id),) if file_id else ()
            return _Content(quote=_str(part, "filename"), media=media)
        case "location":
            url = geo(part.get("latitude"), part.get("longitude"))
            words = " ".join(filter(None, (_str(part, "address"), _str(part, "title"))))
            return _Content(words, media=(Media(kind="location", url=url),))
        case "link":
            words = "\n".join(filter(None, (_str(part, "title"), _str(part, "description"))))
            return _Content(quote=words, media=(Media(kind="link", url=_str(part, "link_url")),))
        case "chatrecord":
            return _Content(quote=_record(part))
        case _:
            return None


def _item(item: Any) -> _Content | None:
    """A part of a mixed message or of a forwarded record: its content is JSON inside JSON."""
    if not isinstance(item, dict):
        return None
    kind = _str(item, "type").removeprefix("ChatRecord").lower()
    content = item.get("content")
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            content = {"content": content}
    return _content(kind, content) if isinstance(content, dict) and kind != "chatrecord" else None


def _record(part: dict[str, Any]) -> str:
    """What was forwarded is somebody else's words: a quote, its title first."""
    items = part.get("item")
    parts = [_item(one) for one in items[:_MOST_ITEMS]] if isinstance(items, list) else []
    words = [part.text for part in parts if part is not None and part.text]
    return "\n".join(filter(None, (_str(part, "title"), *words)))


def _names(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else []
    return tuple(name for name in names if isinstance(name, str))


def _dict(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _str(parent: dict[str, Any], name: str) -> str:
    value = parent.get(name)
    return clean(value) if isinstance(value, str) else ""
