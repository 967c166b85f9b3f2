"""Leases: one holder at a time; a holder that slept too long can write nothing more."""

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from storage import leases, processes
from storage.database import Database
from storage.leases import LeaseLost
from storage.processes import Process
from storage.tables import LeaseRow

NAME = "p3"


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.writer_engine.begin() as made:
        yield made


@pytest.fixture
def two(postgres_database: Database) -> tuple[Database, Database]:
    """Two processes on one PostgreSQL."""
    return postgres_database, Database(postgres_database.url)


def _expire(conn: Connection) -> None:
    conn.execute(update(LeaseRow).values(until=leases.database_time(conn) - 0.001))


def test_lease_is_taken_by_the_first_who_asks(conn: Connection) -> None:
    assert leases.hold(conn, NAME, "a") == 1
    assert leases.hold(conn, NAME, "b") is None
    assert leases.hold(conn, "p4", "b") == 1


def test_a_clock_that_was_set_back_leaves_no_lease_with_the_dead(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = leases.database_time(conn)
    leases.hold(conn, NAME, "dead")
    processes.beat(conn, Process("dead", "here", 1, (), "", frozenset({NAME})))
    for module in (leases, processes):
        monkeypatch.setattr(module, "database_time", lambda _conn: now - 3600)

    assert leases.holders(conn, now - 3600) == {}
    assert not leases.is_held(conn, NAME)
    assert processes.living(conn, now - 3600) == []
    assert leases.hold(conn, NAME, "b") == 2


def test_renewal_keeps_the_epoch(conn: Connection) -> None:
    epochs = [leases.hold(conn, NAME, "a") for _ in range(3)]

    assert epochs == [1, 1, 1]


def test_epoch_grows_when_the_owner_changes(conn: Connection) -> None:
    leases.hold(conn, NAME, "a")
    _expire(conn)

    assert leases.hold(conn, NAME, "b") == 2
    assert leases.hold(conn, NAME, "a") is None


def test_owner_who_let_it_run_out_goes_on_when_nobody_took_it(conn: Connection) -> None:
    leases.hold(conn, NAME, "a")
    _expire(conn)

    assert leases.hold(conn, NAME, "a") == 1


def test_all_that_is_ours_is_renewed_in_one_step(conn: Connection) -> None:
    for name, owner in ((NAME, "a"), ("p4", "a"), ("p5", "b")):
        leases.hold(conn, name, owner)
    _expire(conn)

    assert leases.renew(conn, [NAME, "p4", "p5", "p9"], "a") == {NAME: 1, "p4": 1}
    assert leases.holders(conn, leases.database_time(conn)) == {NAME: "a", "p4": "a"}


def test_part_that_is_no_longer_ours_is_given_back(conn: Connection) -> None:
    for name in (NAME, "p4"):
        leases.hold(conn, name, "a")

    leases.release(conn, "a", but=[NAME])

    assert leases.hold(conn, NAME, "b") is None
    assert leases.hold(conn, "p4", "b") == 2


def test_lease_ends_a_while_after_the_last_renewal(conn: Connection) -> None:
    before = leases.database_time(conn)
    leases.hold(conn, NAME, "a")
    after = leases.database_time(conn)

    until = conn.execute(LeaseRow.__table__.select()).one().until  # type: ignore[attr-defined]
    assert before + leases.TTL_S <= until <= after + leases.TTL_S
    assert abs(before - time.time()) < 5  # the same machine: the same clock, in seconds


def test_what_was_given_back_is_free_at_once(conn: Connection) -> None:
    for name in (NAME, "p4"):
        leases.hold(conn, name, "a")
    leases.hold(conn, "p5", "b")

    leases.release(conn, "a")

    assert [leases.hold(conn, name, "c") for name in (NAME, "p4", "p5")] == [2, 2, None]


def test_fence_lets_the_holder_pass(conn: Connection) -> None:
    epoch = leases.hold(conn, NAME, "a")
    assert epoch == 1

    leases.fence(conn, NAME, "a", epoch)


def test_fence_stops_a_stale_epoch_a_stranger_and_an_unknown_name(conn: Connection) -> None:
    for holder in ("a", "b", "a"):
        leases.hold(conn, NAME, holder)
        _expire(conn)

    for name, owner, epoch in ((NAME, "a", 1), (NAME, "b", 3), ("p9", "a", 1)):
        with pytest.raises(LeaseLost):
            leases.fence(conn, name, owner, epoch)


def test_zombie_is_stopped_by_what_another_process_committed(
    two: tuple[Database, Database],
) -> None:
    first, second = two
    with first.writer_engine.begin() as conn:
        assert leases.hold(conn, NAME, "a") == 1
        _expire(conn)
    with second.writer_engine.begin() as conn:
        assert leases.hold(conn, NAME, "b") == 2

    with first.writer_engine.begin() as conn, pytest.raises(LeaseLost):
        leases.fence(conn, NAME, "a", 1)
    second.close()


def test_nobody_takes_a_lease_while_a_turn_under_it_is_not_committed(
    two: tuple[Database, Database],
) -> None:
    first, second = two
    with first.writer_engine.begin() as conn:
        leases.hold(conn, NAME, "a")
        _expire(conn)

    with first.writer_engine.begin() as turn:
        leases.fence(turn, NAME, "a", 1)
        with second.writer_engine.begin() as conn:
            assert leases.hold(conn, NAME, "b") is None

    with second.writer_engine.begin() as conn:
        assert leases.hold(conn, NAME, "b") == 2
    second.close()


def test_two_who_grasp_a_free_lease_do_not_both_get_it(two: tuple[Database, Database]) -> None:
    epochs: list[int | None] = []
    start = threading.Barrier(2)

    def grasp(database: Database, owner: str) -> None:
        start.wait(10)
        for _ in range(20):
            with database.writer_engine.begin() as conn:
                epochs.append(leases.hold(conn, NAME, owner))

    threads = [
        threading.Thread(target=grasp, args=(database, owner))
        for database, owner in zip(two, ("a", "b"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)

    assert sorted(epoch or 0 for epoch in epochs) == [0] * 20 + [1] * 20
    two[1].close()


def test_asking_for_a_lease_of_somebody_else_does_not_disturb_its_renewal(
    two: tuple[Database, Database],
) -> None:
    first, second = two
    with first.writer_engine.begin() as conn:
        leases.hold(conn, NAME, "a")

    with second.writer_engine.begin() as asking:
        assert leases.hold(asking, NAME, "b") is None
        with first.writer_engine.begin() as conn:
            conn.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            assert leases.hold(conn, NAME, "a") == 1
    second.close()


def test_process_frozen_inside_a_transaction_is_cut_off(postgres_database: Database) -> None:
    frozen = Database(postgres_database.url, frozen_after_s=0.2)
    conn = frozen.writer_engine.connect()
    leases.hold(conn, NAME, "a")

    with postgres_database.writer_engine.begin() as other:
        assert leases.hold(other, NAME, "b") == 1  # waits until the frozen one is gone

    with pytest.raises(DBAPIError):
        leases.fence(conn, NAME, "a", 1)
    conn.close()
    frozen.close()
