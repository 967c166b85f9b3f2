"""Five hundred sentences and more: what was once read right stays right; what is open is known."""

import pytest

from config.reading_rules import ReadingRules
from tests.domain.regression import Row, rows, wrong

_LEAST = 500
_RIGHT = rows("regression.jsonl")
_OPEN = rows("regression_open.jsonl")


@pytest.mark.parametrize("row", _RIGHT, ids=[row.text[:24] for row in _RIGHT])
def test_sentence_is_read_as_a_careful_person_would(row: Row, rules: ReadingRules) -> None:
    assert not wrong(row, rules), row.why


@pytest.mark.parametrize("row", _OPEN, ids=[row.text[:24] for row in _OPEN])
def test_open_sentence_is_still_read_wrongly(row: Row, rules: ReadingRules) -> None:
    """Whoever mends one moves its line to regression.jsonl."""
    assert wrong(row, rules), f"“{row.text}” is read right now: move it to regression.jsonl"


def test_there_are_enough_sentences_each_only_once_and_each_with_a_reason() -> None:
    texts = [row.text for row in (*_RIGHT, *_OPEN)]

    assert len(texts) >= _LEAST
    assert len(set(texts)) == len(texts)
    assert all(row.why for row in (*_RIGHT, *_OPEN))


def test_every_category_of_the_sample_site_is_among_them(rules: ReadingRules) -> None:
    asked = {code for row in (*_RIGHT, *_OPEN) for code in row.categories}

    assert {category.code for category in rules.categories} <= asked
