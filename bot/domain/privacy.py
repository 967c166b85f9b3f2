"""Hides phones, ID numbers, plates, bank cards and e-mail addresses (隐私遮盖).

``mask`` is what search, journal and every listener see; the original lies sealed in storage.
Order matters: an ID number holds a card-like run, a card holds a phone-like run. Too much is
hidden rather than too little, but never a house or room number. ``reveals`` names what was
found, so that the sender can be told in private. Source: field.md §3.9; GB 11643 for checksums.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.words import Normal, Span, normalise

_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
_GAP = r"[ \-—·.]?"
_HAN_DIGIT = "[零〇一二三四五六七八九幺两]"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of personal number: how it looks, how many characters stay at both ends."""

    name: str
    pattern: re.Pattern[str]
    left: int
    right: int


def _digits(value: str) -> str:
    return re.sub(r"[^0-9x]", "", value)


def has_id_checksum(number: str) -> bool:
    """True when the 18th character of an ID number is the right one (GB 11643)."""
    if not re.fullmatch(r"\d{17}[\dx]", number.lower()):
        return False
    total = sum(int(c) * w for c, w in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17].lower()


def has_luhn(number: str) -> bool:
    """True when the check digit of a card number fits (Luhn)."""
    total = 0
    for place, char in enumerate(reversed(number)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return bool(number) and total % 10 == 0


_BIRTH = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SHORT_BIRTH = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_KINDS = (
    _Kind(
        "身份证号",
        re.compile(rf"(?<![\da-z])[1-9]\d{{5}}{_GAP}{_BIRTH}{_GAP}\d{{3}}[\dx](?![\da-z])"),
        1,
        1,
    ),
    _Kind(
        "身份证号", re.compile(rf"(?<![\da-z])[1-9]\d{{5}}{_SHORT_BIRTH}\d{{3}}(?![\da-z])"), 1, 1
    ),
    _Kind(
        "银行卡号", re.compile(r"(?<!\d)[3-9]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"), 0, 4
    ),
    _Kind(
        "手机号",
        re.compile(rf"(?<![\d])(?:(?:\+|00)?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)"),
        3,
        4,
    ),
    _Kind(
        "手机号", re.compile(rf"(?<!{_HAN_DIGIT})[一幺]{_HAN_DIGIT}{{10}}(?!{_HAN_DIGIT})"), 1, 2
    ),
    _Kind(
        "电话号码",
        re.compile(
            r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3})[ -]?[2-8]\d{2,3}[ -]?\d{4}(?:-\d{1,4})?(?!\d)"
        ),
        4,
        2,
    ),
    _Kind("电话号码", re.compile(r"(?<!\d)[48]00[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"), 3, 2),
    _Kind(
        "电话号码", re.compile(r"(?:\+|(?<!\d)00)\d{1,3}(?:[ .\-]?\(?\d{1,4}\)?){2,6}(?!\d)"), 3, 2
    ),
    _Kind("电话号码", re.compile(r"(?<!\d)\(?\d{3}\)?[ .\-]\d{3}[.\-]\d{4}(?!\d)"), 3, 2),
    _Kind("长串号码", re.compile(r"(?<!\d)\d{12,}(?!\d)"), 2, 2),
    _Kind(
        "车牌号",
        re.compile(
            rf"[{_PROVINCES}][a-z][ ·.\-]?(?:[a-hj-np-z0-9]{{4}}[a-hj-np-z0-9挂学警港澳]"
            r"|[df][a-hj-np-z0-9]\d{4}|\d{5}[df])(?![a-z0-9])"
        ),
        2,
        1,
    ),
    _Kind(
        "邮箱",
        re.compile(
            r"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+"
        ),
        1,
        4,
    ),
)
_PASSES = 4


def mask(text: str) -> str:
    """``text`` with every personal number starred; the rest is left as it was typed."""
    for _ in range(_PASSES):
        normal = normalise(text)
        spans = list(_spans(normal.text))
        if not spans:
            break
        text = _starred(text, normal, spans)
    return text


def reveals(text: str) -> tuple[str, ...]:
    """The kinds of personal data in ``text`` (手机号, 身份证号 …), each once, in order."""
    return tuple(dict.fromkeys(kind.name for _, kind in _spans(normalise(text).text)))


def without_numbers(text: str) -> str:
    """Normalised ``text`` with personal numbers blanked out, same length; for the place grammar."""
    chars = list(text)
    for (start, end), _ in _spans(text):
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _spans(text: str) -> Iterator[tuple[Span, _Kind]]:
    """Where personal numbers stand in normalised text; the first kind that fits keeps its place."""
    if not _MAY_HOLD.search(text):
        return
    taken: list[tuple[Span, _Kind]] = []
    for kind in _KINDS:
        for found in kind.pattern.finditer(text):
            start, end = found.span()
            if kind.name == "银行卡号" and not has_luhn(_digits(found.group())):
                continue
            if all(end <= s or start >= e for (s, e), _ in taken):
                taken.append(((start, end), kind))
    yield from sorted(taken, key=lambda item: item[0])


_MAY_HOLD = re.compile(rf"\d{{3}}|@|[{_PROVINCES}][a-z]|{_HAN_DIGIT}{{11}}")


def _starred(text: str, normal: Normal, spans: list[tuple[Span, _Kind]]) -> str:
    pieces: list[str] = []
    done = 0
    for (start, end), kind in spans:
        raw_start, raw_end = normal.raw_span((start, end))
        if raw_start < done:
            continue
        value = normal.text[start:end]
        hidden = "*" * max(4, len(value) - kind.left - kind.right)
        tail = value[len(value) - kind.right :] if kind.right else ""
        pieces += [text[done:raw_start], value[: kind.left].upper(), hidden, tail.upper()]
        done = raw_end
    pieces.append(text[done:])
    return "".join(pieces)
