"""The inbox: accepted once, handed out in order, finished once."""

import pytest

from storage import inbox
from storage.database import Database
from storage.inbox import AlreadyDone
from storage.sealed import KeyGone
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, SEAL, arrival


def _accept(db: Db, *keys: str) -> None:
    for key in keys:
        assert inbox.accept(db, arrival(key), NOW)


def _waiting(db: Db, *partitions: int) -> list[str]:
    return [row.key for row in inbox.undone(db, list(partitions or (3,)), 100)]


def test_event_comes_out_as_it_went_in(db: Db) -> None:
    inbox.accept(db, arrival("aibot:1", payload="王某说：路灯不亮", danger=True), NOW)

    (row,) = inbox.undone(db, [3], 10)

    assert (row.key, row.line, row.kind) == ("aibot:1", "line-a", "heard")
    assert (row.payload, row.danger) == ("王某说：路灯不亮", True)
    assert (row.tries, row.retry_at, row.received_at) == (0, None, NOW)


def test_redelivered_event_is_accepted_once(db: Db) -> None:
    first = inbox.accept(db, arrival("aibot:1"), NOW)
    again = inbox.accept(db, arrival("aibot:1", payload="changed"), NOW)

    assert (first, again) == (True, False)
    assert [row.payload for row in inbox.undone(db, [3], 10)] == ["payload aibot:1"]


def test_redelivered_event_is_not_done_again(db: Db) -> None:
    _accept(db, "aibot:1")
    inbox.done(db, inbox.undone(db, [3], 10)[0].id, NOW)

    assert not inbox.accept(db, arrival("aibot:1"), NOW)

    assert _waiting(db) == []


def test_undone_events_come_oldest_first_and_only_of_our_partitions(db: Db) -> None:
    _accept(db, "a", "b")
    inbox.accept(db, arrival("c", partition=4), NOW)
    inbox.accept(db, arrival("d", partition=5), NOW)

    assert _waiting(db, 3, 4) == ["a", "b", "c"]
    assert [row.key for row in inbox.undone(db, [3, 4], 2)] == ["a", "b"]
    assert _waiting(db, 7) == []


def test_event_done_twice_raises_already_done(db: Db) -> None:
    _accept(db, "a")
    (row,) = inbox.undone(db, [3], 10)
    inbox.done(db, row.id, NOW)

    with pytest.raises(AlreadyDone):
        inbox.done(db, row.id, NOW)


def test_zombie_that_comes_late_changes_nothing(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        db = Db(conn, SEAL)
        _accept(db, "a")
        (row,) = inbox.undone(db, [3], 10)
        inbox.done(db, row.id, NOW, answer="first", key="a")

    with (  # noqa: PT012 - the second transaction is what must fail
        pytest.raises(AlreadyDone),
        database.writer_engine.begin() as conn,
    ):
        db = Db(conn, SEAL)
        inbox.accept(db, arrival("effect of the zombie"), NOW)
        inbox.done(db, row.id, NOW, answer="second", key="a")

    with database.writer_engine.begin() as conn:
        assert inbox.answer_of(Db(conn, SEAL), "a") == (True, "first")
        assert _waiting(Db(conn, SEAL)) == []


def test_failed_event_keeps_its_place_and_its_count(db: Db) -> None:
    _accept(db, "a", "b")
    (first, _) = inbox.undone(db, [3], 10)

    inbox.failed(db, first.id, NOW + MINUTE)
    inbox.failed(db, first.id, NOW + 2 * MINUTE)

    (again, _) = inbox.undone(db, [3], 10)
    assert (again.key, again.tries, again.retry_at) == ("a", 2, NOW + 2 * MINUTE)


def test_dead_event_lets_the_line_move_on(db: Db) -> None:
    _accept(db, "a", "b")

    inbox.bury(db, inbox.undone(db, [3], 10)[0].id, NOW)

    assert _waiting(db) == ["b"]
    assert (inbox.count_waiting(db), inbox.count_dead(db)) == (1, 1)


def test_answer_is_there_only_when_the_event_is_done(db: Db) -> None:
    _accept(db, "a", "b")
    first, second = inbox.undone(db, [3], 10)
    assert inbox.answer_of(db, "a") == (False, "")
    assert inbox.answer_of(db, "unknown") == (False, "")

    inbox.done(db, first.id, NOW, answer="收到", key="a")
    inbox.done(db, second.id, NOW)

    assert inbox.answer_of(db, "a") == (True, "收到")
    assert inbox.answer_of(db, "b") == (True, "")


def test_payload_copied_to_another_row_does_not_open_and_hides_no_other(db: Db) -> None:
    _accept(db, "a", "b")
    (good, _) = (row.payload for row in inbox.undone(db, [3], 10))
    db.conn.exec_driver_sql(
        "UPDATE inbox SET payload_sealed ="
        " (SELECT other.payload_sealed FROM inbox AS other WHERE other.key = 'a')"
    )

    assert [row.payload for row in inbox.undone(db, [3], 10)] == [good, ""]


def test_payload_of_a_key_that_is_gone_is_waited_for(db: Db) -> None:
    _accept(db, "a")
    db.conn.exec_driver_sql("UPDATE inbox SET payload_sealed = 'v1.gone.AAAA'")

    with pytest.raises(KeyGone):
        inbox.undone(db, [3], 10)


def test_inbox_is_empty_only_before_the_first_event(db: Db) -> None:
    assert inbox.is_empty(db.conn)

    _accept(db, "a")
    inbox.done(db, inbox.undone(db, [3], 10)[0].id, NOW)

    assert not inbox.is_empty(db.conn)
