"""WeCom at our callback address: signs, encrypts and posts as its servers do."""

import io
import json
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.web.callbacks import Door, add_callbacks
from bot.wecom.crypto import Envelope, Stamp
from tests.wecom.fakes import KEY, Clock


class Knocker:
    """Posts to one door on a real server."""

    def __init__(self, door: Door, receiver: str, clock: Clock) -> None:
        self.envelope = Envelope("tok", KEY, receiver)
        self.nonce = 0
        self._clock = clock
        app = web.Application()
        add_callbacks(app, {"/cb": door})
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/cb"

    def sealed(self, text: str, age_s: int = 0) -> tuple[dict[str, str], str]:
        """Query and cipher text of a knock."""
        self.nonce += 1
        stamp = str(int(self._clock().timestamp()) - age_s)
        closed = self.envelope.close(text, stamp, f"n{self.nonce}")
        query = {
            "msg_signature": closed["msgsignature"],
            "timestamp": stamp,
            "nonce": closed["nonce"],
        }
        return query, closed["encrypt"]

    async def xml(self, session: aiohttp.ClientSession, text: str, **more: Any) -> tuple[int, str]:
        query, encrypted = self.sealed(text, **more)
        body = (
            f"<xml><ToUserName>wwcorp1</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        )
        return await self.post(session, query, body.encode())

    async def json(
        self, session: aiohttp.ClientSession, said: dict[str, Any], **more: Any
    ) -> tuple[int, Any]:
        """Status, and the decrypted answer (None when it was empty)."""
        query, encrypted = self.sealed(json.dumps(said), **more)
        status, text = await self.post(session, query, json.dumps({"encrypt": encrypted}).encode())
        if status != 200 or not text:
            return status, None
        answer = json.loads(text)
        assert answer["nonce"] == query["nonce"]
        stamp = Stamp(answer["msgsignature"], str(answer["timestamp"]), answer["nonce"])
        return status, json.loads(self.envelope.open(stamp, answer["encrypt"]))

    async def post(
        self, session: aiohttp.ClientSession, query: dict[str, str], body: bytes
    ) -> tuple[int, str]:
        async with session.post(self.url, params=query, data=io.BytesIO(body)) as answer:
            return answer.status, await answer.text()
