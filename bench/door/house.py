"""The house behind its callbacks (被测的警格): the real program, as a process.

``python -m bench.door.house FOLDER URL AES_KEY HOW``. ``ack``: what is heard is kept and not
worked; ``answer``: it is worked, and nothing is sent; ``all``: it is worked and sent, into a wire
where nobody answers. ``answer`` opens one more address: there a sentence is answered in its own
response, encrypted, as soon as its Turn is committed. Not a part of the product.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.door.standing import until_told
from bench.door.wire import AGENT, BOT, CORP, TOKEN
from bot.engine.app import Engine
from bot.events import Heard, ReplyHandle
from bot.messages import Text
from bot.web import server
from bot.wecom.crypto import Envelope, Stamp, encrypted_of_json, read_json
from bot.wecom.frames import Room, event_of
from bot.wecom.gate import Gate
from commands.demo_processes import free_port
from commands.house import open_house
from commands.run import settle
from config.settings import Settings

ANSWERING = "/answering"
_LONGEST_S = 60.0


class Answering:
    """A robot's door that answers a sentence in the response of its callback."""

    def __init__(self, engine: Engine, aes_key: str) -> None:
        self._ears, self._now = engine.listener, engine.clock.now
        self._gate = Gate(Envelope(TOKEN, aes_key, ""), self._now)
        self._room = Room("robot", "bot")

    def verify(self, query: Mapping[str, str]) -> bytes:
        """The echo."""
        return self._gate.verify(query)

    async def receive(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The encrypted answer of the Turn."""
        stamp = Stamp.of(query)
        said = read_json(self._gate.open(stamp, encrypted_of_json(body)))
        until = self._now()

        def passive(_kind: object) -> ReplyHandle:
            return ReplyHandle(kind="passive", token=f"aibot:{said['msgid']}", until=until)

        event = event_of(said, self._room, self._now(), passive)
        assert isinstance(event, Heard)  # noqa: S101  the bench says nothing else
        await self._ears.hear(event)
        words = await self._ears.answer(event.key, _LONGEST_S)
        text = words.text if isinstance(words, Text) else ""
        return json.dumps(self._gate.envelope.close(text, stamp.timestamp, stamp.nonce)).encode()


def settings_of(folder: Path, url: str, aes_key: str) -> Settings:
    """App and robot of a made-up corp, whose API nobody answers."""
    given: dict[str, Any] = {
        "data_dir": folder,
        "database_url": url,
        "web_port": free_port(0),
        "corp_id": CORP,
        "app_agentid": AGENT,
        "app_secret": TOKEN,
        "app_token": TOKEN,
        "app_aes_key": aes_key,
        "robot_bot_id": BOT,
        "robot_token": TOKEN,
        "robot_aes_key": aes_key,
        "api_base": "http://127.0.0.1:9",
        "redis_url": "",
    }
    return Settings(_env_file=None, **given)


async def stand(folder: Path, url: str, aes_key: str, how: str) -> None:
    """Run until stdin ends."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(settings_of(folder, url, aes_key)))
        engine, where = house.engine, house.web_url
        if how != "all" and engine.lanes is not None:
            engine.lanes.close()
        if how == "ack" and engine.worker is not None:
            engine.worker.is_closing = True
        if how == "answer":
            app = server.build(engine, {ANSWERING: Answering(engine, aes_key)})
            runner = await server.serve(app, "127.0.0.1", 0)
            stack.push_async_callback(runner.cleanup)
            where = "http://{}:{}".format(*runner.addresses[0][:2])
        await asyncio.to_thread(settle)
        await until_told(where, app=house.web_url)
        engine.stopping = True


if __name__ == "__main__":
    asyncio.run(stand(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]))
