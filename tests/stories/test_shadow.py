"""A group on trial (试听群): read and counted, silent, without tickets; danger is as anywhere."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.stories.demo import ROOT, Demo, demo_process
from tests.stories.world import World, open_world

LAMP = "东门的路灯坏了三天了"
GROUP = "name: 桂花苑, kind: internal_group, grid: g01, public: true,"


@pytest.fixture(scope="module")
def trial_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    site: Path = tmp_path_factory.mktemp("trial") / "site"
    shutil.copytree(ROOT / "config" / "site", site)
    chats = site / "chats.yaml"
    text = chats.read_text("utf-8")
    assert GROUP in text
    chats.write_text(text.replace(GROUP, f"{GROUP} shadow: true,"), encoding="utf-8")
    with demo_process("--site", str(site), DATABASE_URL="", REDIS_URL="") as demo:
        yield demo


@pytest.fixture
async def trial(trial_demo: Demo) -> AsyncIterator[World]:
    async with open_world(trial_demo) as opened:
        yield opened


async def test_silent_group_hears_nothing_and_gets_no_ticket(trial: World) -> None:
    await trial.resident("王阿姨").says(LAMP, chat="桂花苑")
    await trial.resident("陈叔").says("今晚吃啥", chat="桂花苑")

    assert await trial.tickets() == []
    assert await trial.chat("桂花苑").heard() == []
    assert await trial.resident("王阿姨").heard() == []
    assert "本来会立单1条，不会立单1条" in await trial.staff("邱若兰").types("抽查")


async def test_other_groups_are_served_as_ever(trial: World) -> None:
    await trial.resident("王阿姨").says(LAMP, chat="桂花苑")
    await trial.worker("方小满").says(LAMP, chat="网格员工作群")

    assert len(await trial.tickets()) == 1


async def test_fire_in_a_silent_group_gets_its_words_and_its_chain(trial: World) -> None:
    await trial.resident("陈叔").says("5号楼着火了，楼道全是烟", chat="桂花苑")

    assert "119" in await trial.chat("桂花苑").last()
    lin = trial.officer("林知远")
    assert (await lin.card()).title.startswith("险情")
    await trial.pass_seconds(61)
    assert "没人签收" in await trial.staff("邱若兰").heard_all()
    await lin.presses("签收")
    assert (await trial.only_ticket()).stage == "accepted"


async def test_cry_for_help_is_heard_after_much_talk(trial: World) -> None:
    """WeCom delivers nothing of a person with three unanswered mentions."""
    chen = trial.resident("陈叔")
    for words in ("今晚吃啥", "吃面吧", "哈哈", "好的呀", "明天见"):
        await chen.says(words, chat="桂花苑")

    await chen.says("5号楼着火了，楼道全是烟", chat="桂花苑")

    assert (await trial.only_ticket()).danger


async def test_staff_orders_in_a_silent_group_are_answered_in_private(trial: World) -> None:
    await trial.resident("陈叔").says("5号楼着火了，楼道全是烟", chat="桂花苑")
    before = await trial.chat("桂花苑").heard()

    await trial.officer("林知远").says("查 0001", chat="桂花苑")

    assert await trial.chat("桂花苑").heard() == before
    assert "0001" in await trial.officer("林知远").last()
