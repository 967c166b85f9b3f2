"""A block of flats whose group holds residents on WeChat: a real bot, a real simulator, real wires.

The sample station with one group more, in which no robot can stand. The archive's door is not
under test here: what it heard is put into the listener, as that door does.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from bot.door_events import Deed, Paged
from bot.events import OVERHEARD, Heard
from bot.web.login import SESSION, Sessions
from commands import wipe
from commands.demo_processes import settings_of
from commands.house import Demo, House, open_house
from config.load import load_rules
from config.settings import Settings
from simulator.archive_api import rows_of, secret_of
from simulator.server import serve
from simulator.sim import Pace, Sim
from simulator.world import load_world
from tests.servers.process import free_port

ROOT = Path(__file__).parents[2]
GROUP, OWNER = "wrYEZHUQUN", "lin_zhiyuan"
WORKER, RESIDENT = "fang_xiaoman", "wang_ayi"
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_ROW = (
    f"  - {{id: {GROUP}, name: 桂花苑业主群, kind: customer_group, grid: g01, public: true,"
    " hears: all}\n"
)


@dataclass
class Block:
    """The running house, the simulator behind it, and a browser's session."""

    house: House
    sim: Sim
    url: str
    session: aiohttp.ClientSession
    settings: Settings
    heard: int = 0
    seen: list[Any] = field(default_factory=list)

    @property
    def web(self) -> str:
        return self.house.web_url

    async def overhears(self, user: str, text: str) -> str:
        """The archive heard it; returns when all is done. The key of the event."""
        self.heard += 1
        now = self.house.engine.clock.now()
        event = Heard(
            key=f"archive:t{self.heard}", at=now, chat=GROUP, by=user, door=OVERHEARD, text=text
        )
        await self.house.engine.listener.hear(event)
        await self.quiet()
        return event.key

    async def login(self, user: str) -> dict[str, str]:
        """The cookie of a login of that person which stands in the book."""
        engine = self.house.engine
        session = Sessions(engine.seal.hmac_key, engine.clock.now).issue(user)
        event = Paged(
            key=f"page:in:{session.key}",
            at=engine.clock.now(),
            by=user,
            deed=Deed.IN,
            session=session.key,
            until=session.until,
        )
        await engine.listener.hear(event)
        await self.quiet()
        return {SESSION: session.cookie}

    def form_key(self, cookies: dict[str, str]) -> str:
        """What a form of that login brings along."""
        engine = self.house.engine
        return Sessions(engine.seal.hmac_key, engine.clock.now).form_key(cookies[SESSION])

    async def quiet(self) -> None:
        """Return when nothing is under way."""
        async with asyncio.timeout(15):
            while not (await self.house.engine.quiet()).quiet:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        """Return when it is so; what runs beside the Turns has its own pace."""
        async with asyncio.timeout(15):
            while not await is_so():  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def pass_time(self, span: timedelta) -> None:
        """Both clocks go on."""
        async with self.session.post(
            f"{self.url}/sim/clock", json={"advance_s": span.total_seconds()}
        ) as answer:
            assert answer.status == 200, await answer.text()

    async def inbox(self, user: str) -> list[dict[str, Any]]:
        """What that person sees in 1:1 chats."""
        async with self.session.get(f"{self.url}/sim/inbox/{user}") as answer:
            found: list[dict[str, Any]] = (await answer.json())["messages"]
            return found

    async def card(self, user: str, title: str) -> dict[str, Any]:
        """The newest card in somebody's hand with that in its title."""
        cards = [line["card"] for line in await self.inbox(user) if line["card"]]
        found = [card for card in cards if title in card["title"]]
        assert found, [card["title"] for card in cards]
        return dict(found[-1])

    async def press(self, user: str, card: dict[str, Any], button: str) -> dict[str, Any]:
        """Press a button in WeCom's client."""
        body = {"user": user, "card": card["task_id"], "button": button}
        async with self.session.post(f"{self.url}/sim/press", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def errors(self) -> list[Any]:
        """Every rule of WeCom that the bot broke."""
        async with self.session.get(f"{self.url}/sim/errors") as answer:
            return list(await answer.json())


def site_with_group(folder: Path) -> Path:
    """The sample site with a group of residents."""
    site = folder / "site"
    shutil.copytree(ROOT / "config" / "site", site)
    chats = site / "chats.yaml"
    chats.write_text(chats.read_text("utf-8").rstrip("\n") + "\n" + _ROW, "utf-8")
    return site


@asynccontextmanager
async def open_block(
    folder: Path, *, is_demo_login: bool = True, archive_sdk: Path | None = None
) -> AsyncIterator[Block]:
    """Simulator and bot as long as the block; with ``archive_sdk`` the archive's own door too.

    The library reads the folder that $JINGGE_STANDIN names.
    """
    site = site_with_group(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    (data / "jingge.db").write_bytes(wipe.blank())
    port = free_port()
    web_url = f"http://127.0.0.1:{port}"
    world = load_world(site)
    rules = load_rules(site)
    assert rules.demo is not None
    sim = Sim(world, bot_url=web_url, now=NOW, pace=Pace(retry_waits_s=(0.05,)))
    async with serve(sim) as sim_url, aiohttp.ClientSession() as session:
        more: dict[str, object] = {}
        if archive_sdk is not None:
            sim.archive = rows_of(sim, folder / "archive")
            more = {
                "ARCHIVE_SDK": archive_sdk,
                "ARCHIVE_SECRET": secret_of(sim),
                "ARCHIVE_KEYS": sim.archive.keys,
                "ARCHIVE_POLL_S": 600.0,  # the bell brings it
            }
        given = settings_of(
            rules.demo,
            **more,
            API_BASE=sim_url,
            SOCKET_URL=sim_url.replace("http", "ws") + "/ws",
            PUBLIC_URL=web_url,
            WEB_PORT=port,
            SITE=site,
            DATA_DIR=data,
        )
        values: dict[str, Any] = {
            name.removeprefix("JINGGE_").lower(): value for name, value in given.items()
        }
        settings = Settings(_env_file=None, database_url="", redis_url="", **values)
        async with open_house(settings, Demo.at(NOW, spoken=True)) as house:
            async with asyncio.timeout(15):
                while not all(  # noqa: ASYNC110
                    desk.link for desk in sim.desks.values() if desk.robot.mode == "socket"
                ):
                    await asyncio.sleep(0.02)
            yield Block(house, sim, sim_url, session, settings)
