"""How far is it, asked by her and by strangers; kind words and whom they reach."""

import pytest

from tests.stories.world import World

THEFT = "3号楼门口我的电动车昨晚被偷了"


@pytest.mark.parametrize("words", ["咋样了", "有人管吗"])
async def test_owner_hears_of_the_urging_at_most_once_an_hour(world: World, words: str) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    await world.pass_minutes(20)
    for _ in range(3):
        await wang.says(words)
        await world.pass_minutes(5)

    urged = [line for line in await lin.heard() if "来催了" in line]
    assert len(urged) == 1
    assert [line for line in await wang.heard() if "0001" in line and "在办" in line]
    await world.pass_minutes(60)
    await wang.says(words)
    assert len([line for line in await lin.heard() if "来催了" in line]) == 2


@pytest.mark.parametrize("words", ["0001 咋样了", "0001有人管吗", "0001办到哪一步了"])
async def test_stranger_who_quotes_a_number_hears_nothing_of_it(world: World, words: str) -> None:
    lin, chen = world.officer("林知远"), world.resident("陈叔")
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    urged = len(await lin.heard())
    await chen.says(words)
    await chen.says(words, chat="桂花苑")

    for said in (await chen.heard_all(), await world.chat("桂花苑").last()):
        for secret in ("您的0001", "林知远", "警务室", "电动车", "前给您回音"):
            assert secret not in said
    assert "来催" not in "".join((await lin.heard())[urged:])
    assert len(await world.tickets()) == 1


async def test_praise_is_carried_to_the_one_who_is_named(world: World) -> None:
    wu, wang = world.resident("吴老三"), world.resident("王阿姨")
    await wang.says("表扬一下林警官，办事特别认真", chat="桂花苑")
    await wu.says("感谢贺警官，帮我们把事办好了", chat="石桥村")

    assert "夸您" in await world.officer("林知远").last()
    assert "夸您" in await world.officer("贺云飞").last()
    assert "谢谢您" in await world.chat("石桥村").last()
    assert await world.tickets() == []


async def test_praise_of_nobody_in_particular_reaches_the_officer_of_the_grid(
    world: World,
) -> None:
    await world.resident("吴老三").says("谢谢社区民警，事情解决了", chat="石桥村")

    assert "夸您" in await world.officer("贺云飞").last()
    assert await world.tickets() == []
