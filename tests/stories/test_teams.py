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
