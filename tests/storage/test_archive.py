"""How far the archive was read, who refused it, and rows that wait for a key."""

from datetime import timedelta

from storage import archive, rotate
from storage.archive import Cursor, Parked
from storage.sealed import Seal
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, SEAL


def test_cursor_of_each_corp_is_its_own(db: Db) -> None:
    here = Cursor(seq=7, looked_at=NOW, begin=NOW - MINUTE)
    archive.move(db, "ww1", here)
    archive.move(db, "ww1", Cursor(seq=9, looked_at=NOW + MINUTE, begin=NOW - MINUTE))

    assert archive.cursor(db, "ww2") is None
    found = archive.cursor(db, "ww1")
    assert found is not None
    assert (found.seq, found.looked_at, found.begin) == (9, NOW + MINUTE, NOW - MINUTE)


def test_later_word_about_consent_counts_whatever_comes_last(db: Db) -> None:
    archive.set_consent(db, "wmWANG", agreed=False, at=NOW, now=NOW)
    archive.set_consent(db, "wmWANG", agreed=True, at=NOW - MINUTE, now=NOW)

    key = db.seal.person_key("wmWANG")
    assert archive.consents(db, [key, "nobody"]) == {key: False}


def test_refusal_outlives_a_change_of_keys(db: Db) -> None:
    archive.set_consent(db, "wmWANG", agreed=False, at=NOW, now=NOW)
    fresh = Db(db.conn, Seal(SEAL.keys, SEAL.current, b"n" * 32))

    assert rotate.rekey(fresh, SEAL).lost == 0

    key = fresh.seal.person_key("wmWANG")
    assert archive.consents(fresh, [key]) == {key: False}


def test_row_is_set_aside_once_and_comes_back_as_it_was(db: Db) -> None:
    row = Parked(key="m1", version=3, why="no_key", row="[1]")

    assert archive.park(db, row, NOW)
    assert not archive.park(db, row, NOW)
    assert archive.parked(db, 10) == [row]
    archive.unpark(db, ["m1", "m2"])
    assert archive.count_parked(db) == 0


def test_row_nobody_brings_a_key_for_is_forgotten(db: Db) -> None:
    archive.park(db, Parked(key="m1", version=3, why="no_key", row="[1]"), NOW)

    assert archive.drop_parked(db, NOW) == 0
    assert archive.drop_parked(db, NOW + timedelta(seconds=1)) == 1
