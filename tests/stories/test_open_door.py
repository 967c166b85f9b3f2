"""A property alarm reports, an officer works it, the alarm sees it closed and hears each change.

A demo of its own: its site names a subscriber on loopback, its key is made by ``partner-key``.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.open311.station import Subscriber
from tests.stories.demo import ROOT, Demo, demo_process
from tests.stories.world import World, open_world

CLIENT, HOOK = "guihua_property", "guihua_hook"


@pytest.fixture
async def subscriber() -> AsyncIterator[Subscriber]:
    opened = Subscriber()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def site(tmp_path: Path, subscriber: Subscriber) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "config" / "site", folder)
    path = folder / "partners.yaml"
    partners = yaml.safe_load(path.read_text("utf-8"))
    partners["hooks"] = [{"id": HOOK, "url": subscriber.url, "client": CLIENT}]
    path.write_text(yaml.safe_dump(partners, allow_unicode=True), "utf-8")
    return folder


def command(demo: Demo, site: Path, *words: str) -> str:
    """The last line that a command of the operator prints."""
    done = subprocess.run(
        [sys.executable, "run_bot.py", *words, "--site", str(site)],
        cwd=ROOT,
        env={**os.environ, "JINGGE_DATA_DIR": str(demo.data.resolve())},
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.splitlines()[-1]


async def call(world: World, key: str, method: str, path: str, **more: Any) -> Any:
    url = f"{world.demo.web}/open311/v2/{path}"
    headers = {"X-API-Key": key, "Idempotency-Key": "alarm-0001"}
    async with world.session.request(method, url, headers=headers, **more) as response:
        assert response.status in (200, 201), await response.text()
        return await response.json()


async def test_a_property_alarm_follows_its_report_until_it_is_closed(
    site: Path, subscriber: Subscriber
) -> None:
    given = {"DATABASE_URL": "", "REDIS_URL": "", "JINGGE_HOOK_HOSTS": "127.0.0.1"}
    with demo_process("--site", str(site), **given) as demo:
        key = command(demo, site, "partner-key", CLIENT)
        subscriber.secret = command(demo, site, "partner-key", HOOK, "--hook")
        async with open_world(demo) as world:
            lin = world.officer("林知远")
            report = {
                "service_code": "auto",
                "description": "3号楼2单元对门挂了面八卦镜，两家天天为这事吵架",
                "address_string": "桂花苑3号楼",
            }
            posted = await call(world, key, "POST", "requests.json", data=report)
            again = await call(world, key, "POST", "requests.json", data=report)
            request = posted[0]["service_request_id"]
            assert again == posted

            await world.pass_seconds(5)
            assert "邻里纠纷" in (await lin.card()).title
            await lin.presses("签收")
            await lin.types("到场")
            await lin.types("处置 双方和解，镜子挪到侧墙，签了协议")
            shown = await call(world, key, "GET", f"requests/{request}.json")
            assert shown[0]["status"] == "open"
            await world.pass_minutes(2)

            assert (await world.only_ticket()).stage == "closed"
            shown = await call(world, key, "GET", f"requests/{request}.json")
            assert shown[0]["status"] == "closed"
            assert "林知远" not in str(shown)
            assert "侧墙" not in str(shown)
        got = subscriber.got
        assert [one["status"] for one in got] == ["open", "open", "open", "closed"]
        assert [one["sequence"] for one in got] == sorted({one["sequence"] for one in got})
        assert {one["service_request_id"] for one in got} == {request}
        assert subscriber.refused == 0
        logs = "".join(path.read_text("utf-8") for path in demo.logs)
        assert key not in logs
        assert subscriber.secret not in logs
