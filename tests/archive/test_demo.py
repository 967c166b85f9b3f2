"""``demo --archive-sdk``: a rehearsal of a group without a robot, as people start it."""

from pathlib import Path

import pytest

from tests.archive.sites import GROUP, site_with_customer_group
from tests.servers.polling import until
from tests.stories.demo import demo_process
from tests.stories.world import World, open_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
WORDS = "3号楼下水道又堵了，污水都漫到楼道了"


async def test_rehearsal_hears_the_archive_and_again_after_a_reset(
    tmp_path: Path, library: Path
) -> None:
    """Traps 6 and 21: rows of the simulator, the C library, the bell without AgentID."""
    words = ("--site", str(site_with_customer_group(tmp_path)), "--archive-sdk", str(library))
    with demo_process(*words, DATABASE_URL="", REDIS_URL="") as demo:
        for _ in range(2):
            async with open_world(demo) as world:
                await _heard(world)


async def _heard(world: World) -> None:
    await world.post("/sim/archive/say", room=GROUP, who="wmCHEN", text=WORDS)

    await until(world.tickets, "the archive was read", within_s=30)

    assert (await world.only_ticket()).chat == GROUP
    assert await world.chat(GROUP).heard() == []
