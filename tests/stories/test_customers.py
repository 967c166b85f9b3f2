"""A resident who only has WeChat: poster, report, result and rating within five messages."""

from tests.stories.customers import Customer
from tests.stories.world import World

LAMP = "我们3号楼楼下路灯坏了三天了，晚上黑得看不见路"


async def test_wechat_resident_reports_and_rates_within_the_budget(world: World) -> None:
    zhou = Customer(world, "wmZHOU01")
    assert await zhou.scans("g01.桂花苑.3")
    assert "不等于报警" in await zhou.last()

    await zhou.says(LAMP)
    ticket = await world.only_ticket()
    assert ticket.whole["grid"] == "g01"
    assert ticket.serial in await zhou.last()

    owner = world.staff(ticket.owner)
    await owner.presses("签收")
    await owner.types(f"处置 {ticket.serial} 换了灯泡，现场试过已经亮了")
    await world.pass_minutes(2)
    result, question = (await zhou.heard())[-2:]
    assert "有结果了" in result
    assert "[5分，很满意]" in question
    assert (await zhou.session())["sent"] <= 5

    await zhou.taps("5分，很满意")
    assert (await world.only_ticket()).whole["rating"] == 5
    assert "谢谢您的评价" in await zhou.last()
    logged = "".join(log.read_text("utf-8") for log in world.demo.logs)
    assert zhou.id not in logged


async def test_result_after_two_days_goes_to_a_named_human(world: World) -> None:
    """Trap 24: 48 hours over; nothing is sent that WeCom would refuse."""
    zhou = Customer(world, "wmZHOU01")
    await zhou.says("桂花苑" + LAMP)
    ticket = await world.only_ticket()
    owner = world.staff(ticket.owner)
    await owner.presses("签收")
    before = await zhou.heard()

    await world.pass_days(2.1)
    await owner.types(f"处置 {ticket.serial} 换了灯泡，现场试过已经亮了")
    await world.pass_minutes(2)

    assert await zhou.heard() == before
    told = await world.worker("方小满").heard_all()
    assert "有结果了" in told


async def test_message_that_bounces_goes_to_a_named_human(world: World) -> None:
    """Trap 24: errcode 0, then msg_send_fail."""
    zhou = Customer(world, "wmZHOU01")
    await zhou.says("桂花苑" + LAMP)
    ticket = await world.only_ticket()
    owner = world.staff(ticket.owner)
    await owner.presses("签收")
    await owner.types(f"处置 {ticket.serial} 换了灯泡，现场试过已经亮了")
    await world.post("/sim/kf/trap", fail_next=10)
    await world.pass_minutes(2)

    assert "有结果了" not in "\n".join(await zhou.heard())
    assert "有结果了" in await world.worker("方小满").heard_all()


async def test_bot_is_silent_while_a_human_holds_the_session(world: World) -> None:
    """Trap 24: state 3 in the middle of a dialogue; danger still rings the officer."""
    zhou = Customer(world, "wmZHOU01")
    await zhou.says("桂花苑" + LAMP)
    before = await zhou.heard()
    await zhou.servicer("take")
    await zhou.says("你们什么时候来修")
    await zhou.servicer("say", "我是网格员，我下午过去看")
    await zhou.says("楼道里有人拿刀砍人，快来")
    assert await zhou.heard() == before
    assert "险情" in (await world.officer("林知远").cards())[-1].title

    await zhou.servicer("end")
    await zhou.says("我的数据")
    assert len(await zhou.heard()) == len(before) + 1


async def test_low_rating_is_asked_about_by_menu_and_settled_or_done_again(world: World) -> None:
    zhou, qian = Customer(world, "wmZHOU01"), Customer(world, "wmQIAN02")
    for customer, place in ((zhou, "桂花苑3号楼"), (qian, "槐安里5号楼")):
        await customer.says(f"{place}楼下路灯坏了三天了")
    first, second = await world.tickets()
    for ticket in (first, second):
        owner = world.staff(ticket.owner)
        await owner.presses("签收", ticket.serial)
        await owner.types(f"处置 {ticket.serial} 换了灯泡，现场试过已经亮了")
    await world.pass_minutes(2)

    await zhou.taps("2分，不满意")
    assert "[解决了]" in await zhou.last()
    await zhou.taps("解决了")
    assert (await world.ticket(first.serial)).stage == "closed"
    assert (await world.ticket(first.serial)).whole["rating"] == 2

    await qian.taps("1分，很不满意")
    await qian.taps("没解决")
    assert (await world.ticket(second.serial)).stage == "assigned"
    assert "重新办" in await qian.last()


async def test_photo_voice_and_lost_cursor_are_heard_once(world: World) -> None:
    """Trap 24: the whole log is read again after the cursor is lost; nothing happens twice."""
    zhou = Customer(world, "wmZHOU01")
    await zhou.says("桂花苑" + LAMP)
    await zhou.says("", image="iVBORw0KGgoAAAANSUhEUg==")
    await zhou.says("", voice=True)
    said, tickets = await zhou.heard(), await world.tickets()
    await world.post("/sim/kf/trap", lose_cursors=True, empty_pages=2)

    await zhou.says("我的数据")

    assert len(await world.tickets()) == len(tickets) == 1
    assert len(await zhou.heard()) == len(said) + 1
    world.broken_on_purpose = frozenset({"kf_cursor"})
