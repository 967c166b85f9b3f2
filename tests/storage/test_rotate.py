"""New keys: everything opens with the new one alone, everybody is found again."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from config.vocabulary import Act
from storage import (
    approvals,
    archive,
    changes,
    corrections,
    diversions,
    drafts,
    filed,
    forms,
    hard_ones,
    inbox,
    journal,
    mediations,
    meetings,
    outbox,
    people,
    praises,
    ratings,
    rotate,
    samples,
    saved_views,
    subtasks,
    ticket_facts,
    tickets,
    worklog,
)
from storage.approvals import Approval
from storage.archive_tables import ArchiveParkedRow
from storage.corrections import Correction
from storage.database import Database, table_of
from storage.diversions import Diversion
from storage.divert_tables import DiversionRow
from storage.draft_tables import GroupDraftRow
from storage.drafts import Draft
from storage.field_tables import FormRow
from storage.filed import Filed
from storage.filed_tables import FiledRow
from storage.forms import Form
from storage.hard_ones import HardOne
from storage.meetings import Meeting
from storage.people import Ask, Said
from storage.people_tables import (
    ConversationRow,
    CorrectionRow,
    DraftRow,
    PersonRow,
    RatingRow,
    SampleRow,
)
from storage.praises import Praise
from storage.retention_tables import LogCorrectionRow
from storage.samples import Sample
from storage.sealed import Seal, SealBroken
from storage.session import Db
from storage.subtasks import Subtask
from storage.tables import MetaRow
from storage.team_tables import MeetingRow, SubtaskRow
from storage.tickets import Voice
from tests.storage.rows import MINUTE, NOW, SEAL, arrival, entry, parcel, ticket

BOTH = Seal({**SEAL.keys, "k2": b"2" * 32}, "k2", SEAL.hmac_key)
ONLY_NEW = Seal({"k2": b"2" * 32}, "k2", SEAL.hmac_key)
OTHER_HMAC = Seal(SEAL.keys, SEAL.current, b"n" * 32)
SEALED_VALUES = 40
TICKET_COLUMNS = ("reporter_sealed", "masked_sealed", "original_sealed", "result_sealed")


def _fill(db: Db, n: int = 1) -> None:
    """Something in every sealed column."""
    key, number, user = f"e:{n}", f"GH260304-{n:04}K", f"wang{n}"
    inbox.accept(db, arrival(key), NOW)
    row = inbox.undone(db, [3], 1)[0]
    inbox.done(db, row.id, NOW, answer="收到", key=key)
    made = ticket(
        number,
        reporter_key=db.seal.person_key(user),
        voices=(Voice(user=user, chat="aibot:" + user),),
        original="原话",
        result_public="公开",
    )
    stored = tickets.create(db, made)
    journal.add(db, entry(key, ticket_id=stored.id, reason="理由"))
    outbox.add(db, parcel(key), NOW)
    people.met(db, db.seal.person_key(user), NOW, user=user)
    people.spoke_in(db, f"line-{n}", "single", "aibot", "aibot:" + user, NOW)
    ticket_facts.add(db, key, stored.id, ticket_facts.Fact.WARNING, "heyun", NOW, "已出具")
    praises.add(db, key, Praise("heyun", stored.id, NOW, "谢谢"))
    worklog.correct(db, key, user, "2026-03-04", "更正", NOW)
    ratings.asked(db, stored.id, NOW)
    ratings.rated(db, stored.id, 5, NOW, words="满意")
    people.add_draft(db, key, stored.id, "heyun", "speak", "请转告", NOW)
    who = db.seal.person_key(user)
    said = Said(event_key=key, line="l", person_key=who, at=NOW, kind="open", masked="听到")
    people.note_heard(db, said)
    filed.keep(
        db, Filed(key=key, request=key, client="c", body_hash="h", at=NOW, words={"a": "来件"})
    )
    samples.keep(db, Sample(key=key, kind=samples.SHADOW, at=NOW, masked="抽到"))
    pair = Correction(
        key=key, ticket_id=stored.id, at=NOW, read_as="N03", corrected_to="", rules_version="v",
        masked="改判",
    )  # fmt: skip
    corrections.keep(db, pair)
    drafts.add(
        db,
        Draft(
            key=key, chat="wrG", line="l", kind="answer", text="代发", said_at=NOW, made_at=NOW,
            expires_at=NOW,
        ),
    )  # fmt: skip
    archive.park(db, archive.Parked(key=key, version=1, why="no_key", row="密行"), NOW)
    _fill_station_life(db, key)
    _fill_mediation(db, key, stored.id)
    _fill_form(db, key, who)
    away = Diversion(
        key=key, ticket_id=stored.id, round="intake", list_version="v", row_id="r",
        department="d", at=NOW, reason="不归我们管",
    )  # fmt: skip
    diversions.add(db, away)
    diversions.end(db, stored.id, diversions.End.ANSWERED, NOW, "修好了")
    _fill_rules(db, key)


def _fill_rules(db: Db, key: str) -> None:
    """A change of a file, a message to judge, a list kept by name."""
    change = changes.Change(
        key=key, kind=changes.Kind.EDIT, by="a", at=NOW, state=changes.State.WAITING,
        why="为什么改", before="旧文", text="新文", report="试过",
    )  # fmt: skip
    changes.add(db, change)
    one = HardOne(chat="wrG", grid="", at=NOW, guess="", rules_version="v", masked="拿不准")
    hard_ones.keep(db, key, one)
    saved_views.keep(db, key, "a", "我的夜班", "/tickets?kind=over", NOW)


def _fill_station_life(db: Db, key: str) -> None:
    """A wish, a sub-task with its feedback, a meeting with its minutes."""
    wish = Approval(
        key=key, ticket_id=1, act=Act.EXTEND, asked_by="a", asked_at=NOW, reason="等材料", data={}
    )
    approvals.ask(db, wish)
    part = Subtask(
        key=key, ticket_id=1, user="a", made_by="b", made_at=NOW, due_at=NOW, words="上门"
    )
    subtasks.add(db, part)
    subtasks.end(db, subtasks.of_ticket(db, 1)[-1], subtasks.State.DONE, NOW, "看过")
    meeting = Meeting(
        key=key, ticket_id=1, called_by="a", called_at=NOW, begins_at=NOW, place="活动室",
        topic="商量",
    )  # fmt: skip
    meetings.add(db, meeting)
    meetings.end(db, meetings.of_ticket(db, 1)[-1], "纪要", NOW)


def _fill_mediation(db: Db, key: str, ticket_id: int) -> None:
    """A mediation with its terms, a session with its minutes, a paper."""
    made = mediations.begin(
        db,
        mediations.Mediation(
            key=key, ticket_id=ticket_id, force="village", mediator="shen",
            started_at=NOW, eventful_at=NOW, terms="条款",
        ),
    )  # fmt: skip
    session = mediations.Session(
        key=key, mediation_id=made.id, ticket_id=ticket_id, kind="held", at=NOW,
        force="village", by="shen", minutes="记录",
    )  # fmt: skip
    mediations.hold_session(db, session)
    paper = mediations.Paper(
        key=key, mediation_id=made.id, ticket_id=ticket_id, form="spoken",
        number=f"号{key}", made_at=NOW, made_by="shen", words="文书",
    )  # fmt: skip
    mediations.write_paper(db, paper)


def _fill_form(db: Db, key: str, who: str) -> None:
    """A form that is filled in."""
    form = Form(
        key=key, form="f", person_key=who, began_at=NOW, until=NOW + MINUTE, data={"a": "填了"}
    )
    forms.begin(db, form)
    begun = forms.open_of(db, who, NOW)
    assert begun is not None
    forms.end(db, begun, NOW, forget_at=NOW + MINUTE)


def _everything(db: Db) -> list[str]:
    """What stands in the sealed columns, read the way the program reads it."""
    (story,) = journal.of_ticket(db, 1)
    one = tickets.get(db, 1)
    (said,) = outbox.due(db, "aibot", NOW, 10)
    cells: list[tuple[str, type[SQLModel], str]] = [
        ("identity_sealed", PersonRow, f"person:{db.seal.person_key('wang1')}"),
        ("chat_sealed", ConversationRow, "conversation:line-1"),
        ("words_sealed", RatingRow, "rating:1:1"),
        ("text_sealed", DraftRow, "draft:e:1"),
        ("masked_sealed", SampleRow, "sample:e:1"),
        ("masked_sealed", CorrectionRow, "correction:e:1"),
        ("text_sealed", GroupDraftRow, "group_draft:e:1"),
        ("row_sealed", ArchiveParkedRow, "parked:e:1"),
        ("words_sealed", FiledRow, "filed:e:1"),
        ("words_sealed", SubtaskRow, "subtask:e:1"),
        ("feedback_sealed", SubtaskRow, "subtask:e:1"),
        ("place_sealed", MeetingRow, "meeting:e:1"),
        ("topic_sealed", MeetingRow, "meeting:e:1"),
        ("minutes_sealed", MeetingRow, "meeting:e:1"),
        ("data_sealed", FormRow, "forms.data:e:1"),
        ("words_sealed", LogCorrectionRow, "log:e:1"),
        ("reason_sealed", DiversionRow, "diversion:e:1"),
        ("answer_sealed", DiversionRow, "diversion:e:1"),
    ]
    opened = [
        db.seal.open(db.conn.execute(select(table_of(row).c[name])).scalar_one(), about)
        for name, row, about in cells
    ]
    (wish,), (made,) = approvals.waiting(db, 1), mediations.of_ticket(db, 1)
    (change,), (hard,) = changes.newest(db, 9), hard_ones.waiting(db, 9)
    (view,) = saved_views.of(db, "a")
    (session,), (paper,) = mediations.sessions(db, made.id), mediations.papers(db, made.id)
    assert one.voices[0].user == "wang1"
    payload = db.conn.exec_driver_sql("SELECT payload_sealed FROM inbox").scalar_one()
    return [
        db.seal.open(payload, "inbox:e:1"), inbox.answer_of(db, "e:1")[1], one.original,
        one.result_public, story.reason, said.body, *opened,
        wish.reason, made.terms, session.minutes, paper.words,
        change.why, change.before, change.text, change.report, hard.masked,
        view.name, view.address,
    ]  # fmt: skip


EVERYTHING = [
    "payload e:1", "收到", "原话", "公开", "理由", "body e:1", "wang1", "aibot:wang1", "满意",
    "请转告", "抽到", "改判", "代发", "密行", '{"a": "来件"}',
    "上门", "看过", "活动室", "商量", "纪要", '{"a": "填了"}', "更正",
    "不归我们管", "修好了", "等材料", "条款", "记录", "文书",
    "为什么改", "旧文", "新文", "试过", "拿不准", "我的夜班", "/tickets?kind=over",
]  # fmt: skip


def test_sample_fills_every_sealed_column(db: Db) -> None:
    _fill(db)

    columns = [c for t in MetaRow.metadata.sorted_tables for c in rotate.sealed_columns(t)]
    values = [db.conn.execute(select(column)).scalar_one() for column in columns]
    assert len(columns) == SEALED_VALUES
    assert all(value.startswith("v1.k1.") for value in values)


def test_after_rotation_the_new_key_alone_opens_everything(db: Db) -> None:
    _fill(db)

    assert rotate.rotate(Db(db.conn, BOTH)) == SEALED_VALUES

    assert _everything(Db(db.conn, ONLY_NEW)) == EVERYTHING


def test_rotation_done_twice_changes_nothing_more(db: Db) -> None:
    _fill(db)
    rotate.rotate(Db(db.conn, BOTH))
    before = db.conn.exec_driver_sql("SELECT payload_sealed FROM inbox").scalar_one()

    assert rotate.rotate(Db(db.conn, BOTH)) == 0

    assert db.conn.exec_driver_sql("SELECT payload_sealed FROM inbox").scalar_one() == before


@pytest.mark.parametrize("batch", [1, 3])
def test_rotation_goes_through_more_rows_than_one_batch(db: Db, batch: int) -> None:
    for n in range(1, 8):
        _fill(db, n)

    assert rotate.rotate(Db(db.conn, BOTH), batch) == 7 * SEALED_VALUES

    assert rotate.rotate(Db(db.conn, BOTH)) == 0


def test_rotation_without_the_old_key_stops_and_changes_nothing(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        _fill(Db(conn, SEAL))

    with pytest.raises(SealBroken, match="k1"), database.writer_engine.begin() as conn:
        rotate.rotate(Db(conn, ONLY_NEW))

    with database.writer_engine.begin() as conn:
        assert _everything(Db(conn, SEAL)) == EVERYTHING


def test_rotation_in_batches_commits_each(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        for n in range(1, 6):
            _fill(Db(conn, SEAL), n)
        conn.exec_driver_sql("UPDATE tickets SET result_sealed = 'v1.k9.AAAA' WHERE id = 1")

    with pytest.raises(SealBroken, match="k9"):
        rotate.rotate_in_batches(database, BOTH, batch=2)

    with database.writer_engine.begin() as conn:
        assert inbox.answer_of(Db(conn, ONLY_NEW), "e:5") == (True, "收到")
        conn.exec_driver_sql("DELETE FROM tickets WHERE id = 1")
    left = 4 * (len(TICKET_COLUMNS) + 1)  # what hangs on a ticket comes after it
    assert rotate.rotate_in_batches(database, BOTH, batch=2) == left
    assert rotate.rotate_in_batches(database, BOTH, batch=2) == 0


def test_value_a_bot_changed_meanwhile_is_left_to_it(postgres_database: Database) -> None:
    with postgres_database.writer_engine.begin() as conn:
        _fill(Db(conn, SEAL))
    table = MetaRow.metadata.tables["tickets"]

    with postgres_database.writer_engine.begin() as conn:
        (seen,) = rotate._page(Db(conn, BOTH), table, None, 10)
        with postgres_database.writer_engine.begin() as turn:
            bot = Db(turn, SEAL)
            tickets.save(bot, replace(tickets.get(bot, 1), original="改过"))
        assert rotate._reseal(Db(conn, BOTH), table, seen) == 0

    with postgres_database.writer_engine.begin() as conn:
        assert tickets.get(Db(conn, SEAL), 1).original == "改过"


def test_rekeyed_person_is_found_again_everywhere(db: Db) -> None:
    _fill(db)
    old, new = SEAL.person_key("wang1"), OTHER_HMAC.person_key("wang1")
    people.lives_in(db, old, "g1")
    people.ask(
        db,
        Ask(key="e:1", kind="place", person_key=old, ticket_id=1, asked_at=NOW, until=NOW + MINUTE),
    )

    fresh = Db(db.conn, OTHER_HMAC)
    assert rotate.rekey(fresh, SEAL) == rotate.Rekeyed(changed=4, lost=0)

    assert people.grid_of(fresh, new) == "g1"
    assert not people.met(fresh, new, NOW)
    assert [one.id for one in tickets.of_reporter(fresh, new, NOW)] == [1]
    assert len(people.heard_lately(fresh, new, "l", NOW)) == 1
    assert len(people.open_asks(fresh, new, NOW)) == 1
    assert _everything(fresh) == EVERYTHING


def test_rekeying_twice_changes_nothing_more(db: Db) -> None:
    _fill(db)
    fresh = Db(db.conn, OTHER_HMAC)
    rotate.rekey(fresh, SEAL)

    assert rotate.rekey(fresh, SEAL) == rotate.Rekeyed(changed=0, lost=0)


def test_reporter_of_a_ticket_is_known_without_a_kept_account(db: Db) -> None:
    _fill(db)
    db.conn.exec_driver_sql("UPDATE people SET identity_sealed = ''")

    fresh = Db(db.conn, OTHER_HMAC)
    assert rotate.rekey(fresh, SEAL) == rotate.Rekeyed(changed=3, lost=0)

    assert not people.met(fresh, OTHER_HMAC.person_key("wang1"), NOW)


def test_person_whose_account_nobody_kept_is_counted_as_lost(db: Db) -> None:
    people.met(db, SEAL.person_key("stranger"), NOW)

    assert rotate.rekey(Db(db.conn, OTHER_HMAC), SEAL) == rotate.Rekeyed(changed=0, lost=1)


def test_person_who_spoke_before_the_rekeying_becomes_one_again(db: Db) -> None:
    people.met(db, SEAL.person_key("wang1"), NOW, user="wang1")
    fresh = Db(db.conn, OTHER_HMAC)
    people.met(fresh, OTHER_HMAC.person_key("wang1"), NOW + MINUTE, user="wang1")

    assert rotate.rekey(fresh, SEAL) == rotate.Rekeyed(changed=1, lost=0)

    (row,) = db.conn.execute(select(table_of(PersonRow))).all()
    assert (row.person_key, row.first_at) == (OTHER_HMAC.person_key("wang1"), NOW)
