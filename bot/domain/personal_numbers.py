"""How personal numbers look (个人号码): phones, IDs, cards, plates, papers, e-mail addresses.

Patterns over normalised text, in the order in which they claim their place: an ID number holds a
card-like run, a card holds a phone-like run. What looks alike and is none (dates, doors) is told
apart by a check. Called by ``bot.domain.privacy`` alone. Source: field.md §3.9; GB 11643; GA 36.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_TRADITIONAL = "晉遼蘇滬閩贛魯粵瓊貴雲陝寧"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
_GAP = r"[ \-—·.]?"
_HAN = "零〇一二三四五六七八九幺两"
_HAN_VALUES = str.maketrans(_HAN, "0012345678912")
_DIGIT = (
    f"[\\d{_HAN}兩\u00b2\u00b3\u00b9\u2070-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3220-\u3229\u3280-\u3289]"
)
_LETTER = r"[^\W\u4e00-\u9fff]"
_SIX_DIGITS = re.compile(rf"{_DIGIT}(?:\W{{0,8}}{_DIGIT}){{5}}")
_AT = re.compile("[@\uff20\ufe6b]")
_LIKE_PLATE = re.compile(
    rf"[{_PROVINCES}{_TRADITIONAL}]\W{{0,8}}{_LETTER}(?:\W{{0,8}}{_LETTER}){{4}}"
)


def may_hold(raw: str) -> bool:
    """True for every raw text that holds a personal number in any form; cheap, and rare else."""
    return bool(_SIX_DIGITS.search(raw) or _AT.search(raw) or _LIKE_PLATE.search(raw))


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


def _digits(value: str) -> str:
    return re.sub(r"[^0-9]", "", value)


def _always(found: str) -> bool:
    return bool(found)


def _is_card(found: str) -> bool:
    """A card number checks by Luhn, or is written in groups of four."""
    return bool(_IN_FOURS.match(found)) or has_luhn(_digits(found))


def _is_mobile_in_han(found: str) -> bool:
    """一三八…: eleven digits, some of them Chinese, that make a mobile number."""
    return bool(_MOBILE.fullmatch(_digits(found.translate(_HAN_VALUES)))) and not found.isascii()


def _is_long(found: str) -> bool:
    return len(_digits(found)) >= _LEAST_ABROAD


def _is_very_long(found: str) -> bool:
    return len(_digits(found)) >= _LEAST_JOINED


def _is_told(found: str) -> bool:
    """At least six digits behind 电话, unless it looks like a door (12-2-1203)."""
    return len(_digits(found)) >= _LEAST_TOLD and not _DOOR.search(found)


def _is_no_date(found: str) -> bool:
    return not _DATE.fullmatch(found)


_LEAST_TOLD, _LEAST_ABROAD, _LEAST_JOINED = 6, 8, 13
_MOBILE = re.compile(r"1[3-9]\d{9}")
_IN_FOURS = re.compile(r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}")
_DOOR = re.compile(r"(?<!\d)\d{1,3}-\d{1,2}-\d{3,4}$")
_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BIRTH = rf"(?:18|19|20)\d{{2}}{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01])"
_SHORT_BIRTH = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"


@dataclass(frozen=True, slots=True)
class PersonalKind:
    """One kind of personal number: how it looks, how many characters stay at both ends."""

    name: str
    pattern: re.Pattern[str]
    left: int
    right: int
    is_one: Callable[[str], bool] = _always


def _kind(
    name: str, pattern: str, left: int, right: int, is_one: Callable[[str], bool] = _always
) -> PersonalKind:
    return PersonalKind(name, re.compile(pattern), left, right, is_one)


KINDS = (
    _kind(
        "身份证号",
        rf"(?<![\da-z])[1-9](?:{_GAP}\d){{5}}{_GAP}{_BIRTH}(?:{_GAP}\d){{3}}{_GAP}[\dx](?![\da-z])",
        1,
        1,
    ),
    _kind("身份证号", rf"(?<![\da-z])[1-9]\d{{5}}{_SHORT_BIRTH}\d{{3}}(?![\da-z])", 1, 1),
    _kind("银行卡号", r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,4}){0,2}(?!\d)", 0, 4, _is_card),
    _kind(
        "手机号",
        rf"(?<!\d)(?:\(?(?:\+|00)?86\)?{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)",
        3,
        4,
    ),
    _kind(
        "手机号",
        rf"(?<![\d{_HAN}])[1一幺](?:{_GAP}[\d{_HAN}]){{10}}(?![\d{_HAN}])",
        1,
        2,
        _is_mobile_in_han,
    ),
    _kind(
        "电话号码",
        r"(?<![\d\-])(?:\(0\d{2,3}\)|0\d{2,3})(?: ?[\-/] ?| )?[2-9]\d{2,3}[ \-]?\d{4}"
        r"(?:-\d{1,4})?(?!\d)",
        4,
        2,
    ),
    _kind("电话号码", r"(?<!\d)[48]00[ \-]?\d{3,4}[ \-]?\d{3,4}(?!\d)", 3, 2),
    _kind(
        "电话号码",
        r"(?:\(?\+ ?|(?<!\d)\(?00 ?)\d{1,3}+\)?(?:[ .\-/]{0,2}+\(?\d{1,4}+\)?){1,8}+(?!\d)",
        3,
        2,
        _is_long,
    ),
    _kind(
        "电话号码",
        r"(?<!\d)(?:\(?\d{3}\) ?|\d{3}[ .\-])\d{3}[ .\-]\d{4}(?:x\d{1,6}| ext \d{1,6})?(?!\d)",
        3,
        2,
    ),
    _kind(
        "电话号码",
        r"(?<=电话|手机|座机|号码|致电|传真|拨打|微信)(?:号码?|是|为|:| ){0,6}"
        r"[+(]{0,2} ?\d[\d ()./\-]{4,24}\d(?: ?(?:x|ext) ?\d{1,6})?",
        0,
        2,
        _is_told,
    ),
    _kind("电话号码", r"(?<![\d\-])\d{2,4}(?:-\d{2,5}){3,5}(?![\d\-])", 3, 2, _is_very_long),
    _kind("长串号码", r"(?<![\d.])\d{9,}(?!\d)", 2, 2),
    _kind("电话号码", r"(?<![\d.])[2-8]\d{7}(?![\d.元块万分平米])", 2, 2, _is_no_date),
    _kind(
        "车牌号",
        rf"[{_PROVINCES}][a-z][ ·.\-]?(?:[df][a-hj-np-z0-9]\d{{4}}|\d{{5}}[df]"
        rf"|[a-hj-np-z0-9]{{4}}[a-hj-np-z0-9挂学警港澳])(?![a-z0-9])|[{_PROVINCES}]\d{{5}}领",
        2,
        1,
    ),
    _kind(
        "证件号",
        r"(?<![a-z0-9])(?:[a-z]{1,2}\d{7,8}(?![a-z0-9])|[a-z]{1,2}\d{6}\([\da]\))"
        r"|[军兵士文职广参政后装海北南兰济沈成空警]字第\d{6,8}(?=号)",
        1,
        2,
    ),
    _kind(
        "邮箱",
        r"(?:(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{0,63}|[\u4e00-\u9fff]{1,6})"
        r"@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+",
        1,
        4,
    ),
)
