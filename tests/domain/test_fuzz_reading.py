"""Whatever people type, paste or mistype: the reader answers, the same way, in linear time.

Sentences come from the regression rows, so that the fuzz disturbs what carries meaning.
"""

import time
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.domain.reading import Reading, read
from config.reading_rules import ReadingRules
from config.vocabulary import Danger
from tests.domain.regression import rows

_TEXTS = [row.text for row in (*rows("regression.jsonl"), *rows("regression_open.jsonl"))]
_SURE = [row.text for row in rows("regression.jsonl") if row.danger == "confirmed"]
_ANY = st.characters(exclude_categories=())  # lone surrogates, controls, unassigned: all of it
_ODD = st.sampled_from(
    [
        "\u200b",
        "\u202e",
        "\u2066",
        "\x00",
        "\x1b",
        "\ud83d",
        "\udc4d",
        "👨‍👩‍👧",
        "مساعدة",
        "𨋢",
        "\ufeff",
        "\r\n",
    ]
)
_ZERO_WIDTH = st.sampled_from(["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"])
_OVER = st.sampled_from(["没事了", "没事没事", "误会误会", "不用来了", "已经解决了", "闹着玩的"])
_TO_TRADITIONAL = OpenCC("s2t")
_TO_SIMPLIFIED = OpenCC("t2s")
_LONG = 10_000
_MANY = settings(max_examples=60, deadline=None)


def _essence(reading: Reading) -> tuple[object, ...]:
    return reading.kind, reading.category, reading.danger, reading.danger_class


@_MANY
@given(text=st.text(_ANY, max_size=300))
def test_any_characters_are_read(text: str, rules: ReadingRules, at: datetime) -> None:
    assert read(text, at, None, rules).why is not None


@_MANY
@given(pieces=st.lists(st.one_of(st.sampled_from(_TEXTS), _ODD, st.text(_ANY, max_size=5))))
def test_sentences_strewn_with_rubbish_are_read(
    pieces: list[str], rules: ReadingRules, at: datetime
) -> None:
    text = "".join(pieces)

    first, second = read(text, at, None, rules), read(text, at, None, rules)

    assert first == second


_EXTREME = {
    "nothing": "",
    "a blank": " ",
    "line ends": "\n" * 50,
    "tears": "😭" * _LONG,
    "right to left": "\u202e" * 500,
    "arabic digits": "٣" * 500,
    "nines": "9" * _LONG,
    "mentions": "@" * _LONG,
    "open brackets": "「" * _LONG,
    "half characters": "\ud800" * 500,
    "cries": "!" * _LONG,
    "house numbers": "3-2-501 " * 1000,
    "numerals": "一二三" * 3000,
    "one complaint": "楼上吵" * 3000,
    "combining": "a\u0301" * 4000,
}


@pytest.mark.parametrize("text", _EXTREME.values(), ids=_EXTREME.keys())
def test_extreme_text_is_read(text: str, rules: ReadingRules, at: datetime) -> None:
    assert read(text, at, None, rules).danger in Danger


@_MANY
@given(
    text=st.sampled_from(_TEXTS), where=st.lists(st.integers(0, 40), max_size=6), mark=_ZERO_WIDTH
)
def test_invisible_characters_change_nothing(
    text: str, where: list[int], mark: str, rules: ReadingRules, at: datetime
) -> None:
    strewn = text
    for index in where:
        strewn = strewn[:index] + mark + strewn[index:]

    assert _essence(read(strewn, at, None, rules)) == _essence(read(text, at, None, rules))


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@_MANY
@given(text=st.sampled_from(_TEXTS))
def test_full_width_characters_change_nothing(text: str, rules: ReadingRules, at: datetime) -> None:
    wide = _wide(text)

    assert unicodedata.normalize("NFKC", wide) == unicodedata.normalize("NFKC", text)
    assert _essence(read(wide, at, None, rules)) == _essence(read(text, at, None, rules))


_BOTH_WAYS = [t for t in _TEXTS if _TO_SIMPLIFIED.convert(_TO_TRADITIONAL.convert(t)) == t]


def test_nearly_every_sentence_survives_the_way_to_traditional_and_back() -> None:
    assert len(_BOTH_WAYS) > 0.9 * len(_TEXTS)


@_MANY
@given(text=st.sampled_from(_BOTH_WAYS))
def test_traditional_characters_change_nothing(
    text: str, rules: ReadingRules, at: datetime
) -> None:
    traditional = _TO_TRADITIONAL.convert(text)

    assert _essence(read(traditional, at, None, rules)) == _essence(read(text, at, None, rules))


@_MANY
@given(text=st.sampled_from(_SURE), over=_OVER)
def test_saying_that_all_is_well_never_silences_a_sure_danger(
    text: str, over: str, rules: ReadingRules, at: datetime
) -> None:
    after = read(f"{text} {over}", at, None, rules)

    assert after.danger is not Danger.NONE, after.why


_SHAPES = {
    "many sentences": "楼道里有人打架,快来。",
    "one long breath": "我家楼上天天半夜拖凳子吵得睡不着物业也不管",
    "numbers": "3号楼2单元501 13900000000 ",
    "nothing to find": "呀咿",
    "emoji": "😭👍",
    "brackets": "「王:好」@李 ",
}
_FOUR_TIMES = 4
_MOST = 9.0  # four times the length: 4 when linear, 16 when quadratic
_FLOOR = 0.0005


@pytest.mark.serial
@pytest.mark.parametrize("shape", _SHAPES.values(), ids=_SHAPES.keys())
def test_time_grows_with_the_length_not_with_its_square(
    shape: str, rules: ReadingRules, at: datetime
) -> None:
    short = (shape * 1000)[:1000]

    ratio = _fastest(short * _FOUR_TIMES, at, rules) / max(_FLOOR, _fastest(short, at, rules))

    assert ratio < _MOST


def _fastest(text: str, at: datetime, rules: ReadingRules) -> float:
    """The shortest of a few runs: what else the machine does only lengthens."""
    spent = []
    for _ in range(5):
        begun = time.thread_time()
        read(text, at, None, rules)
        spent.append(time.thread_time() - begun)
    return min(spent)
