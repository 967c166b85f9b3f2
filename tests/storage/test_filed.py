"""What other systems filed: their words go after a while, their ids and keys stay."""

from dataclasses import replace

from config.vocabulary import Stage
from storage import filed, inbox, tickets
from storage.filed import Filed
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, arrival, ticket

LATER = NOW + MINUTE
WORDS = {"description": "路灯不亮", "address": "桂花苑3号楼"}


def keep(db: Db, key: str, ticket_id: int = 0) -> None:
    filed.keep(
        db,
        Filed(key=key, request=f"r-{key}", client="guihua", body_hash="h", at=NOW, words=WORDS),
    )
    if ticket_id:
        filed.tie(db, key, ticket_id)


def words(db: Db, key: str) -> dict[str, str]:
    found = filed.by_key(db, key)
    assert found is not None
    return found.words


def test_words_that_led_nowhere_go_first_and_the_row_stays(db: Db) -> None:
    ended = tickets.create(db, ticket("JG260304-0001K", stage=Stage.CLOSED))
    keep(db, "loose")
    keep(db, "tied", ended.id)

    assert filed.forget_words(db, NOW, NOW) == 0
    assert filed.forget_words(db, LATER, NOW) == 1

    assert (words(db, "loose"), words(db, "tied")) == ({}, WORDS)
    assert filed.by_request(db, "guihua", "r-loose") is not None
    assert filed.forget_words(db, LATER, LATER) == 1
    assert words(db, "tied") == {}
    assert filed.forget_words(db, LATER, LATER) == 0


def test_words_of_an_open_ticket_stay_until_it_is_closed(db: Db) -> None:
    opened = tickets.create(db, ticket("JG260304-0001K"))
    keep(db, "tied", opened.id)

    assert filed.forget_words(db, LATER, LATER) == 0
    tickets.save(db, replace(opened, stage=Stage.VOID))
    assert filed.forget_words(db, LATER, LATER) == 1


def test_words_that_wait_for_their_turn_stay(db: Db) -> None:
    inbox.accept(db, arrival("waiting"), NOW)
    keep(db, "waiting")

    assert filed.forget_words(db, LATER, LATER) == 0
