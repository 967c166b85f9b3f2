"""An event is kept before its door is answered, once, whatever happens."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain import reading as reader
from bot.engine import listener as listener_module
from bot.events import Event, Scheduled
from bot.messages import Text
from bot.turn import Turn
from storage import inbox
from storage.session import Db
from tests.engine.conftest import Build
from tests.engine.house import GROUP, NOW, SEAL, House, handle_of, heard, note

FIRE = "桂花苑3号楼着火了快来人"


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

    monkeypatch.setattr(inbox, "accept", full)

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

    monkeypatch.setattr(listener_module, "read", stumble)
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


@pytest.mark.parametrize(
    ("event", "is_dangerous"),
    [
        pytest.param(heard("e1", FIRE), True, id="fire"),
        pytest.param(heard("e1", "今天天气真好"), False, id="talk"),
        pytest.param(heard("e1", ""), False, id="only_a_picture"),
        pytest.param(Scheduled(key="e1", at=NOW, job="digest"), False, id="no_words"),
    ],
)
async def test_quick_look_finds_danger_before_the_turn(
    house: House, event: Event, is_dangerous: bool
) -> None:
    seen: list[bool] = []

    def look(turn: Turn, _event: Event) -> None:
        rows = inbox.undone(turn.db, list(range(8)), 10)
        seen.append(rows[0].danger)
        if isinstance(event, Scheduled):
            note(turn, GROUP)

    house.desk.scripts["e1"] = look
    await house.hear(event)
    await house.quiet()

    assert seen == [is_dangerous]
