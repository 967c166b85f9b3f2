"""政民沟通 (上报单): an order of WeCom becomes a ticket, and its result a draft for its handler."""

import base64
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.engine.keepsakes import opened
from storage.key_file import load_or_create_keys
from tests.servers.polling import until
from tests.stories.demo import Demo, demo_process
from tests.stories.pages import Ticket
from tests.stories.world import World, open_world

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "5478da6360000000020001e527defc0000000049454e44ae426082"
)
GRID = {"grid_id": "w1", "grid_name": "桂花社区第一网格", "grid_parent_id": "",
        "grid_admin": ["gao_mingfang"], "grid_member": ["fang_xiaoman"]}  # fmt: skip
REPORT = {
    "JINGGE_REPORT_AGENTID": "1000007",
    "JINGGE_REPORT_SECRET": "demo-app-secret",
    "JINGGE_ORDERS_POLL_S": "0.2",
}


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo of its own for each story: a bot that polls must not see the simulator reset."""
    with demo_process(DATABASE_URL="", REDIS_URL="", **REPORT) as made:
        yield made


@pytest.fixture
async def world(demo: Demo) -> AsyncIterator[World]:
    async with open_world(demo) as opened_world:
        await opened_world.post("/sim/report", grids=[GRID])
        yield opened_world


async def _ticket(world: World, count: int = 1) -> Ticket:
    async def found() -> Ticket | None:
        there = await world.tickets()
        return await world.ticket(there[0].serial) if len(there) == count else None

    return await until(found, "the order is a ticket")


async def _told(world: World, name: str, word: str) -> str:
    async def found() -> str | None:
        lines = [line.text for line in await world.staff(name).inbox()]
        return next((text for text in lines if word in text), None)

    return await until(found, f"{name} was told {word}")


async def test_order_with_a_photo_goes_from_wecom_to_a_draft_for_its_handler(world: World) -> None:
    await world.post(
        "/sim/orders",
        desc="桂花苑3号楼门口有人吵架，吵了半天了",
        grid="w1",
        processors=["fang_xiaoman"],
        image=base64.b64encode(PICTURE).decode(),
    )

    ticket = await _ticket(world)
    assert "您说的只用来办您的事" in await _told(world, "方小满", "上报单")
    names = [s.reason for s in ticket.steps("supplement") if s.reason.startswith("[图片")]
    name = names[0].removeprefix("[图片 ").rstrip("]")
    seal = load_or_create_keys(world.demo.data / "keys.json", must_exist=True)

    async def kept() -> bool:
        return (world.demo.data / "media" / f"{name}.sealed").exists()

    await until(kept, "the photo is kept")
    assert opened(world.demo.data / "media", seal, name) == PICTURE

    owner = world.staff("林知远")
    await owner.types(f"签收 {ticket.serial}")
    await owner.types(f"处置 {ticket.serial} 双方和解，已签协议")
    await world.pass_seconds(61)
    assert "贴进处理说明" in await _told(world, "方小满", "贴进处理说明")
    lines = [line.text for line in await world.staff("方小满").inbox()]
    draft = lines[next(i for i, text in enumerate(lines) if "贴进处理说明" in text) + 1]
    assert draft == (await world.ticket(ticket.serial)).steps("feedback")[0].reason


async def test_same_order_in_two_polls_is_one_ticket_and_its_steps_are_noted_once(
    world: World,
) -> None:
    """Trap 25: the overlap brings an order again; only a longer list of steps is news."""
    await world.post("/sim/orders", desc="东门的路灯坏了，一片黑", processors=["stranger_01"])
    ticket = await _ticket(world)
    await world.post("/sim/orders/o1", type=7, by="stranger_01", words="已经看过现场")

    async def noted() -> Ticket | None:
        found = await world.ticket(ticket.serial)
        return found if any("看过现场" in s.reason for s in found.steps("note")) else None

    found = await until(noted, "the step is noted")
    calls = len(await world.get("/sim/calls"))

    async def polled_again() -> bool:
        return len(await world.get("/sim/calls")) >= calls + 6

    await until(polled_again, "some more polls")
    found = await world.ticket(ticket.serial)
    assert len(await world.tickets()) == 1
    assert sum("看过现场" in s.reason for s in found.steps("note")) == 1
