"""What WeCom repeats counts once: callbacks of the app and of 小格, messages and clicks."""

from typing import Any

import pytest

from tests.crash.checks import alive, opened_once, settled
from tests.crash.conftest import Station
from tests.crash.stream import CALLBACKS, Poured, Report
from tests.servers.polling import until
from tests.stories.pages import ShownCard
from tests.stories.world import World, open_world

RETRY_S = 12  # WeCom tries again after 1, 2 and 4 seconds
REPEATS: list[dict[str, Any]] = [
    {"do": "drop_answer", "times": 2},
    {"do": "duplicate"},
    {"do": "cut", "delay_s": 0.02},
    {"do": "http", "code": 500},
]


@pytest.fixture
def station(sqlite_station: Station) -> Station:
    """One database is enough: what counts is the door."""
    return sqlite_station


async def say(world: World, poured: Poured, report: Report) -> None:
    """Say it without waiting for anything."""
    answer = await world.person(report.user).tries_to_say(report.text, report.chat, wait=False)
    assert answer["delivered"]
    poured.reports.append(report)


async def test_repeated_callbacks_count_once(station: Station) -> None:
    poured = Poured()
    async with open_world(station.demo) as world:
        for number, fault in enumerate(REPEATS):
            for at, chat in enumerate(CALLBACKS):
                await world.fault("callback", **{"user": "chen_shu", **fault})
                building = 1 + 2 * number + at
                report = Report("陈叔", chat, f"桂花苑{building}号楼门口的路灯不亮")
                await say(world, poured, report)
                await settled(world)

        books, shown = station.books(), await world.everything_said()
        left = [one for one in await world.get("/sim/faults") if one["left"]]
        assert left == []
        assert [one for one in poured.reports if len(books.accepted(one.text)) != 1] == []
        assert opened_once(books, poured) == []
        assert books.faults(shown) == {}


async def test_message_that_found_the_bot_dead_comes_again(station: Station) -> None:
    poured = Poured()
    async with open_world(station.demo) as world:
        station.demo.kill_bot()
        for at, chat in enumerate(CALLBACKS):
            await say(world, poured, Report("王阿姨", chat, f"桂花苑{at + 1}号楼的楼道漏水"))
        await until(lambda: alive(world), "the bot is back", within_s=30)
        await settled(world)

        books = station.books()
        assert opened_once(books, poured) == []
        # Under load the bot may take longer to start than WeCom tries; then nothing was accepted.
        assert len(books.tickets) == sum(bool(books.accepted(r.text)) for r in poured.reports)
        assert books.faults(await world.everything_said()) == {}


async def test_click_repeated_by_wecom_or_by_a_finger_counts_once(station: Station) -> None:
    async with open_world(station.demo) as world:
        await world.resident("王阿姨").says("3号楼门口的路灯不亮", chat="桂花苑")
        (card,) = await cards_of_departments(world)
        await world.fault("callback", "drop_answer", user=card.user)
        await card.press("签收", times=2)
        await settled(world)

        ticket = await world.only_ticket()
        assert ticket.stage == "accepted"
        assert len(ticket.steps("accept")) == 1
        assert station.books().faults(await world.everything_said()) == {}


async def cards_of_departments(world: World) -> list[ShownCard]:
    """Live cards in the hands of members of departments."""
    members = {one["id"] for one in world.people.values() if one["role"] == "department"}
    return [card for user in sorted(members) for card in await world.person(user).cards()]
