"""Fair shares: every lease has one able owner, numbers differ by one, nothing moves for nothing."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.sharing import shares
from bot.lines import PARTITIONS
from storage import leases
from storage.processes import Process

PARTS = tuple(leases.partition(n) for n in range(PARTITIONS))
LANES = (*(leases.lane(name) for name in ("app", "socket", "kf", "hook")), leases.CLOCK)


def process(owner: str, seeks: tuple[str, ...] = PARTS + LANES) -> Process:
    """One that lives."""
    return Process(owner, "box", 1, ("work",), "0001", frozenset(seeks))


OWNERS = [f"o{n}" for n in range(6)]
HOLDERS = st.dictionaries(st.sampled_from(PARTS + LANES), st.sampled_from([*OWNERS, "dead"]))
SOUGHT = st.lists(st.sampled_from(PARTS + LANES)).map(tuple)
ANY = st.lists(
    st.builds(
        process, st.sampled_from(OWNERS), st.lists(st.sampled_from(PARTS + LANES)).map(tuple)
    ),
    unique_by=lambda one: one.owner,
)


def counts(found: dict[str, str], names: tuple[str, ...], owners: list[str]) -> list[int]:
    """How many of ``names`` each has."""
    load = Counter(found[name] for name in names)
    return [load[owner] for owner in owners]


@given(ANY, HOLDERS)
def test_every_lease_that_is_sought_has_one_owner_who_seeks_it(
    living: list[Process], holders: dict[str, str]
) -> None:
    found = shares(living, holders)

    seeks = {one.owner: one.seeks for one in living}
    assert set(found) == frozenset().union(*seeks.values())
    assert all(name in seeks[owner] for name, owner in found.items())


@given(st.integers(1, 6), HOLDERS)
def test_equal_processes_have_parts_that_differ_by_one_at_most(
    count: int, holders: dict[str, str]
) -> None:
    owners = OWNERS[:count]
    found = shares([process(owner) for owner in owners], holders)

    for names in (PARTS, LANES):
        parts = counts(found, names, owners)
        assert max(parts) - min(parts) <= 1


@given(ANY, HOLDERS)
def test_nothing_moves_when_the_shares_are_in_force(
    living: list[Process], holders: dict[str, str]
) -> None:
    found = shares(living, holders)

    assert shares(living, found) == found


def test_newcomer_takes_its_part_and_nothing_else_moves() -> None:
    old = [process("a"), process("b")]
    before = shares(old, {})

    after = shares([*old, process("c")], before)

    moved = {name for name in after if after[name] != before[name]}
    assert {after[name] for name in moved} == {"c"}
    assert counts(after, PARTS, ["a", "b", "c"]) == [3, 3, 2]


def test_what_a_dead_one_held_is_divided_among_the_living() -> None:
    before = shares([process("a"), process("b"), process("c")], {})

    after = shares([process("a"), process("c")], before)

    assert counts(after, PARTS, ["a", "c"]) == [4, 4]
    assert all(after[name] == before[name] for name in after if before[name] != "b")


def test_who_hears_only_gets_no_partition() -> None:
    hears, works = process("a", (leases.lane("socket"),)), process("b", PARTS)

    found = shares([hears, works], {})

    assert found == {leases.lane("socket"): "a"} | dict.fromkeys(PARTS, "b")
