"""Tickets: versions, serials, what is found by whom; the journal beside them."""

import threading
from dataclasses import replace

import pytest

from config.faults import Later
from config.vocabulary import Danger, Stage
from storage import journal, outbox, serials, tickets
from storage.database import Database
from storage.session import Db
from storage.tickets import Ticket, Voice
from tests.storage.rows import MINUTE, NOW, SEAL, entry, ticket

DAY = "260304"


def _full(number: str) -> Ticket:
    return ticket(
        number,
        danger=Danger.SUSPECTED,
        protected=True,
        past_owners=("linzhiyuan", "heyun"),
        reporter_key="key-of-someone",
        voices=(Voice(user="wang", chat="aibot:wang", said_at="2026-03-04"),),
        original="对门挂了面镜子",
        place={"road": "虚构路", "house": "9号"},
        due_at=NOW + MINUTE,
        result_internal="内部",
        result_public="公开",
        rating=4,
    )


def _numbers(found: list[Ticket]) -> list[str]:
    return [one.number for one in found]


def test_ticket_comes_out_as_it_went_in(db: Db) -> None:
    made = tickets.create(db, _full("GH260304-0012K"))

    assert made.version == 1
    assert tickets.get(db, made.id) == made
    assert tickets.by_number(db, "GH260304-0012K") == made
    assert tickets.by_number(db, "GH260304-0013K") is None


def test_reporter_is_the_first_who_spoke_of_it() -> None:
    first, second = Voice(user="wang", chat="aibot:wang"), Voice(user="li", chat="aibot:li")

    assert ticket("GH260304-0012K", voices=(first, second)).reporter == first
    assert ticket("GH260304-0012K").reporter is None


def test_saved_ticket_is_one_version_on(db: Db) -> None:
    made = tickets.create(db, _full("GH260304-0012K"))

    saved = tickets.save(db, replace(made, stage=Stage.ADMITTED, original="改过"))

    assert saved.version == 2
    assert tickets.get(db, made.id) == saved


def test_version_clash_is_tried_again_at_once(db: Db) -> None:
    made = tickets.create(db, ticket("GH260304-0012K"))
    tickets.save(db, replace(made, stage=Stage.ADMITTED))

    with pytest.raises(Later) as clash:
        tickets.save(db, replace(made, stage=Stage.VOID))

    assert clash.value.delay_s == 0
    assert tickets.get(db, made.id).stage is Stage.ADMITTED


def test_number_taken_meanwhile_is_tried_again_at_once(db: Db) -> None:
    tickets.create(db, ticket("GH260304-0012K"))

    with pytest.raises(Later) as clash:
        tickets.create(db, ticket("GH260304-0012K"))

    assert clash.value.delay_s == 0


def test_ticket_that_is_not_there_raises(db: Db) -> None:
    with pytest.raises(LookupError, match="no ticket 99"):
        tickets.get(db, 99)


def test_tickets_are_found_by_what_people_know(db: Db) -> None:
    tickets.create(db, ticket("GH260303-0012A", owner="lin", line="line-b", grid="g1"))
    tickets.create(db, ticket("GH260304-0012K", owner="lin", reporter_key="w", grid="g1"))
    tickets.create(db, ticket("GH260304-0013C", reporter_key="w", opened_at=NOW - MINUTE))
    tickets.create(db, ticket("GH260304-0014D", owner="lin", stage=Stage.CLOSED))

    assert _numbers(tickets.by_serial(db, "0012")) == ["GH260304-0012K", "GH260303-0012A"]
    assert _numbers(tickets.open_of_owner(db, "lin")) == ["GH260303-0012A", "GH260304-0012K"]
    assert _numbers(tickets.of_reporter(db, "w", NOW)) == ["GH260304-0012K"]
    assert [one.id for one in tickets.open_in_grid(db, "g1", NOW)] == [2, 1]
    assert _numbers(tickets.newest(db, 2)) == ["GH260304-0014D", "GH260304-0013C"]


def test_tickets_shown_to_somebody_are_those_whose_card_she_got(db: Db) -> None:
    first = tickets.create(db, ticket("GH260304-0012K"))
    tickets.create(db, ticket("GH260304-0013C"))
    outbox.show_card(db, "task-1", first.id, "heyun", NOW)
    outbox.show_card(db, "task-2", first.id, "heyun", NOW)

    assert _numbers(tickets.shown_to(db, "heyun")) == ["GH260304-0012K"]
    assert tickets.shown_to(db, "lin") == []


def test_serials_begin_at_one_every_day(db: Db) -> None:
    taken = [serials.next_serial(db, day) for day in (DAY, DAY, "260305", DAY)]

    assert taken == [1, 2, 1, 3]


def test_serial_of_a_turn_that_rolls_back_is_given_again(database: Database) -> None:
    conn = database.writer_engine.connect()
    turn = conn.begin()
    assert serials.next_serial(Db(conn, SEAL), DAY) == 1
    turn.rollback()
    conn.close()

    with database.writer_engine.begin() as conn:
        assert serials.next_serial(Db(conn, SEAL), DAY) == 1


def test_many_writers_never_take_the_same_serial(url: str) -> None:
    taken: list[int] = []

    def take() -> None:
        database = Database(url)
        for _ in range(10):
            with database.writer_engine.begin() as conn:
                taken.append(serials.next_serial(Db(conn, SEAL), DAY))
        database.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)

    assert sorted(taken) == list(range(1, 41))


def test_two_writers_cannot_both_change_a_ticket(postgres_database: Database) -> None:
    with postgres_database.writer_engine.begin() as conn:
        made = tickets.create(Db(conn, SEAL), ticket("GH260304-0012K"))
    faults: list[Later] = []

    def second() -> None:
        with postgres_database.writer_engine.begin() as conn:
            try:
                tickets.save(Db(conn, SEAL), replace(made, stage=Stage.VOID))
            except Later as fault:
                faults.append(fault)

    thread = threading.Thread(target=second)
    with postgres_database.writer_engine.begin() as conn:
        tickets.save(Db(conn, SEAL), replace(made, stage=Stage.ADMITTED))
        thread.start()
    thread.join(10)

    assert len(faults) == 1
    with postgres_database.writer_engine.begin() as conn:
        assert tickets.get(Db(conn, SEAL), made.id).stage is Stage.ADMITTED


def test_journal_tells_the_story_of_one_ticket_in_order(db: Db) -> None:
    steps = [
        entry("aibot:1:1", from_stage="new", to_stage="admitted", reason="在桂花苑门口"),
        entry("aibot:2:1", act="assign", rules_version="r1"),
    ]
    journal.add(db, steps[0])
    journal.add(db, entry("aibot:3:1", ticket_id=8))
    journal.add(db, steps[1])

    assert journal.of_ticket(db, 7) == steps


def test_journal_key_twice_is_a_bug(db: Db) -> None:
    journal.add(db, entry("aibot:1:1"))

    with pytest.raises(RuntimeError, match="aibot:1:1 twice"):
        journal.add(db, entry("aibot:1:1", act="void"))
