"""Builds the whole house from settings and rules (组装): database, keys, engine, doors, pages.

``run`` and the demo's bot call ``open_house``; everything that must be closed is closed in the
opposite order, within ten seconds. Of several processes each opens what its loops need: who hears
opens the doors, and whoever sends all lanes but those of a door that hears and speaks on one line.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot import way_out
from bot.domain.reading import read
from bot.engine.app import Engine
from bot.engine.clock import Clock, passed_time
from bot.engine.keepsakes import Keepsakes
from bot.engine.mass_watch import MassWatch
from bot.engine.part import Part
from bot.engine.plug import Plug
from bot.wecom.aibot import Socket
from bot.wecom.channel import Lane
from bot.wecom.mass import MassLane
from commands import archive as archive_door
from commands import backup_watch, group_door, kf_door, order_door, partners
from commands.demo_people import everybody_has_spoken
from commands.doors import doors_of, outer_session
from commands.memory import open_database, open_seal
from commands.names import follow, keep_names
from commands.remembering import remember
from commands.rule_desk import watch_rules
from commands.said_before import recall
from commands.side_lanes import side_lanes, team_lanes
from commands.web_door import open_web
from config.load import load_rules
from config.rules import Rules
from config.settings import Settings
from config.vocabulary import Loop
from handlers.dashboard.entry import Entry
from storage import leases, pictures
from storage.coordination import InProcess
from storage.migrate import newest
from storage.sealed import Seal

log = logging.getLogger(__name__)
ALL = frozenset(Loop)
# Doors that hear and speak on one line, under one lease: where one hears, there it speaks.
ONE_LINE = frozenset({"socket", "kf"})
_LEASE_LOOK_S = 0.1
_SOCKET = leases.lane("socket")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Demo:
    """What only the demo may do: live at another time, open the clock, know who has spoken.

    ``ahead`` of ``passed_time``, and not a moment: as true when the house stands at last, and
    whoever sets the machine's clock meanwhile.
    """

    ahead_s: float
    spoken: bool

    @classmethod
    def at(cls, now: datetime, *, spoken: bool) -> "Demo":
        """The demo in which it is ``now`` at this moment."""
        return cls(now.timestamp() - passed_time(), spoken)

    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.fromtimestamp(passed_time() + self.ahead_s, UTC)


@dataclass
class House:
    """A running bot."""

    engine: Engine
    socket: Socket | None
    web_url: str
    entry: Entry | None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings, demo: Demo | None = None, loops: frozenset[Loop] = ALL
) -> AsyncIterator[House]:
    """A running bot, closed when the block ends. Raises: StartupFault."""
    rules = load_rules(settings.site)
    hears = Loop.HEAR in loops
    async with contextlib.AsyncExitStack() as stack:
        database = open_database(settings, stack, loops)
        seal = open_seal(settings, database)
        clock, window_s = Clock(demo.now() if demo else None), settings.commit_window_ms / 1000
        engine = Engine(database, seal, clock, rules, _plug(rules), window_s)
        session = await stack.enter_async_context(way_out.open_session(settings))
        outer = await stack.enter_async_context(outer_session(settings))
        bells = await _coordination(settings, engine, seal, stack)
        doors = doors_of(settings, engine, session, outer, bells)
        if isinstance(bells, InProcess):
            await recall(engine, bells, doors)
        kept = Keepsakes(settings.data_dir / "media", seal)
        lanes: list[Lane] = [door for door in doors.values() if door is not None]
        mass = MassLane(doors["app"].api, engine.clock.now) if doors["app"] else None
        lanes += [mass] if mass else []
        lanes += side_lanes(settings, doors["app"], session, bells, engine)
        plans = (
            partners.hook_lanes(settings, engine, seal),
            team_lanes(settings, doors["app"], session, bells, engine, kept.read),
        )
        _keep_media(doors, kept)
        archive = archive_door.build(settings, engine, session, bells)
        if archive is not None:
            archive.plug(kept, doors["app"])
        engine.listener.keep = kept.keep
        stack.push_async_callback(kept.close)
        _in_background(stack, _sweep_pictures(engine, kept), kept.stay_after())
        # The first reading loads the dictionary: not while somebody waits for an answer.
        await asyncio.to_thread(read, rules.station.name, engine.clock.now(), None, rules.reading)
        engine.plug = replace(engine.plug, handle=follow(engine, handlers.handle))
        await engine.start(
            lanes,
            *plans,
            part=Part(
                loops,
                lambda name: _speaks(name, loops),
                bells if settings.redis_url else None,
                newest(),
            ),
        )
        _in_background(
            stack,
            keep_names(engine),
            watch_rules(engine, settings.site, settings.data_dir),
            *([remember(engine)] if loops & {Loop.WORK, Loop.WEB} else []),
        )
        stack.push_async_callback(engine.stop)
        _in_background(
            stack,
            *([MassWatch(engine, mass).run()] if mass and Loop.SEND in loops else []),
            *(backup_watch.works(engine, settings.backup_dir) if Loop.TICK in loops else []),
        )
        if demo and demo.spoken:
            await everybody_has_spoken(engine, rules)
        if hears:
            order_door.watch(settings, engine, outer, bells, kept, stack)
            await _begin_to_hear(settings, engine, doors, archive, stack)
        opened = partners.open_door(settings, engine, seal, bells)
        runner, entry = await open_web(
            settings, engine, doors, kept, bells, opened.plug, loops, is_demo=demo is not None
        )
        stack.push_async_callback(runner.cleanup)
        house = House(engine, doors["socket"], _url_of(runner), entry)
        if hears and house.socket is not None:
            stack.push_async_callback(_hang_up, house.socket, house)
            house.socket.want(False)
            house.tasks.append(asyncio.create_task(house.socket.run()))
            house.tasks.append(asyncio.create_task(_follow_lease(engine, house.socket)))
        yield house


async def _begin_to_hear(
    settings: Settings,
    engine: Engine,
    doors: dict[str, Any],
    archive: archive_door.ArchiveDoor | None,
    stack: contextlib.AsyncExitStack,
) -> None:
    """Open the doors that ask by themselves, each under its lease."""
    if doors["kf"] is not None:
        stack.push_async_callback(kf_door.listen(engine, doors["kf"]))
    doors["groups"] = await group_door.open_groups(settings, engine, doors["app"], stack)
    if archive is not None:
        doors["archive"] = archive.bell()
        await archive.open_door(stack)


def _speaks(lane: str, loops: frozenset[Loop]) -> bool:
    """Whether a process of these loops sends on that lane."""
    return (Loop.HEAR if lane in ONE_LINE else Loop.SEND) in loops


def _in_background(stack: contextlib.AsyncExitStack, *works: Coroutine[Any, Any, None]) -> None:
    for work in works:
        stack.callback(asyncio.create_task(work).cancel)


def _keep_media(doors: Mapping[str, Any], kept: Keepsakes) -> None:
    for name, door in doors.items():
        if door is not None:
            kept.plug(name, door.fetch)
    if doors["app"] is not None:
        doors["app"].read_kept = kept.read


async def _sweep_pictures(engine: Engine, kept: Keepsakes) -> None:
    """At start and once a day: pictures that came with no ticket go, as talk does."""
    while True:
        try:
            await forget_pictures(engine, kept, datetime.now(UTC))
        except (OSError, SQLAlchemyError) as fault:
            log.warning("pictures are not swept today: %s", type(fault).__name__)
        await asyncio.sleep(_DAY.total_seconds())


async def forget_pictures(engine: Engine, kept: Keepsakes, now: datetime) -> int:
    """How many pictures without a ticket were deleted; the youngest day is never touched."""
    age = max(engine.current_rules().times.talk_kept, _DAY)
    names = await asyncio.to_thread(kept.older_than, now - age)
    loose = await engine.database.read(
        lambda conn: pictures.without_ticket(engine.db_of(conn), names)
    )
    await asyncio.to_thread(kept.drop, loose)
    return len(loose)


def _plug(rules: Rules) -> Plug:
    return Plug(
        handle=handlers.handle,
        refused=handlers.refused,
        dead=handlers.dead,
        unsent=handlers.unsent,
        jobs=handlers.jobs(rules),
        ahead=handlers.ahead,
    )


async def _coordination(
    settings: Settings, engine: Engine, seal: Seal, stack: contextlib.AsyncExitStack
) -> Any:
    if settings.redis_url:
        from storage.coordination_redis import OverRedis

        made: Any = OverRedis(
            settings.redis_url, engine.clock.now, site=engine.rules.station.id, seal=seal
        )
    else:
        made = InProcess(engine.clock.now)
    await made.start()
    stack.push_async_callback(made.close)
    return made


def _url_of(runner: Any) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


async def _follow_lease(engine: Engine, socket: Socket) -> None:
    """On the line while the lease is ours: a robot has one connection, whoever else is running.

    A connection that somebody without our leases took is taken back. A database that is away is no
    reason to hang up: what is said meanwhile would be lost, and who takes the lease takes the line.
    """
    while True:
        is_ours = engine.keeper is not None and engine.keeper.epoch(_SOCKET) is not None
        socket.want(is_ours)
        if is_ours and socket.yielded:
            socket.take_over()
        await asyncio.sleep(_LEASE_LOOK_S)


async def _hang_up(socket: Socket, house: House) -> None:
    """What is on the wire is acknowledged first, or it would be said again by whoever is next."""
    await house.engine.hush("socket")
    await socket.stop()
    house.tasks[-1].cancel()
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(5):
            await house.tasks[0]
    for task in house.tasks:
        task.cancel()
    await asyncio.gather(*house.tasks, return_exceptions=True)
