"""Who is the same person: found by every key, counted once, and found again after a new key."""

import dataclasses
from datetime import timedelta

from storage import bindings, people, rotate
from storage.session import Db
from storage.tickets import Voice
from tests.storage.rows import MINUTE, NOW, SEAL

ANN, BEA, CAT = (SEAL.person_key(user) for user in ("ann", "kf:wmANN", "cat"))


def test_person_is_all_her_accounts_and_one_name(db: Db) -> None:
    bindings.bind(db, ANN, BEA, "w1", NOW)

    assert bindings.keys_of(db, BEA) == {ANN, BEA}
    assert bindings.keys_of(db, CAT) == {CAT}
    assert len({bindings.name_of(db, key) for key in (ANN, BEA, CAT)}) == 2


def test_two_bound_people_become_one(db: Db) -> None:
    bindings.bind(db, ANN, BEA, "w1", NOW)
    bindings.bind(db, CAT, ANN, "w2", NOW)

    assert bindings.keys_of(db, BEA) == {ANN, BEA, CAT}
    assert bindings.unbind(db, CAT)
    assert bindings.keys_of(db, BEA) == {ANN, BEA}
    assert bindings.unbind(db, ANN)
    assert not bindings.unbind(db, BEA)


def test_voices_of_one_person_are_one(db: Db) -> None:
    voices = tuple(Voice(user=user, chat="g") for user in ("kf:wmANN", "cat", "ann"))
    assert bindings.each_once(db, voices) == voices

    bindings.bind(db, ANN, BEA, "w1", NOW)

    assert bindings.each_once(db, voices) == voices[:2]


def test_code_belongs_to_one_account_and_ends(db: Db) -> None:
    assert bindings.give_code(db, ANN, "735201", NOW + MINUTE, NOW)
    assert not bindings.give_code(db, BEA, "735201", NOW + MINUTE, NOW)

    assert bindings.asker_of(db, "735201", NOW) == ANN
    assert bindings.asker_of(db, "735201", NOW + MINUTE) == ""
    assert bindings.give_code(db, BEA, "735201", NOW + 3 * MINUTE, NOW + MINUTE)


def test_wrong_tries_are_counted_by_conversation_and_forgotten(db: Db) -> None:
    bindings.tried(db, "l1", NOW)
    bindings.tried(db, "l1", NOW + MINUTE)

    assert bindings.tries(db, "l1", NOW) == 2
    assert bindings.tries(db, "l2", NOW) == 0
    assert bindings.tries(db, "l1", NOW + timedelta(seconds=1)) == 1
    bindings.forget(db, NOW + 2 * MINUTE)
    assert bindings.tries(db, "l1", NOW) == 0


def test_binding_outlives_a_new_lookup_key(db: Db) -> None:
    for user, key in (("ann", ANN), ("kf:wmANN", BEA)):
        people.met(db, key, NOW, user=user)
    bindings.bind(db, ANN, BEA, "w1", NOW)
    fresh = dataclasses.replace(SEAL, hmac_key=b"n" * 32)

    rotate.rekey(Db(db.conn, fresh), SEAL)

    keys = {fresh.person_key("ann"), fresh.person_key("kf:wmANN")}
    assert bindings.keys_of(db, fresh.person_key("ann")) == keys
