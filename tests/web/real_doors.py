"""The web server as it stands at a station, beside the demo's: no links for everybody, keys asked.

The same engine, the same builder; another port. ``Doors.person`` is somebody of each role, made
up where the sample roster has none.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.engine.keepsakes import Keepsakes
from commands import partners
from commands.doors import doors_of
from commands.web_door import open_web
from config.people_rules import Person
from config.vocabulary import Loop, Role
from handlers.dashboard.entry import Entry
from storage.coordination import InProcess
from tests.drafts.block import Block
from tests.servers.process import free_port

API_KEY = "a-key-of-the-interface-of-this-test"
Answer = tuple[int, dict[str, str], str]


@dataclass
class Doors:
    """The second server: its application, its address, the way in."""

    block: Block
    app: web.Application
    url: str
    entry: Entry
    session: aiohttp.ClientSession

    def person(self, role: Role) -> Person:
        """Somebody of that role who is on the roster, of the grid of the group if there is one."""
        found = [one for one in self.block.house.engine.rules.people if one.role is role]
        return next((one for one in found if "g01" in one.grids), found[0])

    async def ask(
        self,
        method: str,
        path: str,
        cookies: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Status, headers and body; of a stream that never ends its head alone."""
        async with self.session.request(
            method,
            f"{self.url}{path}",
            cookies=cookies or {},
            data=form if method == "POST" else None,
            headers=headers or {},
            allow_redirects=False,
        ) as answer:
            endless = answer.content_type == "text/event-stream"
            body = b"" if endless else await answer.read()
            return answer.status, dict(answer.headers), body.decode(errors="replace")


@asynccontextmanager
async def real_doors(block: Block) -> AsyncIterator[Doors]:
    """The server, as long as the block."""
    engine = block.house.engine
    engine.rules = replace(engine.rules, roster=_of_all_roles(engine.rules.roster))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = block.settings.model_copy(
        update={"web_port": port, "api_key": SecretStr(API_KEY), "public_url": url}
    )
    bells = InProcess(engine.clock.now)
    doors = doors_of(settings, engine, block.session, block.session, bells)
    kept = Keepsakes(settings.data_dir / "media", engine.seal)
    opened = partners.open_door(settings, engine, engine.seal, bells)
    runner, entry = await open_web(
        settings, engine, doors, kept, bells, opened.plug, frozenset(Loop), is_demo=False
    )
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Doors(block, runner.app, url, entry, session)
    await runner.cleanup()
    await kept.close()


def _of_all_roles(roster: Any) -> Any:
    known = {one.role for one in roster.people}
    more = tuple(
        Person(
            id=f"some_{role.value}",
            name="某人",
            role=role,
            unit="某单位",
            grids=("g01",),
            department="city_management" if "department" in role.value else None,
        )
        for role in Role
        if role not in known
    )
    return roster.model_copy(update={"people": (*roster.people, *more)})
