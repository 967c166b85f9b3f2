"""What a resident types to bind her accounts (绑定的话): 绑定, 解绑, or the six digits of a code.

The whole message must be that; a report that holds such a word stays a report. Called by
``handlers.binding``.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

DIGITS = 6


class Wanted(StrEnum):
    """What is asked for."""

    CODE = "code"  # 绑定
    TIE = "tie"  # six digits
    UNTIE = "untie"  # 解绑


@dataclass(frozen=True, slots=True)
class Said:
    """``code`` are the six digits, empty for the other two."""

    wanted: Wanted
    code: str = ""


_ASKS = frozenset({"绑定", "我要绑定", "绑定账号", "账号绑定", "绑定一下"})
_UNDOES = frozenset({"解绑", "我要解绑", "解除绑定", "取消绑定", "解绑账号"})
_CODE = re.compile(r"(?:绑定码|绑定|验证码)?\s*[:：]?\s*((?:[0-9][\s-]?){5}[0-9])[。.!！]?")


def said_in(text: str) -> Said | None:
    """What the whole message asks for, or None."""
    words = unicodedata.normalize("NFKC", text).strip()
    bare = words.strip("“”\"'「」。.!！~～ ")
    if bare in _ASKS:
        return Said(Wanted.CODE)
    if bare in _UNDOES:
        return Said(Wanted.UNTIE)
    match = _CODE.fullmatch(bare)
    return Said(Wanted.TIE, re.sub(r"\D", "", match[1])) if match else None
