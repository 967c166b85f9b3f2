"""The poll of orders over the real wire and the real engine: pages, mark, lease; trap 25."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest

from bot.door_events import Alarmed, OrderSeen
from bot.engine.order_watch import LEASE, OrderWatch, Pace
from bot.wecom.client import Api
from bot.wecom.errors import NotAllowed
from bot.wecom.orders import Orders
from bot.wecom.places import AppConfig
from simulator.clock import parse_moment
from storage import orders
from storage.leases import LeaseLost
from storage.orders import Mark
from tests.engine.conftest import Build
from tests.engine.house import House
from tests.simulator.corp import AGENT, CORP, NOW, SECRET
from tests.simulator.fakes import Wire, running
from tests.wecom.fakes import DictTokens


@dataclass
class Polled:
    """A house that polls a simulator when the test says so."""

    house: House
    wire: Wire
    watch: OrderWatch

    async def mark(self) -> Mark | None:
        engine = self.house.engine
        return await engine.database.read(lambda c: orders.mark(engine.db_of(c), "resident"))

    async def lists(self) -> list[str]:
        calls = (await self.wire.ask("GET", "/sim/calls"))[1]
        return [c["body"]["cursor"] for c in calls if c["what"] == "report/resident/get_order_list"]


@pytest.fixture
async def polled(build: Build, url: str) -> AsyncIterator[Polled]:
    house = build(url, start=parse_moment(NOW))
    await house.open()
    async with running() as wire, aiohttp.ClientSession() as session:
        now = house.engine.clock.now
        config = AppConfig(corpid=CORP, agentid=AGENT, secret=SECRET, api_base=wire.url)
        door = Orders(config, Api(config, session, DictTokens(), now), session, now)
        assert house.engine.keeper is not None
        house.engine.keeper.also(LEASE)
        await house.engine.keeper.renew()
        yield Polled(house, wire, OrderWatch(house.engine, door, Pace()))


async def test_all_pages_are_read_and_the_mark_moves_after_the_last_trap_25(
    polled: Polled,
) -> None:
    """Trap 25: the cursor ends with an empty string."""
    for number in range(51):
        await polled.wire.sim_post("orders", desc=f"第{number}件")

    assert await polled.watch.look("resident") == 51
    assert await polled.lists() == ["", "c50"]
    mark = await polled.mark()
    assert mark is not None
    assert mark.cursor == ""
    await polled.house.quiet()


async def test_order_in_two_polls_is_one_event_trap_25(polled: Polled) -> None:
    """Trap 25: the overlap brings the same order again; a longer process list is a new event."""
    await polled.wire.sim_post("orders", desc="灯坏了")

    assert [await polled.watch.look("resident") for _ in range(2)] == [1, 0]
    await polled.wire.sim_post("orders/o1", type=7, words="看过")
    assert [await polled.watch.look("resident") for _ in range(2)] == [1, 0]


async def test_poll_that_was_cut_off_goes_on_at_its_cursor(polled: Polled) -> None:
    for number in range(51):
        await polled.wire.sim_post("orders", desc=f"第{number}件")
    began = polled.house.engine.clock.now()
    half = Mark(began - timedelta(hours=1), "c50", began)
    engine = polled.house.engine
    await engine.writer.do(lambda c: orders.keep_mark(engine.db_of(c), "resident", half))

    assert await polled.watch.look("resident") == 1
    assert await polled.lists() == ["c50"]
    mark = await polled.mark()
    assert mark == Mark(began)


async def test_cursor_that_is_no_good_any_more_begins_anew(polled: Polled) -> None:
    await polled.wire.sim_post("orders", desc="灯坏了")
    now = polled.house.engine.clock.now()
    engine, old = polled.house.engine, Mark(now - timedelta(hours=1), "c900", now)
    await engine.writer.do(lambda c: orders.keep_mark(engine.db_of(c), "resident", old))

    assert await polled.watch.look("resident") == 1
    assert await polled.lists() == ["c900", ""]


async def test_order_behind_the_mark_is_found_within_the_hour(polled: Polled) -> None:
    """WeCom's clock may be behind ours by more than the overlap."""
    await polled.watch.look("resident")
    engine = polled.house.engine
    engine.push_to(engine.clock.now() + timedelta(minutes=30))
    await polled.watch.look("resident")
    await polled.wire.sim_post("orders", desc="灯坏了")

    assert await polled.watch.look("resident") == 0
    engine.push_to(engine.clock.now() + timedelta(minutes=31))
    assert await polled.watch.look("resident") == 1


async def test_process_without_the_lease_stores_neither_events_nor_mark(polled: Polled) -> None:
    await polled.wire.sim_post("orders", desc="灯坏了")
    keeper = polled.house.engine.keeper
    assert keeper is not None
    keeper._epochs = {}

    with pytest.raises(LeaseLost):
        await polled.watch.look("resident")
    assert await polled.mark() is None
    keeper._epochs = {}
    assert not [key for key in polled.house.desk.tries if key.startswith("order:")]


async def test_refused_app_moves_no_mark(polled: Polled) -> None:
    await polled.wire.sim_post("report", allowed=False)

    with pytest.raises(NotAllowed):
        await polled.watch.look("resident")
    assert await polled.mark() is None


async def test_refused_app_is_told_to_the_administrator_once_for_both_kinds(
    polled: Polled,
) -> None:
    told: list[Alarmed] = []
    polled.house.desk.always = lambda _, event: (
        told.append(event) if isinstance(event, Alarmed) else None
    )
    await polled.wire.sim_post("report", allowed=False)

    await polled.watch._round()
    await polled.house.quiet()

    assert [(event.text, event.values) for event in told] == [
        ("operator_orders_refused", {"why": "48002"})
    ]


async def test_what_is_polled_reaches_the_desk_as_orders(polled: Polled) -> None:
    seen: list[OrderSeen] = []
    polled.house.desk.always = lambda _, event: (
        seen.append(event) if isinstance(event, OrderSeen) else None
    )
    await polled.wire.sim_post("orders", desc="灯坏了", kind="patrol", processors=["wg_li"])

    await polled.watch.look("patrol")
    await polled.house.quiet()

    assert [(e.kind, e.order, e.data["text"], e.data["processors"]) for e in seen] == [
        ("patrol", "o1", "灯坏了", ["wg_li"])
    ]
