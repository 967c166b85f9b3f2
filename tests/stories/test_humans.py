"""转人工: a resident in 微信客服 asks for a human, and danger is told whoever has the session."""

from tests.stories.customers import Customer
from tests.stories.world import World

POOL, HUMAN, ENDED = 2, 3, 4
LAMP = "桂花苑3号楼楼下路灯坏了三天了，没有人来修"
KNIFE = "楼道里有人拿刀砍人，快来"


async def test_resident_taps_for_a_human_and_the_bot_falls_silent(world: World) -> None:
    """Trap 24: state 2, then 3; what the bot would say is refused there."""
    zhou = Customer(world, "wmZHOU01")
    await zhou.scans("g01.桂花苑.3")
    assert "[转人工]" in await zhou.last()

    await zhou.taps("转人工")
    assert await zhou.state() == POOL
    assert "请工作人员接待" in await zhou.last()
    assert "110" in await zhou.last()

    await zhou.servicer("take")
    before = await zhou.heard()
    await zhou.says("你们什么时候来修")
    await zhou.says("转人工")
    await zhou.servicer("say", "我是小方，下午去看")
    assert await zhou.heard() == before

    await zhou.says(KNIFE)
    assert "险情" in (await world.officer("林知远").cards())[-1].title
    assert await zhou.heard() == before
    assert await zhou.state() == HUMAN

    await zhou.servicer("end")
    await zhou.says("我的数据")
    assert len(await zhou.heard()) == len(before) + 1


async def test_danger_while_she_waits_is_answered_with_numbers_at_once(world: World) -> None:
    zhou = Customer(world, "wmZHOU01")
    await zhou.says("找人")
    assert await zhou.state() == POOL

    await zhou.says("桂花苑3号楼5楼着火了，好大的烟，快来人啊")

    assert "119" in await zhou.last()
    assert await zhou.state() == ENDED
    assert "险情" in (await world.officer("林知远").cards())[-1].title


async def test_nobody_on_duty_is_said_honestly_and_her_phone_goes_to_one_person(
    world: World,
) -> None:
    zhou = Customer(world, "wmZHOU01")
    await zhou.servicer("rest")
    await zhou.says(LAMP)
    ticket = await world.only_ticket()

    await zhou.says("我要转人工")
    assert "没有工作人员在线" in await zhou.last()
    assert "110" in await zhou.last()
    assert await zhou.state() < POOL
    owner = world.staff(ticket.owner)
    assert "要找人说话" in await owner.heard_all()
    assert ticket.serial in await owner.heard_all()

    await zhou.says("我电话13900139000")
    assert "已转给值班同志" in await zhou.last()
    assert "13900139000" in await owner.heard_all()
    assert "13900139000" not in (await world.only_ticket()).whole.get("summary", "")
    logged = "".join(log.read_text("utf-8") for log in world.demo.logs)
    assert "13900139000" not in logged


async def test_who_waits_ten_minutes_in_vain_is_told_to_the_one_on_duty(world: World) -> None:
    zhou = Customer(world, "wmZHOU01")
    await zhou.scans("g01.桂花苑.3")
    await zhou.says("转人工")
    officer = world.officer("林知远")
    assert "10分钟" not in await officer.heard_all()

    await world.pass_minutes(11)

    assert "10分钟了还没人接" in await officer.heard_all()
