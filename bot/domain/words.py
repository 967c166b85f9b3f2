"""Turns what people typed into comparable text, and finds our own words in it (找词).

``normalise`` keeps an offset map to the raw text, so that whatever is found can be shown or
masked where it stood. ``Lexicon`` holds only the site's own words in a private
``jieba.Tokenizer`` whose word graph (full mode) names every occurrence; jieba's default
dictionary is never loaded: it costs 77 MB and 0.7 s and knows none of our words. Its graph is
walked in one loop here, which saves building lists of ends that are looked up again.
Called by ``bot.domain.engine`` and ``bot.domain.privacy``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import jieba
from opencc import OpenCC

Span = tuple[int, int]
Occurrence = tuple[str, int, int]

_DROPPED = frozenset(
    chr(c)
    for c in (
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0xFE00, 0xFE10),
        0x00AD,
        0x180E,
        0x20E3,
        0xFEFF,
    )
)
_HAN = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32400))
_WIDE = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
_LONGEST_EXPANSION = 4
_SHORT = 500
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Normal:
    """Normalised text; ``at[i]`` is the raw index of character i, ``at[-1]`` the raw length."""

    text: str
    at: tuple[int, ...]

    def raw_span(self, span: Span) -> Span:
        """Where ``span`` of the normalised text stands in the raw text."""
        start, end = span
        if end <= start:
            return self.at[start], self.at[start]
        return self.at[start], self.at[end - 1] + 1


def is_han(char: str) -> bool:
    """True for a Chinese character (CJK ideograph, 〇 included)."""
    return "\u3400" <= char <= "\u9fff" or char == "〇" or "\U00020000" <= char <= "\U0003ffff"


def is_word_char(char: str) -> bool:
    """True for what a word may be made of: Chinese characters, letters, digits."""
    return is_han(char) or char.isalnum()


def normalise(raw: str) -> Normal:
    """NFKC, lower case, simplified characters, no invisible characters, no torn words.

    Length may differ from ``raw``; the offset map leads back. Never raises. A Turn asks it of
    the same message again and again: what is short is kept for a while.
    """
    return _kept(raw) if len(raw) <= _SHORT else _normalised(raw)


@lru_cache(maxsize=256)
def _kept(raw: str) -> Normal:
    return _normalised(raw)


def _normalised(raw: str) -> Normal:
    narrow = raw.translate(_WIDE).lower()
    if len(narrow) == len(raw) and _is_plain(narrow):
        text, kept = _without_torn_spaces(_simplified(narrow), list(range(len(raw))))
        return Normal(text, (*kept, len(raw)))
    chars: list[str] = []
    at: list[int] = []
    for index, char in enumerate(raw):
        if char in _DROPPED:
            continue
        for piece in _folded(char):
            chars.append(piece)
            at.append(index)
    text, kept = _without_torn_spaces(_simplified("".join(chars)), at)
    return Normal(text, (*kept, len(raw)))


def _is_plain(raw: str) -> bool:
    """True for text in which nothing is to be folded or dropped; most of what people type."""
    if not unicodedata.is_normalized("NFKC", raw) or not _DROPPED.isdisjoint(raw):
        return False
    return _SURROGATE.search(raw) is None


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    """NFKC and lower case of one character; lone surrogates become a space."""
    if char < "\x80":
        return char.lower()
    if "\ud800" <= char <= "\udfff":
        return " "
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) <= _LONGEST_EXPANSION else char


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=1)
def _traditional() -> frozenset[str]:
    """Every character that has a simplified form; found out once, by asking the converter."""
    every = [chr(code) for low, high in _HAN for code in range(low, high)]
    plain = _converter().convert("\n".join(every)).split("\n")
    return frozenset(char for char, simple in zip(every, plain, strict=True) if char != simple)


def _simplified(text: str) -> str:
    """Traditional characters made simplified, keeping the length."""
    if _traditional().isdisjoint(text):
        return text
    whole: str = _converter().convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(_simplified_char(char) for char in text)


@lru_cache(maxsize=8192)
def _simplified_char(char: str) -> str:
    one: str = _converter().convert(char)
    return one if len(one) == 1 else char


def _without_torn_spaces(text: str, at: list[int]) -> tuple[str, list[int]]:
    """Drop blanks inside words torn apart (打 架); blanks between phrases stay as marks."""
    if " " not in text:
        return text, at
    chars: list[str] = []
    kept: list[int] = []
    for index, char in enumerate(text):
        if char == " " and _is_torn(text, index):
            continue
        chars.append(char)
        kept.append(at[index])
    return "".join(chars), kept


def _is_torn(text: str, index: int) -> bool:
    """True for a blank that has a single Chinese character on both sides of it."""
    if not 0 < index < len(text) - 1:
        return False
    if not (is_han(text[index - 1]) and is_han(text[index + 1])):
        return False
    lone_left = index < 2 or not is_word_char(text[index - 2])
    lone_right = index + 2 >= len(text) or not is_word_char(text[index + 2])
    return lone_left and lone_right


def replaced(normal: Normal, table: Mapping[str, str], spans: list[Span]) -> Normal:
    """The same text with what stands at ``spans`` put right by ``table``, offsets kept."""
    if not spans:
        return normal
    chars: list[str] = []
    at: list[int] = []
    done = 0
    for start, end in spans:
        if start < done:
            continue
        chars.append(normal.text[done:start])
        at.extend(normal.at[done:start])
        right = table[normal.text[start:end]]
        chars.append(right)
        at.extend(normal.at[min(start + i, end - 1)] for i in range(len(right)))
        done = end
    chars.append(normal.text[done:])
    at.extend(normal.at[done:])
    return Normal("".join(chars), tuple(at))


def longest(spans: Iterable[Span]) -> list[Span]:
    """The spans that lie in no longer one, in order."""
    kept: list[Span] = []
    reach = -1
    for start, end in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if end > reach:
            kept.append((start, end))
            reach = end
    return kept


class Lexicon:
    """Our own words in a private jieba tokenizer; immutable once built."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if word)
        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total = {}, 1
        tokenizer.initialized = True  # own words only: the default dictionary must not be read
        for word in self._words:
            tokenizer.add_word(word, 1)
        self._tokenizer = tokenizer

    def occurrences(self, text: str) -> list[Occurrence]:
        """Every occurrence of every word, overlaps included, by start."""
        beginnings = self._tokenizer.FREQ  # every beginning of a word; 0 for what is no word
        found: list[Occurrence] = []
        length = len(text)
        for start in range(length):
            end = start + 1
            piece = text[start:end]
            while piece in beginnings:
                if beginnings[piece]:
                    found.append((piece, start, end))
                if end == length:
                    break
                end += 1
                piece = text[start:end]
        return found
