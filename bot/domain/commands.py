"""What staff type instead of pressing a button (文字口令), and what residents may type.

``parse`` finds a command at the beginning of a message; everything else is a person talking and
goes to the reader. Every button has its command, so a lost click loses nothing.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain import ticket_numbers as numbers
from bot.domain.numbers import to_int
from bot.domain.order_words import WORDS
from bot.domain.order_words import Order as Order
from config.vocabulary import Act


@dataclass(frozen=True, slots=True)
class Command:
    """``what`` was ordered, for which numbers, with which words."""

    what: Act | Order
    numbers: tuple[str, ...]
    words: str


_BOUNDARY = r"(?=$|[\s:：,，、。!！0-9A-Z]|[^\w])"
_HEADS = tuple(
    (re.compile(rf"{word}{_BOUNDARY}", re.IGNORECASE), what)
    for word, what in sorted(WORDS, key=lambda pair: -len(pair[0]))
)
_TAKES_WORDS = (
    *(Order.REGISTER, Order.SETTLED, Order.BUSY, Order.LEAVE, Order.MISSED),
    *(Order.DRILL, Order.AWAKE, Order.LOG, Order.PUBLICITY),
    *(Order.PATROLLED, Order.CARE_FOUND, Order.IN_GRID, Order.TAG_FIGURES, Order.PATROL),
    Order.RATES,
    *(Order.DAILY, Order.WEEKLY, Order.MONTHLY, Order.MORNING_AUDIT),
    Order.HARD_ONE,
    Order.RULES_READ,
    *(Order.QUARTERLY, Order.YEARLY, Order.FINDINGS, Order.GRID_BOOK, Order.PEACE),
    Order.DEPARTMENT_LETTER,
)
# What follows the first number may look like a number and is none of ours.
_ONE_TICKET = (Order.THEIR_NUMBER, Order.THEIR_ANSWER, Order.RECORDED)
_TRAIL = " \t\r\n:：,，、。;；"
_NUMBER = re.compile(
    r"^(?:(?:[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]|\d{4}[A-Z]?(?![\d-]))[\s,，、和及]*)+", re.IGNORECASE
)
_TAKES_NAME = re.compile(
    r"^(转给|转办|转)(?![账帐发告眼移身弯圈款])"
    r"(?=[\u4e00-\u9fff]{2,4}$|[\u4e00-\u9fff]{1,3}(警官|队长|主任|老师|所长))"
)


_NAMED = r"(?:[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]|\d{4}[A-Z]?)"
_LOOKED = rf"(?:查询|查看|看看|[查看](?:一下|下)?)[\s:：]*{_NAMED}[吧呀]?"
_BARE = r"(?:[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]|0\d{3}[A-Z]?)"
_LOOK = re.compile(rf"(?:{_LOOKED}|{_NAMED}\s*查(?:一下|下)?)[?？。!！]*", re.IGNORECASE)
_HOW_FAR = re.compile(
    rf"{_NAMED}[\s,，、的]*(?:那?[个件]?事)?(?:修|办|处理)?得?"
    r"(?:怎么?样了?|咋样了?|到哪(?:了|一步了?)|进度|进展)[吗呢呀?？]*",
    re.IGNORECASE,
)


def parse(text: str) -> Command | None:
    """The command at the beginning of ``text`` (mention already cut off), or None."""
    said = text.strip()
    return _headed(said) or _number_first(said) or _looked(said)


def _looked(said: str) -> Command | None:
    """查一下0012, 0012怎么样了: the same as 查 0012."""
    if _LOOK.fullmatch(said) is None and _HOW_FAR.fullmatch(said) is None:
        return None
    return Command(Order.LOOK, tuple(numbers.found_in(said)), "")


def _headed(said: str) -> Command | None:
    for head, what in _HEADS:
        if match := head.match(said):
            return _command(what, said[match.end() :])
    if match := _TAKES_NAME.match(said):
        return _command(Act.TRANSFER, said[match.end() :])
    return None


def _number_first(said: str) -> Command | None:
    """``0012 签收`` reads like ``签收 0012``."""
    match = _NUMBER.match(said)
    command = _headed(said[match.end() :].strip(_TRAIL)) if match else None
    if match is None or command is None:
        return None
    both = (*numbers.found_in(match.group()), *command.numbers)
    return replace(command, numbers=tuple(dict.fromkeys(both)))


def _command(what: Act | Order, rest: str) -> Command:
    rest = rest.strip(_TRAIL)
    if what in _TAKES_WORDS:
        return Command(what, (), rest)
    match = _NUMBER.match(rest)
    if match and what in _ONE_TICKET:
        number, _, words = rest.partition(" ")
        return Command(what, tuple(numbers.found_in(number)), words.strip(_TRAIL))
    if match:
        found = tuple(numbers.found_in(match.group()))
        return Command(what, found, rest[match.end() :].strip(_TRAIL))
    if what is Act.TRANSFER:
        found = tuple(numbers.found_in(rest))
        words = _without(rest, found)
        return Command(what, found, words)
    return Command(what, (), rest)


def _without(text: str, found: tuple[str, ...]) -> str:
    for number in found:
        text = re.sub(rf"{re.escape(number)}[A-Za-z]?", "", text, flags=re.IGNORECASE)
    return text.strip(_TRAIL)


_SCORES = {
    "非常满意": 5, "很满意": 5, "特别满意": 5, "非常不满意": 1, "很不满意": 1, "不满意": 2,
    "基本满意": 3, "一般": 3, "还行": 3, "满意": 4, "五分": 5, "四分": 4, "三分": 3, "二分": 2,
    "两分": 2, "一分": 1, "五": 5, "四": 4, "三": 3, "二": 2, "一": 1,
}  # fmt: skip
_SCORE = re.compile(r"^(?:打|给|评)?\s*([1-5１-５])\s*(?:分|星|颗星)?[!！。.~～]*$")


_THANKS = re.compile(
    r"^(?:谢谢|感谢|多谢)[你您们]*[\s，,。.!！~～]+|[\s，,。.!！~～]*(?:谢谢|感谢|多谢|辛苦了)[你您们]*[。.!！~～]*$"
)


def score_of(text: str) -> int | None:
    """1..5 when the whole message is a judgement, with thanks or without, else None; 5 is best."""
    said = _THANKS.sub("", text.strip()).strip()
    if match := _SCORE.match(said):
        return int(match.group(1))
    return _SCORES.get(said.strip("!！。.~～,， 了吧"))


class Wish(StrEnum):
    """What a resident may type besides telling what happened."""

    MY_DATA = "my_data"  # 我的数据
    ERASE = "erase"  # 删掉我的信息
    ERASE_NOW = "erase_now"  # 确认删除
    WITHDRAW = "withdraw"  # 撤回 0012
    UNREGISTER = "unregister"  # 撤回登记
    CHASE = "chase"  # 催一下
    PROGRESS = "progress"  # 进度
    LOOK = "look"  # 查 0012


_WISHES = (
    ("我的数据", Wish.MY_DATA),
    ("删掉我的信息", Wish.ERASE),
    ("删除我的信息", Wish.ERASE),
    ("删除我的数据", Wish.ERASE),
    ("确认删除", Wish.ERASE_NOW),
    ("撤回登记", Wish.UNREGISTER),
    ("撤回", Wish.WITHDRAW),
    ("催一下", Wish.CHASE),
)

_PROGRESS = frozenset({"进度", "查进度", "我的进度", "看进度", "查一下进度", "看看进度"})


def wish_of(text: str) -> tuple[Wish, tuple[str, ...]] | None:
    """A resident's command and its numbers, or None."""
    said = text.strip()
    if said.strip("“”。.!！?？~ ") in _PROGRESS:
        return Wish.PROGRESS, ()
    if _HOW_FAR.fullmatch(said):
        return Wish.CHASE, tuple(numbers.found_in(said))
    if (order := _order_in(said)) is not None:
        return Wish.LOOK, order.numbers
    for word, wish in _WISHES:
        if said.startswith(word) and len(said) <= len(word) + 24:
            return wish, tuple(numbers.found_in(said))
    return None


def _order_in(said: str) -> Command | None:
    """An order of staff about a ticket, or a number, nothing told besides; 转5000 is money."""
    order = parse(said)
    if re.fullmatch(_BARE, said, re.IGNORECASE):
        return Command(Order.LOOK, tuple(numbers.found_in(said)), "")
    if order is None or order.words or order.what is Order.ADD:
        return None
    is_look = order.what is Order.LOOK or all(re.fullmatch(_BARE, n) for n in order.numbers)
    return order if order.what is Order.MINE or (order.numbers and is_look) else None


_UNSOLVED = ("没解决", "未解决", "没有解决", "没办好", "没修好", "没弄好", "还没好", "没处理好")


def says_unsolved(text: str) -> bool:
    """True when a resident says that the matter is not settled."""
    return any(word in text for word in _UNSOLVED)


def is_unsolved(text: str) -> bool:
    """True when a message says that and nothing else."""
    return text.strip().strip("!！。.~～，, 还是都") in _UNSOLVED


SOLVED, UNSOLVED = "解决了", _UNSOLVED[0]
_SOLVED = (SOLVED, "已经解决了", "已解决", "解决")


def says_solved(text: str) -> bool:
    """True when the whole message says that the matter is settled."""
    return text.strip().strip("!！。.~～") in _SOLVED


# Every repetition has an end, and none begins inside another: a line of digits or blanks is read
# once, and no number is so large that it is no time.
_SPAN = re.compile(
    r"(?:(?<![\d.])(?P<digits>\d{1,6}(?:\.\d{1,3})?)"
    r"|(?<![一二两三四五六七八九十])(?P<han>[一二两三四五六七八九十]{1,5}))?\s{0,3}个?"
    r"(?P<half>半)?(?P<unit>分钟?|个?小时|个?钟头|天)(?P<more>半)?"
)
_MINUTES = {"分": 1, "小": 60, "钟": 60, "天": 1440}


def minutes_of(text: str) -> int | None:
    """Minutes of a span like 2小时, 半天, 两个小时; None when there is none."""
    for match in _SPAN.finditer(text):
        said = match.groupdict()
        whole = float(said["digits"] or to_int(said["han"] or "") or 0)
        amount = whole + (0.5 if said["half"] or (whole and said["more"]) else 0.0)
        if amount:
            return int(amount * _MINUTES[said["unit"].lstrip("个")[0]])
    return None
