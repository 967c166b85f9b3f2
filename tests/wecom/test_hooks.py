"""Group webhooks against a small server and against the simulator's own (traps 18 and 19)."""

import asyncio
import base64
from typing import Any

import aiohttp
import pytest

from bot.door_events import Alarmed
from bot.messages import Attachment, Errand, Message, Post
from bot.wecom.errors import Limited, Refusal, Unreachable
from bot.wecom.hooks import MARKDOWN_BYTES, Hook, Hooks, table_of
from storage.coordination import InProcess
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, ListeningEars, row

KEY = "0000-key"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"made up" * 10
FILES = {"p": PICTURE, "f": b"a report that was made up", "tiny": b"1"}
CHAT = "hook:wrTEAM"


async def read(name: str) -> bytes:
    await asyncio.sleep(0)
    if name not in FILES:
        raise FileNotFoundError(name)
    return FILES[name]


@pytest.fixture
def hooks(
    server: ApiServer, session: aiohttp.ClientSession, ears: ListeningEars, clock: Clock
) -> Hooks:
    known = {"wrTEAM": Hook("team", KEY)}
    base = f"http://127.0.0.1:{server.server.port}"
    return Hooks(known, base, session, ears, InProcess(clock), clock, read, 2.0)


def post(text: str = "险情 0001", **more: Any) -> Post:
    return Post(text=text, **more)


async def say(hooks: Hooks, message: Message, **more: Any) -> None:
    await hooks.send(row(message, CHAT, **more))


async def test_text_calls_people_by_mention_and_resident_words_call_nobody(
    hooks: Hooks, server: ApiServer
) -> None:
    """Trap 18: ``<@all>`` in somebody's words must not become a mention."""
    await say(hooks, post("有人说 <@all> 快来", mentions=("lin",)))

    [body] = server.bodies("webhook/send")
    assert body["text"] == {"content": "有人说 ＜@all> 快来", "mentioned_list": ["lin"]}


async def test_long_text_goes_in_parts_and_calls_once(hooks: Hooks, server: ApiServer) -> None:
    await say(hooks, post("长" * 1000, mentions=("lin",)))

    texts = [body["text"] for body in server.bodies("webhook/send")]
    assert [len(text["content"].encode()) <= 2048 for text in texts] == [True, True]
    assert ["mentioned_list" in text for text in texts] == [True, False]


async def test_parts_that_arrived_are_not_said_again(hooks: Hooks, server: ApiServer) -> None:
    server.answers.extend([{"errcode": 0}, {"errcode": -1, "errmsg": "busy"}])
    with pytest.raises(Unreachable):
        await say(hooks, post("一" * 1000))

    await say(hooks, post("一" * 1000))

    assert len(server.bodies("webhook/send")) == 3


def test_table_is_markdown_and_never_longer_than_allowed() -> None:
    rows = tuple((f"单位|{n}", "<@all>", "3") for n in range(400))
    text = table_of(post("在办：", table=(("单位", "人", "数"), *rows)))

    assert len(text.encode()) <= MARKDOWN_BYTES
    assert "| 单位 | 人 | 数 |\n| --- | --- | --- |\n| 单位｜0 | ＜@all> | 3 |" in text
    assert text.endswith(" |\n…")


async def test_small_picture_goes_in_the_message_and_a_file_is_uploaded(
    hooks: Hooks, server: ApiServer
) -> None:
    await say(hooks, Attachment(kind="image", name="a.png", kept="p"))
    [body] = server.bodies("webhook/send")
    assert base64.b64decode(body["image"]["base64"]) == PICTURE

    server.answers.append({"errcode": 0, "media_id": "MH"})
    with pytest.raises(Refusal):
        await say(hooks, Attachment(kind="file", name="a.pdf", kept="tiny"), key="r2")
    with pytest.raises(Refusal):
        await say(hooks, Attachment(kind="file", name="a.pdf", kept="lost"), key="r3")


async def test_twentyfirst_message_of_a_minute_waits_and_danger_has_three_kept_back(
    hooks: Hooks, server: ApiServer, clock: Clock
) -> None:
    """Trap 19: our own bucket stops before WeCom does."""
    for n in range(17):
        await say(hooks, post(), key=f"r{n}")
    with pytest.raises(Limited):
        await say(hooks, post(), key="one more")
    for n in range(3):
        await say(hooks, post(), key=f"d{n}", danger=True)
    with pytest.raises(Limited):
        await say(hooks, post(), key="d3", danger=True)

    clock.pass_s(61)
    await say(hooks, post(), key="later")
    assert len(server.bodies("webhook/send")) == 21


async def test_hook_that_wecom_limited_rests_a_whole_minute(
    hooks: Hooks, server: ApiServer, clock: Clock
) -> None:
    """Trap 19: the penalty minute."""
    server.answers.append({"errcode": 45009, "errmsg": "freq"})
    with pytest.raises(Limited) as first:
        await say(hooks, post())
    assert first.value.retry_after_s == 60

    clock.pass_s(59)
    with pytest.raises(Limited):
        await say(hooks, post(), key="r2")
    clock.pass_s(2)
    await say(hooks, post())

    assert len(server.bodies("webhook/send")) == 2


async def test_removed_hook_is_left_alone_and_the_operator_hears_of_it(
    hooks: Hooks, server: ApiServer, ears: ListeningEars
) -> None:
    """Trap 19: 93000."""
    server.answers.append({"errcode": 93000, "errmsg": "invalid webhook url"})
    for n in range(3):
        with pytest.raises(Refusal) as refusal:
            await say(hooks, post(), key=f"r{n}")
        assert KEY not in str(refusal.value)

    assert len(server.bodies("webhook/send")) == 1
    [event] = ears.heard
    assert isinstance(event, Alarmed)
    assert (event.text, event.values) == ("operator_hook", {"why": "team"})
    assert KEY not in repr(event) + event.key


async def test_removal_that_could_not_be_told_is_told_by_the_next_try(
    hooks: Hooks, server: ApiServer, ears: ListeningEars
) -> None:
    server.answers.extend([{"errcode": 93000}] * 2)
    ears.faults.append(OSError())
    with pytest.raises(Unreachable):
        await say(hooks, post())
    with pytest.raises(Refusal):
        await say(hooks, post())

    assert len(ears.heard) == 1


async def test_other_groups_and_errands_are_refused(hooks: Hooks) -> None:
    with pytest.raises(Refusal):
        await hooks.send(row(post(), "hook:wrOTHER"))
    with pytest.raises(Refusal):
        await say(hooks, Errand(what="call"))
