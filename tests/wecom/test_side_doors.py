"""Address book, webhook, phone and the app's own groups over the simulator's wire."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.door_events import Learned
from bot.messages import Attachment, Errand, Message, Post
from bot.wecom.appchat import AppChat
from bot.wecom.client import Api
from bot.wecom.contacts import Contacts
from bot.wecom.errors import Limited, Refusal
from bot.wecom.hooks import Hook, Hooks
from bot.wecom.identity import Identities
from bot.wecom.places import AppConfig
from storage.coordination import InProcess
from tests.interop.simulator import Simulator, simulator_process
from tests.wecom.fakes import Clock, DictTokens, ListeningEars, row

pytestmark = pytest.mark.slow
TEAM = "wrGEZIBAN1"
FILES = {"p": b"\x89PNG\r\n\x1a\n" + b"made up" * 10, "f": b"a report that was made up"}


async def read(name: str) -> bytes:
    return FILES[name]


@dataclass
class Doors:
    sim: Simulator
    api: Api
    contacts: Contacts
    hooks: Hooks
    groups: AppChat
    ears: ListeningEars
    broken_on_purpose: frozenset[str] = frozenset()


@pytest.fixture
async def doors(
    session: aiohttp.ClientSession, ears: ListeningEars, tokens: DictTokens, clock: Clock
) -> AsyncIterator[Doors]:
    process, url = simulator_process("--now", "2026-03-04T12:00:00+08:00")
    process.start()
    try:
        sim = Simulator(url, session)
        own = (await sim.doors())["app"]
        base = {"corpid": own["corpid"], "api_base": url}
        config = AppConfig(agentid=int(own["agentid"]), secret="demo-app-secret", **base)
        book = AppConfig(agentid=-1, secret="demo-contacts-secret", **base)
        api, buckets = Api(config, session, tokens, clock), InProcess(clock)
        directory = Api(book, session, DictTokens(), clock)
        contacts = Contacts(api, directory, ears, clock)
        keys = {TEAM: Hook("team", "demo-hook-0001"), "wrOLD": Hook("old", "no-such-key")}
        hooks = Hooks(keys, url, session, ears, buckets, clock, read)
        made = Doors(sim, api, contacts, hooks, AppChat(api, buckets, clock), ears)
        yield made
        assert {error["rule"] for error in await sim.errors()} == made.broken_on_purpose
    finally:
        process.stop()
        process.remove()


async def test_everybody_is_looked_up_page_by_page(doors: Doors) -> None:
    """Traps 20 and 26: left, renamed, hidden; replies are in lower case."""
    await doors.sim.post("/sim/staff", user="tang_shuo", does="leave")
    await doors.sim.post("/sim/staff", user="he_yunfei", does="hide")
    users = ["lin_zhiyuan", "tang_shuo", "he_yunfei", "nobody_here"]
    await doors.contacts.send(row(Errand(what="roster", data={"ids": users}), "contacts:roster"))

    [event] = doors.ears.heard
    assert isinstance(event, Learned)
    assert event.data == {
        "missing": ["tang_shuo", "nobody_here"],
        "outside": ["he_yunfei"],
        "names": {"lin_zhiyuan": "林知远"},
    }
    assert len(await doors.contacts.userids()) > 30
    assert await doors.contacts.departments() == {1: "溪河"}


async def test_without_the_directory_the_app_finds_who_left(doors: Doors) -> None:
    await doors.sim.post("/sim/staff", user="tang_shuo", does="leave")
    alone = Contacts(doors.api, None, doors.ears, Clock())

    seen = await alone.look(["lin_zhiyuan", "tang_shuo"])

    assert (seen.missing, list(seen.names)) == (["tang_shuo"], ["lin_zhiyuan"])
    with pytest.raises(Refusal):
        await alone.userids()


async def test_webhook_says_words_tables_pictures_and_files(doors: Doors) -> None:
    """Traps 13, 18 and 19."""
    said: list[Message] = [
        Post(text="险情 <@all>", mentions=("lin_zhiyuan",)),
        Post(text="在办：", table=(("单位", "件"), ("城管|中队", "3"))),
        Attachment(kind="image", name="a.png", kept="p"),
        Attachment(kind="file", name="周报.txt", kept="f"),
    ]
    for number, message in enumerate(said):
        await doors.hooks.send(row(message, f"hook:{TEAM}", key=f"r{number}"))

    texts = [line["text"] for line in await doors.sim.messages(TEAM)]
    assert texts == [
        "险情 ＜@all> @林知远",
        "在办：\n\n| 单位 | 件 |\n| --- | --- |\n| 城管｜中队 | 3 |",
        "[图片]",
        "[文件] 周报.txt",
    ]
    with pytest.raises(Refusal):
        await doors.hooks.send(row(said[3], "hook:wrOLD"))
    doors.broken_on_purpose = frozenset({"hook_upload_key"})
    assert [event.key[:5] for event in doors.ears.heard] == ["hook:"]


async def test_limit_of_the_webhook_is_never_reached(doors: Doors) -> None:
    """Trap 19."""
    for number in range(20):
        said = row(Post(text="一"), f"hook:{TEAM}", key=f"r{number}", danger=True)
        await doors.hooks.send(said)
    with pytest.raises(Limited):
        await doors.hooks.send(row(Post(text="一"), f"hook:{TEAM}", key="more", danger=True))

    assert len(await doors.sim.messages(TEAM)) == 20


async def test_app_makes_its_group_and_keeps_its_members(doors: Doors) -> None:
    async def team(*users: str) -> str:
        data = {"name": "桂花警格", "users": list(users)}
        errand = Errand(what="team", data=data)
        return (await doors.groups.send(row(errand, "appchat:grid001"))).note

    doors.broken_on_purpose = frozenset({"appchat_unknown"})
    assert await team("lin_zhiyuan", "tang_shuo") == "created"
    assert await team("lin_zhiyuan", "tang_shuo") == "unchanged"
    assert await team("lin_zhiyuan", "fang_xiaoman") == "updated"
    await doors.groups.send(row(Post(text="险情 0001"), "appchat:grid001"))

    [line] = await doors.sim.messages("grid001")
    assert line["text"] == "险情 0001"
    with pytest.raises(Refusal):
        await team("lin_zhiyuan")


async def test_encrypted_userids_are_converted(doors: Doors) -> None:
    """Trap 8."""
    identities = Identities(doors.api)

    assert await identities.plain("woSIMmiao_gengsheng") == "miao_gengsheng"
    assert await identities.plain("woSIMnobody_of_this_corp") == "woSIMnobody_of_this_corp"
