"""She proves herself that two doors are hers (绑定): robot and 微信客服, and undoes it."""

import re

from tests.stories.customers import Customer
from tests.stories.world import World

LAMP = "东门的路灯坏了三天了，晚上黑得看不见路"
HEAP = "桂花苑3号楼2单元楼道堆满了纸箱和旧家具，走不过去"


async def test_resident_binds_robot_and_customer_service_and_undoes_it(world: World) -> None:
    """Trap 26: the same human at two doors is two people until she says so."""
    wang, zhou = world.resident("王阿姨"), Customer(world, "wmZHOU01")
    await wang.says(LAMP, chat="桂花苑")
    await zhou.says(HEAP)
    assert len(await world.tickets()) == 2
    await zhou.says("我的数据")
    assert "有1件事" in await zhou.last()

    await wang.says("绑定")
    code = re.search(r"\d{6}", await wang.last())
    assert code is not None
    await zhou.says(code[0])
    assert "绑好了" in await zhou.last()
    assert "绑好了" in await wang.last()

    await zhou.says("进度")
    assert "0001" in await zhou.last()
    assert "0002" in await zhou.last()
    ticket = await world.ticket("0001")
    owner = world.staff(ticket.owner)
    await owner.presses("签收", "0001")
    await owner.types("处置 0001 换了灯泡，现场试过已经亮了")
    await world.pass_minutes(2)
    assert "5分最满意" in await wang.last()
    assert "有结果了" not in "\n".join(await zhou.heard())
    await zhou.says("5")
    assert (await world.ticket("0001")).whole["rating"] == 5
    await world.pass_hours(26)
    asked = [line for line in await world.everything_said() if "5分最满意" in line.text]
    assert len(asked) == 1

    await zhou.says("解绑")
    await zhou.says("我的数据")
    assert "有1件事" in await zhou.last()
    assert len(await world.tickets()) == 2
    logged = "".join(log.read_text("utf-8") for log in world.demo.logs)
    assert code[0] not in logged


async def test_code_in_a_group_is_worth_nothing(world: World) -> None:
    wang, zhou = world.resident("王阿姨"), Customer(world, "wmZHOU01")
    await zhou.says("绑定")
    code = re.search(r"\d{6}", await zhou.last())
    assert code is not None

    await wang.says(code[0], chat="桂花苑")

    assert await world.chat("桂花苑").last() == "收到。"
    assert "作废" in await zhou.last()
    await wang.says(code[0])
    assert "不对" in await wang.last()
    assert await world.tickets() == []
