"""Time as a station lives it (scenario 14): holidays, pauses, hard matters, a wake drill."""

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.stories.demo import ROOT, Demo, demo_process
from tests.stories.world import World, open_world

THEFT = "3号楼门口我的电动车昨晚被偷了"


@pytest.fixture(scope="module")
def festival_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Friday afternoon before 春节 2026; the street gives one day more than the state."""
    site: Path = tmp_path_factory.mktemp("festival") / "site"
    shutil.copytree(ROOT / "config" / "site", site)
    times = site / "times.yaml"
    text = times.read_text("utf-8")
    assert "extra_holidays: []" in text
    times.write_text(text.replace("extra_holidays: []", "extra_holidays: [2026-02-24]"), "utf-8")
    begin = ("--site", str(site), "--now", "2026-02-13T16:50:00+08:00")
    with demo_process(*begin, DATABASE_URL="", REDIS_URL="") as demo:
        yield demo


@pytest.fixture
async def festival(festival_demo: Demo) -> AsyncIterator[World]:
    async with open_world(festival_demo) as opened:
        yield opened


async def test_festival_stands_still_and_the_worked_saturday_counts(festival: World) -> None:
    wang, lin = festival.resident("王阿姨"), festival.officer("林知远")
    await wang.says(f"桂花苑{THEFT}")
    assert "2月26日16:5" in await wang.last(), "Saturday, Wednesday and Thursday are worked"
    await lin.presses("签收")
    assert "还剩23小时" in await lin.types("我的任务"), "Saturday is a working day (调休)"

    await festival.pass_days(1)
    await lin.types("到场 0001")
    heard = len(await lin.heard())
    await festival.pass_days(8)
    said = [words for words in (await lin.heard())[heard:] if "晚报：" not in words]
    assert said == [], "nobody is chased in the holidays"

    await festival.resident("吴老三").says("我家门口的摩托车昨晚被偷了", chat="石桥村")
    newest = max(await festival.tickets(), key=lambda one: one.opened_at)
    assert newest.owner == "lin_zhiyuan", "the group on duty answers for every grid"


async def test_wake_drill_tells_the_leader_alone_who_woke_in_how_many_seconds(
    world: World,
) -> None:
    zhong, lin = world.staff("钟一航"), world.officer("林知远")
    assert "明天06:30" in await zhong.types("叫醒演练 明天 6:30")
    await world.post("/sim/phone", user="he_yunfei", does="off")
    await world.pass_hours(21.5)

    card = await lin.card()
    assert "叫醒演练" in card.title
    assert "没有警情" in card.text + card.title
    await world.pass_seconds(40)
    await card.press("醒了")
    assert "秒" in await lin.last()
    await world.pass_minutes(11)

    report = await zhong.last()
    assert re.search(r"林知远：[4-9]\d秒（电话接了）", report), report
    assert "贺云飞：没回" in report
    assert "没回" not in await lin.heard_all()
    assert await world.tickets() == []
    assert await world.chat("桂花苑").heard() == []


async def granted(world: World, what: str) -> None:
    """Whoever was asked agrees to ``what`` (挂起、延期 …)."""
    for name in ("钟一航", "邱若兰", "白景舒", "孟繁星", "程暮言"):
        cards = [card for card in await world.staff(name).cards() if card.live]
        if cards and what in cards[-1].title:
            await cards[-1].press("同意")
            return
    raise AssertionError(f"nobody was asked to agree to {what}")


async def test_hard_matter_keeps_its_pause_and_is_told_of_every_week(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(f"桂花苑{THEFT}")
    await lin.types("签收 0001")
    await lin.types("到场 0001")
    assert "还剩23小时" in await lin.types("我的任务")

    await lin.types("挂起 0001 3天 等车主回来")
    await granted(world, "挂起")
    await world.pass_days(1)
    await lin.types("恢复 0001")
    assert "还剩23小时" in await lin.types("我的任务"), "the day on hold is not lost"
    assert "缓办" in await lin.types("改档 0001 缓办 车主出差下周回")
    assert "还剩3天23小时" in await lin.types("我的任务"), (
        "two working days, a weekend, and the pause"
    )

    await lin.types("疑难 0001 监控要一台一台看")
    await granted(world, "延期")
    await world.pass_days(7.2)
    assert "进展 " in await lin.last()
    await lin.types("进展 0001 看完了两台监控，有了方向")
    assert "两台监控" in await wang.last()
    await world.pass_days(9)
    assert "还在办" in await wang.last(), "nobody wrote a line: she hears the plain one"
    assert len(await world.chat("桂花苑").heard()) == 0
