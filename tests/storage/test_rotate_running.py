"""A new key beside processes that go on: everything opens in each of them (不停机换密钥)."""

import threading
from pathlib import Path

import pytest

from storage import people, rotate
from storage.database import Database
from storage.key_file import add_key, load_or_create_keys
from storage.sealed import Seal, SealBroken
from storage.session import Db
from tests.storage.rows import NOW

USERS = [f"user{number}" for number in range(40)]


def process(folder: Path) -> Seal:
    """The seal as a process of its own has it."""
    return load_or_create_keys(folder / "keys.json", must_exist=False)


def meet(database: Database, seal: Seal, user: str) -> None:
    with database.writer_engine.begin() as conn:
        people.met(Db(conn, seal), seal.person_key(user), NOW, user=user)


def known(database: Database, seal: Seal) -> set[str]:
    with database.writer_engine.begin() as conn:
        return rotate._users(Db(conn, seal))


def test_processes_that_go_on_open_what_was_closed_anew(database: Database, tmp_path: Path) -> None:
    """Two processes, the command, and what each wrote before, meanwhile and after."""
    first, second = process(tmp_path), process(tmp_path)
    old = first.current
    for user in USERS[:30]:
        meet(database, first, user)

    new = add_key(tmp_path / "keys.json")  # as the command does: safe in the file, then sealed
    rotate.rotate_in_batches(database, new, batch=7)
    meet(database, first, USERS[30])  # it has not looked yet: still under the old key
    assert first.current == old

    assert known(database, second) == set(USERS[:31])
    assert second.current == new.current
    meet(database, second, USERS[31])
    assert known(database, first) == set(USERS[:32])
    assert first.current == new.current

    assert rotate.rotate_in_batches(database, new, batch=7) == 1
    assert known(database, Seal({new.current: new.keys[new.current]}, new.current, new.hmac_key))


def test_reading_while_it_is_closed_anew_never_fails(database: Database, tmp_path: Path) -> None:
    seal = process(tmp_path)
    for user in USERS:
        meet(database, seal, user)
    over, faults = threading.Event(), list[BaseException]()

    def look() -> None:
        try:
            while not over.is_set():
                assert known(database, seal) == set(USERS)
        except BaseException as fault:
            faults.append(fault)

    reading = threading.Thread(target=look)
    reading.start()
    for _ in range(3):
        rotate.rotate_in_batches(database, add_key(tmp_path / "keys.json"), batch=3)
    over.set()
    reading.join()

    assert faults == []
    assert len(seal.keys) == 4


def test_another_lookup_key_is_not_taken_over(tmp_path: Path) -> None:
    running = process(tmp_path)
    strange = add_key(tmp_path / "keys.json", new_hmac=True)

    with pytest.raises(SealBroken):
        running.open(strange.close("x", "a"), "a")
    assert running.hmac_key != strange.hmac_key


def test_a_key_that_nobody_has_and_a_file_that_is_gone_are_refused(tmp_path: Path) -> None:
    running, other = process(tmp_path), Seal.generate()
    with pytest.raises(SealBroken):
        running.open(other.close("x", "a"), "a")
    (tmp_path / "keys.json").unlink()

    with pytest.raises(SealBroken):
        running.open(other.close("x", "a"), "a")
    assert running.open(running.close("x", "a"), "a") == "x"
