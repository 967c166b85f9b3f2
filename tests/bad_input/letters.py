"""Letters to the callback doors (来信), good and forged, made with the simulator's own crypto.

The secrets are those of ``/sim/world``. ``Knocker`` posts what a test wants to see refused.
"""

import base64
import io
import json
import os
import struct
from dataclasses import dataclass, replace
from typing import Any

from simulator.crypto import Envelope, encrypt_bytes
from tests.stories.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Knocker:
    """One callback door from outside; ``form`` is xml (app) or json (小格)."""

    world: World
    url: str
    envelope: Envelope
    form: str
    stamp: str

    async def knock(self, body: bytes, query: dict[str, str]) -> int:
        """The status of a POST."""
        async with self.world.session.post(self.url, data=io.BytesIO(body), params=query) as answer:
            await answer.read()
            return answer.status

    async def send(self, plain: str | bytes, **wrong: str) -> int:
        """The status of an encrypted and signed letter; ``wrong`` replaces parts of the query."""
        sealed = self.sealed(plain)
        return await self.knock(self.wrapped(sealed), {**self.query(sealed), **wrong})

    def query(self, sealed: str) -> dict[str, str]:
        """What proves that ``sealed`` comes from WeCom."""
        nonce = os.urandom(8).hex()
        signed = self.envelope.sign(self.stamp, nonce, sealed)
        return {"msg_signature": signed, "timestamp": self.stamp, "nonce": nonce}

    def sealed(self, plain: str | bytes) -> str:
        """``plain`` as WeCom would encrypt it, also when it is no text at all."""
        raw = plain if isinstance(plain, bytes) else plain.encode("utf-8", "surrogatepass")
        head = os.urandom(16) + struct.pack(">I", len(raw))
        whole = head + raw + self.envelope.receiveid.encode()
        return base64.b64encode(encrypt_bytes(self.envelope.key, whole)).decode()

    def wrapped(self, sealed: str) -> bytes:
        """The body of a POST."""
        if self.form == "json":
            return json.dumps({"encrypt": sealed}).encode()
        return f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    def letter(self, words: str, msgid: str, by: str = "wang_ayi", /, **more: object) -> str:
        """A private text message; ``more`` replaces its fields."""
        if self.form == "json":
            said: Json = {
                "msgid": msgid, "aibotid": "aibXIAOGE", "chattype": "single",
                "from": {"userid": by}, "create_time": int(self.stamp), "msgtype": "text",
                "text": {"content": words},
            }  # fmt: skip
            return json.dumps({**said, **more})
        fields = {
            "FromUserName": by, "CreateTime": self.stamp, "MsgType": "text",
            "Content": words, "MsgId": msgid, **more,
        }  # fmt: skip
        inner = "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items())
        return f"<xml>{inner}</xml>"

    def with_receiver(self, receiveid: str) -> "Knocker":
        """The same for another receiver."""
        made = Envelope(self.envelope.token, "A" * 43, receiveid)
        made.key = self.envelope.key
        return replace(self, envelope=made)


async def knockers(world: World) -> dict[str, Knocker]:
    """The doors ``app`` and ``robot`` of the running bot."""
    shown = await world.get("/sim/world")
    app, robot = shown["doors"]["app"], shown["doors"]["robot_callback"]
    stamp = str(int((await world.now()).timestamp()))
    return {
        "app": Knocker(
            world, _url(world, app["callback"]),
            Envelope(app["token"], app["aes_key"], app["corpid"]), "xml", stamp,
        ),
        "robot": Knocker(
            world, _url(world, robot["callback"]),
            Envelope(robot["token"], robot["aes_key"], ""), "json", stamp,
        ),
    }  # fmt: skip


def _url(world: World, callback: str) -> str:
    return callback if callback.startswith("http") else f"{world.demo.web}{callback}"
