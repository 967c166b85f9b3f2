"""Corrections: masked pairs that hang on their ticket, and what a site has learnt from them."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from config.vocabulary import ClosingCode, Stage
from storage import corrections, lessons, people, tickets
from storage.corrections import Correction
from storage.lessons import Lesson
from storage.people import Said
from storage.session import Db
from storage.tickets import Ticket
from tests.storage.rows import MINUTE, NOW, ticket

NEVER = frozenset({"P04"})


def _ticket(db: Db, count: int = 1, **more: object) -> Ticket:
    made = ticket(f"GH260304-{count:04}K", category="N03", masked=f"路灯不亮{count}")
    return tickets.create(db, replace(made, **more))  # type: ignore[arg-type]  # a sample


def _pair(ticket_id: int, key: str = "e:1", **more: object) -> Correction:
    made = Correction(
        key=key,
        ticket_id=ticket_id,
        at=NOW,
        read_as="N03",
        corrected_to="N07",
        rules_version="v1",
        masked="烟味很大",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # a sample


def _closed(db: Db, count: int = 1, **more: object) -> Ticket:
    plain = {"stage": Stage.CLOSED, "closing_code": ClosingCode.SOLVED}
    return _ticket(db, count, **{**plain, **more})


def _said(db: Db, text: str, **more: object) -> None:
    made = Said(event_key=f"e:{text}", line="l", person_key="x", at=NOW, kind="chat", masked=text)
    people.note_heard(db, replace(made, **more))  # type: ignore[arg-type]  # a sample


def test_pair_is_read_back_as_it_was_kept(db: Db) -> None:
    one = _ticket(db)
    pair = _pair(one.id)

    corrections.keep(db, pair)

    assert corrections.of_ticket(db, one.id) == [pair]
    assert corrections.every(db) == [pair]


def test_words_stand_sealed(db: Db) -> None:
    corrections.keep(db, _pair(_ticket(db).id))

    row = db.conn.exec_driver_sql("SELECT masked_sealed FROM corrections").scalar_one()
    assert row.startswith("v1.k1.")


def test_same_key_again_changes_nothing(db: Db) -> None:
    one = _ticket(db)
    corrections.keep(db, _pair(one.id))

    corrections.keep(db, _pair(one.id, corrected_to="N04"))

    assert [pair.corrected_to for pair in corrections.every(db)] == ["N07"]


def test_pair_is_deleted_with_its_ticket(db: Db) -> None:
    one, other = _ticket(db, 1), _ticket(db, 2)
    corrections.keep(db, _pair(one.id))
    corrections.keep(db, _pair(other.id, "e:2"))

    db.conn.exec_driver_sql(f"DELETE FROM tickets WHERE id = {one.id}")  # noqa: S608 - our own id

    assert [pair.ticket_id for pair in corrections.every(db)] == [other.id]


def test_pair_without_a_ticket_is_refused(db: Db) -> None:
    with pytest.raises(IntegrityError), db.conn.begin_nested():
        corrections.keep(db, _pair(4711))


def test_ticket_that_was_worked_is_a_lesson(db: Db) -> None:
    _closed(db, 1)
    _ticket(db, 2, stage=Stage.ASSIGNED)

    assert lessons.every(db, NEVER) == [Lesson("路灯不亮1", "N03")]


@pytest.mark.parametrize(
    "more",
    [
        {"protected": True},
        {"category": "P04"},
        {"closing_code": ClosingCode.UNFOUNDED},
        {"closing_code": ClosingCode.WITHDRAWN},
        {"closing_code": ""},
    ],
    ids=["protected", "never learnt", "unfounded", "withdrawn", "no code"],
)
def test_ticket_that_proves_nothing_or_is_protected_is_no_lesson(
    db: Db, more: dict[str, object]
) -> None:
    _closed(db, 1, **more)

    assert lessons.every(db, NEVER) == []


def test_last_correction_counts_until_the_work_is_done(db: Db) -> None:
    one = _ticket(db, stage=Stage.VOID)
    corrections.keep(db, _pair(one.id, "e:1"))
    corrections.keep(db, _pair(one.id, "e:2", at=NOW + MINUTE, corrected_to=""))

    assert lessons.every(db, NEVER) == [Lesson("烟味很大", "")]


def test_worked_ticket_knows_better_than_its_correction(db: Db) -> None:
    one = _closed(db)
    corrections.keep(db, _pair(one.id, corrected_to="N04"))

    assert lessons.every(db, NEVER) == [Lesson("路灯不亮1", "N03")]


def test_correction_of_a_ticket_that_became_protected_is_no_lesson(db: Db) -> None:
    corrections.keep(db, _pair(_ticket(db, protected=True).id))

    assert lessons.every(db, NEVER) == []


def test_talk_is_a_lesson_that_opens_nothing(db: Db) -> None:
    _said(db, "今晚吃啥")
    _said(db, "5号楼着火了", kind="open", ticket_id=1)
    _said(db, "他又打我", category="P04")

    assert lessons.every(db, NEVER) == [Lesson("今晚吃啥", "")]


def test_message_from_which_staff_opened_a_ticket_is_no_talk(db: Db) -> None:
    corrections.keep(db, _pair(_ticket(db).id, read_as=""))
    _said(db, "烟味很大")

    assert lessons.every(db, NEVER) == [Lesson("烟味很大", "N07")]


def test_names_of_pictures_are_no_words(db: Db) -> None:
    _closed(db, masked="路灯不亮\n[图片 0a1b2c、3d4e5f]")

    assert lessons.every(db, NEVER) == [Lesson("路灯不亮", "N03")]
