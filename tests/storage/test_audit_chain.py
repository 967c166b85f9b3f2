"""The audit chain finds every hand that touched a book behind the program's back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from storage import audit_chain, changes, journal, leftovers, retention, web
from storage.audit_books import BOOKS, delete_rows
from storage.audit_chain import Found
from storage.audit_tables import AuditGoneRow, AuditLinkRow
from storage.changes import Change, Kind, State
from storage.database import Database, table_of
from storage.sealed import Seal
from storage.session import Db
from storage.tables import JournalRow
from storage.web_tables import ViewRow
from tests.storage.rows import NOW, SEAL, entry

_J, _L = table_of(JournalRow).c, table_of(AuditLinkRow).c
LATER = NOW + timedelta(days=4000)


def do(database: Database, fn: Callable[[Db], object], seal: Seal = SEAL) -> None:
    with database.writer_engine.begin() as conn:
        fn(Db(conn, seal))


def seal_all(database: Database) -> None:
    for book in BOOKS.values():
        upto = audit_chain.settled(database, book)
        while link := database.read_now(
            lambda conn, book=book, upto=upto: audit_chain.next_link(  # type: ignore[misc]
                Db(conn, SEAL), book, upto, NOW
            )
        ):
            do(database, lambda db, link=link: audit_chain.add(db, link))  # type: ignore[misc]


def look(database: Database, seal: Seal = SEAL) -> Found:
    return database.read_now(lambda conn: audit_chain.verify(Db(conn, seal)))


def steps(database: Database, *numbers: int) -> None:
    def write(db: Db) -> None:
        for n in numbers:
            journal.add(db, entry(f"e{n}", ticket_id=n, reason="办了"))

    do(database, write)


def behind_the_back(database: Database, statement: object) -> None:
    """What somebody does who can put the guards to sleep first."""
    drop = [text(f"DROP TRIGGER journal_no_{what}") for what in ("update", "delete")]
    sleep = [text("SET LOCAL session_replication_role = replica")]

    def meddle(db: Db) -> None:
        for one in (*(drop if database.is_sqlite else sleep), statement):
            db.conn.execute(one)  # type: ignore[call-overload]

    do(database, meddle)


@pytest.fixture
def sealed(database: Database) -> Database:
    """Seven steps in two links, a look, a record of deletion, a change of the rules that ended."""
    steps(database, 1, 2, 3, 4)
    seal_all(database)
    steps(database, 5, 6, 7)

    def write(db: Db) -> None:
        web.note_view(db, "page:1", "linzhiyuan", "reporter", 1, NOW)
        retention.record(db, "void", Counter(tickets=2), NOW)
        change = Change(key="c1", kind=Kind.EDIT, by="linzhiyuan", at=NOW, state=State.DONE)
        changes.add(db, replace(change, text="kept: 7"))
        changes.add(db, replace(change, key="c2", state=State.WAITING))

    do(database, write)
    seal_all(database)
    return database


def test_untouched_books_hold(sealed: Database) -> None:
    found = look(sealed)

    assert found.fault == ""
    assert found.links == 5
    assert dict(found.rows) == {"台账": 7, "查看记录": 1, "删除记录": 1, "规则修改": 1}
    assert sum(found.unsealed.values()) == 0


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        pytest.param(update(JournalRow).where(_J.id == 2).values(actor="x"), "内容变了", id="edit"),
        pytest.param(delete(JournalRow).where(_J.id == 2), "现在 3 行", id="delete"),
        pytest.param(update(JournalRow).where(_J.id == 2).values(id=99), "现在 3 行", id="move"),
        pytest.param(
            update(JournalRow).where(_J.id == 2).values(reason_sealed=SEAL.close("没办", "x")),
            "编号 2 的加密内容不对",
            id="words",
        ),
    ],
)
def test_a_row_that_somebody_touched_is_found(sealed: Database, deed: object, told: str) -> None:
    behind_the_back(sealed, deed)

    found = look(sealed)

    assert found.fault.startswith("第 1 环（台账编号 1 到 4）：")
    assert told in found.fault


def test_a_row_put_between_is_found(sealed: Database) -> None:
    do(sealed, lambda db: delete_rows(db, table_of(JournalRow), _J.id == 3))
    steps(sealed, 30)

    behind_the_back(sealed, update(JournalRow).where(_J.key == "e30").values(id=3))

    assert "编号 3 已按期删除，现在又有了" in look(sealed).fault


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        pytest.param(update(AuditLinkRow).where(_L.id == 1).values(count=3), "改过", id="edit"),
        pytest.param(delete(AuditLinkRow).where(_L.id == 1), "接不上", id="first"),
        pytest.param(delete(AuditLinkRow).where(_L.id == 2), "接不上", id="middle"),
    ],
)
def test_a_link_that_somebody_touched_is_found(sealed: Database, deed: object, told: str) -> None:
    do(sealed, lambda db: db.conn.execute(deed))  # type: ignore[call-overload]

    assert told in look(sealed).fault


def test_a_chain_cut_at_its_end_shows_against_a_head_kept_elsewhere(sealed: Database) -> None:
    head = look(sealed).head
    last = sealed.read_now(lambda conn: conn.execute(select(_L.id).order_by(_L.id.desc())).scalar())

    do(sealed, lambda db: db.conn.execute(delete(AuditLinkRow).where(_L.id == last)))

    assert look(sealed).fault == ""
    assert not look(sealed).has(head[: audit_chain.CODE_DIGITS])


def test_another_key_makes_no_link(sealed: Database) -> None:
    forger = Seal({"k1": b"k" * 32}, "k1", b"f" * 32)
    link = sealed.read_now(
        lambda conn: audit_chain.next_link(Db(conn, SEAL), BOOKS["journal"], 99, NOW)
    )
    assert link is None
    steps(sealed, 8)
    link = sealed.read_now(
        lambda conn: audit_chain.next_link(Db(conn, SEAL), BOOKS["journal"], 99, NOW)
    )
    assert link is not None

    do(sealed, lambda db: audit_chain.add(db, link), forger)

    assert "不是用现在的密钥封的" in look(sealed).fault


def test_two_sealers_make_no_fork(sealed: Database) -> None:
    steps(sealed, 8)
    link = sealed.read_now(
        lambda conn: audit_chain.next_link(Db(conn, SEAL), BOOKS["journal"], 99, NOW)
    )
    assert link is not None
    do(sealed, lambda db: audit_chain.add(db, link))

    with pytest.raises(DatabaseError):
        do(sealed, lambda db: audit_chain.add(db, link))

    assert look(sealed).fault == ""


def test_what_goes_by_a_rule_breaks_nothing(sealed: Database) -> None:
    def forget(db: Db) -> None:
        retention.delete_tickets(db, [1])  # the look at it goes, the step loses its words
        retention.forget_audit(db, LATER)
        leftovers.forget(db, LATER)

    do(sealed, forget)

    left = sealed.read_now(lambda conn: list(conn.execute(select(_J.id)).scalars()))
    assert left == [7]  # the newest stays, so that its id never comes again
    assert look(sealed).fault == ""


def test_digests_of_what_went_are_folded_into_one_for_a_link(sealed: Database) -> None:
    steps(sealed, 8)
    do(sealed, lambda db: retention.forget_audit(db, LATER))

    do(sealed, audit_chain.fold)

    gone = sealed.read_now(lambda conn: conn.execute(select(table_of(AuditGoneRow))).all())
    assert [(one.first_id, one.last_id) for one in gone] == [(1, 4), (5, 7)]
    assert look(sealed).fault == ""


def test_a_forged_proof_of_deletion_is_found(sealed: Database) -> None:
    values = {"book": "journal", "first_id": 2, "last_id": 2, "digest": "0" * 64, "mac": "1" * 64}
    do(sealed, lambda db: db.conn.execute(table_of(AuditGoneRow).insert().values(values)))
    do(sealed, lambda db: db.conn.execute(delete(JournalRow).where(_J.id == 2)))

    assert "编号 2 的删除凭据是假的" in look(sealed).fault


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(update(JournalRow).where(_J.id == 2).values(actor="x"), id="change"),
        pytest.param(delete(JournalRow).where(_J.id == 2), id="delete"),
        pytest.param(delete(ViewRow), id="looks"),
        pytest.param(text("UPDATE rule_changes SET decided_by = 'x' WHERE key = 'c1'"), id="rules"),
        pytest.param(text("DELETE FROM deletions"), id="deletions"),
    ],
)
def test_the_database_itself_refuses(sealed: Database, deed: object) -> None:
    with pytest.raises(DatabaseError, match="audit rows are only added"):
        do(sealed, lambda db: db.conn.execute(deed))  # type: ignore[call-overload]


def test_a_change_that_is_not_decided_may_still_move(sealed: Database) -> None:
    do(sealed, lambda db: changes.step(db, 2, (State.WAITING,), state=State.REFUSED))
    seal_all(sealed)

    assert look(sealed).rows["规则修改"] == 2
    assert look(sealed).fault == ""


def test_no_id_of_a_look_comes_again(sealed: Database) -> None:
    do(sealed, lambda db: delete_rows(db, table_of(ViewRow)))
    do(sealed, lambda db: web.note_view(db, "page:2", "linzhiyuan", "reporter", 2, NOW))
    seal_all(sealed)

    assert look(sealed).fault == ""


def test_a_new_hmac_key_takes_the_chain_along(sealed: Database) -> None:
    do(sealed, lambda db: retention.delete_tickets(db, [1]))
    fresh = Seal(SEAL.keys, SEAL.current, b"n" * 32)

    do(sealed, lambda db: audit_chain.rekey(db, SEAL), fresh)

    assert look(sealed, fresh).fault == ""
    assert "不是用现在的密钥封的" in look(sealed).fault


def test_a_new_hmac_key_heals_nothing(sealed: Database) -> None:
    do(sealed, lambda db: db.conn.execute(update(AuditLinkRow).where(_L.id == 2).values(count=9)))
    fresh = Seal(SEAL.keys, SEAL.current, b"n" * 32)

    do(sealed, lambda db: audit_chain.rekey(db, SEAL), fresh)

    assert look(sealed, fresh).fault.startswith("第 2 环")


def test_a_row_whose_id_was_given_but_not_committed_is_waited_for(
    postgres_database: Database,
) -> None:
    database = postgres_database
    with database.writer_engine.connect() as slow:
        journal.add(Db(slow, SEAL), entry("slow"))
        steps(database, 2)

        with pytest.raises(DatabaseError, match="lock timeout"):
            audit_chain.settled(database, BOOKS["journal"])

        slow.commit()
    seal_all(database)
    assert look(database).rows["台账"] == 2
