"""The team's own group (工作群): what its webhook says there, whom it calls, when it is removed."""

from datetime import timedelta

import pytest

from tests.stories.world import World

TEAM = "网格员工作群"
FIRE = "着火了！5号楼3单元楼道里全是烟"


async def said(world: World) -> list[str]:
    """What was posted in the team's group, oldest first."""
    return await world.chat(TEAM).heard()


async def test_team_hears_of_a_danger_whom_it_calls_and_who_has_it(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    [line] = await said(world)

    assert "正在叫林知远签收" in line
    assert line.endswith("@林知远")
    assert "5号楼" in line
    assert "3单元" not in line
    assert "王阿姨" not in line
    await world.officer("林知远").presses("签收")
    assert "已由林知远签收" in await world.chat(TEAM).last()


@pytest.mark.parametrize(
    "words", ["我老公又打我，救命", "有人想轻生，站在楼顶边上", "我要跳楼，不想活了"]
)
async def test_team_hears_nothing_of_what_must_stay_secret(world: World, words: str) -> None:
    await world.resident("王阿姨").says(words)

    assert (await world.only_ticket()).danger
    assert await said(world) == []


async def test_team_reads_a_table_on_working_mornings(world: World) -> None:
    await world.resident("王阿姨").says("3号楼门口的路灯坏了好几天", chat="桂花苑")
    await world.pass_time(timedelta(hours=24))
    tables = [line for line in await said(world) if "| 单位 |" in line]

    assert len(tables) == 1
    assert "| 单位 | 在办 | 今天到时限 | 已过时限 |" in tables[0]
    assert "溪河城管中队 | 1 |" in tables[0]


async def test_removed_webhook_leaves_the_robot_and_tells_the_administrator(world: World) -> None:
    """Trap 19: 93000."""
    await world.post("/sim/hook", chat=world.chats[TEAM]["id"])
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")

    [line] = await world.chat(TEAM).lines()
    assert line.is_bot
    assert "正在叫林知远签收" in line.text
    assert "@" not in line.text
    assert "群机器人“team”已被移出群" in await world.staff("左明凯").heard_all()
