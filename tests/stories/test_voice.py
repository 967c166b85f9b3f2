"""Voice that nobody wrote down goes to a human ear; nobody is asked to type."""

import pytest

from tests.stories.world import World


@pytest.mark.parametrize("door", ["bot", "app"])
async def test_wordless_voice_goes_to_the_officer_of_her_grid(world: World, door: str) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says("谢谢", chat="桂花苑")
    await wang.says("", chat=door, voice=True)

    heard = await lin.last()
    assert "王某" in heard
    assert "语音" in heard
    told = await wang.last()
    assert "110" in told
    for asks_to_type in ("打字", "文字", "直接说"):
        assert asks_to_type not in told
    assert await world.tickets() == []


async def test_wordless_voice_of_a_reporter_goes_to_who_works_her_ticket(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says("3号楼门口我的电动车昨晚被偷了", chat="桂花苑")
    await lin.presses("签收")
    await wang.says("", voice=True)

    assert "0001" in await lin.last()
    assert "语音" in await lin.last()
    ticket = await world.only_ticket()
    assert any("语音" in step.reason for step in ticket.steps("supplement"))


async def test_voice_with_its_words_is_read_like_any_message(world: World) -> None:
    await world.resident("王阿姨").says("3号楼门口我的电动车昨晚被偷了", voice=True)

    assert (await world.only_ticket()).category == "P01"
