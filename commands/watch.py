"""The watch (看守): looks every few seconds how the machine fares, and tells who can mend it.

What waits too long or is nearly full goes to the administrator as ``Alarmed``, once a day per
cause, by the one mechanism of ``handlers.alarms``. When WeCom cannot be reached, or the database,
nothing can be said there: then the second way (``commands.outside``) is called, once at the
beginning and once at the end. Started by ``commands.house``.
"""

import asyncio
import logging
import math
import shutil
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.domain import clocks
from bot.door_events import Alarmed
from bot.engine import health
from bot.engine.app import Engine
from bot.engine.sealer import Sealer
from bot.web.health import HealthDoor
from bot.wecom.aibot import Socket
from commands.outside import Outside
from config.settings import Settings
from storage import archive, backup_files
from storage.pulse import Pulse

log = logging.getLogger(__name__)
EVERY_S = 10.0
_LANE = "lane:socket"
_MINUTE = timedelta(minutes=1)


class Watchman:
    """One for each process; the one with the clock speaks for all."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        doors: Mapping[str, Any],
        outside: Outside,
        redis: Any = None,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._doors = doors
        self._outside = outside
        self._redis = redis
        self._away_since: float | None = None
        self._blind_since: float | None = None
        self._called = ""

    def door(self) -> HealthDoor:
        """The addresses for machines, with the figures of this house."""
        token = self._settings.metrics_token.get_secret_value()
        return HealthDoor(self._engine, token, self.figures)

    def plug(self, app: web.Application) -> None:
        """Watch, and seal the audit, for as long as the web server stands."""
        app.cleanup_ctx.append(self._at_work)

    async def _at_work(self, _app: web.Application) -> AsyncIterator[None]:
        engine = self._engine
        assert engine.keeper is not None  # noqa: S101 the engine has started
        parts = (engine.database, engine.writer, engine.db_of, engine.clock.now, engine.keeper)
        tasks = [asyncio.create_task(one) for one in (self.run(), Sealer(*parts).run())]
        engine.offline_s = self.offline_s
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- figures that only the roof knows -------------------------------------------------------

    async def figures(self) -> Mapping[str, float | None]:
        """What stands neither in the database nor in the engine, for ``/metrics``."""
        engine, settings = self._engine, self._settings
        socket, kf = self._doors.get("socket"), self._doors.get("kf")
        return {
            "leases": engine.keeper.held if engine.keeper else 0,
            "queue": engine.writer.waiting,
            "writer": engine.writer.busy_s,
            "socket": float(socket.online) if socket is not None and self._has_line() else None,
            "archive": await self._archive_age(),
            "kf": _age(engine.clock.now(), kf.read_at) if kf is not None else None,
            "backup": await asyncio.to_thread(_backup_age, settings.backup_dir),
            "redis": float(self._redis.is_there) if self._redis is not None else None,
            "disk": await asyncio.to_thread(_free, settings.data_dir),
        }

    def _has_line(self) -> bool:
        """True in the one process whose part the robot's connection is."""
        keeper = self._engine.keeper
        return keeper is not None and keeper.holds(_LANE)

    async def _archive_age(self) -> float | None:
        if not self._settings.has_archive:
            return None

        def looked(conn: Connection) -> datetime | None:
            found = archive.cursor(self._engine.db_of(conn), self._settings.corp_id)
            return found.looked_at if found else None

        return _age(self._engine.clock.now(), await self._engine.database.read(looked))

    # -- looking --------------------------------------------------------------------------------

    async def run(self, every_s: float = EVERY_S) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(every_s)
            await self.look()

    async def look(self) -> None:
        """One look; what cannot be read now is part of what is seen."""
        self._look_at_line()
        try:
            seen = await health.look(self._engine)
            self._blind_since = None
            await self._tell_of_clock(seen.at)
            keeper = self._engine.keeper
            if keeper is not None and keeper.holds("clock"):
                await self._tell(seen)
                limits = self._engine.current_rules().times.watch
                await self._call(health.cut_off(self._engine, seen, limits))
            elif self._called:
                self._called = ""  # another process speaks now
        except (OSError, SQLAlchemyError) as fault:
            log.warning("the watch sees nothing now: %s", type(fault).__name__)
            self._blind_since = self._blind_since or _clock()
            await self._call(
                "数据库连不上，收不了也发不了" if self._is_long(self._blind_since) else ""
            )

    def offline_s(self) -> float:
        """How long the robot's connection has been away that this process should keep."""
        return _clock() - self._away_since if self._away_since is not None else 0.0

    def _look_at_line(self) -> None:
        socket = self._doors.get("socket")
        if isinstance(socket, Socket) and self._has_line() and not socket.online:
            self._away_since = self._away_since or _clock()
        else:
            self._away_since = None

    def _is_long(self, since: float | None) -> bool:
        limit = self._engine.current_rules().times.watch.cut_off.total_seconds()
        return since is not None and _clock() - since > limit

    # -- telling --------------------------------------------------------------------------------

    async def _tell(self, seen: Pulse) -> None:
        limits = self._engine.current_rules().times.watch
        causes = dict(_causes(seen, self._engine))
        free = await asyncio.to_thread(_free, self._settings.data_dir)
        if free * 100 < limits.disk_free:
            causes["disk"] = f"数据目录的盘只剩不到 {limits.disk_free}%"
        for cause, why in causes.items():
            await self._alarm(cause, why, seen.at)

    async def _tell_of_clock(self, at: datetime) -> None:
        """Each process speaks of its own machine; how far and which way, once a day."""
        strays = self._engine.clock.strays()
        if strays:
            way = "快" if strays > timedelta(0) else "慢"
            how_far = clocks.span_words(timedelta(minutes=math.ceil(abs(strays) / _MINUTE)))
            await self._alarm(f"clock:{way}", f"服务器的时钟突然{way}了{how_far}", at)

    async def _alarm(self, cause: str, why: str, at: datetime) -> None:
        key = f"alarm:watch:{cause}:{at.astimezone(clocks.ZONE):%Y%m%d}"
        event = Alarmed(key=key, at=at, door="watch", text="operator_watch", values={"why": why})
        await self._engine.listener.hear(event)

    async def _call(self, why: str) -> None:
        """Call outside when it begins and when it is over."""
        if bool(why) == bool(self._called) or not self._outside.is_there:
            return
        self._called, name = why, self._engine.current_rules().station.name
        await self._outside.call(
            f"{name}警格：{why}，请看服务器。" if why else f"{name}警格：恢复了。"
        )


def _causes(seen: Pulse, engine: Engine) -> list[tuple[str, str]]:
    """Cause and sentence of what waits too long; the sentence says no minutes that move on."""
    limits = engine.current_rules().times.watch
    found = []
    if seen.oldest is not None and seen.at - seen.oldest > limits.events_wait:
        limit = clocks.span_words(limits.events_wait)
        found.append(("inbox", f"收到的消息超过{limit}还没处理"))
    limit = clocks.span_words(limits.words_wait)
    found += [
        (f"lane:{lane.name}", f"{health.label(lane.name)}有话超过{limit}还没发出去")
        for lane in seen.lanes
        if lane.oldest is not None and seen.at - lane.oldest > limits.words_wait
    ]
    return found


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _age(now: datetime, at: datetime | None) -> float | None:
    return max(0.0, (now - at).total_seconds()) if at is not None else None


def _backup_age(out: Path) -> float | None:
    """Without end where backups are asked for and none was ever made."""
    if out == Path():
        return None
    age = _age(datetime.now(UTC), backup_files.state(out).good_at)
    return math.inf if age is None else age


def _free(folder: Path) -> float:
    usage = shutil.disk_usage(folder if folder.exists() else Path())
    return usage.free / usage.total
