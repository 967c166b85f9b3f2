"""Commands of staff (文字口令): several numbers, wrong numbers, registering, leave, forwards."""

import re

from tests.stories.world import World

THEFT = "3号楼门口我的电动车昨晚被偷了"
NOISE = "5号楼楼上天天半夜放音响，吵得睡不着"


async def test_several_numbers_in_one_command(world: World) -> None:
    lin = world.officer("林知远")
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await world.resident("陈叔").says(NOISE, chat="桂花苑")

    answer = await lin.types("签收 0001 0002 0009")

    assert [one.stage for one in await world.tickets()] == ["accepted", "accepted"]
    assert "0009" in answer
    assert "0001" in await lin.types("我的任务")
    assert "0002" in await lin.types("我的任务")
    assert "0001" in await lin.types("到场"), "which of two is asked"
    assert [one.stage for one in await world.tickets()] == ["accepted", "accepted"]


async def test_wrong_number_gets_a_helpful_sentence(world: World) -> None:
    lin = world.officer("林知远")
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")

    answer = await lin.types("签收 0007")

    assert "0007" in answer
    assert "0001" in answer
    assert (await world.only_ticket()).stage == "assigned"


async def test_quoted_card_text_names_the_ticket(world: World) -> None:
    lin = world.officer("林知远")
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await world.resident("陈叔").says(NOISE, chat="桂花苑")
    await lin.types("查 0002")
    about = next(line for line in reversed(await lin.inbox()) if line.is_bot)

    await lin.says("签收", quote=about.msgid)

    assert [one.stage for one in await world.tickets()] == ["assigned", "accepted"]


async def test_registering_by_phone_opens_a_ticket(world: World) -> None:
    answer = await world.staff("邱若兰").types("登记 桂花苑3号楼门口路灯不亮")

    ticket = await world.only_ticket()
    assert ticket.serial in answer
    assert (ticket.category, ticket.department) == ("N03", "city_management")
    assert "桂花" in (await world.staff("魏和平").card()).fields["地点"]


async def test_settled_by_myself_opens_and_closes_in_one_message(world: World) -> None:
    answer = await world.officer("林知远").types("已办 桂花苑东门两户为停车吵架，已劝开")

    ticket = await world.only_ticket()
    assert ticket.serial in answer
    assert (ticket.stage, ticket.owner) == ("closed", "lin_zhiyuan")
    assert ticket.closed_at is not None
    assert {"accept", "handle", "resolve", "close"} <= set(ticket.acts)
    await world.pass_days(1)
    assert [n for n in await world.officer("林知远").heard() if "时限" in n] == []


async def test_result_needs_a_code_or_ten_characters(world: World) -> None:
    lin = world.officer("林知远")
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await lin.presses("签收")

    assert "已解决" in await lin.types("处置 0001 好了")
    assert (await world.ticket()).stage == "handling"
    await lin.presses("已解决")

    assert (await world.ticket()).stage == "resolved"
    assert (await world.ticket()).whole["closing_code"] == "solved"


async def test_ten_characters_are_a_result(world: World) -> None:
    lin = world.officer("林知远")
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    await lin.types("处置 0001 车在地库角落找到，已还给车主")

    assert (await world.ticket()).stage == "resolved"
    await world.pass_minutes(2)
    told = await world.resident("王阿姨").heard_all()
    assert "地库角落" not in told, "the internal record is not for the reporter"


async def test_double_press_counts_once(world: World) -> None:
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    card = await world.officer("林知远").card()
    before = len(await world.officer("林知远").heard())

    await card.press("签收", times=2)

    ticket = await world.only_ticket()
    assert ticket.stage == "accepted"
    assert len(ticket.steps("accept")) == 1
    assert len(await world.officer("林知远").heard()) == before


async def test_second_officer_hears_who_was_faster(world: World) -> None:
    await world.resident("王阿姨").says("5号楼着火了", chat="桂花苑")
    await world.pass_seconds(61)
    await world.officer("林知远").presses("签收")

    answer = await world.staff("邱若兰").types("签收 0001")

    assert "林知远" in answer
    assert (await world.ticket()).owner == "lin_zhiyuan"


async def test_officer_on_leave_gets_a_substitute(world: World) -> None:
    answer = await world.officer("林知远").types("请假")
    assert "唐朔" in answer

    await world.resident("王阿姨").says(THEFT, chat="桂花苑")

    assert (await world.only_ticket()).owner == "tang_shuo"
    assert "盗窃" in (await world.staff("唐朔").card()).title
    assert await world.officer("林知远").cards() == []
    await world.pass_minutes(32)
    assert "群众还在等" in await world.staff("唐朔").heard_all(), "reminders follow the duty"
    assert "0001" not in await world.officer("林知远").heard_all()
    await world.pass_days(1)
    await world.resident("陈叔").says(NOISE, chat="桂花苑")
    assert (await world.ticket("0001")).owner == "lin_zhiyuan", "back the next day"


async def test_busy_officer_gets_nothing_new_for_two_hours(world: World) -> None:
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await world.officer("林知远").types("签收 0001")
    assert "唐朔" in await world.officer("林知远").types("忙 2小时")
    await world.pass_minutes(60)
    await world.resident("陈叔").says(NOISE, chat="桂花苑")
    await world.staff("唐朔").types("签收 0002")
    await world.pass_minutes(61)
    await world.resident("徐小蕾").says("9号楼楼下有人卖假药", chat="桂花苑")

    owners = [ticket.owner for ticket in await world.tickets()]
    assert owners[:2] == ["lin_zhiyuan", "tang_shuo"]


async def test_whoever_stands_in_is_asked_first(world: World) -> None:
    answer = await world.staff("白景舒").types("顶班 邱若兰")
    assert "邱若兰" in answer

    await world.resident("王阿姨").says("5号楼着火了", chat="桂花苑")
    await world.pass_seconds(61)

    rings = [step.reason for step in (await world.ticket()).steps("ring")]
    assert rings == ["林知远", "白景舒"]


async def test_result_of_a_forward_goes_to_the_carrier_who_never_rates(world: World) -> None:
    fang, lin = world.worker("方小满"), world.officer("林知远")
    await fang.says("群里有位住户说5号楼楼上天天半夜放音响，吵得睡不着")
    number = (await world.only_ticket()).serial
    assert number in await fang.last()
    assert "转告" in await fang.last()
    await lin.presses("签收")
    await lin.types("处置 0001 上门谈过，对方答应十点后关音响")
    await world.pass_minutes(2)

    told = await fang.heard_all()
    assert "有结果了，请转告反映人" in told
    await fang.says("5")
    await world.pass_days(4)
    assert not re.search("[1-5]分最", await fang.heard_all())
    ticket = await world.ticket()
    assert ticket.whole["rating"] is None
    assert ticket.stage == "closed"
