"""What goes when its time is over, what stays, and what the record says of it."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlmodel import SQLModel

from config.vocabulary import Danger, Stage
from storage import holds, journal, outbox, people, ratings, retention, tickets, timers
from storage.database import table_of
from storage.people import Ask, Said
from storage.retention_tables import DeletionRow
from storage.session import Db
from storage.tables import JournalRow, OutgoingRow, TicketRow
from storage.tickets import Ticket, Voice
from tests.storage.rows import NOW, entry, parcel, ticket, timer

DAY = timedelta(days=1)
ACCOUNT = "ouyangguifen"
LONG_AGO = NOW - 400 * DAY


@pytest.fixture
def full(db: Db) -> Db:
    """A station with a few years behind it: every table that knows tickets has rows of each."""
    _ended(db, 1, Stage.CLOSED, 400)
    _ended(db, 2, Stage.ARCHIVED, 2000)
    _ended(db, 3, Stage.VOID, 400)
    _ended(db, 4, Stage.CLOSED, 400, protected=True)
    _ended(db, 5, Stage.ARCHIVED, 2000, danger=Danger.CONFIRMED)
    _ended(db, 6, Stage.HANDLING, 2000)
    _ended(db, 7, Stage.CLOSED, 20)
    return db


def number(n: int) -> str:
    return f"GH260304-{n:04}K"


def _ended(db: Db, n: int, stage: Stage, days: int, **more: Any) -> Ticket:
    at = NOW - days * DAY
    key = db.seal.person_key(ACCOUNT)
    made = ticket(
        number(n),
        stage=stage,
        reporter_key=key,
        voices=(Voice(user=ACCOUNT, chat=f"bot:{ACCOUNT}"),),
        masked="水管漏水",
        original="我是欧阳，水管漏水",
        place={"building": "3", "unit": "2", "room": "501", "landmark": "东门"},
        closed_at=None if stage is Stage.HANDLING else at,
        opened_at=at,
        stage_at=at,
        result_public="修好了",
        **more,
    )
    one = tickets.create(db, made)
    _hang(db, one, at)
    return one


def _hang(db: Db, one: Ticket, at: datetime) -> None:
    """A row in each table that has a ``ticket_id``, found by its columns."""
    key = one.number
    people.ask(
        db,
        Ask(key=key, kind="place", person_key="p", ticket_id=one.id, asked_at=at, until=at),
    )
    heard = Said(event_key=key, line="l", person_key="p", at=at, kind="open", ticket_id=one.id)
    people.note_heard(db, heard)
    journal.add(db, entry(f"{key}:1", ticket_id=one.id, at=at, reason="办了"))
    said = entry(f"{key}:2", ticket_id=one.id, at=at, actor="reporter", reason="她说的话")
    journal.add(db, said)
    ratings.asked(db, one.id, at)
    ratings.rated(db, one.id, 2, at, words="还漏")
    outbox.add(db, parcel(f"{key}:out", ticket_id=one.id), at)
    (waiting,) = [p for p in outbox.due(db, "aibot", NOW, 99) if p.key == f"{key}:out"]
    outbox.sent(db, waiting, at, "m1")
    for table in retention.hanging():
        if not _rows(db, table, one.id):
            db.conn.execute(insert(table).values(_some_row(table, one.id, key, at)))


def _some_row(table: Any, ticket_id: int, key: str, at: datetime) -> dict[str, Any]:
    """A row with something in every column that must have something."""
    values: dict[str, Any] = {"ticket_id": ticket_id}
    for column in table.c:
        if column.name in values or column.name == "id":
            continue
        kind = str(column.type.__class__.__name__)
        if column.name == "other_id":
            values[column.name] = ticket_id + 900
        elif kind == "Moment":
            values[column.name] = at
        elif kind == "Boolean":
            values[column.name] = False
        elif "Integer" in kind:
            values[column.name] = ticket_id
        else:
            values[column.name] = key
    if "ends_at" in table.c:
        values["ends_at"] = at
    return values


def _rows(db: Db, table: Any, ticket_id: int) -> int:
    where = table.c.ticket_id == ticket_id
    return int(db.conn.execute(select(func.count()).where(where)).scalar_one())


def _count(db: Db, row: type[SQLModel]) -> int:
    return int(db.conn.execute(select(func.count()).select_from(table_of(row))).scalar_one())


def _delete(db: Db) -> dict[str, list[int]]:
    five, one = NOW - 1826 * DAY, NOW - 365 * DAY
    return retention.due_for_deletion(db, five, one, five)


def test_each_rule_finds_its_own_tickets(full: Db) -> None:
    found = {rule: [_number(full, i) for i in ids] for rule, ids in _delete(full).items()}

    assert found == {"void": [number(3)], "closed": [number(2)], "grave": [number(5)]}


def _number(db: Db, ticket_id: int) -> str:
    return tickets.get(db, ticket_id).number


def test_deleted_ticket_leaves_no_row_but_its_bare_journal(full: Db) -> None:
    gone = tickets.by_number(full, number(2))
    assert gone is not None
    before = {t.name: _rows(full, t, gone.id) for t in retention.hanging()}
    assert all(before.values()), before

    retention.delete_tickets(full, [gone.id])

    left = {t.name for t in retention.hanging() if _rows(full, t, gone.id)}
    assert left == {"journal"}
    c = table_of(JournalRow).c
    reasons = full.conn.execute(select(c.reason_sealed).where(c.ticket_id == gone.id)).scalars()
    assert set(reasons) == {""}
    assert tickets.by_number(full, number(2)) is None


def test_deletion_touches_no_other_ticket(full: Db) -> None:
    other = tickets.by_number(full, number(7))
    gone = tickets.by_number(full, number(2))
    assert other is not None
    assert gone is not None
    before = {t.name: _rows(full, t, other.id) for t in retention.hanging()}

    retention.delete_tickets(full, [gone.id])

    assert {t.name: _rows(full, t, other.id) for t in retention.hanging()} == before
    assert tickets.by_number(full, number(7)) == other


def test_anonymous_ticket_keeps_what_the_station_wrote(full: Db) -> None:
    ids = retention.due_for_anonymity(full, NOW - 365 * DAY)

    retention.anonymise(full, ids, NOW)

    one = tickets.by_number(full, number(1))
    assert one is not None
    assert (one.voices, one.reporter_key, one.original, one.masked) == ((), "", "", "")
    assert one.place == {"building": "3", "landmark": "东门"}
    assert (one.result_public, one.category) == ("修好了", "dispute_neighbour")
    assert [e.reason for e in journal.of_ticket(full, one.id)][:2] == ["办了", ""]
    assert people.heard_as(full, number(1)) is None


def test_grave_open_and_young_tickets_keep_their_reporter(full: Db) -> None:
    ids = retention.due_for_anonymity(full, NOW - 365 * DAY)

    found = [_number(full, one) for one in ids]

    assert found == [number(1), number(2), number(3)]


def test_anonymity_comes_once(full: Db) -> None:
    ids = retention.due_for_anonymity(full, NOW - 365 * DAY)
    retention.anonymise(full, ids, NOW)

    assert retention.due_for_anonymity(full, NOW - 365 * DAY) == []


def test_nothing_of_a_held_ticket_goes(full: Db) -> None:
    kept = [tickets.by_number(full, number(n)) for n in (1, 2, 3, 5)]
    for one in kept:
        assert one is not None
        assert holds.begin(full, one.id, "lin", "cheng", NOW)

    assert set(map(tuple, _delete(full).values())) == {()}
    assert retention.due_for_anonymity(full, NOW) != []
    assert not set(retention.due_for_anonymity(full, NOW)) & {one.id for one in kept if one}
    assert retention.of_person(full, full.seal.person_key(ACCOUNT)) == [7]
    people.forget_heard(full, NOW, NOW)
    assert people.heard_as(full, number(1)) is not None
    assert people.heard_as(full, number(6)) is None


def test_hold_ends_and_the_rule_goes_on(full: Db) -> None:
    one = tickets.by_number(full, number(2))
    assert one is not None
    holds.begin(full, one.id, "lin", "cheng", NOW)

    assert holds.end(full, one.id, "lin", "cheng", NOW)

    assert not holds.end(full, one.id, "lin", "cheng", NOW)
    assert _delete(full)["closed"] == [one.id]


def test_a_night_takes_a_limited_number(full: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST", 2)

    assert len(retention.due_for_anonymity(full, NOW - 365 * DAY)) == 2


def test_silent_people_are_forgotten_and_reporters_are_not(full: Db) -> None:
    reporter, silent, lively = (full.seal.person_key(a) for a in (ACCOUNT, "s", "t"))
    people.met(full, reporter, LONG_AGO, user=ACCOUNT)
    people.met(full, silent, LONG_AGO, user="s")
    people.met(full, lively, NOW, user="t")
    people.spoke_in(full, "line-s", "single", "socket", "bot:s", LONG_AGO, owner=silent)

    gone = retention.forget_people(full, NOW - 365 * DAY)

    assert (gone["people"], gone["conversations"]) == (1, 1)
    assert people.user_of(full, reporter) == ACCOUNT
    assert people.user_of(full, lively) == "t"
    with pytest.raises(LookupError):
        people.user_of(full, silent)


def test_audit_goes_only_when_its_ticket_is_gone(full: Db) -> None:
    gone = tickets.by_number(full, number(2))
    assert gone is not None
    steps = _count(full, JournalRow)
    retention.delete_tickets(full, [gone.id])

    found = retention.forget_audit(full, NOW - 1095 * DAY)

    assert found["journal"] == 2
    assert _count(full, JournalRow) == steps - 2


def test_words_that_wait_are_never_deleted_by_the_audit(full: Db) -> None:
    outbox.add(full, parcel("waits"), NOW - 2000 * DAY)

    retention.forget_audit(full, NOW)

    c = table_of(OutgoingRow).c
    assert full.conn.execute(select(c.id).where(c.key == "waits")).one_or_none() is not None


def test_record_says_what_and_how_many_and_never_whose(full: Db) -> None:
    gone = tickets.by_number(full, number(3))
    assert gone is not None
    retention.record(full, "void", retention.delete_tickets(full, [gone.id]), NOW)
    retention.record(full, "void", Counter(), NOW)

    rows = full.conn.execute(select(table_of(DeletionRow))).all()
    told = {one.kind: one.count for one in retention.recorded(full, NOW)}
    assert (told["tickets"], told["ratings"]) == (1, 1)
    written = json.dumps([list(map(str, row)) for row in rows])
    assert number(3) not in written
    assert set(table_of(DeletionRow).c.keys()) == {"id", "at", "rule", "kind", "count"}


def test_her_wish_reaches_only_her_own_ended_matters(full: Db) -> None:
    mine = retention.of_person(full, full.seal.person_key(ACCOUNT))

    found = [_number(full, one) for one in mine]

    assert found == [number(1), number(2), number(3), number(7)]
    assert retention.of_person(full, full.seal.person_key("somebody")) == []


def test_timer_rows_of_tickets_go_with_them(full: Db) -> None:
    gone = tickets.by_number(full, number(3))
    assert gone is not None
    timers.set_timer(full, timer("late", ticket_id=gone.id))

    retention.delete_tickets(full, [gone.id])

    assert all(t.ticket_id != gone.id for t in timers.due(full, NOW + DAY, 99))
    assert _count(full, TicketRow) == 6
