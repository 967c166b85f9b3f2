"""The watch tells the administrator once a day per cause, and calls outside when WeCom is away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.door_events import Alarmed
from bot.engine.sealer import Sealer
from bot.events import Event
from bot.turn import Turn
from commands import watch as watch_module
from commands.outside import Outside
from commands.watch import Watchman
from config.faults import Later
from config.settings import Settings, load_settings
from storage import audit_chain
from storage.audit_tables import AuditLinkRow
from storage.database import Database, table_of
from storage.session import Db
from tests.engine.conftest import Build
from tests.engine.conftest import build as build
from tests.engine.conftest import rules as rules
from tests.engine.house import SEAL, House, heard, note

LONG = timedelta(minutes=20)


@dataclass
class Outer:
    """What the two second ways were told."""

    settings: Settings
    written: Path
    posted: list[str]

    @property
    def commanded(self) -> list[str]:
        return self.written.read_text("utf-8").splitlines() if self.written.exists() else []


@pytest.fixture
async def outer(tmp_path: Path) -> AsyncIterator[Outer]:
    """A program and an address of the station, both real."""
    written, posted = tmp_path / "told", []
    program = tmp_path / "call.sh"
    program.write_text(f'#!/bin/sh\necho "$1" >> {written}\n', encoding="utf-8")
    program.chmod(0o700)

    async def take(request: web.Request) -> web.Response:
        posted.append(await request.text())
        return web.Response()

    app = web.Application()
    app.router.add_post("/call", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    settings = load_settings(
        env_file=None, data_dir=tmp_path, outside_command=program,
        outside_url=f"http://127.0.0.1:{port}/call",
    )  # fmt: skip
    yield Outer(settings, written, posted)
    await runner.cleanup()


@pytest.fixture
async def opened(build: Build, tmp_path: Path, new_sqlite: Callable[[Path], str]) -> House:
    house = build(new_sqlite(tmp_path / "jingge.db"))
    await house.open()
    return house


def _watchman(house: House, settings: Settings, **doors: Any) -> Watchman:
    return Watchman(house.engine, settings, doors, Outside(settings))


async def test_what_waits_too_long_is_told_once_a_day(opened: House, outer: Outer) -> None:
    def not_yet(_turn: Turn, event: Any) -> None:
        if event.key == "e1":
            raise Later(600, "not ready")

    opened.desk.always = not_yet
    await opened.hear(heard("e1"))
    await opened.has(lambda: opened.desk.tries, "it was tried")
    opened.clock.push_to(opened.clock.now() + LONG)
    watchman = _watchman(opened, outer.settings)

    await watchman.look()
    await watchman.look()
    await opened.has(lambda: "alarm:watch:inbox:20260304" in opened.desk.tries, "it is told")

    assert [key for key in opened.desk.tries if key.startswith("alarm:")] == [
        "alarm:watch:inbox:20260304"
    ]
    assert outer.commanded == outer.posted == []


async def test_a_full_disk_is_told(
    opened: House, outer: Outer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_free", lambda _folder: 0.05)

    await _watchman(opened, outer.settings).look()

    await opened.has(lambda: "alarm:watch:disk:20260304" in opened.desk.tries, "it is told")


@pytest.mark.parametrize(("hours", "way"), [(1, "快"), (-1, "慢")])
async def test_a_clock_that_jumped_is_told_once(
    opened: House, outer: Outer, monkeypatch: pytest.MonkeyPatch, hours: int, way: str
) -> None:
    told: list[str] = []

    def tell(_turn: Turn, event: Event) -> None:
        assert isinstance(event, Alarmed)
        told.append(event.values["why"])

    opened.desk.always = tell
    watchman, clock = _watchman(opened, outer.settings), opened.engine.clock
    await watchman.look()
    shown = clock._wall
    monkeypatch.setattr(clock, "_wall", lambda: shown() + timedelta(hours=hours))

    await watchman.look()
    await watchman.look()
    await opened.quiet()

    assert opened.desk.tries == [f"alarm:watch:clock:{way}:20260304"]
    assert told == [f"服务器的时钟突然{way}了1小时"]


async def test_outside_is_called_when_the_line_is_away_and_when_it_is_back(
    opened: House, outer: Outer
) -> None:
    watchman = _watchman(opened, outer.settings)
    opened.engine.offline_s = lambda: 900.0

    await watchman.look()
    await watchman.look()
    opened.engine.offline_s = lambda: 0.0
    await watchman.look()

    name = opened.engine.rules.station.name
    told = [f"{name}警格：机器人和企业微信的长连接断了，请看服务器。", f"{name}警格：恢复了。"]
    assert outer.commanded == told
    assert outer.posted == told


async def test_outside_is_called_when_the_database_is_away(
    opened: House, outer: Outer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watchman, real = _watchman(opened, outer.settings), opened.engine.database
    monkeypatch.setattr(watchman, "_is_long", lambda since: since is not None)
    opened.engine.database = Database(f"sqlite:///{tmp_path / 'not' / 'there.db'}")

    await watchman.look()
    opened.engine.database = real

    (told,) = outer.posted
    assert "数据库连不上" in told


async def test_a_program_that_fails_stops_nothing(opened: House, tmp_path: Path) -> None:
    settings = load_settings(
        env_file=None, data_dir=tmp_path, outside_command=tmp_path / "none",
        outside_url="http://127.0.0.1:9/",
    )  # fmt: skip
    opened.engine.offline_s = lambda: 900.0

    await _watchman(opened, settings).look()


async def test_the_holder_of_the_clock_seals_the_audit(opened: House) -> None:
    opened.desk.always = lambda turn, event: note(turn, event.key)
    await asyncio.gather(*(opened.hear(heard(f"e{n}")) for n in range(5)))
    await opened.quiet()
    engine = opened.engine
    assert engine.keeper is not None
    sealer = Sealer(engine.database, engine.writer, engine.db_of, engine.clock.now, engine.keeper)

    assert await sealer.round() == 1
    assert await sealer.round() == 0

    found = engine.database.read_now(lambda conn: audit_chain.verify(Db(conn, SEAL)))
    assert (found.fault, found.rows["台账"]) == ("", 10)
    links = engine.database.read_now(lambda c: c.execute(select(table_of(AuditLinkRow))).all())
    assert [one.book for one in links] == ["journal"]


async def test_who_does_not_hold_the_clock_seals_nothing(opened: House) -> None:
    await opened.hear(heard("e1"))
    await opened.quiet()
    engine = opened.engine
    assert engine.keeper is not None
    engine.keeper._epochs = {}
    sealer = Sealer(engine.database, engine.writer, engine.db_of, engine.clock.now, engine.keeper)

    assert await sealer.round() == 0
