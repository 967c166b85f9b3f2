"""From a sealed row to a ticket: the whole bot, the C library, and nobody it may speak to there."""

import contextlib
import io
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from sqlalchemy import select

from bot.events import Heard
from bot.wecom.archive_bell import NOTIFY
from bot.wecom.crypto import Envelope
from commands.house import House, open_house
from config.settings import Settings
from storage import people, tickets
from storage.database import table_of
from storage.tables import OutgoingRow
from storage.tickets import Ticket
from tests.archive.corp import CORP, Corp
from tests.archive.sites import GROUP
from tests.servers.polling import until
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import KEY

pytestmark = pytest.mark.slow
WORDS = "3号楼下水道又堵了，污水都漫到楼道了"


@pytest.fixture
def settings(tmp_path: Path, archive_site: Path, corp: Corp, library: Path) -> Settings:
    (corp.folder / "account").write_text(f"{CORP} s3cret")  # what the fake API takes as well
    return Settings(
        site=archive_site,
        data_dir=tmp_path / "data",
        web_port=0,
        corp_id=CORP,
        app_agentid=7,
        app_secret="s3cret",
        app_token="tok",
        app_aes_key=KEY,
        archive_sdk=library,
        archive_secret="s3cret",
        archive_keys=corp.keys,
        archive_token="tok",
        archive_aes_key=KEY,
        archive_poll_s=0.05,
        archive_timeout_s=1,
        http_timeout_s=2,
    )


class Station:
    """A running bot and what can be seen of it."""

    def __init__(self, house: House, corp: Corp) -> None:
        self.house = house
        self.corp = corp
        self.engine = house.engine

    def says(self, by: str, words: Any, **more: Any) -> str:
        return self.corp.says(by, words, at=datetime.now(UTC), **more)

    def tickets(self) -> list[Ticket]:
        found = self.engine.database.read_now(lambda conn: tickets.newest(self.engine.db_of(conn)))
        return found[::-1]

    def said_in(self, chat: str) -> list[str]:
        c = table_of(OutgoingRow).c
        rows = self.engine.database.read_now(
            lambda conn: conn.execute(select(c.key, c.body_sealed)).all()
        )
        bodies = [
            json.loads(self.engine.seal.open(row.body_sealed, f"outgoing:{row.key}"))
            for row in rows
        ]
        return [body["message"] for body in bodies if body["chat"] == chat]

    async def has(self, what: Any, why: str) -> None:
        async def look() -> bool:
            assert self.engine.failed() is None, self.engine.failed()
            return bool(what())

        await until(look, why)

    async def handled(self, msgid: str) -> None:
        """Wait until that message was read and kept."""
        key = f"archive:{msgid}"

        def look() -> bool:
            return self.engine.database.read_now(
                lambda conn: people.heard_as(self.engine.db_of(conn), key) is not None
            )

        await self.has(look, f"{key} was handled")

    async def page(self, number: str) -> str:
        async with aiohttp.ClientSession() as session:
            url = f"{self.house.web_url}/api/tickets/{number}"
            async with session.get(url, headers={"Authorization": "Bearer k"}) as answer:
                assert answer.status == 200
                return json.dumps(await answer.json(), ensure_ascii=False)


@contextlib.asynccontextmanager
async def opened(settings: Settings, corp: Corp) -> AsyncIterator[Station]:
    api = ApiServer()
    async with api.server:
        base = {"api_base": api.config.api_base, "api_key": "k"}
        async with open_house(settings.model_validate({**dict(settings), **base})) as house:
            yield Station(house, corp)


def _photo() -> bytes:
    """A small picture as a phone sends it."""
    held = io.BytesIO()
    Image.new("RGB", (4, 4)).save(held, "JPEG")
    return held.getvalue()


async def test_resident_in_a_customer_group_opens_a_ticket_and_the_group_hears_nothing(
    settings: Settings, corp: Corp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(settings, corp) as station:
        station.says("wmWANG", "今晚吃啥")
        corp.keeps_file("photo", _photo())
        mixed = {
            "item": [
                {"type": "text", "content": json.dumps({"content": WORDS})},
                {"type": "image", "content": '{"sdkfileid":"photo"}'},
            ]
        }
        msgid = station.says("wmWANG", mixed, kind="mixed")
        await station.handled(msgid)

        (ticket,) = station.tickets()
        assert (ticket.chat, ticket.grid, ticket.owner != "") == (GROUP, "g01", True)
        assert station.said_in(GROUP) == []
        kept = settings.data_dir / "media"
        await station.has(lambda: list(kept.glob("*.sealed")), "the picture is kept")
    ours = ("bot.", "handlers.", "commands.", "storage.")
    lines = [one.getMessage() for one in caplog.records if one.name.startswith(ours)]
    assert any("archive page" in line for line in lines)
    secret = (WORDS, "wmWANG", "s3cret", "今晚")
    assert not [word for word in secret if any(word in line for line in lines)]


async def test_danger_in_a_customer_group_rings_the_chain(settings: Settings, corp: Corp) -> None:
    async with opened(settings, corp) as station:
        msgid = station.says("wmCHEN", "5号楼着火了，楼道全是烟")
        await station.handled(msgid)

        (ticket,) = station.tickets()
        assert ticket.danger == "confirmed"
        assert any("险情" in one for one in station.said_in("app:lin_zhiyuan"))
        assert station.said_in(GROUP) == []


async def test_recalled_words_are_hidden_and_the_danger_stays(
    settings: Settings, corp: Corp
) -> None:
    """Trap 21: recall after the ticket was made."""
    async with opened(settings, corp) as station:
        msgid = station.says("wmCHEN", "5号楼着火了，楼道全是烟")
        await station.handled(msgid)
        station.says("wmCHEN", {"pre_msgid": msgid}, kind="revoke")
        await station.has(lambda: "已撤回" in station.tickets()[0].masked, "the words are gone")

        (ticket,) = station.tickets()
        page = await station.page(ticket.number)
        assert ticket.is_open
        assert "全是烟" not in page
        assert "已撤回" in page
        assert any("已撤回" in one for one in station.said_in(f"app:{ticket.owner}"))


async def test_same_words_through_bot_and_archive_are_one_incident(
    settings: Settings, corp: Corp
) -> None:
    """Trap 21: the same text through archive and bot, in either order."""
    async with opened(settings, corp) as station:
        heard = Heard(
            key="aibot:m1",
            at=datetime.now(UTC),
            chat=GROUP,
            by="wmWANG",
            door="socket",
            text=f"@小警 {WORDS}",
        )
        await station.engine.listener.hear(heard)
        await station.has(station.tickets, "the bot heard it")
        msgid = station.says("wmLI", f"@小警 {WORDS}")
        again = station.says("wmWANG", f"@小警 {WORDS}")
        await station.handled(msgid)
        late = station.says("wmWANG", "今晚吃啥")
        await station.handled(late)

        (ticket,) = station.tickets()
        assert len(ticket.voices) == 2
        key = f"archive:{again}"
        assert (
            station.engine.database.read_now(
                lambda conn: people.heard_as(station.engine.db_of(conn), key)
            )
            is None
        )


@pytest.mark.parametrize("path", ["/wecom/archive", "/wecom/app"])
async def test_ring_of_wecom_brings_the_words_at_once(
    settings: Settings, corp: Corp, path: str
) -> None:
    slow = settings.model_copy(update={"archive_poll_s": 600.0})
    async with opened(slow, corp) as station:
        await station.has(lambda: corp.calls("page"), "the first look")
        msgid = station.says("wmWANG", WORDS)

        await _ring(station, path)

        await station.handled(msgid)


async def _ring(station: Station, path: str) -> None:
    """``msgaudit_notify`` without AgentID, sealed as WeCom seals it."""
    stamp = int(datetime.now(UTC).timestamp())
    plain = (
        f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>sys</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType>event</MsgType><Event>{NOTIFY}</Event></xml>"
    )
    sealed = Envelope("tok", KEY, CORP).close(plain, str(stamp), "n1")
    query = {"msg_signature": sealed["msgsignature"], "timestamp": str(stamp), "nonce": "n1"}
    body = f"<xml><ToUserName>{CORP}</ToUserName><Encrypt>{sealed['encrypt']}</Encrypt></xml>"
    async with aiohttp.ClientSession() as session:
        url = f"{station.house.web_url}{path}"
        async with session.post(url, params=query, data=body.encode()) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("what", ["library", "keys"])
async def test_door_that_cannot_open_stays_closed_with_one_sentence(
    settings: Settings,
    corp: Corp,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    what: str,
) -> None:
    missing = tmp_path / "nowhere"
    change = {"archive_sdk": missing} if what == "library" else {"archive_keys": missing}

    async with opened(settings.model_copy(update=change), corp) as station:
        assert station.engine.failed() is None

    sentences = [one.getMessage() for one in caplog.records if "会话内容存档" in one.getMessage()]
    assert len(sentences) == 1
    assert "没有打开" in sentences[0]
