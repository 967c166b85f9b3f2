"""The corpus is whole, varied, labelled by known words, and nobody's secret."""

from collections import Counter
from pathlib import Path

import pytest

from bot.domain.privacy import mask
from config.load import load_rules
from config.reading_rules import DANGER_CLASSES
from training.corpus import REGRESSION_WRITERS, Row, read_rows


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_rows()


def test_it_is_large_and_half_of_it_is_no_report(rows: list[Row]) -> None:
    kinds = Counter(row.kind for row in rows)

    assert len(rows) >= 8_000
    assert set(kinds) == {"report", "chat", "question", "update"}
    assert 0.35 < kinds["report"] / len(rows) < 0.55


def test_every_label_is_known(rows: list[Row]) -> None:
    codes = {category.code for category in load_rules(Path("config/site")).reading.categories}

    assert {code for row in rows for code in row.codes} <= codes
    assert all(row.category for row in rows if row.kind == "report")
    assert {row.danger_class for row in rows if row.danger_class} <= set(DANGER_CLASSES)


def test_every_category_has_reports_of_many_writers(rows: list[Row]) -> None:
    writers: dict[str, set[str]] = {}
    for row in rows:
        if row.kind == "report":
            writers.setdefault(row.category, set()).add(row.writer)

    assert min(len(found) for found in writers.values()) >= 8


def test_no_message_is_there_twice(rows: list[Row]) -> None:
    texts = Counter(row.text for row in rows if len(row.text) > 12)

    assert [text for text, count in texts.items() if count > 1] == []


def test_the_regression_writers_are_strangers_of_several_regions(rows: list[Row]) -> None:
    strangers = [row for row in rows if row.writer in REGRESSION_WRITERS]

    assert {row.writer for row in strangers} == set(REGRESSION_WRITERS)
    assert 0.05 < len(strangers) / len(rows) < 0.35


def test_it_holds_no_whole_personal_number(rows: list[Row]) -> None:
    assert [row.id for row in rows if mask(row.text) != row.text] == []
