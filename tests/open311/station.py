"""A station with an open door (开着门的所): the real engine and handlers, a real web server.

Only WeCom is missing: its lanes listen and keep what they hear. A ``Subscriber`` is a real server
on loopback that checks signatures as the documentation tells its readers to.
"""

import hashlib
import hmac
import json
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web

import handlers
from bot.engine.app import Engine
from bot.engine.clock import Clock
from bot.engine.plug import Plug
from bot.events import Heard, Ordered
from bot.web import server
from bot.web.open311 import Open311
from commands.partners import hook_lanes
from config.load import load_rules
from config.rules import Rules
from config.settings import Settings
from config.vocabulary import Act
from storage import filed, migrate, partner_keys, tickets
from storage.coordination import InProcess
from storage.database import Database
from storage.partner_keys import Keyring
from storage.sealed import Seal
from storage.tickets import Ticket
from tests.engine.house import Ear
from tests.servers.polling import until

SITE = Path(__file__).parents[2] / "config" / "site"
MORNING = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # Wednesday, 09:30 in Shanghai
SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
ON_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]
CLIENTS: list[dict[str, Any]] = [
    {"id": "guihua_property", "name": "桂花苑物业", "grids": ["g01"], "per_minute": 6000},
    {"id": "hotline_12345", "name": "溪河热线"},
    {"id": "smart_town", "name": "智慧社区", "sees": "all"},
    {"id": "hasty", "name": "急性子", "per_minute": 3},
]


def site_with(folder: Path, hooks: list[dict[str, Any]] = []) -> Path:  # noqa: B006 never changed
    """The sample site with these hooks and the clients of the tests."""
    shutil.copytree(SITE, folder)
    body = {"clients": CLIENTS, "hooks": hooks}
    (folder / "partners.yaml").write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    return folder


@cache
def _sample() -> Rules:
    """The sample site; its words are compiled once for all stations that read with them."""
    return load_rules(SITE)


class Station:
    """Everything between the door and the database; ``open`` starts it."""

    def __init__(self, folder: Path, site: Path, hosts: frozenset[str], url: str) -> None:
        self.rules = replace(load_rules(site), reading=_sample().reading)
        self.folder = folder
        self.database = Database(url)
        migrate.upgrade(self.database)
        self.clock = Clock(MORNING)
        plug = Plug(handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={})
        self.engine = Engine(self.database, SEAL, self.clock, self.rules, plug)
        self.ears = {name: Ear(name, self.clock) for name in ("socket", "app", "robot")}
        settings = Settings(hook_hosts=",".join(hosts), http_timeout_s=2.0)
        self.hooks = hook_lanes(settings, self.engine, SEAL)
        self.key_file = folder / partner_keys.FILE
        self.keys = {
            one["id"]: partner_keys.make(self.key_file, SEAL, one["id"]) for one in CLIENTS
        }
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._orders = 0

    async def open(self) -> None:
        """Start the engine and the web server."""
        await self.engine.start(list(self.ears.values()), self.hooks)
        keyring = Keyring(self.key_file, "", SEAL)
        door = Open311(self.engine, keyring, InProcess(self.clock.now))
        app = server.build(self.engine, {}, door.plug)
        self._runner = await server.serve(app, "127.0.0.1", 0)
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop everything."""
        assert self._runner is not None
        await self._runner.cleanup()
        await self.engine.stop()

    async def quiet(self) -> None:
        """Wait until nothing is under way."""

        async def look() -> bool:
            assert self.engine.failed() is None, self.engine.failed()
            return (await self.engine.quiet()).quiet

        await until(look, "the station is quiet")

    async def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        found = await self.engine.database.read(
            lambda conn: tickets.newest(self.engine.db_of(conn))
        )
        return found[::-1]

    async def only_ticket(self) -> Ticket:
        """The ticket of a test that has one."""
        await self.quiet()
        found = await self.tickets()
        assert len(found) == 1, [(t.number, t.category) for t in found]
        return found[0]

    async def orders(self, act: Act, ticket: Ticket, words: str = "", by: str = "") -> Ticket:
        """The ticket after its owner (or ``by``) did ``act``."""
        self._orders += 1
        who = by or ticket.owner
        event = Ordered(
            key=f"page:{self._orders}",
            at=self.clock.now(),
            chat=f"app:{who}",
            by=who,
            door="page",
            act=act,
            ticket=ticket.number,
            text=words,
        )
        assert await self.engine.listener.hear(event)
        await self.quiet()
        return await self.engine.database.read(
            lambda conn: tickets.get(self.engine.db_of(conn), ticket.id)
        )

    async def says(self, user: str, words: str) -> None:
        """A member of staff writes to the bot."""
        self._orders += 1
        chat = f"bot:{user}"
        event = Heard(
            key=f"aibot:{self._orders}",
            at=self.clock.now(),
            chat=chat,
            by=user,
            door="socket",
            text=words,
        )
        assert await self.engine.listener.hear(event)
        await self.quiet()

    async def pass_minutes(self, count: float) -> None:
        """Let business time pass."""
        self.engine.push_to(self.clock.now() + timedelta(minutes=count))
        await self.quiet()

    def filed(self, key: str) -> filed.Filed | None:
        """The row of one event key."""
        return self.database.read_now(lambda conn: filed.by_key(self.engine.db_of(conn), key))

    @property
    def heard(self) -> list[str]:
        """Everything staff were told, in order."""
        return [words for ear in self.ears.values() for words in ear.words]


@dataclass
class Client:
    """One system with its key, calling over the wire."""

    session: aiohttp.ClientSession
    station: Station
    id: str

    async def post(self, status: int = 201, **fields: Any) -> Any:
        """What a POST of these fields answers."""
        given = {"service_code": "auto", "address_string": "桂花苑3号楼", **fields}
        headers = {"X-API-Key": self.station.keys[self.id]}
        if key := given.pop("key", ""):
            headers["Idempotency-Key"] = key
        url = f"{self.station.url}/open311/v2/requests.json"
        async with self.session.post(url, data=given, headers=headers) as response:
            body = await response.json()
            assert response.status == status, body
            return body

    async def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        """What a GET answers, as JSON."""
        url = f"{self.station.url}/open311/v2/{path}"
        headers = {"X-API-Key": self.station.keys[self.id]}
        async with self.session.get(url, params=query, headers=headers) as response:
            body = await response.json()
            assert response.status == expect, body
            return body

    async def reports(self, text: str, **fields: Any) -> str:
        """The id of a new report, after its Turn."""
        found = await self.post(description=text, **fields)
        await self.station.quiet()
        return str(found[0]["service_request_id"])

    async def adds(self, request: str, text: str) -> None:
        """A further word on a report, after its Turn."""
        url = f"{self.station.url}/open311/v2/servicerequestupdates.json"
        fields = {"service_request_id": request, "description": text}
        headers = {"X-API-Key": self.station.keys[self.id]}
        async with self.session.post(url, data=fields, headers=headers) as response:
            assert response.status == 201, await response.text()
        await self.station.quiet()


@dataclass
class Subscriber:
    """A server that takes hooks; ``answers`` are the statuses of its next answers."""

    secret: str = ""
    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    tried: int = 0
    _runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Listen on loopback."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        app.router.add_get("/hook", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/hook"

    async def close(self) -> None:
        """Stop listening."""
        assert self._runner is not None
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.tried += 1
        if self.answers:
            status = self.answers.pop(0)
            return web.Response(
                status=status, headers={"Location": "/hook"} if status == 302 else {}
            )
        body = await request.read()
        if not self._is_signed(request, body):
            self.refused += 1
            return web.Response(status=403)
        self.got.append(json.loads(body))
        return web.Response(status=204)

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        stamp = request.headers["X-Jingge-Timestamp"]
        message = stamp.encode() + b"." + body
        right = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        return request.headers["X-Jingge-Signature"] == f"v1={right}"
