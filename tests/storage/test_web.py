"""The book of logins and of looks: ended is ended, a look is written once."""

from datetime import timedelta

from storage import web
from storage.session import Db
from storage.web import Login
from tests.storage.rows import NOW

WHO = "lin_zhiyuan"
LATER = NOW + timedelta(hours=8)


def _login(key: str, user: str = WHO) -> Login:
    return Login(key, user, "企业微信", NOW, LATER)


def test_login_is_good_until_its_hour_and_no_longer(db: Db) -> None:
    web.begin(db, _login("k1"))

    assert web.is_good(db, WHO, "k1", NOW)
    assert not web.is_good(db, WHO, "k1", LATER)
    assert not web.is_good(db, "qiu_ruolan", "k1", NOW), "whose name is put on another's key"
    assert not web.is_good(db, WHO, "k2", NOW), "what was never written down is no login"


def test_one_or_all_logins_of_one_person_end(db: Db) -> None:
    for key in ("k1", "k2", "k3"):
        web.begin(db, _login(key))
    web.begin(db, _login("other", "qiu_ruolan"))

    assert web.end(db, "lin_zhiyuan", NOW, "k2") == 1
    assert [one.key for one in web.logins(db, "lin_zhiyuan", NOW)] == ["k3", "k1"]
    assert web.end(db, "lin_zhiyuan", NOW) == 2
    assert web.logins(db, "lin_zhiyuan", NOW) == []
    assert web.is_good(db, "qiu_ruolan", "other", NOW)


def test_nobody_ends_a_login_of_somebody_else(db: Db) -> None:
    web.begin(db, _login("k1"))

    assert web.end(db, "qiu_ruolan", NOW, "k1") == 0
    assert web.is_good(db, WHO, "k1", NOW)


def test_looks_are_paged_newest_first_and_written_once(db: Db) -> None:
    for count, user in enumerate(("a", "b", "a", "a"), 1):
        web.note_view(db, f"e{count}", user, "工单", count, NOW)
        web.note_view(db, f"e{count}", user, "工单", count, NOW)

    first = web.views(db, most=2)
    rest = web.views(db, before=first[-1].id)

    assert [one.ticket_id for one in [*first, *rest]] == [4, 3, 2, 1]
    assert [one.ticket_id for one in web.views(db, user="b")] == [2]
