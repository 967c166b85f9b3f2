"""What people say after they have reported (接着说): it finds its ticket, or none of a stranger."""

from tests.stories.world import World

NOISE = "5号楼楼下半夜总有人打牌吵得睡不着"
LAMP = "村口的路灯坏了"


async def test_news_later_in_the_day_goes_to_her_open_ticket(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says(NOISE, chat="桂花苑")
    for words in (
        "又来了",
        "还是那家",
        "还是那里",
        "补充一下 都是晚上十一点以后",
        "人走了",
        "没事了",
    ):
        await world.pass_minutes(10)
        await wang.says(words, chat="桂花苑")

    ticket = await world.only_ticket()
    assert len(ticket.steps("supplement")) == 6
    assert ticket.stage == "assigned", "words close nothing"


async def test_correction_replaces_what_was_said(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says("5号楼1502半夜总是打牌吵得睡不着")
    await world.pass_minutes(10)
    await wang.says("房号打错了 是1602")

    await world.only_ticket()
    lin = world.officer("林知远")
    detail = await lin.types("查 0001")
    assert "1602" in detail.split("内容")[0]
    assert "1502" not in detail.split("内容")[0]


async def test_it_happens_again_after_closing_is_a_new_ticket_tied_to_the_old(world: World) -> None:
    wu, wei = world.resident("吴老三"), world.staff("魏和平")
    await wu.says(LAMP, chat="石桥村")
    await wei.types("签收 0001")
    await wei.types("处置 0001 换了灯泡和整流器，已亮")
    await world.pass_minutes(2)
    await wu.says("5")
    assert (await world.ticket("0001")).stage == "closed"
    await world.pass_hours(20)

    await wu.says("又不亮了", chat="石桥村")

    newest = max(await world.tickets(), key=lambda one: one.opened_at)
    ticket = await world.ticket(newest.number)
    assert (ticket.category, ticket.stage) == ("N03", "assigned")
    assert any("与 0001 同一处又发生" in step.reason for step in ticket.steps("note"))
    assert "村口" in (await wei.card(ticket.number)).fields["地点"]
    assert len(await world.tickets()) == 2


async def test_stranger_who_quotes_a_number_does_not_get_in(world: World) -> None:
    await world.resident("王阿姨").says(NOISE, chat="桂花苑")
    chen = world.resident("陈叔")
    for words in ("0001那个事我补充一下，是白色的车", "0001怎么样了", "0001还是那家", "撤回 0001"):
        await chen.says(words)

    ticket = await world.only_ticket()
    assert ticket.steps("supplement") == []
    assert ticket.steps("chase") == []
    heard = await chen.heard_all()
    for secret in ("打牌", "5号楼", "桂花社区警务室", "林知远", "已转给"):
        assert secret not in heard


async def test_update_with_danger_raises_her_open_ticket(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says("5号楼2单元门口有人吵架", chat="桂花苑")
    await world.pass_minutes(40)
    await wang.says("还是那家，动刀了，有人流血了", chat="桂花苑")

    ticket = await world.only_ticket()
    assert ticket.danger
    assert ticket.steps("raise")
    assert "险情" in await lin.heard_all()
    assert "110" in await world.chat("桂花苑").last()


async def test_it_is_over_lowers_no_danger(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says("5号楼着火了，楼道里全是烟", chat="桂花苑")
    for words in ("没事了", "误会了 不用来了", "人走了"):
        await wang.says(words, chat="桂花苑")

    ticket = await world.only_ticket()
    assert ticket.danger
    assert ticket.stage == "assigned"
    assert ticket.steps("false_alarm") == []
    await world.pass_seconds(61)
    assert len((await world.ticket()).steps("ring")) > 1, "the chain goes on"


async def test_her_next_words_mean_what_they_say_while_her_report_waits(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says("楼道灯坏了")
    assert "几号楼" in await wang.last()

    await wang.says("警务室周末开门吗")
    assert "桂花路8号" in await wang.last()
    await wang.says("孩子上户口要哪些材料")
    assert "出生医学证明" in await wang.last()
    await wang.says("那什么时候来")
    assert "已转给办的人" in await wang.last()
    await wang.says("查 0001")
    assert "0001“楼道灯坏了”" in await wang.last()
    assert (await world.only_ticket()).steps("supplement") == []

    await wang.says("是3号楼吗?")
    assert "补上了" in await wang.last()
    assert len((await world.only_ticket()).steps("supplement")) == 1
    assert "3号楼" in await lin.types("查 0001")


async def test_judgement_in_the_group_counts_and_the_group_hears_nothing_of_it(
    world: World,
) -> None:
    wu, wei, group = world.resident("吴老三"), world.staff("魏和平"), world.chat("石桥村")
    await wu.says(LAMP, chat="石桥村")
    await wei.types("签收 0001")
    await wei.types("处置 0001 换了灯泡和整流器，已亮")
    await world.pass_minutes(2)
    await wu.says("村口有人天天半夜放炮吵人", chat="石桥村")
    await wu.says("谢谢警察同志", chat="石桥村")

    await wu.says("5", chat="石桥村")

    lamp = await world.ticket("0001")
    assert lamp.stage == "closed"
    assert [step.reason for step in lamp.steps("evaluate")] == ["5分"]
    assert await group.last() == "收到。"
    assert "谢谢您的评价" in await wu.last()
    assert (await world.ticket("0002")).steps("supplement") == []
