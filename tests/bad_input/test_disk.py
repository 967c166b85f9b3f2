"""A full or read-only disk: a sentence at the start, 503 at the door, and all well afterwards."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_input.disks import fill, mounted
from tests.bad_input.letters import knockers
from tests.bad_input.test_start import SITE, assert_refused, run
from tests.crash.books import read_books
from tests.servers.polling import until
from tests.stories.demo import Demo, demo_process
from tests.stories.world import World, open_world

DISK = "size=24m"


async def test_read_only_data_folder_is_refused(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "ro,size=1m") as disk:
        code, said = await run("run", at=tmp_path, JINGGE_DATA_DIR=str(disk))
        assert_refused(code, said, str(disk))

        code, said = await run(
            "demo", "--serve", "--site", str(SITE), "--data", str(disk / "data"), at=tmp_path
        )
        assert_refused(code, said, str(disk))


async def test_full_disk_at_the_start_is_refused(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=1m") as disk:
        fill(disk)

        code, said = await run("run", at=tmp_path, JINGGE_DATA_DIR=str(disk))

        assert_refused(code, said, str(disk))


@pytest.fixture
def small_demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo whose data lies on a small disk of its own."""
    disk = tmp_path / "disk"
    with mounted(disk, DISK), demo_process("--data", str(disk), DATABASE_URL="") as demo:
        yield demo


async def test_full_disk_loses_nothing_that_was_accepted_and_heals(small_demo: Demo) -> None:
    async with open_world(small_demo) as world:
        await world.resident("王阿姨").says("1号楼门口的路灯不亮", chat="桂花苑")
        door = (await knockers(world))["app"]
        filler = fill(small_demo.data)

        full = await until(lambda: refused(world), "the disk is full", within_s=20)
        assert full == 503
        await world.person("陈叔").tries_to_say("2号楼的楼道漏水", "桂花苑", wait=False)
        await world.person("徐小蕾").tries_to_say("桂花苑3号楼的楼道漏水", "app", wait=False)
        filler.unlink()

        assert await door.send(door.letter("桂花苑4号楼的楼道漏水", "after")) == 200
        await until(lambda: tickets(world, 4), "all are tickets", within_s=60)
        await world.pass_seconds(1)
        books = read_books(small_demo.data)
        shown = await world.everything_said()
        assert books.faults(shown) == {}
        log = (small_demo.data / "bot.log").read_text(encoding="utf-8", errors="replace")
        assert log.count(" ready web=") == 1


async def refused(world: World) -> int | None:
    """The status when a letter cannot be stored; None while there is still room."""
    door = (await knockers(world))["app"]
    status = await door.send(door.letter("你好", f"full{secrets.token_hex(4)}"))
    return None if status == 200 else status


async def tickets(world: World, count: int) -> bool:
    """True when so many are open."""
    return len(await world.tickets()) >= count
