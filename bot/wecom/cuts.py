"""Lengths and escapes (裁切、转义): what fits WeCom's fields and does nothing there.

A cut never splits a character, not even one made of several code points, and shows itself by
``…``. Escapes are look-alikes in full width, because WeCom's markdown knows no backslash.
Called by ``bot.wecom.cards``, the lanes, and handlers that put resident text into a sentence.
"""

import re
import unicodedata

from bot import shortening

_MORE = "…"
_JOINER = "\u200d"
_TAG = re.compile(r"<(?=[@/!?a-zA-Z])")
_SCHEME = re.compile(r"(?<=[a-zA-Z]):(?=//)")
_MENTION_ALL = re.compile(r"@(?=\s*(?:all\b|所有人))", re.IGNORECASE)
_HEADING = re.compile(r"^([ \t]*)(#+|>+)", re.MULTILINE)
_MARKS = re.compile(r"[<\]`*~#>]")  # whatever ``plain`` changes holds one of them
_WIDE = str.maketrans({"`": "｀", "*": "＊", "~": "～"})
_WIDE_HEAD = str.maketrans({"#": "＃", ">": "＞"})


def clean(text: str) -> str:
    """The text without what no database and no JSON reader takes: lone surrogates and NUL."""
    if not text.isascii():  # most ids are; this runs for every field of every frame
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "")


def geo(latitude: object, longitude: object) -> str:
    """``geo:31.2,121.4``; empty where one of them is none (words, no number, off the globe)."""
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    return f"geo:{north},{east}" if north is not None and east is not None else ""


def cut_chars(text: str, limit: int) -> str:
    """At most ``limit`` characters (字); a longer text ends with ``…``, never inside a number."""
    if len(text) <= limit:
        return text
    return text[: _border(text, shortening.before_number(text, limit - 1))] + _MORE


def cut_bytes(text: str, limit: int) -> str:
    """At most ``limit`` bytes of UTF-8 (at least 3); a longer text ends with ``…``."""
    if len(text.encode()) <= limit:
        return text
    return _fitting(text, limit - len(_MORE.encode())) + _MORE


def parts_of(text: str, limit: int, most: int) -> list[str]:
    """The text in at most ``most`` parts of ``limit`` bytes, parted at line borders.

    Where that would leave a part half empty, a line is parted between characters; only what does
    not fit into the last part is cut off.
    """
    parts: list[str] = []
    rest = text
    while len(parts) < most - 1 and len(rest.encode()) > limit:
        head = _fitting(rest, limit)
        border = head.rfind("\n") + 1
        head = head[:border] if 2 * border > len(head) else head
        parts.append(head.rstrip("\n"))
        rest = rest[len(head) :]
    return [part for part in (*parts, cut_bytes(rest, limit)) if part]


def escape(text: str) -> str:
    """Words of a resident, harmless in every door: no tag, no link, no mention, no markdown.

    Handlers use it on whatever people wrote before it becomes part of a sentence.
    """
    return _MENTION_ALL.sub("＠", _SCHEME.sub("：", plain(text)))


def plain(text: str) -> str:
    """A sentence that markdown shows as it is; web addresses of our own keep working."""
    if _MARKS.search(text) is None:
        return text
    inert = no_tags(text).replace("](", "］(").translate(_WIDE)
    return _HEADING.sub(lambda found: found[1] + found[2].translate(_WIDE_HEAD), inert)


def no_tags(text: str) -> str:
    """No ``<a``, ``<font>``, ``<@all>``: the sign that opens a tag is written in full width."""
    return _TAG.sub("＜", text)


def _fitting(text: str, limit: int) -> str:
    """The longest beginning of at most ``limit`` bytes that ends between characters."""
    head = text.encode()[:limit].decode(errors="ignore")
    return text[: _border(text, len(head))]


def _border(text: str, at: int) -> int:
    """The nearest place at or before ``at`` where a character as people see it ends."""
    place = at
    while 0 < place < len(text) and _sticks(text[place - 1], text[place]):
        place -= 1
    return place or at


def _sticks(left: str, right: str) -> bool:
    return (
        right == _JOINER
        or left == _JOINER
        or "\U0001f3fb" <= right <= "\U0001f3ff"
        or _both_flags(left, right)
        or unicodedata.category(right) in {"Mn", "Me", "Mc"}
    )


def _both_flags(left: str, right: str) -> bool:
    return all("\U0001f1e6" <= sign <= "\U0001f1ff" for sign in (left, right))


def _degrees(value: object, most: int) -> float | None:
    """The number; None for what is no place on the globe, which (0, 0) would be."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) <= most else None
