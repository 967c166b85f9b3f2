"""Words are put in and taken out where they stand (改词); every other byte stays."""

from pathlib import Path

import pytest
import yaml

from config import word_edit
from config.word_edit import Uneditable

SITE = Path(__file__).parents[2] / "config" / "site"
TEXT = """# 说明
categories:
  - code: N03
    name: 市政设施   # 路灯这些
    strong:
      - <市政> + <坏了> ! 电梯
      - 路灯|灯杆   # 两样
    words: [路灯, 下水道]
    weak: []
"""
FILE = "categories.yaml"


def _lists(text: str, place: int = 0, file: str = FILE) -> dict[str, tuple[str, ...]]:
    return {words.field: words.lines for words in word_edit.classes(file, text)[place].lists}


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("words", "景观灯"),
        ("strong", "景观灯 + 歪了"),
        ("weak", "灯"),
        ("not_words", "路灯下"),
        ("words", "a: b, [c]"),
        ("words", "110"),
        ("words", "#号"),
        ("words", "是 #不是"),
        ("words", "yes"),
        ("words", "-x"),
        ("words", "! 电梯"),
        ("words", '他说"灯"'),
        ("strong", "^灯$"),
    ],
)
def test_a_word_is_added_and_taken_out_again(field: str, word: str) -> None:
    more = word_edit.with_word(FILE, TEXT, 0, field, word)

    assert _lists(more)[field] == (*_lists(TEXT)[field], word)
    others = {name: lines for name, lines in _lists(more).items() if name != field}
    assert others == {name: lines for name, lines in _lists(TEXT).items() if name != field}
    assert "# 说明" in more
    assert "# 路灯这些" in more
    assert "# 两样" in more
    if field != "not_words":  # a list that was made stays, empty
        assert word_edit.without_word(FILE, more, 0, field, word) == TEXT


@pytest.mark.parametrize("at", [0, 1])
def test_any_line_of_a_list_can_go(at: int) -> None:
    for field in ("words", "strong"):
        lines = _lists(TEXT)[field]

        less = word_edit.without_word(FILE, TEXT, 0, field, lines[at])

        assert _lists(less)[field] == tuple(line for line in lines if line != lines[at])
        yaml.safe_load(less)


@pytest.mark.parametrize(
    ("place", "field", "word"),
    [
        (0, "words", ""),
        (0, "words", "路灯"),
        (3, "words", "灯"),
        (0, "name", "灯"),
        (-1, "words", "x"),
    ],
)
def test_what_cannot_be_added_is_said(place: int, field: str, word: str) -> None:
    with pytest.raises(Uneditable):
        word_edit.with_word(FILE, TEXT, place, field, word)


def test_a_word_that_is_not_there_cannot_go() -> None:
    with pytest.raises(Uneditable):
        word_edit.without_word(FILE, TEXT, 0, "words", "景观灯")


def test_a_broken_file_is_edited_as_a_whole_only() -> None:
    with pytest.raises(Uneditable):
        word_edit.classes(FILE, "categories: [")


@pytest.mark.parametrize("file", word_edit.FILES)
@pytest.mark.timeout(90)  # starts programs, or reads much, on a busy machine
def test_every_list_of_the_sample_takes_a_word_and_gives_it_back(file: str) -> None:
    text = (SITE / file).read_text("utf-8")
    for one in word_edit.classes(file, text)[:4]:
        for words in one.lists:
            if not words.lines:
                continue
            more = word_edit.with_word(file, text, one.place, words.field, "试一个词")
            assert _lists(more, one.place, file)[words.field][-1] == "试一个词"
            assert word_edit.without_word(file, more, one.place, words.field, "试一个词") == text


def test_lists_are_made_equal_to_a_sheet() -> None:
    found = word_edit.classes(FILE, TEXT)
    wanted = {(word_edit.key_of(found[0]), "words"): ["下水道", "景观灯"]}

    more = word_edit.with_lists(FILE, TEXT, wanted, found)

    assert _lists(more)["words"] == ("下水道", "景观灯")
    assert _lists(more)["strong"] == _lists(TEXT)["strong"]
