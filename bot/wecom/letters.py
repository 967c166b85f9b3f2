"""What the app was told, as events (自建应用的来信): WeCom's XML in, our values out.

Messages carry a MsgId; events carry none, so their key is made of who, when, what and which
button (two clicks in one second are two events). Types nobody acts on become None with one log
line. A place becomes a ``geo:`` medium with its label as text; a shared link is a quote, for it
is somebody else's words. Called by ``bot.wecom.app``.
Source: https://developer.work.weixin.qq.com/document/path/90239 and 90240.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any

from bot.door_events import Alarmed, Learned
from bot.events import Clicked, Event, Heard, Joined, Media, ReplyHandle
from bot.lines import line_of
from bot.wecom.cuts import clean, geo
from bot.wecom.frames import Room, many, moment_of

_log = logging.getLogger(__name__)
CODE_LIFE = timedelta(hours=72)
_GREETINGS = ("subscribe", "enter_agent")
_ALARMS = {
    "inactive_alert": "operator_inactive",
    "low_active_alert": "operator_inactive",
    "close_inactive_agent": "operator_closed",
}


def event_of(letter: dict[str, Any], room: Room, now: datetime) -> Event | None:
    """The event in a decrypted callback, or None when nobody has to act on it."""
    by, msgtype = _str(letter, "FromUserName"), _str(letter, "MsgType").lower()
    if not by:
        _log.warning("callback without a sender ignored msgtype=%.40s", msgtype)
        return None
    common: dict[str, Any] = {
        "at": moment_of(letter.get("CreateTime"), now),
        "chat": f"{room.single_prefix}:{by}",
        "by": by,
        "door": room.door,
    }
    if msgtype == "event":
        return _happened(letter, common, now)
    return _heard(letter, msgtype, common)


def _heard(letter: dict[str, Any], msgtype: str, common: dict[str, Any]) -> Heard | None:
    said = _said(letter, msgtype)
    msgid = _str(letter, "MsgId")
    if said is None or not msgid:
        _log.warning("callback ignored msgtype=%.40s", msgtype)
        return None
    return Heard(key=f"app:{msgid}", **said, **common)


def _said(letter: dict[str, Any], msgtype: str) -> dict[str, Any] | None:
    """Text, quote and media of a message; None for a type that we do not know."""
    match msgtype:
        case "text":
            return {"text": _str(letter, "Content")}
        case "image" | "voice" | "video" | "file":
            url, media_id = _str(letter, "PicUrl"), _str(letter, "MediaId")
            spoken = _str(letter, "Recognition")  # of a voice, where the corp has it switched on
            return {"text": spoken, "media": (Media(kind=msgtype, url=url, media_id=media_id),)}
        case "location":
            url = geo(letter.get("Location_X"), letter.get("Location_Y"))
            return {"text": _str(letter, "Label"), "media": (Media(kind="location", url=url),)}
        case "link":
            words = (_str(letter, "Title"), _str(letter, "Description"))
            medium = Media(kind="link", url=_str(letter, "Url"))
            return {"text": "", "quote": "\n".join(filter(None, words)), "media": (medium,)}
        case _:
            return None


def _happened(letter: dict[str, Any], common: dict[str, Any], now: datetime) -> Event | None:
    name = _str(letter, "Event").lower()
    key = _key(letter, name, common["chat"])
    if name == "template_card_event":
        return _clicked(letter, key, common, now)
    if name in _GREETINGS:
        return Joined(key=key, **common)
    if name == "change_contact":
        return _staff_changed(letter, common["at"])
    if name in _ALARMS:
        _log.warning("WeCom warns of the app event=%.40s", name)
        return Alarmed(key=key, at=common["at"], door="app", text=_ALARMS[name])
    _log.info("app event without an act event=%.40s", name)
    return None


def _staff_changed(letter: dict[str, Any], at: datetime) -> Learned | None:
    """Somebody left, or carries another userid; what else changes in a member is not ours.

    Source: /document/path/90970; two members may change within one second.
    """
    what, user, new = (_str(letter, n) for n in ("ChangeType", "UserID", "NewUserID"))
    kinds = {"delete_user": "left", "update_user": "renamed" if new else ""}
    kind = kinds.get(what.lower(), "")
    if not kind or not user:
        return None
    key = f"contact:{_str(letter, 'CreateTime')}:{kind}:{line_of(user.lower() + ':' + new)}"
    data = {"kind": kind, "user": user, "new_user": new}
    return Learned(key=key, at=at, line=line_of("cron:"), what="staff", data=data)


def _clicked(letter: dict[str, Any], key: str, common: dict[str, Any], now: datetime) -> Clicked:
    code = _str(letter, "ResponseCode")
    reply = ReplyHandle(kind="code", token=code, until=now + CODE_LIFE) if code else None
    return Clicked(
        key=key,
        task_id=_str(letter, "TaskId"),
        button=_str(letter, "EventKey"),
        selected=_selected(letter),
        reply=reply,
        **common,
    )


def _selected(letter: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    items = letter.get("SelectedItems")
    chosen: dict[str, tuple[str, ...]] = {}
    for item in many(items.get("SelectedItem") if isinstance(items, dict) else None):
        if isinstance(item, dict):
            ids = item.get("OptionIds")
            options = many(ids.get("OptionId") if isinstance(ids, dict) else None)
            chosen[_str(item, "QuestionKey")] = tuple(o for o in options if isinstance(o, str))
    return chosen


def _key(letter: dict[str, Any], name: str, chat: str) -> str:
    # The key stands in logs: who it was goes into it as the hash of the conversation.
    pressed = hashlib.sha256(_str(letter, "EventKey").encode()).hexdigest()[:12]
    when, task = _str(letter, "CreateTime"), _str(letter, "TaskId")
    return f"app:e:{line_of(chat)}:{when}:{name}:{task}:{pressed}"


def _str(letter: dict[str, Any], name: str) -> str:
    value = letter.get(name)
    return clean(value) if isinstance(value, str) else ""
