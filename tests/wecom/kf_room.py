"""微信客服 in a test: the door, an API server that plays its answers, and books in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.events import Event
from bot.wecom.client import Api
from bot.wecom.kf import Kf
from bot.wecom.kf_budget import MOST, Found, Standing
from bot.wecom.places import KfConfig
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import NOON, Clock

ACCOUNT, CUSTOMER = "wkA", "wmR1"
CHAT = f"kf:{ACCOUNT}:{CUSTOMER}"


@dataclass
class MemoryBooks:
    """What the engine would keep; ``faults`` are raised by ``keep``, once each."""

    cursors: dict[str, str] = field(default_factory=dict)
    kept: list[Found] = field(default_factory=list)
    now: Standing = field(default_factory=lambda: Standing(heard_at=NOON))
    faults: list[OSError] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        return [one.event for one in self.kept if one.event]

    async def cursor(self, account: str) -> str:
        return self.cursors.get(account, "")

    async def keep(self, account: str, found: Sequence[Found], cursor: str) -> None:
        if self.faults:
            raise self.faults.pop()
        self.kept += found
        self.cursors[account] = cursor

    async def learned(self, found: Found) -> None:
        self.kept.append(found)
        if found.state is not None:
            self.now = replace(self.now, state=found.state)

    async def standing(self, chat: str) -> Standing:
        assert chat == CHAT
        return self.now

    async def said(self, chat: str) -> None:
        self.now = replace(self.now, said=self.now.said + 1)

    async def shut(self, chat: str) -> None:
        self.now = replace(self.now, said=MOST)

    async def stands(self, chat: str, state: int) -> None:
        self.now = replace(self.now, state=state)


@dataclass
class KfRoom:
    """One door and what stands around it."""

    server: ApiServer
    books: MemoryBooks
    door: Kf

    @property
    def asked(self) -> list[dict[str, Any]]:
        return self.server.bodies("kf/sync_msg")

    @property
    def sent(self) -> list[dict[str, Any]]:
        return self.server.bodies("kf/send_msg")


def room_of(server: ApiServer, api: Api, clock: Clock, poll_s: float = 60.0) -> KfRoom:
    books = MemoryBooks()
    config = KfConfig(accounts=(ACCOUNT,), poll_s=poll_s, backoff_s=0.01)
    return KfRoom(server, books, Kf(config, api, books, clock))


def page(*rows: dict[str, Any], cursor: str = "c1", more: int = 0) -> dict[str, Any]:
    """One answer of ``kf/sync_msg``."""
    return {"errcode": 0, "next_cursor": cursor, "has_more": more, "msg_list": list(rows)}


def text(msgid: str, content: str, **more: Any) -> dict[str, Any]:
    """She wrote something."""
    return said(msgid, "text", {"content": content, **more})


def said(msgid: str, msgtype: str, inner: dict[str, Any], origin: int = 3) -> dict[str, Any]:
    """A message of any kind."""
    return {
        "msgid": msgid,
        "open_kfid": ACCOUNT,
        "external_userid": CUSTOMER,
        "send_time": int(NOON.timestamp()),
        "origin": origin,
        "msgtype": msgtype,
        msgtype: inner,
    }


def happened(msgid: str, event_type: str, **more: Any) -> dict[str, Any]:
    """A system event: who it concerns stands inside."""
    inner = {
        "event_type": event_type,
        "open_kfid": ACCOUNT,
        "external_userid": CUSTOMER,
        **more,
    }
    row = said(msgid, "event", inner, origin=4)
    del row["external_userid"]
    return row
