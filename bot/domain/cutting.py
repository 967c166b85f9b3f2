"""Cuts off what the sender did not say herself (去掉引用、转发、@): her own words are read.

WeCom puts quotes, mentions and forwards into the text. What is cut is not lost: the danger scan
looks at it too, and only lowers what it finds there to 疑似. Called by ``bot.domain.reading``.
"""

import re
from dataclasses import dataclass

_QUOTE = re.compile(r"^\s*[「“\"']?[^\n「」]{0,30}[::][\s\S]{0,4000}?[」”]\s*\n?[-— ]{5,}\n?")
_BLOCK_QUOTE = re.compile(r"「[^「」\n]{1,30}[::][^「」]{0,4000}」\s*(?:[-— ]{5,})?")
_ARROW_QUOTE = re.compile(r"^(?:[>＞][^\n]*\n)+")
_MENTION = re.compile(r"@[^\s@,，。!！?？:：]{1,20}[\s\u2005\u00a0]?")
_LINK = re.compile(r"https?://[^\s，。）)]+")
_FORWARD = re.compile(r"^\s*(?:【\s*(?:转发|转|转载|扩散)\s*】|(?:转发|转载|扩散|转)\s*[::])")
_CHAT_RECORD = re.compile(r"\[(?:聊天记录|链接|小程序|文件|位置|名片)\]")


@dataclass(frozen=True, slots=True)
class Cut:
    """``own`` words of the sender, ``quoted`` ones, and whether she passes something on."""

    own: str
    quoted: str
    is_forward: bool


def cut(text: str) -> Cut:
    """Split ``text`` into own and quoted words; keeps everything when nothing else would remain."""
    quoted: list[str] = []

    def take(found: re.Match[str]) -> str:
        quoted.append(found.group())
        return " "

    own = text
    for pattern in (_QUOTE, _BLOCK_QUOTE, _ARROW_QUOTE):
        own = pattern.sub(take, own, count=1)
    own = _MENTION.sub(" ", own)
    is_forward = bool(_FORWARD.match(own) or _CHAT_RECORD.search(own))
    own = _FORWARD.sub("", _CHAT_RECORD.sub(" ", _LINK.sub(" ", own)), count=1).strip()
    return Cut(own, "\n".join(quoted).strip(), is_forward)
