"""Danger (险情): scenario 3 and 16, and who rings, who stops it, what the group hears of it."""

from tests.stories.world import World

FIRE = "着伙了！5号楼3单元楼道里全是烟"
ADVICE = "着火请马上打119"
CHAIN = ("林知远", "邱若兰", "唐朔", "钟一航", "白景舒")


async def rung(world: World) -> list[str]:
    """Names of those whom the bot rang for ticket 0001, in the order it first did."""
    return list(dict.fromkeys(step.reason for step in (await world.ticket()).steps("ring")))


async def test_misspelt_fire_is_a_danger_at_once(world: World) -> None:
    before = await world.now()
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")

    said = await world.chat("桂花苑").last()
    assert ADVICE in said
    assert "我正在通知值班人员" in said
    assert "已有人接手" not in said
    ticket = await world.only_ticket()
    assert (ticket.danger, ticket.urgency, ticket.category) == (True, "U1", "N06")
    card = await world.officer("林知远").card()
    assert "险情" in card.title
    assert "5号楼3单元" in card.fields["地点"]
    [answer] = [line for line in await world.chat("桂花苑").lines() if line.is_bot]
    assert (answer.at - before).total_seconds() < 2


async def test_grid_worker_and_fire_brigade_hear_of_a_fire_in_their_grid(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")

    for name in ("方小满", "关铁鹰"):
        shown = [card.text for card in await world.staff(name).cards()]
        assert "0001" in "\n".join([*await world.staff(name).heard(), *shown]), name


async def test_chain_rings_on_until_a_human_signs(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    assert await rung(world) == list(CHAIN[:1])
    await world.pass_seconds(61)
    assert await rung(world) == list(CHAIN[:2])
    await world.pass_seconds(60)
    assert await rung(world) == list(CHAIN[:3])
    await world.pass_seconds(60)
    assert await rung(world) == list(CHAIN[:4])
    await world.pass_minutes(5)
    assert await rung(world) == list(CHAIN)
    rings = len((await world.ticket()).steps("ring"))
    assert rings > len(CHAIN), "the chain begins again"

    await world.staff("钟一航").presses("签收")

    signed = await world.ticket()
    assert (signed.stage, signed.owner) == ("accepted", "zhong_yihang")
    assert "已有人接手" in await world.chat("桂花苑").last()
    assert "钟一航" not in await world.chat("桂花苑").last()
    await world.pass_minutes(10)
    assert len((await world.ticket()).steps("ring")) == len(signed.steps("ring"))
    assert "不再叫人" in await world.officer("林知远").heard_all()


async def test_chain_goes_on_after_the_bot_was_killed(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    await world.pass_seconds(61)
    assert await rung(world) == list(CHAIN[:2])

    world.demo.kill_bot()
    await world.pass_seconds(60)

    assert await rung(world) == list(CHAIN[:3])
    await world.pass_seconds(60)
    assert await rung(world) == list(CHAIN[:4])
    assert len((await world.ticket()).steps("ring")) == 4
    await world.officer("林知远").presses("签收")
    assert (await world.ticket()).stage == "accepted"
    await world.pass_minutes(10)
    assert len((await world.ticket()).steps("ring")) == 4
    assert (await world.chat("桂花苑").heard_all()).count(ADVICE) == 1


async def test_five_cries_of_one_frightened_person_are_all_answered(world: World) -> None:
    wang, group = world.resident("王阿姨"), world.chat("桂花苑")
    cries = ["救命啊", "5号楼着火了", "快来人啊", "3单元全是烟", "怎么还没人来"]

    for count, cry in enumerate(cries, 1):
        await wang.says(cry, chat="桂花苑")
        assert len(await group.heard()) >= count, f"no answer to the cry {count}"

    assert (await group.heard_all()).count(ADVICE) == 1
    assert any(ticket.danger for ticket in await world.tickets())
    await world.pass_seconds(61)
    assert "险情" in await world.staff("邱若兰").heard_all()


async def test_false_alarm_stops_ringing_and_says_sorry(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    await world.pass_seconds(61)
    rings = len((await world.ticket()).steps("ring"))
    pressed_at = await world.now()

    await world.officer("林知远").presses("误报")

    sorry = (await world.chat("桂花苑").lines())[-1]
    assert "虚惊" in sorry.text
    assert (sorry.at - pressed_at).total_seconds() < 5
    assert "误报" in await world.staff("邱若兰").last()
    await world.pass_minutes(20)
    ticket = await world.ticket()
    assert len(ticket.steps("ring")) == rings
    assert await world.staff("钟一航").inbox() == []
    assert ticket.stage in ("void", "closed", "rejected")


async def test_false_alarm_by_words_does_the_same(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")

    assert "误报" in await world.officer("林知远").types("误报")

    assert "虚惊" in await world.chat("桂花苑").last()
    await world.pass_minutes(5)
    assert len((await world.ticket()).steps("ring")) == 1


async def test_group_hears_the_danger_line_once_in_ten_minutes(world: World) -> None:
    group = world.chat("桂花苑")
    await world.resident("王阿姨").says("5号楼着火了", chat="桂花苑")
    await world.pass_minutes(2)
    await world.resident("陈叔").says("5号楼着火了，好大的烟", chat="桂花苑")
    assert len(await group.heard()) == 2, "every mention is answered"
    await world.pass_minutes(3)
    await world.resident("徐小蕾").says("真的着火了，5号楼", chat="桂花苑")

    heard = await group.heard()
    assert sum(ADVICE in line for line in heard) == 1, heard
    assert len(heard) == 3
    assert len(await world.tickets()) == 1


async def test_suspected_danger_asks_first_and_rings_after_a_minute(world: World) -> None:
    await world.resident("王阿姨").says("东门口有人喝多了在闹事", chat="桂花苑")

    line = await world.chat("桂花苑").last()
    assert line.startswith("如果")
    assert "110" in line
    card = await world.officer("林知远").card()
    assert "疑似" in card.title
    assert {"是险情", "误报"} <= set(card.buttons)
    assert await rung(world) == []
    await world.pass_seconds(61)
    ticket = await world.ticket()
    assert ticket.urgency == "U1"
    assert (await rung(world))[:1] == ["林知远"]


async def test_one_tap_of_the_duty_person_makes_it_a_danger(world: World) -> None:
    await world.resident("王阿姨").says("东门口有人喝多了在闹事", chat="桂花苑")

    await world.staff("邱若兰").presses("是险情")

    ticket = await world.only_ticket()
    assert (ticket.urgency, ticket.steps("confirm")[0].actor) == ("U1", "qiu_ruolan")
    assert await rung(world) == ["林知远"]


async def test_suspected_danger_that_is_none_leaves_nobody_ringing(world: World) -> None:
    await world.resident("王阿姨").says("东门口有人喝多了在闹事", chat="桂花苑")

    await world.staff("邱若兰").presses("误报")

    await world.pass_minutes(10)
    assert await rung(world) == []
    assert "虚惊" in await world.chat("桂花苑").last()


async def test_one_cry_after_another_is_one_danger(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says("救命啊", chat="桂花苑")
    await world.pass_seconds(5)
    await wang.says("5号楼着火了", chat="桂花苑")

    ticket = await world.only_ticket()
    assert (ticket.category, ticket.urgency) == ("N06", "U1")
    await world.officer("林知远").presses("签收")
    rings = len((await world.ticket()).steps("ring"))
    await world.pass_minutes(10)
    assert len((await world.ticket()).steps("ring")) == rings


async def test_only_police_may_go_to_a_fight(world: World) -> None:
    fight = "小区门口有两个人打起来了，头都流血了"
    await world.resident("王阿姨").says(fight, chat="桂花苑")

    worker = world.worker("方小满")
    assert "不要独自上前" in await worker.heard_all()
    assert all(not card.live for card in await worker.cards())
    refused = await worker.types("到场 0001")
    assert "公安" in refused
    await world.pass_minutes(30)
    assert "时限" not in await worker.heard_all()


async def test_never_mind_neither_closes_nor_silences_a_danger(world: World) -> None:
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    await world.resident("王阿姨").says("没事了，是我看错了，不用来了", chat="桂花苑")

    ticket = await world.only_ticket()
    assert (ticket.stage, ticket.danger, ticket.urgency) == ("assigned", True, "U1")
    await world.pass_seconds(121)
    assert await rung(world) == list(CHAIN[:3])


async def test_danger_is_answered_at_once_behind_a_full_rate_bucket(world: World) -> None:
    group = world.chat("桂花苑")
    crowd = [world.resident(name) for name in ("王阿姨", "徐小蕾", "方小满", "高明芳")]
    for count in range(28):
        await crowd[count % 4].says(f"大家早上好{count}", chat="桂花苑")
    assert len(await group.heard()) < 28, "the bucket is not full"

    started = await world.now()
    await world.resident("陈叔").says(FIRE, chat="桂花苑")

    line = (await group.lines())[-1]
    assert ADVICE in line.text
    assert (line.at - started).total_seconds() < 2
    await world.pass_minutes(2)
    assert len(await group.heard()) >= 29, "nothing is lost"
