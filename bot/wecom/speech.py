"""What a robot says, as frame bodies (智能机器人的话): pure, shared by socket and callback.

Texts are sentences, so markdown is made inert; the longest are parted at line borders. Nothing
here knows whether there is still a right to answer; the two lanes decide that.
Source: https://developer.work.weixin.qq.com/document/path/101031, 101138 and 101463.
"""

import hashlib
from typing import Any

from bot.messages import Card, CardUpdate
from bot.wecom.cards import ROBOT, greyed, template_card
from bot.wecom.cuts import clean, cut_bytes, no_tags, parts_of, plain
from bot.wecom.errors import Refusal

TEXT_BYTES = 20480
_MOST_PARTS = 3


def text_parts(text: str) -> list[str]:
    """A sentence as markdown that shows it as it is, in parts a robot may send."""
    return parts_of(plain(clean(text)) or "…", TEXT_BYTES, _MOST_PARTS)


def markdown(text: str) -> dict[str, Any]:
    """A push or a response_url answer; cut where it is too long for one."""
    return {"msgtype": "markdown", "markdown": {"content": cut_bytes(text, TEXT_BYTES)}}


def stream(stream_id: str, text: str) -> dict[str, Any]:
    """A finished answer; the same id again changes the message instead of doubling it."""
    said = {"id": stream_id, "finish": True, "content": text}
    return {"msgtype": "stream", "stream": said}


def welcome(text: str) -> dict[str, Any]:
    """The greeting of somebody who opens the chat; plain text, no markdown."""
    said = cut_bytes(no_tags(clean(text)) or "…", TEXT_BYTES)
    return {"msgtype": "text", "text": {"content": said}}


def card(message: Card, url: str) -> dict[str, Any]:
    """A new card. Raises: Refusal."""
    return {"msgtype": "template_card", "template_card": template_card(message, ROBOT, url)}


def update(message: CardUpdate, url: str) -> dict[str, Any]:
    """The answer to a click; without ``userids`` everybody in the chat sees the new card.

    A robot cannot grey buttons; with a ``replace_text`` they are left out. Raises: Refusal.
    """
    return {
        "response_type": "update_template_card",
        "template_card": template_card(greyed(message), ROBOT, url),
    }


def receiver_of(chat: str, single_prefix: str) -> dict[str, Any]:
    """``chatid`` and ``chat_type`` of a conversation. Raises: Refusal when it is not a robot's."""
    if chat.startswith(f"{single_prefix}:"):
        return {"chatid": chat.removeprefix(f"{single_prefix}:"), "chat_type": 1}
    if ":" in chat:
        raise Refusal("this conversation belongs to another door")
    return {"chatid": chat, "chat_type": 2}


def digest_of(key: str) -> str:
    """Twenty-four hex digits that stand for an outgoing key, the same at every try."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]
