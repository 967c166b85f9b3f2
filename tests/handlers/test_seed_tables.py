"""One story for each table of what stations elsewhere have: every row is touched by a step of it.

A story is the steps of its module, in the order in which they stand there, on one station whose
day goes on. docs/seeds.md says for whom each row is, and where it is shown.
"""

import pytest

from tests.handlers.hall import Hall
from tests.handlers.seeds import table_0, table_1, table_2, table_3, table_4
from tests.handlers.seeds.rows import IN, LATER, STEPS, Life, due

TABLES = (table_0, table_1, table_2, table_3, table_4)


def told(hall: Hall, table: str) -> None:
    """Live the table's story and see that no row was left out."""
    life, touched = Life(hall), set[int]()
    for rows, step in STEPS[table]:
        step(life)
        touched |= rows
    assert touched == due(table)


def test_week_of_inspections_stays_four_steps_and_four_forces(hall: Hall) -> None:
    told(hall, "1.0")


def test_week_of_posts_repeats_diversions_and_a_quarrel_in_the_group(hall: Hall) -> None:
    told(hall, "1.1")


def test_week_of_a_round_through_the_village_with_kit_and_lists(hall: Hall) -> None:
    told(hall, "1.2")


def test_week_of_records_patrols_and_the_two_loops(hall: Hall) -> None:
    told(hall, "1.3")


def test_day_of_a_busy_post_with_departments_and_neighbours(hall: Hall) -> None:
    told(hall, "1.4")


@pytest.mark.parametrize("table", sorted(IN))
def test_what_is_left_for_later_is_no_longer_told_here(table: str) -> None:
    touched = set[int]().union(*(rows for rows, _ in STEPS[table]))

    assert not touched & LATER[table].keys()
    assert all(LATER[table].values())
    assert len(TABLES) == len(IN)
