"""What 微信客服 tells us, as events: rows of ``sync_msg`` in, ``Found`` out.

The customer's words become ``Heard``; a tap on a menu of ours counts as what it stands for. System
events tell who entered, what did not arrive and who holds the session. What a servicer wrote is not
ours to hear; it only shows that a human speaks.
Source: https://developer.work.weixin.qq.com/document/path/94670.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from bot.door_events import Bounced
from bot.events import Event, Heard, Joined, Media, ReplyHandle
from bot.wecom.cuts import clean, geo
from bot.wecom.frames import moment_of
from bot.wecom.kf_budget import ENDED, HUMAN, Found
from bot.wecom.kf_words import SAYS

_log = logging.getLogger(__name__)
DOOR = "kf"
WELCOME_LIFE = timedelta(seconds=20)
_CUSTOMER, _SYSTEM, _SERVICER = 3, 4, 5
_BUDGET_GONE = {4, 6}  # fail_type: older than 48 hours, more than five
_MOST_REASONS = 99  # what is no such number is 0, as WeCom itself calls what it does not know
_FILES = ("image", "voice", "video", "file")


def chat_of(account: str, customer: str) -> str:
    """The conversation of one customer at one account."""
    return f"{DOOR}:{account}:{customer}"


def account_of(customer: str) -> str:
    """Who she is to us: this door's account, and nobody else's until she says so herself.

    WeCom may know the same person by the same id in a group; nothing follows from it.
    """
    return f"{DOOR}:{customer}"


def found_of(row: dict[str, Any], account: str, now: datetime) -> Found | None:
    """What a row of ``sync_msg`` tells; None when nobody has to know."""
    msgid, origin = _str(row, "msgid"), row.get("origin")
    event = row.get("event")
    inner: dict[str, Any] = event if isinstance(event, dict) else {}
    account = _str(row, "open_kfid") or _str(inner, "open_kfid") or account
    customer = _str(row, "external_userid") or _str(inner, "external_userid")
    if not msgid or not customer:
        _log.info("kf row ignored msgtype=%.40s", row.get("msgtype"))
        return None
    chat, at = chat_of(account, customer), moment_of(row.get("send_time"), now)
    if origin == _CUSTOMER:
        said = _heard(row, msgid, chat, customer, at)
        return Found(chat=chat, at=at, event=said, spoke=True)
    if origin == _SERVICER:
        return Found(chat=chat, at=at, state=HUMAN)
    return _happened(inner, msgid, chat, customer, at) if origin == _SYSTEM else None


def _heard(row: dict[str, Any], msgid: str, chat: str, customer: str, at: datetime) -> Heard | None:
    said = _said(row)
    if said is None:
        _log.info("kf message ignored msgtype=%.40s", row.get("msgtype"))
        return None
    return Heard(key=f"kf:{msgid}", at=at, chat=chat, by=account_of(customer), door=DOOR, **said)


def _said(row: dict[str, Any]) -> dict[str, Any] | None:
    """Text, quote and media of a message; None for a type that we do not know."""
    msgtype = _str(row, "msgtype")
    found = row.get(msgtype)
    inner: dict[str, Any] = found if isinstance(found, dict) else {}
    if msgtype == "text":
        menu = _str(inner, "menu_id")
        words = menu.removeprefix(SAYS) if menu.startswith(SAYS) else _str(inner, "content")
        return {"text": words}
    if msgtype in _FILES:
        medium = Media(kind=msgtype, media_id=_str(inner, "media_id"))
        return {"text": "", "media": (medium,)}
    if msgtype == "location":
        place = Media(kind="location", url=geo(inner.get("latitude"), inner.get("longitude")))
        names = dict.fromkeys(filter(None, (_str(inner, "address"), _str(inner, "name"))))
        return {"text": " ".join(names), "media": (place,)}
    if msgtype == "link":
        words = "\n".join(filter(None, (_str(inner, "title"), _str(inner, "desc"))))
        return {"text": "", "quote": words, "media": (Media(kind="link", url=_str(inner, "url")),)}
    return None


def _happened(
    inner: dict[str, Any], msgid: str, chat: str, customer: str, at: datetime
) -> Found | None:
    name = _str(inner, "event_type")
    if name == "enter_session":
        return Found(chat=chat, at=at, event=_entered(inner, msgid, chat, customer, at))
    if name == "msg_send_fail":
        return _failed(inner, msgid, chat, at)
    if name == "session_status_change":
        return Found(chat=chat, at=at, state=_state_after(inner))
    _log.info("kf event without an act event=%.40s", name)
    return None


def _entered(inner: dict[str, Any], msgid: str, chat: str, customer: str, at: datetime) -> Event:
    code = _str(inner, "welcome_code")
    reply = ReplyHandle(kind="welcome", token=code, until=at + WELCOME_LIFE) if code else None
    return Joined(
        key=f"kf:{msgid}",
        at=at,
        chat=chat,
        by=account_of(customer),
        door=DOOR,
        reply=reply,
        scene=_str(inner, "scene_param"),
        greet=bool(code),
    )


def _failed(inner: dict[str, Any], msgid: str, chat: str, at: datetime) -> Found:
    given = inner.get("fail_type")
    why = int(given) if isinstance(given, int) and 0 <= given <= _MOST_REASONS else 0
    event = Bounced(
        key=f"kf:{msgid}", at=at, chat=chat, msgid=_str(inner, "fail_msgid"), why=f"fail {why}"
    )
    return Found(chat=chat, at=at, event=event, shut=why in _BUDGET_GONE)


def _state_after(inner: dict[str, Any]) -> int | None:
    """1 out of the pool, 2 handed over, 4 taken up again: a human; 3: it ended."""
    change = inner.get("change_type")
    if change == 3:
        return ENDED
    return HUMAN if change in (1, 2, 4) else None


def _str(parent: dict[str, Any], name: str) -> str:
    value = parent.get(name)
    return clean(value) if isinstance(value, str) else ""
