"""``quiet`` never says quiet too early, and a clean stop finishes what was begun."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.engine import app as app_module
from bot.engine import sender as sender_module
from bot.engine.app import Quiet
from bot.events import Due, Event, Scheduled
from bot.lines import line_of
from bot.turn import Turn
from bot.wecom.errors import Unreachable
from config.faults import Later
from storage import timers
from storage.timers import Timer
from tests.engine.conftest import Build
from tests.engine.house import GROUP, NOW, House, heard

ROUNDS = 30
HOUR = timedelta(hours=1)


async def _first_quiet(house: House) -> Quiet:
    """The very first time that the engine says quiet, asked without a pause."""
    async with asyncio.timeout(10):
        while not (found := await house.engine.quiet()).quiet:  # noqa: ASYNC110  # hammer it
            await asyncio.sleep(0)
    return found


async def test_quiet_is_never_said_before_an_event_and_its_words_are_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "BACKOFF_S", (0.01,))
    house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)

    for n in range(ROUNDS):
        house.socket.faults = [Unreachable()] * (n % 3)
        await house.hear(heard(f"e{n}"))

        await _first_quiet(house)

        assert house.done()[-1] == f"e{n}"
        assert house.socket.words[-1] == f"e{n}"


async def test_quiet_is_never_said_while_an_event_is_being_heard(house: House) -> None:
    for n in range(ROUNDS):
        hearing = asyncio.create_task(house.hear(heard(f"e{n}", "路灯坏了")))
        await asyncio.sleep(0)

        await _first_quiet(house)

        assert hearing.done()
        assert house.done()[-1] == f"e{n}"


async def test_quiet_is_never_said_while_something_is_due(url: str, build: Build) -> None:
    house = build(url, jobs={"digest": "0 * * * *"})
    fired: list[str] = []

    def keep(turn: Turn, event: Event) -> None:
        if isinstance(event, Due):
            fired.append("timer")
        if isinstance(event, Scheduled):
            fired.append("cron")
            timer = Timer(
                key=event.key, line=line_of(GROUP), kind="x", due_at=event.at + HOUR / 2, data={}
            )
            timers.set_timer(turn.db, timer)

    house.desk.always = keep
    await house.open()
    await house.quiet()
    moment = NOW + HOUR / 2  # 10:00 in Shanghai: cron; then 10:30: timer; and so on

    for n in range(ROUNDS):
        house.engine.push_to(moment + n * HOUR / 2 + timedelta(seconds=1))

        found = await _first_quiet(house)

        assert fired == [("cron", "timer")[i % 2] for i in range(n + 1)]
        assert found.next == moment + (n + 1) * HOUR / 2


async def test_what_is_waited_for_has_a_name(house: House) -> None:
    gate = asyncio.Event()
    house.socket.gate = gate
    house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)

    await house.hear(heard("e1"))
    await house.has(lambda: house.socket.tried, "the words are on their way")
    busy = await house.engine.quiet()
    gate.set()
    found = await house.quiet()

    assert not busy.quiet
    assert set(busy.waiting_for) >= {"outgoing=1", "sending=1"}
    assert found.waiting_for == ()


async def test_held_event_is_under_way(house: House) -> None:
    calls: list[str] = []

    def once(turn: Turn, event: Event) -> None:
        calls.append(event.key)
        if len(calls) == 1:
            raise Later(0.5, "not ready")

    house.desk.scripts["e1"] = once
    await house.hear(heard("e1"))
    await house.has(lambda: calls, "it was tried once")

    assert (await house.engine.quiet()).waiting_for
    await house.quiet()
    assert len(calls) == 2


async def test_clean_stop_finishes_started_turns_and_sends_and_gives_leases_back(
    url: str, build: Build
) -> None:
    house, reader = build(url), build(url)

    def slow(turn: Turn, event: Event) -> None:
        deadline = time.monotonic() + 0.3  # a Turn is plain work in the writer's thread
        while time.monotonic() < deadline:
            pass
        turn.say_group(GROUP, event.key)

    house.desk.always = slow
    await house.open()
    held = reader.leases()
    await house.hear(heard("e1"))
    await house.hear(heard("e2"))

    await house.close()

    assert reader.done() == ["e1", "e2"]
    assert house.socket.words == ["e1", "e2"]
    assert {"p0", "p7", "clock", "lane:socket", "lane:app"} <= held.keys()
    assert all(until > 0 for until in held.values())
    assert set(reader.leases().values()) == {0.0}


async def test_stop_does_not_wait_for_ever_for_a_lane_that_never_answers(
    url: str, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "DRAIN_S", 0.3)
    house, reader = build(url), build(url)
    house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)
    house.socket.gate = asyncio.Event()
    await house.open()
    await house.hear(heard("e1"))
    await house.has(lambda: house.socket.tried, "the words are on their way")

    began = time.monotonic()
    await house.close()

    assert time.monotonic() - began < 3.0
    assert set(reader.leases().values()) == {0.0}
    assert reader.outgoing() == [("pending", "")]


async def test_stopped_process_leaves_its_words_to_the_next(
    url: str, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "DRAIN_S", 0.3)
    first, second = build(url), build(url)
    first.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)
    first.socket.gate = asyncio.Event()
    await first.open()
    await first.hear(heard("e1"))
    await first.has(lambda: first.socket.tried, "the words are on their way")
    await first.close()

    await second.open()
    await second.quiet()

    assert second.socket.words == ["e1"]
    assert second.socket.sent[0].key == first.socket.tried[0].key


async def test_loop_that_ends_is_noticed(house: House) -> None:
    assert house.engine.failed() is None

    house.engine._tasks[1].cancel()
    await asyncio.wait([house.engine._tasks[1]])
    assert house.engine.failed() is None  # a clean stop cancels

    async def break_down() -> None:
        raise ZeroDivisionError

    house.engine._tasks.append(asyncio.create_task(break_down()))
    await asyncio.wait([house.engine._tasks[-1]])

    assert isinstance(house.engine.failed(), ZeroDivisionError)
