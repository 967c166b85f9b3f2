"""Garbage at the callback doors of a running bot: the right status, and the bot goes on."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.bad_input.letters import Knocker, knockers
from tests.crash.conftest import Station
from tests.stories.world import World

Try = Callable[[Knocker], Awaitable[int]]
MEGABYTE = 1024 * 1024
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<xml><Encrypt>&b;</Encrypt></xml>"
)

# name → what is tried, and which status is right
GARBAGE: dict[str, tuple[Try, int]] = {
    "a body of more than 1 MB": (lambda d: d.knock(b"x" * (MEGABYTE + 1), {}), 413),
    "a body of 1 MB": (lambda d: d.knock(b"<" * MEGABYTE, {}), 400),
    "nothing": (lambda d: d.knock(b"", {}), 400),
    "broken XML or JSON": (lambda d: d.knock(b"<xml><Encrypt>abc", {}), 400),
    "an entity bomb": (lambda d: d.knock(BOMB.encode(), {}), 400),
    "deep nesting": (lambda d: d.knock(b"[" * 100_000, {}), 400),
    "bytes that are no text": (lambda d: d.knock(bytes(range(256)), {}), 400),
    "UTF-16": (lambda d: d.knock("<xml></xml>".encode("utf-16"), {}), 400),
    "no signature": (lambda d: d.knock(d.wrapped("AAAA"), {}), 403),
    "a forged signature": (lambda d: d.send(d.letter("x", "1"), msg_signature="0" * 40), 403),
    "a signature with a wrong nonce": (lambda d: d.send(d.letter("x", "2"), nonce="other"), 403),
    "a signature in full width": (lambda d: d.send("x", msg_signature="０" * 40), 403),
    "signed, but not base64": (lambda d: d.knock(d.wrapped("!!!!"), d.query("!!!!")), 400),
    "signed, but no cipher": (lambda d: d.knock(d.wrapped("QUFB"), d.query("QUFB")), 400),
    "for another receiver": (lambda d: d.with_receiver("wwother").send(d.letter("x", "3")), 400),
    "GBK inside": (lambda d: d.send("<xml>路灯不亮</xml>".encode("gbk")), 400),
    "neither XML nor JSON inside": (lambda d: d.send("路灯不亮"), 400),
    "a list inside": (lambda d: d.send("[1, 2]"), 400),
    "an empty letter": (lambda d: d.send(""), 400),
}  # fmt: skip


@pytest.mark.parametrize("door", ["app", "robot"])
async def test_garbage_is_refused_and_nothing_is_stored(
    door: str, world: World, garbage_station: Station
) -> None:
    knocker = (await knockers(world))[door]

    answered = {name: await attempt(knocker) for name, (attempt, _) in GARBAGE.items()}

    assert answered == {name: right for name, (_, right) in GARBAGE.items()}
    assert garbage_station.books().words == {}


@pytest.mark.parametrize("door", ["app", "robot"])
async def test_stale_stamp_is_refused(door: str, world: World) -> None:
    knocker = (await knockers(world))[door]
    await world.pass_minutes(11)

    assert await knocker.send(knocker.letter("路灯不亮", "4")) == 403


# A letter that is WeCom's, but of a kind or with fields that we do not know.
ODD: dict[str, dict[str, Any]] = {
    "an unknown type": {"MsgType": "hologram", "msgtype": "hologram"},
    "an unknown event": {
        "MsgType": "event", "Event": "moon_landing",
        "msgtype": "event", "event": {"eventtype": "moon_landing"},
    },
    "no sender": {"FromUserName": "", "from": {}},
    "a list for a word": {"text": ["路灯"], "MsgId": ""},
    "a wrong time": {"CreateTime": "-1", "create_time": "tomorrow"},
    "a sender who is no string": {"from": {"userid": 7}, "FromUserName": ""},
}  # fmt: skip


@pytest.mark.parametrize("door", ["app", "robot"])
async def test_letter_of_an_unknown_kind_is_answered_and_harms_nobody(
    door: str, world: World, garbage_station: Station
) -> None:
    knocker = (await knockers(world))[door]

    answered = {
        name: await knocker.send(knocker.letter("你好", f"odd{number}", **fields))
        for number, (name, fields) in enumerate(ODD.items())
    }

    assert answered == dict.fromkeys(ODD, 200)
    await world.pass_seconds(1)
    assert garbage_station.books().unfinished() == []


FLOODS = {
    "emoji": "😀👨‍👩‍👧‍👦🇨🇳" * 800,
    "ten thousand characters": "桂花苑5号楼门口的路灯不亮。" + "灯" * 9_987,
    "more than WeCom allows": "桂花苑6号楼的楼道漏水" * 3_000,
    "control characters": "桂花苑7号楼\x01\x02\x07\x1b[31m\u202e\u200b的路灯\x7f不亮",
    "half an emoji": "桂花苑8号楼的路灯\ud83d不亮",
    "a NUL": "桂花苑9号楼的路灯\0不亮",
    "only spaces": " \n\t\u3000\u2005",
    "mentions, links and tags": "<@all> [点我](http://x.example) <font color='red'>红</font>" * 50,
    "Zalgo": "路" + "\u0301" * 3_000 + "灯不亮",
    "digits": "1" * 10_000,
    "regex food": "((((((" * 1_500 + "号楼" * 1_500,
    "a quoted template": "{number} {{ 7*7 }} %s %n ${x} 桂花苑10号楼的路灯不亮",
}
CLEAN_XML = ("control characters", "half an emoji", "a NUL")  # XML 1.0 has no such characters


@pytest.mark.parametrize("door", ["app", "robot"])
async def test_floods_are_accepted_once_and_handled(
    door: str, world: World, garbage_station: Station
) -> None:
    knocker = (await knockers(world))[door]
    right = {name: 400 if door == "app" and name in CLEAN_XML else 200 for name in FLOODS}

    for _ in range(2):  # the second time changes nothing
        answered = {
            name: await knocker.send(knocker.letter(text, f"flood{number}"))
            for number, (name, text) in enumerate(FLOODS.items())
        }
        assert answered == right

    await world.pass_seconds(130)
    books = garbage_station.books()
    heard = [row for row in books.inbox if row.kind == "heard"]
    assert len(heard) == sum(status == 200 for status in right.values())
    assert books.unfinished() == []


async def test_flood_in_a_group_is_answered_and_the_next_report_too(
    world: World, garbage_station: Station
) -> None:
    room = world.chat("桂花苑")
    for text in (FLOODS["emoji"], FLOODS["ten thousand characters"], FLOODS["Zalgo"]):
        await world.resident("王阿姨").says(text, chat="桂花苑")
    await world.resident("陈叔").says("11号楼门口的垃圾没人清", chat="桂花苑")

    assert len(await room.heard()) >= 4
    assert "11" in str((await world.tickets())[-1].whole["place"])
    assert garbage_station.books().faults(await world.everything_said()) == {}


async def test_garbage_leaves_no_word_of_it_in_the_log(world: World) -> None:
    knocker = (await knockers(world))["app"]

    await knocker.knock("<xml>某某家里的事".encode(), {"msg_signature": "某某家里的事"})

    log = (world.demo.data / "bot.log").read_text(encoding="utf-8")
    assert "callback refused path=/wecom/app status=400" in log
    assert "家里的事" not in log
    assert (await knocker.send(knocker.letter("桂花苑1号楼的路灯不亮", "77"))) == 200
