"""What we say to a WeChat customer, as bodies of ``kf/send_msg``: a text or a menu.

One message, whatever its length: parts would eat the budget. A choice's id carries what she would
type, so that a tap comes back as her answer. Menus hold ten choices.
Source: https://developer.work.weixin.qq.com/document/path/94677 and 95122.
"""

import hashlib
from typing import Any

from bot.messages import Text
from bot.wecom.cuts import clean, cut_bytes, no_tags

SAYS = "say:"
TEXT_BYTES, HEAD_BYTES, CHOICE_BYTES, MOST_CHOICES = 2048, 1024, 128, 10


def body_of(message: Text) -> dict[str, Any]:
    """Msgtype and content."""
    words = no_tags(clean(message.text)) or "…"
    if not message.choices:
        return {"msgtype": "text", "text": {"content": cut_bytes(words, TEXT_BYTES)}}
    items = [
        {
            "type": "click",
            "click": {"id": f"{SAYS}{said}", "content": cut_bytes(shown, CHOICE_BYTES)},
        }
        for said, shown in message.choices[:MOST_CHOICES]
    ]
    menu = {"head_content": cut_bytes(words, HEAD_BYTES), "list": items}
    return {"msgtype": "msgmenu", "msgmenu": menu}


def msgid_of(key: str) -> str:
    """32 hex digits that stand for an outgoing key: WeCom delivers each id once."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
