"""An event is kept before its door is answered, once, whatever happens."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import DataError, OperationalError

from bot.domain import reading as reader
from bot.events import Event
from bot.messages import Text
from bot.turn import Turn
from storage import inbox
from storage.inbox import Arrival
from storage.session import Db
from tests.engine.conftest import Build
from tests.engine.house import NOW, SEAL, House, handle_of, heard
from tests.servers.postgres import PostgresServer


async def test_second_hearing_of_an_event_is_false_and_changes_nothing(house: House) -> None:
    first = await house.hear(heard("e1", "路灯坏了"))
    await house.quiet()

    second = await house.hear(heard("e1", "换了一句话"))
    await house.quiet()

    assert (first, second) == (True, False)
    assert house.done() == ["e1"]
    assert house.desk.tries == ["e1"]


async def test_door_is_answered_only_when_others_can_read_the_row(url: str, build: Build) -> None:
    house = build(url)
    house.engine.writer.start()  # no worker: nothing but the ear's end of the road

    new = await house.hear(heard("e1"))

    assert new
    assert house.inbox("e1") == (False, False, 0)
    house.engine.writer.stop()


async def test_nothing_is_answered_while_the_commit_is_under_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    commit = house.engine.writer._commit

    def look_then_commit(batch: list[object], **more: bool) -> None:
        seen.append(house.database.read_now(lambda conn: inbox.count_waiting(Db(conn, SEAL))))
        commit(batch, **more)  # type: ignore[arg-type]  # the writer's own jobs

    monkeypatch.setattr(house.engine.writer, "_commit", look_then_commit)
    house.desk.always = None

    assert await house.hear(heard("e1"))
    assert seen[0] == 0


async def test_event_that_cannot_be_kept_is_told_to_the_door(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(inbox, "accept_all", full)

    with pytest.raises(OSError, match="e1"):
        await house.hear(heard("e1"))

    assert house.engine.listener.hearing == 0
    monkeypatch.undo()
    assert await house.hear(heard("e1"))


async def test_what_goes_with_the_event_is_written_in_the_same_transaction(house: House) -> None:
    def also(db: Db) -> None:
        db.conn.exec_driver_sql("INSERT INTO no_such_table VALUES (1)")

    with pytest.raises(OSError, match="e1"):
        await house.engine.listener.hear(heard("e1"), also=also)

    assert await house.hear(heard("e1"))


async def test_message_that_the_reader_stumbles_over_is_kept_and_its_death_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> reader.Reading:
        raise ValueError("odd words")

    monkeypatch.setattr("bot.engine.worker.read", stumble)

    with caplog.at_level(logging.ERROR):
        assert await house.hear(heard("e1", "怪话"))
        await house.quiet()

    assert house.inbox("e1") == (True, True, 4)
    assert house.desk.dead == ["e1"]
    assert "怪话" not in caplog.text


async def test_passive_answer_is_handed_back_to_its_door(house: House) -> None:
    def answer(turn: Turn, event: Event) -> None:
        turn.answer("收到，编号0012")

    house.desk.scripts["e1"] = answer
    handle = handle_of("passive", NOW + timedelta(seconds=4))

    await house.hear(heard("e1", reply=handle))
    answered = await house.engine.listener.answer("e1", 4.0)

    assert answered == Text(text="收到，编号0012")
    assert house.outgoing() == []


async def test_event_without_a_passive_answer_gives_none(house: House) -> None:
    await house.hear(heard("e1"))

    assert await house.engine.listener.answer("e1", 4.0) is None
    assert await house.engine.listener.answer("never_heard", 0.1) is None


async def test_door_that_asks_while_the_database_is_away_gets_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> tuple[bool, str]:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(inbox, "answer_of", away)

    assert await house.engine.listener.answer("e1", 4.0) is None


async def test_who_waits_for_an_answer_hears_it_without_a_look_at_the_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def answer_of(_db: Db, key: str) -> tuple[bool, str]:
        looked.append(key)
        return False, ""

    monkeypatch.setattr(inbox, "answer_of", answer_of)
    house.desk.scripts["e1"] = lambda turn, _event: turn.answer("收到")

    await house.hear(heard("e1", reply=handle_of("passive", NOW + timedelta(seconds=4))))

    assert await house.engine.listener.answer("e1", 4.0) == Text(text="收到")
    assert len(looked) < 10  # while it waits, not for the answer itself
    assert not house.engine.belfry._expected


async def test_many_that_come_while_the_writer_is_busy_are_one_commit(house: House) -> None:
    commits = house.engine.writer.commits

    async with asyncio.TaskGroup() as group:
        found = [group.create_task(house.hear(heard(f"e{n}", chat=f"c{n}"))) for n in range(40)]

    assert [one.result() for one in found] == [True] * 40
    await house.quiet()
    assert sorted(house.done()) == sorted(f"e{n}" for n in range(40))
    assert house.engine.writer.commits - commits < 40 + 20  # 40 Turns, and far fewer arrivals


async def test_same_event_twice_in_one_commit_is_new_once(house: House) -> None:
    async with asyncio.TaskGroup() as group:
        found = [group.create_task(house.hear(heard("e1"))) for _ in range(3)]

    assert sorted(one.result() for one in found) == [False, False, True]


async def test_row_that_cannot_be_kept_sinks_none_of_its_neighbours(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = inbox.accept_all

    def poisoned(db: Db, arrivals: Sequence[Arrival], now: datetime) -> list[bool]:
        if any(one.key == "e2" for one in arrivals):
            raise DataError("insert", {}, Exception("odd row"))
        return kept(db, arrivals, now)

    monkeypatch.setattr(inbox, "accept_all", poisoned)
    found = await asyncio.gather(
        *(house.hear(heard(f"e{n}")) for n in range(1, 4)), return_exceptions=True
    )

    assert [found[0], found[2]] == [True, True]
    assert isinstance(found[1], OSError)


async def test_who_speaks_while_the_database_is_away_hinders_nobody_afterwards(
    migrated_postgres_url: str, build: Build, postgres: PostgresServer
) -> None:
    """The transaction cannot even begin, so that nothing of it was ever tried."""
    house = build(migrated_postgres_url)
    await house.open()
    name = migrated_postgres_url.rpartition("/")[2]
    with postgres.connect() as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            with pytest.raises(OSError, match="e1"):
                await house.hear(heard("e1"))
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    assert await house.hear(heard("e1"))
    assert house.engine.listener.hearing == 0
