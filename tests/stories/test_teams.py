"""Several people on one ticket (scenario: 带着警单到社区, officer and grid worker in parallel)."""

from tests.stories.world import World

NOISE = "5号楼楼上天天半夜放音响，吵得睡不着"


async def test_officer_and_grid_worker_work_on_one_ticket_side_by_side(world: World) -> None:
    lin, fang = world.officer("林知远"), world.officer("方小满")
    await world.resident("陈叔").says(NOISE, chat="桂花苑")
    await lin.types("签收 0001")

    answer = await lin.types("子任务 0001 方小满 2小时 上门听听是哪一家")
    assert "方小满" in answer
    assert "方小满" in await lin.types("处置 0001 双方说好了，晚上十点以后关掉")
    assert (await world.only_ticket()).stage == "accepted"

    assert "记下了" in await fang.types("完成 0001 是501，已经答应关小")
    await lin.types("处置 0001 双方说好了，晚上十点以后关掉")

    assert (await world.only_ticket()).stage == "resolved"


async def test_nearest_post_takes_what_nobody_at_home_can(world: World) -> None:
    lin, tang, he = world.officer("林知远"), world.staff("唐朔"), world.officer("贺云飞")
    await world.resident("陈叔").says(NOISE, chat="桂花苑")
    assert "噪音" in (await lin.card()).title

    await world.pass_minutes(8)
    assert "请您先接着" in await tang.heard_all(), "his own grid first"
    assert "唐朔" in await lin.heard_all()
    assert (await world.only_ticket()).owner == "tang_shuo"

    await lin.types("请假")
    await tang.types("请假")
    await world.resident("王阿姨").says("3号楼门口我的电动车昨晚被偷了", chat="桂花苑")

    assert (await world.ticket("0002")).owner == "he_yunfei", "two grids on, and his post is open"
    await he.types("签收 0002")
    assert "贺云飞" not in await world.chat("桂花苑").heard_all(), "a group hears units only"
