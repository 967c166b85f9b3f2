"""Letters nobody means well with, posted at a running bot: answered, kept, nothing breaks."""

import asyncio
import json
import os
import random

import pytest

from bot.events import Heard
from bot.wecom import frames, letters
from bot.wecom.crypto import BadBody, read_json, read_xml
from tests.bad_input.letters import knockers
from tests.crash.conftest import Station
from tests.security import strewing
from tests.security.examples import LETTERS, ROBOTS, xml_of
from tests.security.readers import NOW, ROOM
from tests.stories.world import World

KNOCKS = int(os.environ.get("SOAK_KNOCKS", "20000"))
# Who speaks, where and with which rights to answer stays: WeCom says that, and it is true.
XML = {"FromUserName": "wang_ayi", "ResponseCode": ""}
JSON = {"from": {"userid": "wang_ayi"}, "chattype": "single", "chatid": "", "response_url": ""}
TALK = tuple(one for one in LETTERS if one["MsgType"] in ("text", "location", "link"))
TOLD = tuple(one for one in ROBOTS if one["msgtype"] in ("text", "voice"))
LOOK_S = 3.0  # every row is opened at each look
WHOLE = 6  # one of so many letters is whole
RIGHT = {200, 400, 403, 413}


def plain(form: str, rng: random.Random, number: int) -> str:
    """A letter as it lies inside its envelope, changed in a few places; most break off somewhere.

    Each whole one is a Turn of the station, which costs a hundred times what the door costs.
    """
    whole = odd_json(rng, number) if form == "json" else odd_xml(rng, number)
    return whole if number % WHOLE == 0 else whole[: rng.randrange(len(whole))]


def odd_json(rng: random.Random, number: int) -> str:
    """Any part of it may be anything but who speaks where."""
    body = strewing.value(rng, {**rng.choice(TOLD), "msgid": f"fuzz{number}"})
    return json.dumps({**body, **JSON} if isinstance(body, dict) else body)


def odd_xml(rng: random.Random, number: int) -> str:
    """Odd words of somebody who may speak."""
    letter = {**rng.choice(TALK), "MsgId": f"fuzz{number}", **XML}
    return xml_of({**letter, "Content": strewing.words(rng, str(letter["Content"]))})


def key_of(form: str, text: str) -> str:
    """The key of the message in it, when it is one."""
    try:
        if form == "xml":
            event = letters.event_of(read_xml(text), ROOM, NOW)
        else:
            event = frames.event_of(read_json(text), ROOM, NOW, lambda _kind: None)
    except BadBody:
        return ""
    return event.key if isinstance(event, Heard) else ""


async def knocked(world: World, station: Station, door: str, count: int) -> None:
    knocker = (await knockers(world))[door]
    kept: set[str] = set()
    for number in range(count):
        rng = random.Random(f"{door}:{number}")  # noqa: S311 - inputs, no secret
        text = plain(knocker.form, rng, number)
        status = await knocker.send(text)
        assert status in RIGHT, (status, text)
        kept |= {key_of(knocker.form, text)} if status == 200 else set()
        if number % 4 == 0:
            body = strewing.raw(rng, knocker.wrapped(knocker.sealed("x")))
            assert await knocker.knock(body, knocker.query("x")) in {400, 403, 413}
    assert await knocker.send(knocker.letter("桂花苑5号楼的路灯不亮", f"last{door}")) == 200

    books = station.books()
    async with asyncio.timeout(600):
        while any(row.done_at is None for row in books.inbox):
            await asyncio.sleep(LOOK_S)
            books = station.books()
    assert kept - {""} <= {row.key for row in books.inbox}
    assert [row.key for row in books.inbox if row.dead] == []
    log = (world.demo.data / "bot.log").read_text(encoding="utf-8")
    assert "Traceback" not in log


@pytest.mark.parametrize("door", ["app", "robot"])
async def test_odd_letters_are_answered_and_those_that_can_be_are_kept(
    door: str, world: World, garbage_station: Station
) -> None:
    await knocked(world, garbage_station, door, 120)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("door", ["app", "robot"])
async def test_many_odd_letters_are_answered_and_those_that_can_be_are_kept(
    door: str, world: World, garbage_station: Station
) -> None:
    await knocked(world, garbage_station, door, KNOCKS // 2)
