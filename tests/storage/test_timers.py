"""Timers: due once, in order; cleared ones never come."""

from datetime import datetime

from storage import timers
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, timer


def _due(db: Db, at: datetime = NOW) -> list[str]:
    return [one.key for one in timers.due(db, at, 100)]


def _id(db: Db, key: str) -> int:
    return next(one.id for one in timers.due(db, NOW, 100) if one.key == key)


def test_timer_comes_out_as_it_went_in(db: Db) -> None:
    timers.set_timer(db, timer("e:1", data={"stage": "签收", "rung": 2}))

    (found,) = timers.due(db, NOW, 10)

    assert found == timer("e:1", id=found.id, data={"stage": "签收", "rung": 2})


def test_timers_fall_due_earliest_first_and_not_before_their_time(db: Db) -> None:
    timers.set_timer(db, timer("late", due_at=NOW + MINUTE))
    timers.set_timer(db, timer("second"))
    timers.set_timer(db, timer("first", due_at=NOW - MINUTE))

    assert _due(db) == ["first", "second"]
    assert [one.key for one in timers.due(db, NOW, 1)] == ["first"]
    assert timers.earliest(db) == NOW - MINUTE


def test_same_key_is_set_once(db: Db) -> None:
    timers.set_timer(db, timer("e:1"))
    timers.set_timer(db, timer("e:1", due_at=NOW + MINUTE))

    assert _due(db) == ["e:1"]


def test_posted_timer_is_not_handed_out_again(db: Db) -> None:
    timers.set_timer(db, timer("e:1"))

    timers.posted(db, [_id(db, "e:1")], NOW)

    assert _due(db) == []
    assert timers.earliest(db) is None


def test_timer_is_finished_once(db: Db) -> None:
    timers.set_timer(db, timer("e:1"))
    row_id = _id(db, "e:1")
    timers.posted(db, [row_id], NOW)

    assert timers.finish(db, row_id, NOW)
    assert not timers.finish(db, row_id, NOW)


def test_timer_cleared_after_it_was_posted_does_nothing(db: Db) -> None:
    timers.set_timer(db, timer("e:1"))
    row_id = _id(db, "e:1")
    timers.posted(db, [row_id], NOW)

    timers.clear(db, 7, (), NOW)

    assert not timers.finish(db, row_id, NOW)


def test_only_the_kinds_named_are_cleared_and_only_of_that_ticket(db: Db) -> None:
    timers.set_timer(db, timer("e:1"))
    timers.set_timer(db, timer("e:2", kind="danger_ring"))
    timers.set_timer(db, timer("e:3", ticket_id=8))

    timers.clear(db, 7, ("overdue",), NOW)
    assert _due(db) == ["e:2", "e:3"]

    timers.clear(db, 7, (), NOW)
    assert _due(db) == ["e:3"]


def test_look_of_the_clock_does_not_read_over_what_was_cleared(db: Db) -> None:
    """Counted in rows of the index, not in time: cleared timers would make every look slower."""
    for count in range(200):
        timers.set_timer(db, timer(f"e:{count}", ticket_id=7))
    timers.clear(db, 7, (), NOW)
    timers.set_timer(db, timer("waits", ticket_id=8))
    if db.conn.dialect.name != "sqlite":
        return
    steps: list[int] = []
    raw = db.conn.connection.driver_connection
    assert raw is not None
    raw.set_progress_handler(lambda: steps.append(1), 10)

    assert _due(db) == ["waits"]

    raw.set_progress_handler(None, 0)
    assert len(steps) < 30
