"""Whether it lives and is of use, asked over real HTTP; its numbers as Prometheus reads them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

from bot.engine import health
from bot.engine.health import LINE_AWAY
from bot.turn import Turn
from bot.web.health import HealthDoor
from bot.web.server import build as build_web
from bot.web.server import serve
from bot.wecom.errors import Refusal
from config.faults import Later
from config.watch_rules import Watch
from storage.database import Database
from storage.pulse import Pulse
from tests.engine.conftest import Build
from tests.engine.house import GROUP, House, heard

LONG = timedelta(minutes=20)
TOKEN = "t" * 20
MINE = {"Authorization": f"Bearer {TOKEN}"}
BY_PROXY = {"X-Forwarded-For": "203.0.113.7"}


class Asked:
    """A house with its web server, and somebody who asks."""

    def __init__(self, house: House, url: str, session: aiohttp.ClientSession) -> None:
        self.house = house
        self.url = url
        self.session = session

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, headers=headers) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await (answer.json() if is_json else answer.text())


@pytest.fixture
async def asked(
    build: Build, tmp_path: Path, new_sqlite: Callable[[Path], str]
) -> AsyncIterator[Asked]:
    house = build(new_sqlite(tmp_path / "jingge.db"))
    await house.open()
    app = build_web(house.engine, {}, health=HealthDoor(house.engine, TOKEN))
    runner = await serve(app, "127.0.0.1", 0)
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        yield Asked(house, f"http://{host}:{port}", session)
    await runner.cleanup()


async def test_a_house_that_is_well_says_so(asked: Asked) -> None:
    assert await asked.get("/healthz") == (200, {"alive": True})
    assert await asked.get("/readyz") == (200, {"ready": True})


async def test_an_event_that_waits_too_long_is_a_reason(asked: Asked) -> None:
    house = asked.house

    def not_yet(_turn: Turn, _event: object) -> None:
        raise Later(600, "not ready")

    house.desk.always = not_yet
    await house.hear(heard("e1"))
    await house.has(lambda: house.desk.tries, "it was tried")
    house.clock.push_to(house.clock.now() + LONG)

    status, told = await asked.get("/readyz")

    assert (status, told["ready"]) == (503, False)
    assert told["reasons"] == ["1 条消息等着处理，最早的等了20分钟"]
    assert (await asked.get("/healthz"))[0] == 200  # a restart would change nothing


async def test_words_that_wait_too_long_are_a_reason(asked: Asked) -> None:
    house = asked.house
    house.socket.faults = [Later(1, "x") for _ in range(99)]
    house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)
    await house.hear(heard("e1"))
    await house.has(lambda: house.socket.tried, "it was tried")
    house.clock.push_to(house.clock.now() + LONG)

    _, told = await asked.get("/readyz")

    assert any("智能机器人（长连接）有 1 条话等着发" in one for one in told["reasons"])


async def test_reasons_and_numbers_are_for_this_machine_and_the_token(asked: Asked) -> None:
    asked.house.engine.offline_s = lambda: 900.0

    assert (await asked.get("/readyz"))[1]["reasons"] == [LINE_AWAY]
    assert await asked.get("/readyz", **BY_PROXY) == (503, {"ready": False, "cut_off": True})
    assert (await asked.get("/metrics", **BY_PROXY))[0] == 403
    assert (await asked.get("/metrics", **BY_PROXY, Authorization="Bearer x"))[0] == 403
    assert (await asked.get("/metrics", **BY_PROXY, **MINE))[0] == 200


async def test_a_database_that_is_away_is_a_reason(asked: Asked, tmp_path: Path) -> None:
    engine, real = asked.house.engine, asked.house.engine.database
    engine.database = Database(f"sqlite:///{tmp_path / 'not' / 'there.db'}")

    status, told = await asked.get("/readyz")
    metrics, _ = await asked.get("/metrics")
    engine.database = real

    assert (status, metrics) == (503, 503)
    assert told["reasons"] == ["数据库读不了（OperationalError）"]


async def test_a_house_that_stops_is_not_ready(asked: Asked) -> None:
    asked.house.engine.stopping = True

    assert (await asked.get("/readyz"))[1]["reasons"] == ["正在停机"]
    async with asked.session.get(f"{asked.url}/readyz") as answer:
        assert "正在停机" in await answer.text()  # as curl shows it to whoever is woken


async def test_a_writer_that_stands_still_is_not_alive(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STUCK_S", -1.0)

    status, told = await asked.get("/healthz")

    assert status == 503
    assert told["reasons"][0].startswith("写库的线程")


def test_work_that_nobody_does_is_named() -> None:
    seen = Pulse(
        at=heard("x").at, waiting=0, oldest=None, dead=0, lanes=(), calls=0, first_call=None,
        held=frozenset({"p0", "lane:app"}), links=0,
    )  # fmt: skip

    assert health._unheld(seen, frozenset({"app", "socket"})) == [
        "7 个分区没有进程在管，消息收了没人办",
        "催办的钟没有进程在管",
        "智能机器人（长连接）没有进程在管",
    ]
    assert health.late(replace(seen, oldest=seen.at - LONG, waiting=3), Watch()) != []


async def test_numbers_of_what_was_done_and_refused_are_scraped(asked: Asked) -> None:
    house = asked.house
    house.socket.of_words = {"e2": [Refusal("no")]}
    house.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)
    for n in range(3):
        await house.hear(heard(f"e{n}"))
    await house.quiet()

    _, body = await asked.get("/metrics")
    samples = {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in parser.text_string_to_metric_families(body)
        for one in family.samples
    }

    assert samples["jingge_turn_seconds_count", (("outcome", "done"),)] == 3
    assert samples["jingge_sends_refused_total", (("lane", "socket"),)] == 1
    assert samples["jingge_inbox_waiting", ()] == 0
    assert samples["jingge_commit_seconds_count", ()] > 3
    assert {name for _, labels in samples for name, _ in labels} <= {"lane", "outcome", "le"}
    values = {value for _, labels in samples for name, value in labels if name != "le"}
    assert values <= {"done", "held", "bug", "lost", *house.lanes}


async def test_openmetrics_is_spoken_too(asked: Asked) -> None:
    _, body = await asked.get("/metrics", Accept="application/openmetrics-text; version=1.0.0")

    families = openmetrics.text_string_to_metric_families(body)  # type: ignore[no-untyped-call]
    names = {family.name for family in families}

    assert {"jingge_turn_seconds", "jingge_sends_refused", "jingge_inbox_waiting"} <= names
