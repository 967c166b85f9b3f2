"""A station with customer groups: a real bot and a real simulator, letters and looks on wires."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.engine.group_watch import GroupWatch, Plan
from bot.events import OVERHEARD, Heard
from bot.lines import line_of
from bot.wecom.client import Api
from bot.wecom.customer_groups import CustomerGroups
from bot.wecom.places import AppConfig
from storage import customer_groups, drafts, tickets
from storage.customer_groups import CustomerGroup
from storage.drafts import Draft
from storage.tickets import Ticket
from tests.drafts.block import GROUP, Block, open_block
from tests.wecom.fakes import DictTokens

OFFICER, WORKER, ROOM = "lin_zhiyuan", "fang_xiaoman", "qiu_ruolan"
NEW = "wrXINQUN"


class Corp:
    """A running house; people make and change groups in the simulator."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.engine = block.house.engine

    async def does(self, what: str, chat: str = NEW, **more: Any) -> dict[str, Any]:
        """Somebody does that with a group; returns when all is quiet."""
        body = {"do": what, "chat": chat, **more}
        async with self.block.session.post(f"{self.block.url}/sim/groups", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def group(self, chat: str = NEW) -> CustomerGroup | None:
        """What the registry knows of the group."""
        return await self.engine.database.read(
            lambda conn: customer_groups.get(self.engine.db_of(conn), chat)
        )

    async def until(self, chat: str = NEW, **wanted: Any) -> CustomerGroup:
        """The group, once its row says so."""
        async with asyncio.timeout(20):
            while True:
                found = await self.group(chat)
                if found and all(getattr(found, k) == v for k, v in wanted.items()):
                    return found
                await asyncio.sleep(0.05)

    async def looked_once(self) -> None:
        """Returns when the house's own first walk is over: what happens now is not of it."""
        while (found := await self.group(GROUP)) is None or found.seen_at is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def hears(self, user: str, text: str, chat: str = NEW) -> None:
        """The archive heard it in the group, if it may hear there at all."""
        group = self.engine.current_rules().chat(chat)
        assert group is not None
        assert group.hears == "all"
        self.block.heard += 1
        now = self.engine.clock.now()
        key = f"archive:g{self.block.heard}"
        await self.engine.listener.hear(
            Heard(key=key, at=now, chat=chat, by=user, door=OVERHEARD, text=text)
        )
        await self.block.quiet()

    async def drafts(self, chat: str = NEW) -> list[Draft]:
        """What waits to be said in the group."""
        return await self.engine.database.read(
            lambda conn: drafts.open_in(self.engine.db_of(conn), line_of(chat))
        )

    async def tickets(self) -> list[Ticket]:
        """All tickets, newest first."""
        return await self.engine.database.read(lambda conn: tickets.newest(self.engine.db_of(conn)))

    def watch(self, **plan: Any) -> GroupWatch:
        """A second pair of eyes in the same house, to be asked by hand."""
        app = self.block.sim.world.app
        config = AppConfig(
            corpid=app.corpid, agentid=app.agentid, secret=app.secret, api_base=self.block.url
        )
        api = Api(config, self.block.session, DictTokens(), self.engine.clock.now)
        return GroupWatch(self.engine, CustomerGroups(api), Plan(**plan))

    async def pass_time(self, **span: float) -> None:
        """Both clocks go on; returns when all is quiet."""
        await self.block.pass_time(timedelta(**span))
        await self.block.quiet()


@asynccontextmanager
async def open_corp(folder: Path) -> AsyncIterator[Corp]:
    """The house as long as the block; afterwards no rule of WeCom is broken."""
    async with open_block(folder) as block:
        corp = Corp(block)
        async with asyncio.timeout(60):
            await corp.looked_once()
        yield corp
        assert await block.errors() == []
