"""docs/seeds.md has a line for every row of the five tables, and each step named there exists."""

import re

import pytest

from tests.docs.pages import text
from tests.handlers.seeds import table_0, table_1, table_2, table_3, table_4
from tests.handlers.seeds.rows import IN, LATER, PART, STEPS, due

_SECTION = re.compile(r"^## (1\.\d) .*?$\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_STEP = re.compile(r"`table_(\d)\.(\w+)`")
_TABLES = (table_0, table_1, table_2, table_3, table_4)


def lines(table: str) -> dict[int, str]:
    """What the last column says of each row of that table."""
    section = dict(_SECTION.findall(text("seeds.md")))[table]
    return {int(number): shown for number, shown in _LINE.findall(section)}


@pytest.mark.parametrize("table", sorted(IN))
def test_every_row_that_the_bot_must_do_is_listed(table: str) -> None:
    assert lines(table).keys() >= IN[table] | PART[table]


@pytest.mark.parametrize("table", sorted(IN))
def test_each_row_is_shown_by_a_step_that_touches_it_or_left_for_later(table: str) -> None:
    touches = {step.__name__: rows for rows, step in STEPS[table]}
    for number, shown in lines(table).items():
        named = _STEP.findall(shown)
        assert bool(named) == (number in due(table)), number
        assert all(hasattr(_TABLES[int(index)], name) for index, name in named)
        assert all(number in touches[name] for _, name in named)
        if number in LATER[table]:
            assert LATER[table][number] in shown


def test_page_names_a_test_that_exists() -> None:
    from tests.handlers import test_seed_tables

    stories = [name for name in vars(test_seed_tables) if name.startswith("test_")]
    assert "tests/handlers/test_seed_tables.py" in text("seeds.md")
    assert len(stories) == len(IN) + 1
