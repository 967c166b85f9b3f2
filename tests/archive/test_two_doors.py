"""One incident through the archive and 微信客服: demo, simulator and the C library, all real.

The demo's bot loads the stand-in library; what a group says lies in its folder, what a customer
says goes over the simulator's wire.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archive.corp import CORP, Corp
from tests.archive.sites import GROUP
from tests.servers.polling import until
from tests.stories.customers import Customer
from tests.stories.demo import Demo, demo_process
from tests.stories.world import World, open_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SECRET = "demo-app-secret-archive"
LAMP = "东门的路灯坏了三天了，晚上黑得看不见路"
FIRE = "5号楼着火了，楼道全是烟"


@pytest.fixture
def demo(corp: Corp, library: Path, archive_site: Path) -> Iterator[Demo]:
    (corp.folder / "account").write_text(f"{CORP} {SECRET}")
    given = {
        "JINGGE_ARCHIVE_SDK": str(library),
        "JINGGE_ARCHIVE_SECRET": SECRET,
        "JINGGE_ARCHIVE_KEYS": str(corp.keys),
        "JINGGE_ARCHIVE_POLL_S": "0.1",
        "JINGGE_STANDIN": str(corp.folder),
    }
    with demo_process("--site", str(archive_site), DATABASE_URL="", REDIS_URL="", **given) as made:
        yield made


@pytest.fixture
async def world(demo: Demo) -> AsyncIterator[World]:
    async with open_world(demo) as opened:
        opened.broken_on_purpose = frozenset({"archive_room"})  # the rooms are the library's
        yield opened


async def overheard(world: World, corp: Corp, words: str, by: str = "wmWANG") -> None:
    """``by`` says it in the group of residents, where nobody but the archive listens."""
    corp.says(by, words, at=await world.now() + timedelta(seconds=1), room=GROUP)


async def has(world: World, tickets: int, words: int = 0) -> None:
    """Wait until there are so many tickets, the first with so many further words."""

    async def look() -> bool:
        found = await world.tickets()
        if len(found) != tickets:
            return False
        return (await world.ticket("0001")).acts.count("supplement") >= words

    await until(look, f"{tickets} tickets, {words} further words")


async def test_lamp_of_the_group_and_of_customer_service_is_one_ticket(
    world: World, corp: Corp
) -> None:
    """Trap 21: the same text through archive and kf; two people, one incident, one card."""
    zhou = Customer(world, "wmZHOU01")
    await overheard(world, corp, LAMP, by="wmZHOU01")
    await has(world, 1)

    await zhou.says(f"桂花苑{LAMP}")

    await has(world, 1, words=1)
    owner = world.staff((await world.ticket("0001")).owner)
    assert len(await owner.cards()) == 1
    assert "已经知道" in await zhou.last() or "补上了" in await zhou.last()


async def test_fire_of_customer_service_and_of_the_group_is_one_alarm(
    world: World, corp: Corp
) -> None:
    zhou = Customer(world, "wmZHOU01")
    await zhou.says(f"桂花苑{FIRE}")
    await has(world, 1)

    await overheard(world, corp, FIRE)

    await has(world, 1, words=1)
    assert (await world.ticket("0001")).acts.count("ring") == 1
