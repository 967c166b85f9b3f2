"""Staff put the reader right: 改类, 不是诉求, 开单 from a message that had opened nothing."""

from tests.stories.world import World

LAMP = "东门的路灯坏了三天了"


async def test_changed_category_stands_on_ticket_and_card(world: World) -> None:
    await world.resident("王阿姨").says(LAMP, chat="桂花苑")

    answer = await world.staff("邱若兰").types("改类 0001 物业")

    ticket = await world.only_ticket()
    assert ticket.category == "N04", answer
    assert "0001" in answer
    assert any("改类" in step.reason for step in ticket.journal)


async def test_mistaken_ticket_is_taken_back_with_an_apology_in_private(world: World) -> None:
    await world.resident("王阿姨").says(LAMP, chat="桂花苑")
    before = await world.chat("桂花苑").heard()

    await world.staff("邱若兰").types("不是诉求 0001")

    assert (await world.only_ticket()).stage == "void"
    assert "理解错了" in await world.resident("王阿姨").last()
    assert await world.chat("桂花苑").heard() == before
    await world.pass_days(2)
    assert [said for said in await world.staff("魏和平").heard() if "时限" in said] == []


async def test_missed_message_becomes_a_ticket_by_quoting_it(world: World) -> None:
    said = await world.resident("王阿姨").says("大家晚上好", chat="桂花苑")
    assert await world.tickets() == []

    await world.officer("林知远").says("开单 市政设施", chat="桂花苑", quote=said)

    assert (await world.only_ticket()).category == "N03"
    assert "编号" in await world.chat("桂花苑").last()


async def test_resident_cannot_order_such_things(world: World) -> None:
    await world.resident("王阿姨").says(LAMP, chat="桂花苑")

    await world.resident("陈叔").says("不是诉求 0001", chat="桂花苑")

    assert (await world.ticket()).stage == "assigned"
