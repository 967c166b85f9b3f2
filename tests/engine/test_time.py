"""Business time: timers and cron hours fire at their own moment, in order, once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.engine import clock as clock_module
from bot.engine.clock import Clock
from bot.events import Due, Event, Scheduled
from bot.lines import line_of
from bot.turn import Turn
from storage import timers
from storage.timers import Timer
from tests.engine.conftest import Build
from tests.engine.house import GROUP, NOW, House, Script, heard

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def remembers(*minutes: int, ticket: int = 7) -> Script:
    """Set one timer for each of these minutes from now, named after them."""

    def script(turn: Turn, event: Event) -> None:
        for n in minutes:
            timer = Timer(
                key=f"{event.key}:{n}", line=line_of(GROUP), kind=f"after_{n}",
                due_at=NOW + n * MINUTE, ticket_id=ticket, data={"n": n},
            )  # fmt: skip
            timers.set_timer(turn.db, timer)

    return script


class Moments:
    """Keeps what fell due: kind or job, and the moment it stands for."""

    def __init__(self, house: House) -> None:
        self.seen: list[tuple[str, datetime]] = []
        house.desk.always = self.keep

    def keep(self, turn: Turn, event: Event) -> None:
        if isinstance(event, Due):
            assert turn.now >= event.at
            assert timers.finish(turn.db, event.timer, turn.now)
            self.seen.append((event.kind, event.at))
        elif isinstance(event, Scheduled):
            self.seen.append((event.job, event.at))


async def test_timers_fire_at_their_own_moment_in_order_and_once(house: House) -> None:
    moments = Moments(house)
    house.desk.scripts["e1"] = remembers(20, 5, 10)
    await house.hear(heard("e1"))
    await house.quiet()

    house.engine.push_to(NOW + 4 * MINUTE)
    early = await house.quiet()
    assert moments.seen == []
    house.engine.push_to(NOW + HOUR)
    late = await house.quiet()

    assert early.next == NOW + 5 * MINUTE
    assert moments.seen == [(f"after_{n}", NOW + n * MINUTE) for n in (5, 10, 20)]
    assert late.next is None


async def test_cleared_timer_never_fires(house: House) -> None:
    moments = Moments(house)
    house.desk.scripts["e1"] = remembers(5, 10)
    house.desk.scripts["e2"] = lambda turn, _: timers.clear(turn.db, 7, ("after_5",), turn.now)
    await house.hear(heard("e1"))
    await house.hear(heard("e2"))
    await house.quiet()

    house.engine.push_to(NOW + HOUR)
    await house.quiet()

    assert [kind for kind, _ in moments.seen] == ["after_10"]


async def test_timer_set_in_a_turn_that_was_rolled_back_never_fires(house: House) -> None:
    moments = Moments(house)

    def stumble(turn: Turn, event: Event) -> None:
        remembers(1)(turn, event)
        raise ZeroDivisionError

    house.desk.scripts["e1"] = stumble
    await house.hear(heard("e1"))
    await house.quiet()

    house.engine.push_to(NOW + HOUR)
    await house.quiet()

    assert moments.seen == []


async def test_more_timers_than_one_sweep_takes_all_fire_in_order(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "AT_ONCE", 10)
    moments = Moments(house)
    house.desk.scripts["e1"] = remembers(*range(1, 36))
    await house.hear(heard("e1"))
    await house.quiet()

    house.engine.push_to(NOW + 5 * HOUR)
    await house.quiet()

    assert moments.seen == [(f"after_{n}", NOW + n * MINUTE) for n in range(1, 36)]


async def test_cron_job_comes_once_for_every_hour_that_was_jumped_over(
    url: str, build: Build
) -> None:
    house = build(url, jobs={"digest": "0 * * * *", "morning": "30 11 * * *"})
    moments = Moments(house)
    await house.open()

    first = await house.quiet()
    house.engine.push_to(NOW + 3 * HOUR)  # from 09:30 to 12:30
    await house.quiet()
    house.engine.push_to(NOW + 3 * HOUR + MINUTE)
    await house.quiet()

    ten = datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert first.next == ten
    assert sorted(moments.seen) == [
        ("digest", ten),
        ("digest", ten + HOUR),
        ("digest", ten + 2 * HOUR),
        ("morning", ten + 1.5 * HOUR),
    ]
    assert [job for job, _ in moments.seen].count("digest") == 3


async def test_hour_that_two_processes_know_comes_once(
    migrated_postgres_url: str, build: Build
) -> None:
    houses = [build(migrated_postgres_url, jobs={"digest": "0 * * * *"}) for _ in range(2)]
    seen = [Moments(house) for house in houses]
    for house in houses:
        await house.open()

    for house in houses:
        house.engine.push_to(NOW + HOUR)
    await houses[0].quiet()
    await houses[0].close()
    houses[1].engine.push_to(NOW + 2 * HOUR)
    await houses[1].has(lambda: len(seen[1].seen) == 1, "the second one holds the clock")
    await houses[1].quiet()

    ten = datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert seen[0].seen + seen[1].seen == [("digest", ten), ("digest", ten + HOUR)]
    assert len(houses[1].done()) == 2


async def test_clock_goes_on_when_the_database_was_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = Moments(house)
    house.desk.scripts["e1"] = remembers(5)
    await house.hear(heard("e1"))
    await house.quiet()
    real, calls = timers.due, [0]

    def away_once(*words: object) -> list[Timer]:
        calls[0] += 1
        if calls[0] == 1:
            raise OperationalError("select", {}, Exception("gone"))
        return real(*words)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(timers, "due", away_once)
    house.engine.push_to(NOW + HOUR)
    await house.quiet()

    assert [kind for kind, _ in moments.seen] == ["after_5"]


def test_clock_never_goes_back_and_is_aware() -> None:
    clock = Clock(NOW)

    clock.push_to(NOW + HOUR)
    clock.push_to(NOW)

    assert NOW + HOUR <= clock.now() < NOW + HOUR + MINUTE
    assert clock.now().tzinfo is UTC


@dataclass
class Machine:
    """A machine whose clock somebody sets; time passes only when the test says so."""

    wall: datetime = NOW
    passed: float = 0.0

    def clock(self) -> Clock:
        return Clock(None, lambda: self.wall, lambda: self.passed)

    def wait(self, span: timedelta) -> None:
        self.wall += span
        self.passed += span.total_seconds()


def test_clock_goes_slowly_to_where_the_machines_jumped() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall += HOUR
    assert clock.now() == NOW
    assert clock.strays() == HOUR
    for _ in range(10):
        machine.wait(MINUTE)
        clock.now()
    assert clock.now() == NOW + 20 * MINUTE  # twice as fast as time
    machine.wait(HOUR)

    assert clock.now() == machine.wall
    assert clock.strays() == timedelta(0)


def test_clock_stands_for_nobody_when_the_machines_goes_back() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall -= HOUR
    shown = [clock.now()]
    for _ in range(120):
        machine.wait(MINUTE)
        shown.append(clock.now())

    assert shown[1] == NOW + MINUTE / 2  # half as fast as time
    assert shown == sorted(shown)
    assert shown[-1] == machine.wall


def test_clock_follows_a_small_correction_and_a_machine_that_slept_at_once() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall += timedelta(seconds=5)
    assert clock.now() == NOW + timedelta(seconds=5)
    machine.wait(HOUR)

    assert clock.now() == machine.wall
    assert clock.strays() == timedelta(0)


def test_clock_without_a_start_is_the_machines() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < MINUTE
