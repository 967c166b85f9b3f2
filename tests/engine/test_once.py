"""Effects happen once, whoever dies when; leases fence; two processes never share an event."""

import asyncio
import logging

import pytest

from bot.engine import keeper as keeper_module
from bot.events import Event
from bot.lines import line_of, partition_of
from bot.turn import Turn
from config.faults import Later
from storage import leases
from tests.engine.conftest import Build
from tests.engine.house import GROUP, House, Script, heard

_STOLEN = "UPDATE leases SET owner = 'somebody', epoch = epoch + 1, until = until + 2"
_FREE = "UPDATE leases SET until = 0"


async def _run(house: House, statement: str) -> None:
    await house.engine.writer.do(lambda conn: conn.exec_driver_sql(statement))


def holders(one: House, other: House, lease: str) -> int:
    """How many of two think that they hold it."""
    keepers = [house.engine.keeper for house in (one, other)]
    return sum(keeper is not None and keeper.epoch(lease) is not None for keeper in keepers)


def _says(text: str) -> Script:
    def script(turn: Turn, event: Event) -> None:
        turn.say_group(GROUP, text)

    return script


def _never(turn: Turn, event: Event) -> None:
    raise Later(5.0, "not ready here")


async def _die(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """End the loops as kill -9 would: nothing is given back."""

    async def keep() -> None:
        """A dead process gives nothing back."""

    assert house.engine.keeper is not None
    monkeypatch.setattr(house.engine.keeper, "_release", keep)
    for task in house.engine._tasks:
        task.cancel()
    await asyncio.gather(*house.engine._tasks, return_exceptions=True)


async def test_worker_that_stumbles_after_the_commit_does_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert house.engine.worker is not None
    real = house.engine.writer.do
    handled: list[str] = []

    async def do(fn: object) -> object:
        result: object = await real(fn)  # type: ignore[arg-type]  # handed on as it came
        if house.desk.tries and not handled:
            handled.append(house.desk.tries[0])
            raise RuntimeError("died between commit and answer")
        return result

    monkeypatch.setattr(house.engine.writer, "do", do)
    house.desk.scripts["e1"] = _says("只说一次")
    await house.hear(heard("e1"))
    await house.quiet()

    assert handled == ["e1"]
    assert house.done() == ["e1"]
    assert house.socket.words == ["只说一次"]
    assert house.inbox("e1") == (True, False, 0)


async def test_what_a_dead_process_left_is_finished_by_the_next_exactly_once(
    url: str, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = build(url), build(url)
    await first.open()
    first.desk.scripts["e2"] = _never
    second.desk.scripts["e2"] = _says("第二个进程说的")
    await first.hear(heard("e1"))
    await first.hear(heard("e2"))
    await first.has(lambda: "e2" in first.desk.tries, "the second event is held")

    await _die(first, monkeypatch)
    await second.open()
    await second.has(lambda: "e2" in second.done(), "the leases ran out and were taken")
    await second.quiet()

    assert second.done() == ["e1", "e2"]
    assert second.desk.tries == ["e2"]
    assert second.socket.words == ["第二个进程说的"]


async def test_stale_epoch_leaves_the_event_to_the_new_owner(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = house.engine.keeper
    assert keeper is not None
    renew = keeper.renew

    async def asleep() -> None:
        """A process that was stopped renews nothing and knows nothing."""

    monkeypatch.setattr(keeper, "renew", asleep)
    await _run(house, _STOLEN)

    with caplog.at_level(logging.INFO):
        await house.hear(heard("e1"))
        await house.has(lambda: "left id=e1: LeaseLost" in caplog.text, "the fence held")

    assert house.desk.tries == []
    assert house.inbox("e1") == (False, False, 0)
    assert caplog.text.count("left id=e1") < 5  # it asks now and then, not without pause
    monkeypatch.setattr(keeper, "renew", renew)
    await _run(house, _FREE)
    await house.quiet()
    assert house.done() == ["e1"]


async def test_process_that_holds_no_lease_works_nothing(house: House) -> None:
    keeper = house.engine.keeper
    assert keeper is not None
    await _run(house, _STOLEN)
    await keeper.renew()

    await house.hear(heard("e1"))

    assert keeper.epoch("p0") is None
    assert house.done() == []
    await _run(house, _FREE)
    await house.quiet()
    assert house.done() == ["e1"]


async def test_two_processes_on_one_database_handle_each_event_once(
    migrated_postgres_url: str, build: Build
) -> None:
    houses = [build(migrated_postgres_url) for _ in range(2)]
    for house in houses:
        house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)
        await house.open()

    keys = [f"g{n % 12}-{n:03d}" for n in range(60)]
    for n, key in enumerate(keys):
        await houses[n % 2].hear(heard(key, chat=key.split("-")[0]))
    for house in houses:
        await house.quiet()

    done = houses[0].done()
    said = [word for house in houses for word in house.socket.words]
    assert sorted(done) == sorted(keys)
    assert sorted(said) == sorted(keys)
    for group in {key.split("-")[0] for key in keys}:
        mine = [key for key in done if key.startswith(f"{group}-")]
        assert mine == sorted(mine)


async def test_trap_02_one_letter_at_two_processes_at_once_is_one_event(
    migrated_postgres_url: str, build: Build
) -> None:
    """Trap 2: duplicates arriving concurrently on two workers."""
    houses = [build(migrated_postgres_url) for _ in range(2)]
    for house in houses:
        house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)
        await house.open()
    keys = [f"e{number}" for number in range(20)]

    new = await asyncio.gather(
        *(house.engine.listener.hear(heard(key)) for key in keys for house in houses)
    )
    for house in houses:
        await house.quiet()

    assert sum(new) == len(keys)
    assert sorted(word for house in houses for word in house.socket.words) == sorted(keys)


async def test_event_heard_by_a_process_without_the_lease_is_handled_by_the_other(
    migrated_postgres_url: str, build: Build
) -> None:
    owner, other = build(migrated_postgres_url), build(migrated_postgres_url)
    await owner.open()
    await other.open()
    lease = leases.partition(partition_of(line_of(GROUP)))
    await owner.has(lambda: holders(owner, other, lease) == 1, "one of them holds it")
    if other.engine.keeper and other.engine.keeper.epoch(lease) is not None:
        owner, other = other, owner

    await other.hear(heard("e1"))
    await owner.has(lambda: owner.desk.tries == ["e1"], "the owner polls and finds it")
    await owner.quiet()

    assert other.desk.tries == []
    assert owner.done() == ["e1"]


async def test_leases_given_back_are_taken_at_once(
    migrated_postgres_url: str, build: Build
) -> None:
    first, second = build(migrated_postgres_url), build(migrated_postgres_url)
    await first.open()
    await second.open()

    await first.close()
    await second.hear(heard("e1"))
    await second.has(lambda: "e1" in second.done(), "the other one goes on")

    assert second.engine.keeper is not None
    assert second.engine.keeper.epoch("clock") is not None
    assert keeper_module.RENEW_S < leases.TTL_S


async def test_every_change_of_owner_raises_the_epoch(url: str, build: Build) -> None:
    first = build(url)
    await first.open()
    assert first.engine.keeper is not None
    before = first.engine.keeper.epoch("p0")
    await first.close()

    second = build(url)
    await second.open()

    assert second.engine.keeper is not None
    after = second.engine.keeper.epoch("p0")
    assert before is not None
    assert after is not None
    assert after > before
