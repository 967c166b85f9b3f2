"""What is typed behind 宣传: 同意 12 13, 改 12 …, 跳过 12, 停 群名 理由, 恢复 群名, or nothing.

Pure; called by ``handlers.publicity_acts``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Wish(StrEnum):
    """What is to be done with lines of publicity."""

    LIST = "list"
    APPROVE = "approve"
    CHANGE = "change"
    SKIP = "skip"
    STOP = "stop"
    RESUME = "resume"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wish, the numbers it means, and the words that belong to it."""

    wish: Wish
    ids: tuple[int, ...] = ()
    words: str = ""


_WORDS = (
    ("同意", Wish.APPROVE),
    ("改成", Wish.CHANGE),
    ("改", Wish.CHANGE),
    ("跳过", Wish.SKIP),
    ("不发", Wish.SKIP),
    ("停", Wish.STOP),
    ("恢复", Wish.RESUME),
)
_NAMES_GROUP = (Wish.STOP, Wish.RESUME)
_IDS = re.compile(r"(?:(?<!\d)\d{1,9}(?!\d)\s*号?[\s,，、和]*)+")
_NUMBER = re.compile(r"\d+")
_EDGE = " \t\r\n:：,，、。;；“”"


def parse(said: str) -> Wanted:
    """What was wanted; UNKNOWN when it is none of these."""
    said = said.strip(" \t\r\n“”").lstrip(_EDGE)
    if not said:
        return Wanted(Wish.LIST)
    for word, wish in _WORDS:
        if said.startswith(word):
            return _wanted(wish, said[len(word) :].lstrip(_EDGE))
    return Wanted(Wish.UNKNOWN)


def _wanted(wish: Wish, rest: str) -> Wanted:
    if wish in _NAMES_GROUP:
        return Wanted(wish, words=rest.strip(_EDGE))
    numbers = _IDS.match(rest)
    if numbers is None:
        return Wanted(wish, words=rest)
    head = _NUMBER.search(rest) if wish is Wish.CHANGE else None
    if head is not None:  # only one is changed; what follows its number is the new line
        words = re.sub(r"^\s*号(?!码)", "", rest[head.end() :])
        return Wanted(wish, (int(head[0]),), words.strip(" \t\r\n:：,，“”"))
    ids = tuple(dict.fromkeys(int(n) for n in _NUMBER.findall(numbers[0])))
    return Wanted(wish, ids, rest[numbers.end() :].strip(_EDGE))
