"""Frames nobody means well with, over the real long connection: all that can be is heard, once."""

import json
import os
import random
from functools import partial
from typing import Any

import aiohttp
import pytest

from bot.events import Event
from bot.messages import Message
from bot.wecom.frames import Room as Place
from bot.wecom.frames import event_of
from tests.security import strewing
from tests.security.examples import ROBOTS
from tests.wecom.fakes import NOON, Clock, OpenBuckets, until
from tests.wecom.gateway import Gateway
from tests.wecom.rooms import Room

KNOCKS = int(os.environ.get("SOAK_KNOCKS", "20000"))
BATCH = 100


class CountingEars:
    """Keeps the keys of what was heard."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self.keys

    async def hear(self, event: Event) -> bool:
        is_new = event.key not in self.keys
        self.keys.add(event.key)
        return is_new

    async def answer(self, key: str, within_s: float) -> Message | None:
        return None


def frame_of(rng: random.Random, number: int) -> dict[str, Any]:
    body = {**rng.choice(ROBOTS), "msgid": f"m{number}"}
    cmd = "aibot_event_callback" if body["msgtype"] == "event" else "aibot_msg_callback"
    whole = {"cmd": cmd, "headers": {"req_id": f"r{number}"}, "body": body}
    changed = strewing.value(rng, whole)
    # A frame without a command is an answer; one to what we ask would be another test.
    return changed if isinstance(changed, dict) and "cmd" in changed else whole


def key_of(text: str) -> str:
    """The key under which this frame must be heard; empty when nobody has to act on it."""
    frame = json.loads(text)
    body = frame.get("body") if isinstance(frame.get("body"), dict) else {}
    if frame["cmd"] not in ("aibot_msg_callback", "aibot_event_callback"):
        return ""
    event = event_of(body, Place("socket", "bot"), NOON, lambda _kind: None)
    return event.key if event else ""


async def knocked(gateway: Gateway, session: aiohttp.ClientSession, count: int) -> None:
    ears, buckets = CountingEars(), OpenBuckets()
    room = Room(gateway, session, ears, buckets, Clock())  # type: ignore[arg-type]
    wanted: set[str] = set()
    async with room.open():
        for number in range(count):
            rng = random.Random(f"socket:{number}")  # noqa: S311 - inputs, no secret
            text = json.dumps(frame_of(rng, number))
            await gateway.ws.send_str(text)
            broken = strewing.words(rng, text)
            await gateway.ws.send_str(broken.encode("utf-8", "replace").decode())
            wanted.add(key_of(text))
            if number % BATCH == BATCH - 1:
                good = json.dumps(
                    {
                        "cmd": "aibot_msg_callback",
                        "headers": {"req_id": "g"},
                        "body": {**ROBOTS[0], "msgid": f"good{number}"},
                    }
                )
                await gateway.ws.send_str(good)
                key = f"aibot:good{number}"
                await until(partial(ears.has, key), 60.0)
        await until(lambda: wanted - {""} <= ears.keys, 60.0)
    assert len(gateway.sockets) == 1  # never hung up
    assert room.alarms == []


async def test_odd_frames_neither_end_the_connection_nor_hide_a_good_one(
    gateway: Gateway, session: aiohttp.ClientSession
) -> None:
    await knocked(gateway, session, 300)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_many_odd_frames_neither_end_the_connection_nor_hide_a_good_one(
    gateway: Gateway, session: aiohttp.ClientSession
) -> None:
    await knocked(gateway, session, KNOCKS)
