"""People, places to speak, questions, drafts, duties and ratings."""

from sqlalchemy import select

from storage import people, ratings
from storage.database import table_of
from storage.duties import Duty, duties_now, end_duties, set_duty
from storage.people import Ask, Said
from storage.people_tables import DraftRow, PersonRow, RatingRow
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, SEAL

WANG = SEAL.person_key("wang")


def _ask(key: str, **more: object) -> Ask:
    values: dict[str, object] = {
        "key": key, "kind": "place", "person_key": WANG, "ticket_id": 7, "asked_at": NOW,
        "until": NOW + MINUTE, "data": {"line": "line-a"}, **more,
    }  # fmt: skip
    return Ask(**values)  # type: ignore[arg-type]  # the values of a sample


def _said(key: str, **more: object) -> Said:
    values: dict[str, object] = {
        "event_key": key, "line": "line-a", "person_key": WANG, "at": NOW, "kind": "report",
        "masked": "路灯不亮", **more,
    }  # fmt: skip
    return Said(**values)  # type: ignore[arg-type]  # the values of a sample


def _identity(db: Db) -> str:
    row = db.conn.execute(select(table_of(PersonRow).c.identity_sealed)).one()
    return SEAL.open(row.identity_sealed, f"person:{WANG}") if row.identity_sealed else ""


def test_person_is_new_once(db: Db) -> None:
    assert people.met(db, WANG, NOW)
    assert not people.met(db, WANG, NOW + MINUTE)

    row = db.conn.execute(select(table_of(PersonRow))).one()
    assert (row.first_at, row.last_at) == (NOW, NOW + MINUTE)


def test_account_of_a_person_is_kept_sealed(db: Db) -> None:
    people.met(db, WANG, NOW, user="wang")

    assert _identity(db) == "wang"


def test_account_of_a_person_met_before_is_added(db: Db) -> None:
    people.met(db, WANG, NOW)

    people.met(db, WANG, NOW, user="wang")
    people.met(db, WANG, NOW)

    assert _identity(db) == "wang"


def test_grid_of_a_person_is_where_she_spoke_last(db: Db) -> None:
    people.met(db, WANG, NOW)
    assert people.grid_of(db, WANG) == ""

    people.lives_in(db, WANG, "g1")

    assert people.grid_of(db, WANG) == "g1"
    assert people.grid_of(db, "stranger") == ""


def test_help_is_said_once_a_day(db: Db) -> None:
    people.met(db, WANG, NOW)

    said = [people.may_help(db, WANG, day) for day in ("260304", "260304", "260305")]

    assert said == [True, False, True]
    assert not people.may_help(db, "stranger", "260304")


def test_place_may_be_pushed_to_after_somebody_spoke_there(db: Db) -> None:
    assert not people.has_spoken(db, "line-a")

    people.spoke_in(db, "line-a", "single", "aibot", "aibot:wang", NOW)
    people.spoke_in(db, "line-a", "single", "app", "aibot:wang", NOW + MINUTE)

    assert people.has_spoken(db, "line-a")
    assert not people.has_spoken(db, "line-b")


def test_words_heard_lately_come_newest_first_and_only_of_that_person_there(db: Db) -> None:
    for said in (
        _said("e:0", at=NOW - MINUTE), _said("e:1"), _said("e:2", category="street_lamp"),
        _said("e:3", line="line-b"), _said("e:4", person_key="other"), _said("e:1", masked="x"),
    ):  # fmt: skip
        people.note_heard(db, said)

    assert people.heard_lately(db, WANG, "line-a", NOW) == [
        _said("e:2", category="street_lamp"),
        _said("e:1"),
    ]


def test_old_words_are_forgotten(db: Db) -> None:
    people.note_heard(db, _said("e:0", at=NOW - MINUTE))
    people.note_heard(db, _said("e:1"))

    assert people.forget_heard(db, NOW) == 1

    assert [one.event_key for one in people.heard_lately(db, WANG, "line-a", NOW - MINUTE)] == [
        "e:1"
    ]


def test_question_waits_until_it_is_answered_or_too_old(db: Db) -> None:
    people.ask(db, _ask("e:1"))
    people.ask(db, _ask("e:1", kind="changed"))
    people.ask(db, _ask("e:2", until=NOW + 2 * MINUTE))
    people.ask(db, _ask("e:3", person_key="other"))

    second, first = people.open_asks(db, WANG, NOW)
    assert (first, second.key) == (_ask("e:1", id=first.id), "e:2")
    assert [one.key for one in people.open_asks(db, WANG, NOW + MINUTE)] == ["e:2"]
    people.answered(db, second.id, NOW)

    assert [one.key for one in people.open_asks(db, WANG, NOW)] == ["e:1"]
    assert [one.key for one in people.asks_of_ticket(db, 7)] == ["e:1", "e:3"]
    assert people.asks_of_ticket(db, 8) == []


def test_draft_of_one_key_is_one_task(db: Db) -> None:
    people.add_draft(db, "e:1", 7, "heyun", "speak", "请转告王阿姨", NOW)
    people.add_draft(db, "e:1", 7, "heyun", "speak", "again", NOW)

    row = db.conn.execute(select(table_of(DraftRow))).one()
    assert (row.user, SEAL.open(row.text_sealed, "draft:e:1")) == ("heyun", "请转告王阿姨")


def test_draft_is_finished_by_the_one_it_was_for(db: Db) -> None:
    for key, ticket_id, user in (("a", 7, "heyun"), ("b", 7, "lin"), ("c", 8, "heyun")):
        people.add_draft(db, key, ticket_id, user, "speak", "请转告", NOW)

    people.finish_drafts(db, 7, "heyun", NOW)
    people.finish_drafts(db, 7, "heyun", NOW + MINUTE)

    row = table_of(DraftRow)
    found = db.conn.execute(select(row.c.key, row.c.done_at).order_by(row.c.id)).all()
    assert [tuple(one) for one in found] == [("a", NOW), ("b", None), ("c", None)]


def test_duty_holds_from_its_begin_to_its_end(db: Db) -> None:
    busy, stand_in = Duty("lin", "busy"), Duty("heyun", "stand_in", "lin")
    set_duty(db, busy, NOW, NOW + MINUTE)
    set_duty(db, stand_in, NOW + MINUTE, NOW + 2 * MINUTE)

    assert duties_now(db, NOW) == [busy]
    assert duties_now(db, NOW + MINUTE) == [stand_in]


def test_somebody_who_is_back_ends_only_what_she_named(db: Db) -> None:
    busy, leave, other = Duty("lin", "busy"), Duty("lin", "leave"), Duty("heyun", "busy")
    for duty in (busy, leave, other):
        set_duty(db, duty, NOW, NOW + 2 * MINUTE)

    end_duties(db, "lin", ("busy",), NOW + MINUTE)

    assert duties_now(db, NOW) == [busy, leave, other]
    assert duties_now(db, NOW + MINUTE) == [leave, other]


def test_score_belongs_to_the_newest_question_of_its_ticket(db: Db) -> None:
    ratings.asked(db, 7, NOW)
    ratings.asked(db, 7, NOW + MINUTE)
    ratings.asked(db, 8, NOW)

    ratings.rated(db, 7, 2, NOW + 2 * MINUTE, words="电话打不通")

    row = table_of(RatingRow)
    found = db.conn.execute(select(row).order_by(row.c.id)).all()
    assert [(one.ticket_id, one.round, one.score) for one in found] == [
        (7, 1, None), (7, 2, 2), (8, 1, None),
    ]  # fmt: skip
    assert SEAL.open(found[1].words_sealed, "rating:7:2") == "电话打不通"


def test_score_without_a_question_changes_nothing(db: Db) -> None:
    ratings.asked(db, 8, NOW)

    ratings.rated(db, 7, 5, NOW, words="好")

    assert db.conn.execute(select(table_of(RatingRow).c.score)).scalars().all() == [None]
