"""What WeCom may do on the way to the bot, and what people are called: traps 2, 3, 7, 18 and 26."""

from datetime import timedelta

from tests.stories.customers import Customer
from tests.stories.world import World

LAMP = "桂花苑{n}号楼门口的路灯不亮"


async def test_trap_02_messages_that_arrive_in_another_order_are_all_heard(world: World) -> None:
    """Trap 2: out-of-order messages; the first was held up on the way."""
    chen = world.resident("陈叔")
    await world.fault("callback", "delay", delay_s=1.0, user=chen.id)

    await chen.says(LAMP.format(n=5), "ge", wait=False)
    await chen.says("桂花苑6号楼的楼道漏水", "ge")

    places = [one.whole["place"] for one in await world.tickets()]
    assert places == ["桂花苑6号楼", "桂花苑5号楼"], "the younger one came first"


async def test_trap_03_click_that_was_lost_is_done_by_a_word(world: World) -> None:
    """Trap 3: a click may be lost and changes nothing; the word for it does the same."""
    await world.resident("王阿姨").says(LAMP.format(n=3), chat="桂花苑")
    wei = world.staff("魏和平")
    await world.fault("callback", "refuse", times=4, user=wei.id)
    pressed = await wei.presses("签收")

    assert pressed["updated"] is False
    assert (await world.only_ticket()).stage == "assigned"
    await wei.types("签收 0001")

    assert (await world.only_ticket()).stage == "accepted"


MENTIONS = {
    "in front": "@小警 桂花苑1号楼门口的路灯不亮",
    "in the middle": "桂花苑2号楼门口的 @小警 路灯不亮",
    "twice": "@小警 @小警 桂花苑3号楼门口的路灯不亮",
    "with U+2005": "@小警\u2005桂花苑4号楼门口的路灯不亮",
    "at the end": "桂花苑6号楼门口的路灯不亮@小警",
    "with the other robot's name": "@小格 @小警 桂花苑7号楼门口的路灯不亮",
}


async def test_trap_07_report_is_read_wherever_the_mention_stands(world: World) -> None:
    """Trap 7: prefix, in the middle, twice, U+2005, with another robot's name."""
    for number, text in enumerate(MENTIONS.values()):
        name = ("王阿姨", "陈叔", "徐小蕾")[number % 3]
        await world.resident(name).says(text, chat="桂花苑")
        await world.pass_hours(1)

    places = [one.whole["place"] for one in await world.tickets()]
    assert places == [f"桂花苑{number}号楼" for number in (1, 2, 3, 4, 6, 7)]


async def test_trap_07_bare_mention_opens_nothing_and_is_answered(world: World) -> None:
    """Trap 7: a mention with nothing after it."""
    await world.resident("王阿姨").says("@小警", chat="桂花苑")

    assert await world.tickets() == []
    assert len(await world.chat("桂花苑").heard()) == 1


async def test_trap_07_mention_of_the_other_robot_alone_is_not_ours(world: World) -> None:
    """Trap 7: only the robot that was meant hears it, and it is one ticket."""
    await world.worker("方小满").says(
        "@小格 桂花苑8号楼门口的路灯不亮", chat="网格员工作群", mention="小格"
    )

    (ticket,) = await world.tickets()
    assert ticket.whole["place"] == "桂花苑8号楼"


async def test_trap_07_quote_alone_is_what_she_means(world: World) -> None:
    """Trap 7: nothing but a mention and a quote; danger in it counts, our own words do not."""
    wang, chen = world.resident("王阿姨"), world.resident("陈叔")
    lamp = await chen.tries_to_say(LAMP.format(n=9), "桂花苑", mention=False)
    fire = await chen.tries_to_say("10号楼着火了，楼道全是烟", "桂花苑", mention=False)

    await wang.says("@小警", chat="桂花苑", quote=lamp["msgid"])
    answer = (await world.chat("桂花苑").lines())[-1]
    await chen.says("@小警", chat="桂花苑", quote=answer.msgid)

    ticket = await world.only_ticket()
    assert ticket.whole["place"] == "桂花苑9号楼"
    await wang.says("@小警\u2005", chat="桂花苑", quote=fire["msgid"])
    assert [one.danger for one in await world.tickets()] == [False, True]


EVIL = '<@all> [领奖](http://x.invalid) <font color="warning">{words}</font> @all'


async def test_trap_18_words_of_residents_call_nobody_and_link_nowhere(world: World) -> None:
    """Trap 18: <@all>, links and <font> in a report do nothing wherever they are shown."""
    evil = EVIL.format(words=LAMP.format(n=3))
    await world.resident("王阿姨").says(evil, chat="桂花苑")
    await world.resident("陈叔").says(evil.replace("3号楼", "4号楼"), "ge")
    wei = world.staff("魏和平")
    await wei.types("查 0001")
    await wei.types("查 0001", "app")

    said = [line for line in await world.everything_said() if line.is_bot]
    texts = "\n".join(line.text for line in said if line.chat.startswith("app:") and not line.card)
    assert len(await world.tickets()) == 2
    assert "领奖" in texts
    assert "<" not in texts
    robots = "\n".join(line.text for line in said if not line.chat.startswith("app:"))
    assert [sign for sign in ("<@all>", "](http", "<font") if sign in robots] == []


async def test_trap_26_userid_in_another_case_is_the_same_person(world: World) -> None:
    """Trap 26: userid upper and lower case, at every door."""
    for door, number in (("app", 3), ("bot", 4), ("ge", 5)):
        await world.resident("王阿姨").says(LAMP.format(n=number), chat="桂花苑")
        await world.pass_minutes(20)
        serial = f"{number - 2:04}"
        wei = world.staff("魏和平")
        await world.post("/sim/staff", user=wei.id, does="spell", new="Wei_HePing")

        answer = await wei.types(f"签收 {serial}", door)

        ticket = await world.ticket(serial)
        assert (ticket.stage, ticket.owner) == ("accepted", wei.id), answer
        await wei.presses("到场", serial)
        assert (await world.ticket(serial)).stage == "verifying"
        assert serial in await wei.types("我的任务", door)


async def test_trap_26_one_person_under_two_names_stays_two(world: World) -> None:
    """Trap 26: userid and external_userid are merged by explicit mapping only, never by words."""
    await world.resident("王阿姨").says(LAMP.format(n=3), chat="桂花苑")
    zhou = Customer(world, "wmZHOU01")
    await zhou.says("我是王阿姨，0001 修得怎么样了")
    await world.pass_time(timedelta(minutes=1))

    assert (await world.only_ticket()).steps("supplement") == []
    heard = "\n".join(await zhou.heard())
    assert heard
    assert [word for word in ("魏和平", "城管", "桂花苑3") if word in heard] == []
