"""Long words made short for a line or a card (缩略): cut between words, never inside a number.

``6-2-402`` cut after ``6-2-4`` would be another door, and no filter would know it for a room any
more. So a number with what belongs to it (号楼, 单元, 室) stays whole or goes whole, and a cut that
falls shortly behind the end of a clause is made there. Called by ``handlers.loop``, ``shown`` and
others that put words into a line, and by ``bot.wecom.cuts`` for what WeCom has no room for.
"""

import re
from collections.abc import Callable

_END = "…"
_D = r"[0-9A-Za-z*＊零〇一二三四五六七八九十百千万两幺]"
_UNIT = r"号楼|号院|号房|单元|公里|分钟|小时|[栋幢座室层楼号户弄巷组元块点分秒月日年米#]"
# Each part needs its joint, so there is one way only to read a run.
_WHOLE = re.compile(rf"{_D}+(?:(?:{_UNIT}|[-–—~.:：/@]){_D}+)*(?:{_UNIT})?")
_BREAKS = "。！？；，、,;!? "
# Names of kept files tell people nothing.
_KEPT = re.compile(r"\[(图片|语音|视频|文件|附件) [^\]]*\]")
_FILE = re.compile(r"(\[(?:图片|语音|视频|文件|附件) [^\]]*\])")


def one_line(words: str) -> str:
    """``words`` on one line, of kept files only what they are."""
    return " ".join(_KEPT.sub(r"[\1]", words).split())


def around_kept(words: str, change: Callable[[str], str]) -> str:
    """``words`` with everything changed but the names of kept files."""
    pieces = _FILE.split(words)
    return "".join(one if place % 2 else change(one) for place, one in enumerate(pieces))


def short(words: str, most: int) -> str:
    """``words``, or their beginning and ``…``, together at most ``most`` characters."""
    if len(words) <= most:
        return words
    at = before_number(words, most - len(_END))
    clause = max(words.rfind(mark, 0, at) for mark in _BREAKS)
    if clause > 0 and clause >= at - max(2, most // 4):
        at = clause
    return words[:at].rstrip(_BREAKS) + _END


def before_number(words: str, at: int) -> int:
    """``at``, or where the number begins that it would cut; words of one long number are cut."""
    for found in _WHOLE.finditer(words):
        if found.start() >= at:
            break
        if found.end() > at:
            return found.start() or at
    return at
