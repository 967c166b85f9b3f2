"""Open data (开放数据): no row is small, no merged cell comes out by adding and subtracting."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import open_data
from bot.domain.open_data import ALL, REST, REST_CLASS, TOTAL, K, Table, is_enough

GROUPS, PARTS = "甲乙丙丁", "一二三四"
Counted = dict[tuple[str, str], list[str]]
cells = st.dictionaries(
    st.tuples(st.sampled_from(GROUPS), st.sampled_from(PARTS)),
    st.lists(st.sampled_from([f"p{number}" for number in range(12)]), max_size=14),
)


def of(**counts: Sequence[int]) -> Counted:
    """So many matters, each of somebody else."""
    return {
        (group, PARTS[index]): [f"{group}{index}:{one}" for one in range(count)]
        for group, row in counts.items()
        for index, count in enumerate(row)
    }


def shown(made: Table) -> dict[tuple[str, str], int]:
    return {(row.group, row.part): row.count for row in made.rows}


def test_small_cells_go_together() -> None:
    assert shown(open_data.table(of(甲=[20, 9, 3, 2]))) == {
        ("甲", "一"): 20, ("甲", "二"): 9, ("甲", REST): 5, ("甲", TOTAL): 34, (ALL, TOTAL): 34
    }  # fmt: skip


def test_one_small_cell_takes_the_smallest_open_one_along() -> None:
    assert shown(open_data.table(of(甲=[20, 9, 3]))) == {
        ("甲", "一"): 20, ("甲", REST): 12, ("甲", TOTAL): 32, (ALL, TOTAL): 32
    }  # fmt: skip


def test_small_classes_go_together_and_take_one_along() -> None:
    assert shown(open_data.table(of(甲=[20], 乙=[6], 丙=[1]))) == {
        ("甲", "一"): 20, ("甲", TOTAL): 20, (REST_CLASS, TOTAL): 7, (ALL, TOTAL): 27
    }  # fmt: skip


def test_what_is_too_little_for_all_of_it_is_not_counted() -> None:
    made = open_data.table(of(甲=[2], 乙=[1]))

    assert (made.rows, made.is_short) == ((), True)


def test_one_person_five_times_is_not_five() -> None:
    assert open_data.table({("甲", "一"): ["p"] * 9}).rows == ()
    assert (
        open_data.table({("甲", "一"): ["p"] * 9, ("甲", "二"): list("abcd")}).rows[0].part == REST
    )


@given(cells)
def test_no_row_speaks_of_fewer_than_five(found: Counted) -> None:
    for row in open_data.table(found).rows:
        members = [one for cell in row.cells for one in found[cell]]
        assert row.count == len(members)
        assert is_enough(members)


@given(cells)
def test_every_matter_is_counted_once_or_not_at_all(found: Counted) -> None:
    made = open_data.table(found)
    plain = [row for row in made.rows if not row.is_total or row.group == REST_CLASS]

    counted = [cell for row in plain for cell in row.cells]
    assert len(counted) == len(set(counted))
    everything = {cell for cell, members in found.items() if members}
    missing = [one for cell in everything - set(counted) for one in found[cell]]
    assert not is_enough(missing)
    assert bool(missing) == made.is_short
    total = next((row.count for row in made.rows if row.group == ALL), 0)
    assert total == sum(row.count for row in plain)


@given(cells)
def test_no_merged_cell_comes_out_of_any_sum_or_difference(found: Counted) -> None:
    """Rows as vectors over the cells: a cell that was merged is not in what they span."""
    made = open_data.table(found)
    order = sorted(cell for cell, members in found.items() if members)
    if not made.rows:
        return
    rows = np.array([[cell in row.cells for cell in order] for row in made.rows], dtype=float)
    rank = np.linalg.matrix_rank(rows)
    small = [cell for cell in order if not is_enough(found[cell])]
    for cell in small:
        alone = np.array([[one == cell for one in order]], dtype=float)
        assert np.linalg.matrix_rank(np.vstack([rows, alone])) > rank, cell


@given(cells)
def test_no_small_heap_of_cells_comes_out_either(found: Counted) -> None:
    """Any heap whose count can be worked out is made of whole rows, so it is no small one."""
    made = open_data.table(found)
    blocks = [row.cells for row in made.rows if not row.is_total or row.group == REST_CLASS]
    for row in made.rows:
        inside = [block for block in blocks if block <= row.cells]
        assert frozenset().union(*inside) == row.cells
    assert all(sum(len(found[cell]) for cell in block) >= K for block in blocks)
