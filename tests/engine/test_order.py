"""Turns: order in a conversation, Later, Refused, bugs, danger that waits behind nothing."""

import logging
import time

import pytest
from sqlalchemy import Connection, text

from bot.engine import worker as worker_module
from bot.events import Event, pack
from bot.turn import Turn
from config.faults import Later, Refused
from storage import inbox
from storage.inbox import Arrival
from storage.session import Db
from tests.engine.house import GROUP, NOW, OTHER_GROUP, SEAL, House, Script, heard

FIRE = "桂花苑3号楼着火了快来人"


def later_once(delay_s: float) -> Script:
    """Not ready the first time."""
    calls: list[str] = []

    def script(turn: Turn, event: Event) -> None:
        calls.append(event.key)
        if len(calls) == 1:
            raise Later(delay_s, "not ready")

    return script


def always_later(delay_s: float) -> Script:
    def script(turn: Turn, event: Event) -> None:
        raise Later(delay_s, "never ready")

    return script


def later_until(house: House, *keys: str) -> Script:
    """Not ready before these were handled."""

    def script(turn: Turn, event: Event) -> None:
        if not set(keys) <= set(house.done()):
            raise Later(0.2, "not ready")

    return script


def stumble(turn: Turn, event: Event) -> None:
    """A bug that has already said something."""
    turn.tell("wang", "永远不该出去的话")
    raise ZeroDivisionError


async def test_conversation_keeps_its_order_when_an_event_must_wait(house: House) -> None:
    house.desk.scripts["a1"] = later_once(0.3)

    for key in ("a1", "a2", "a3"):
        await house.hear(heard(key))
    await house.quiet()

    assert house.done() == ["a1", "a2", "a3"]
    assert house.desk.tries == ["a1", "a1", "a2", "a3"]


async def test_other_conversations_do_not_wait(house: House) -> None:
    house.desk.scripts["a1"] = later_once(1.0)

    await house.hear(heard("a1"))
    await house.hear(heard("a2"))
    await house.hear(heard("b1", chat=OTHER_GROUP))
    await house.quiet()

    assert house.done() == ["b1", "a1", "a2"]


async def test_danger_never_waits_behind_a_held_event(house: House) -> None:
    house.desk.scripts["a1"] = later_until(house, "a3")

    await house.hear(heard("a1"))
    await house.has(lambda: "a1" in house.desk.tries, "the first one is held")
    await house.hear(heard("a2"))
    await house.hear(heard("a3", FIRE))
    await house.quiet()

    assert house.done() == ["a3", "a1", "a2"]


async def test_only_danger_passes_a_held_event(house: House) -> None:
    house.desk.scripts["a1"] = later_until(house, "a4", "a5")
    await house.hear(heard("a1"))
    await house.has(lambda: "a1" in house.desk.tries, "the first one is held")

    for key, words in (
        ("a2", "今天天气真好"),
        ("a3", ""),
        ("a4", FIRE),
        ("a5", "楼下有人持刀砍人"),
    ):
        await house.hear(heard(key, words))
    await house.quiet()

    assert house.done() == ["a4", "a5", "a1", "a2", "a3"]


async def test_danger_that_stumbled_once_does_not_fall_back_behind_a_held_event(
    house: House,
) -> None:
    house.desk.scripts["a1"] = always_later(1.5)
    calls: list[str] = []

    def once(turn: Turn, event: Event) -> None:
        calls.append(event.key)
        if len(calls) == 1:
            raise ZeroDivisionError

    house.desk.scripts["a2"] = once
    await house.hear(heard("a1"))
    await house.has(lambda: "a1" in house.desk.tries, "the first one is held")

    await house.hear(heard("a2", FIRE))
    await house.has(lambda: "a2" in house.done(), "danger is handled at its second try")

    assert house.desk.tries.count("a1") <= 2
    house.desk.scripts.clear()


async def test_danger_that_must_wait_itself_is_not_tried_without_pause(house: House) -> None:
    house.desk.scripts["a1"] = later_once(0.5)

    await house.hear(heard("a1", FIRE))
    await house.quiet()

    assert house.desk.tries == ["a1", "a1"]


async def test_refusal_rolls_back_and_keeps_what_the_answer_wrote(house: House) -> None:
    def refuse(turn: Turn, event: Event) -> None:
        turn.tell("wang", "永远不该出去的话")
        raise Refused("stage_refused", stage="x", act="y")

    house.desk.scripts["a1"] = refuse
    await house.hear(heard("a1"))
    await house.hear(heard("a2"))
    await house.quiet()

    assert house.done() == ["a1 refused stage_refused", "a2"]
    assert house.inbox("a1") == (True, False, 0)
    assert house.outgoing() == []


async def test_bug_is_tried_five_times_with_pauses_and_parked(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.desk.scripts["a1"] = stumble

    began = time.monotonic()
    with caplog.at_level(logging.INFO):
        for key in ("a1", "a2", "a3"):
            await house.hear(heard(key))
        await house.quiet()
    spent = time.monotonic() - began

    assert house.desk.tries == ["a1"] * 5 + ["a2", "a3"]
    assert sum(worker_module.BACKOFF_S) <= spent
    assert house.done() == ["a1 dead", "a2", "a3"]
    assert house.desk.dead == ["a1"]
    assert house.inbox("a1") == (True, True, 4)
    assert house.outgoing() == []
    assert caplog.text.count("bug in id=a1") == caplog.text.count("Traceback") == 1
    assert "永远不该出去的话" not in caplog.text


async def test_poisonous_event_holds_up_nobody_else(house: House) -> None:
    house.desk.scripts["a1"] = stumble

    await house.hear(heard("a1"))
    began = time.monotonic()
    await house.hear(heard("b1", chat=OTHER_GROUP))
    await house.has(lambda: "b1" in house.done(), "the other group is answered")

    assert time.monotonic() - began < sum(worker_module.BACKOFF_S)
    await house.quiet()


async def test_line_moves_on_when_even_the_news_of_a_death_is_a_bug(house: House) -> None:
    house.desk.scripts["a1"] = stumble
    house.desk.on_dead = stumble

    await house.hear(heard("a1"))
    await house.hear(heard("a2"))
    await house.quiet()

    assert house.done() == ["a2"]
    assert house.inbox("a1") == (True, True, 4)


async def test_event_that_cannot_be_read_back_is_parked_and_the_line_moves_on(
    house: House,
) -> None:
    good = heard("a2")
    broken = Arrival(
        key="a1", line=good.line, partition=int(good.line, 16) % 8, kind="heard",
        payload='{"_": "flown"}', event_at=NOW,
    )  # fmt: skip
    await house.engine.writer.do(lambda conn: inbox.accept(Db(conn, SEAL), broken, NOW))

    await house.hear(good)
    await house.quiet()

    assert house.done() == ["a2"]
    assert house.inbox("a1") == (True, True, 4)


async def test_event_whose_seal_is_damaged_is_parked_and_nobody_waits_for_it(
    house: House,
) -> None:
    broken, good, elsewhere = heard("a1"), heard("a2"), heard("b1", chat="wrELSEWHERE")
    arrival = Arrival(
        key=broken.key, line=broken.line, partition=int(broken.line, 16) % 8, kind="heard",
        payload=pack(broken), event_at=NOW,
    )  # fmt: skip
    moved = text("UPDATE inbox SET payload_sealed = :sealed WHERE key = 'a1'")

    def damaged(conn: Connection) -> None:
        inbox.accept(Db(conn, SEAL), arrival, NOW)
        conn.execute(moved, {"sealed": SEAL.close(arrival.payload, "another row")})

    await house.engine.writer.do(damaged)
    for one in (good, elsewhere):
        await house.hear(one)
    await house.quiet()

    assert sorted(house.done()) == ["a2", "b1"]
    assert house.inbox("a1") == (True, True, 4)


async def test_hundred_messages_of_ten_groups_are_each_handled_once_and_in_order(
    house: House,
) -> None:
    keys = [(f"g{n % 10}", f"g{n % 10}-{n:03d}") for n in range(100)]

    for chat, key in keys:
        await house.hear(heard(key, chat=chat))
    await house.quiet()

    done = house.done()
    assert len(done) == len(set(done)) == 100
    for group in {chat for chat, _ in keys}:
        mine = [key for key in done if key.startswith(f"{group}-")]
        assert mine == sorted(mine)
    assert GROUP not in done
