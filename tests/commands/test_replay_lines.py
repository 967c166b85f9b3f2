"""Lines that ``replay`` cannot or can hardly read: a sentence each, and the others go on."""

import json
from typing import Any

import pytest

from commands import replay
from commands.replay_lines import parse_lines
from config.rules import Rules
from tests.commands.week import LAMP, played, said

pytestmark = pytest.mark.timeout(120)  # the first reading loads the word lists


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"at": None}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": "0001-01-01T00:00:00"}, "at"),
        ({"text": 7}, "text"),
        ({"chat": ""}, "chat"),
        ({"sender": None}, "sender"),
        ({"role": "king"}, "role"),
        ({"grid": 3}, "grid"),
    ],
)
def test_bad_field_is_named_and_the_others_go_on(
    rules: Rules, change: dict[str, Any], word: str
) -> None:
    bad, good = played(rules, {**said(LAMP), **change}, said(LAMP))

    assert bad.keys() == {"id", "error"}
    assert bad["id"] == LAMP
    assert word in bad["error"]
    assert good["action"] == "opened"


@pytest.mark.parametrize("raw", ["{", "[1]", '{"id": NaN}', "[" * 100_000])
def test_line_that_is_no_object_has_no_id(rules: Rules, raw: str) -> None:
    [line] = played(rules, raw)

    assert line["id"] is None
    assert line["error"]


def test_bytes_of_another_encoding_are_a_sentence(rules: Rules) -> None:
    raw = json.dumps(said(LAMP), ensure_ascii=False).encode("gbk")

    [line] = replay.answers(rules, parse_lines(raw))

    assert "UTF-8" in str(line["error"])


def test_half_an_emoji_and_ten_thousand_characters_are_read(rules: Rules) -> None:
    half, long = played(
        rules, said(f"\ud83d{LAMP}", id="\ud83d"), said("楼道灯坏了没人修，" * 1200, 3600)
    )

    assert half["action"] == "opened"
    assert json.dumps(half, ensure_ascii=False).encode()
    assert "error" not in long
