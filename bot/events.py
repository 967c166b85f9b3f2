"""What can happen (事件): one frozen value per thing that happened; there is no second road.

Doors, the clock and the pages make these values and hand them to ``bot.engine.listener``; the
worker hands them to ``handlers.handle``. ``pack`` and ``unpack`` turn them into JSON for the inbox.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any

from bot.door_events import (
    Alarmed,
    Bounced,
    Deed,
    Filed,
    GroupChange,
    Learned,
    OrderSeen,
    Paged,
    Proposed,
    Recalled,
    Regrouped,
)
from bot.lines import line_of
from config.vocabulary import Act

_VERSION = re.compile(r"[0-9]{1,9}")
_LINE = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyHandle:
    """A right to answer this one event: ``kind`` says through which call, ``until`` for how long.

    kind: ``req`` socket req_id of a message (24 h) · ``welcome`` / ``update`` socket req_id of an
    event (5 s) · ``passive`` the HTTP response itself (4 s; token = event key) · ``url``
    response_url (1 h, once) · ``code`` response_code of an app card (72 h, once).
    """

    kind: str
    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, voice, video or file that came with a message; fetched by its door."""

    kind: str
    url: str = ""
    aes_key: str = ""
    media_id: str = ""


OVERHEARD = "archive"
"""The door through which the bot hears what nobody says to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Somebody said something in ``chat``; ``text`` still holds the mention as typed."""

    key: str
    at: datetime
    chat: str
    by: str
    door: str
    text: str
    quote: str = ""
    media: tuple[Media, ...] = ()
    reply: ReplyHandle | None = None

    @property
    def line(self) -> str:
        """Order key: events of one conversation are handled one after the other."""
        return line_of(self.chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked:
    """Somebody pressed a button of a card; ``button`` is the packed key of ``ButtonKey``."""

    key: str
    at: datetime
    chat: str
    by: str
    door: str
    task_id: str
    button: str
    selected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reply: ReplyHandle | None = None

    @property
    def line(self) -> str:
        """The home line of the ticket when the button carries it, else the presser's chat."""
        packed = ButtonKey.unpack(self.button)
        return packed.line if packed else line_of(self.chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A person asked for an act by text or on a page; the same as pressing its button."""

    key: str
    at: datetime
    chat: str
    by: str
    door: str
    act: Act
    ticket: str
    text: str = ""
    reply: ReplyHandle | None = None

    @property
    def line(self) -> str:
        """Order key of the conversation it was said in."""
        return line_of(self.chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody opened the 1:1 chat (enter_chat, subscribe) or a group met the bot.

    ``scene`` names the poster that led there (``grid.estate.building``); without ``greet`` no
    program may speak there yet.
    """

    key: str
    at: datetime
    chat: str
    by: str
    door: str
    reply: ReplyHandle | None = None
    scene: str = ""
    greet: bool = True

    @property
    def line(self) -> str:
        """Order key of the conversation."""
        return line_of(self.chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer row fell due; ``data`` is what ``turn.set_timer`` stored."""

    key: str
    at: datetime
    line: str
    timer: int
    kind: str
    ticket: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A cron hour came; ``job`` names it."""

    key: str
    at: datetime
    job: str

    @property
    def line(self) -> str:
        """All cron jobs share one line."""
        return line_of("cron:")


Event = (
    Heard
    | Clicked
    | Ordered
    | Joined
    | Bounced
    | Due
    | Scheduled
    | Recalled
    | Alarmed
    | Filed
    | Learned
    | OrderSeen
    | Regrouped
    | Paged
    | Proposed
)
_KINDS: dict[str, type[Any]] = {
    cls.__name__.lower(): cls
    for cls in (
        Heard,
        Clicked,
        Ordered,
        Joined,
        Bounced,
        Due,
        Scheduled,
        Recalled,
        Alarmed,
        Filed,
        Learned,
        OrderSeen,
        Regrouped,
        Paged,
        Proposed,
    )
}


@dataclass(frozen=True, slots=True)
class ButtonKey:
    """What a card's button carries: act, ticket number, ticket version and home line."""

    act: str
    number: str
    version: int
    line: str

    def pack(self) -> str:
        """``act|number|version|line``, at most 128 bytes."""
        return f"{self.act}|{self.number}|{self.version}|{self.line}"

    @classmethod
    def unpack(cls, packed: str) -> "ButtonKey | None":
        """The parts, or None when the key is not one of ours."""
        parts = packed.split("|")
        if len(parts) != 4 or not _VERSION.fullmatch(parts[2]) or not _LINE.fullmatch(parts[3]):
            return None
        return cls(parts[0], parts[1], int(parts[2]), parts[3])


def words_of(event: Event) -> str:
    """What people said in it, looked through for danger before its turn; empty for most kinds."""
    if isinstance(event, Filed | OrderSeen):
        return event.words
    return event.text if isinstance(event, Heard) else ""


def media_names(event: Heard) -> list[str]:
    """Under which names the pictures of a message are kept: the same whenever it is asked."""
    seeds = (f"{event.key}:{index}" for index in range(len(event.media)))
    return [hashlib.sha256(seed.encode()).hexdigest()[:24] for seed in seeds]


def pack(event: Event) -> str:
    """JSON text of an event for the inbox's sealed payload."""
    body = {"_": type(event).__name__.lower(), **_fields_of(event)}
    return _ENCODER.encode(body)


def unpack(text: str) -> Event:
    """The event that ``pack`` wrote.

    Raises: KeyError, TypeError, ValueError when the text is not a packed event.
    """
    body = json.loads(text)
    cls = _KINDS[body.pop("_")]
    known = {f.name for f in fields(cls)}
    values = {name: value for name, value in body.items() if name in known}
    values["at"] = datetime.fromisoformat(values["at"])
    if values.get("reply"):
        values["reply"] = _handle(values["reply"])
    if "media" in values:
        values["media"] = tuple(Media(**m) for m in values["media"])
    for name in {"notes", "staff"} & values.keys():
        values[name] = tuple(values[name])
    for name, kind in (("change", GroupChange), ("deed", Deed), ("act", Act)):
        if name in values:
            values[name] = kind(values[name])
    if isinstance(values.get("until"), str):
        values["until"] = datetime.fromisoformat(values["until"])
    if "selected" in values:
        values["selected"] = {k: tuple(v) for k, v in values["selected"].items()}
    event: Event = cls(**values)
    return event


def _handle(value: dict[str, Any]) -> ReplyHandle:
    return ReplyHandle(
        kind=value["kind"], token=value["token"], until=datetime.fromisoformat(value["until"])
    )


def _fields_of(value: Any) -> dict[str, Any]:
    """Its fields as they are; ``asdict`` would copy each of them, which costs ten times this."""
    return {name: getattr(value, name) for name in value.__slots__}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return _fields_of(value)
    raise TypeError(f"cannot pack {type(value).__name__}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_plain)
