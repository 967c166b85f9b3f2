"""What keeps a matter open, and what brings it back (办结把关): told by those who live with it."""

from tests.stories.world import World

CARDS = "5号楼楼下半夜总有人打牌吵得睡不着"
AT_SCHOOL = "几个初中生在学校后门堵着我儿子要钱，孩子不敢上学了"


async def test_three_of_one_matter_and_one_of_them_says_it_is_not_over(world: World) -> None:
    wang, chen, xu = (world.resident(name) for name in ("王阿姨", "陈叔", "徐小蕾"))
    lin, fang = world.officer("林知远"), world.worker("方小满")
    await wang.says(CARDS, chat="桂花苑")
    await chen.says("楼下半夜打牌的又吵又闹，吵得睡不着", chat="桂花苑")
    await xu.says("6号楼旁边夜里打牌太吵了，睡不着", chat="桂花苑")
    for younger in ("0002", "0003"):
        await fang.types(f"{younger} 并入 0001")

    await lin.types("签收 0001")
    await lin.types("处置 0001 已解决，牌桌主人私下答应十点收摊")
    await world.pass_minutes(2)
    for person in (wang, chen, xu):
        assert "有结果了" in await person.heard_all()
    assert "私下答应" in await lin.types("查 0001")
    assert "私下答应" not in await fang.types("查 0001"), "the inner result is not hers to read"
    await wang.says("5")
    assert (await world.ticket()).stage == "closed"

    await world.pass_days(1)
    await chen.says("没解决，昨晚又打到两点")

    again = await world.ticket()
    assert again.stage == "assigned"
    assert again.owner != "lin_zhiyuan"
    assert len(again.steps("reopen")) == 1
    assert "重新办" in await chen.heard_all()
    assert [one.stage for one in await world.tickets()] == ["assigned", "merged", "merged"]
    assert "林知远" not in await chen.heard_all()


async def test_matter_of_a_minor_waits_for_the_mandatory_report(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(AT_SCHOOL, chat="桂花苑")
    group = await world.chat("桂花苑").heard_all()
    assert "学校" not in group
    assert "0001" not in group
    await lin.types("签收 0001")

    assert "强制报告" in await lin.types("处置 0001 已解决，三人家长和学校都谈过")
    assert (await world.ticket()).stage == "accepted"
    assert "已记下" in await lin.types("强制报告 0001 已报教育局和未保办")
    await lin.types("处置 0001 已解决，三人家长和学校都谈过")
    await world.pass_minutes(2)

    assert (await world.ticket()).stage == "closed"
    assert await world.worker("方小满").inbox() == []
    assert "没找到" in await world.worker("方小满").types("查 0001")


async def test_complaint_about_a_mediator_never_reaches_his_room(world: World) -> None:
    wang, meng = world.resident("王阿姨"), world.staff("孟繁星")
    await wang.says("调解员沈伯渔收了钱偏袒对方，我要投诉", chat="桂花苑")
    ticket = await world.only_ticket()
    assert (ticket.category, ticket.owner) == ("P23", "meng_fanxing")
    assert "沈伯渔" not in await world.chat("桂花苑").heard_all()
    for name in ("沈伯渔", "林知远", "钟一航", "邱若兰"):
        assert "没找到" in await world.staff(name).types("查 0001"), name

    await meng.types("签收 0001")
    await meng.types("处置 0001 已解决，查了账目，批评教育并换人调解")
    await world.pass_minutes(2)
    await wang.says("没解决")
    await world.pass_hours(30)

    assert (await world.ticket()).owner == "meng_fanxing", "nobody else may know of it"
    for name in ("沈伯渔", "林知远", "钟一航", "邱若兰"):
        heard = await world.staff(name).inbox()
        told = [line.text for line in heard if line.is_bot and "0001" in line.text]
        assert [text for text in told if "没找到" not in text] == [], name


async def test_blocked_passage_is_looked_at_by_somebody_else(world: World) -> None:
    wang, fire, lin = world.resident("王阿姨"), world.staff("关铁鹰"), world.officer("林知远")
    await wang.says("5号楼消防通道被杂物堵死了", chat="桂花苑")
    await fire.types("签收 0001")
    await fire.types("处置 0001 已解决，杂物清走了")
    await world.pass_minutes(2)
    assert (await world.ticket()).stage == "recheck"
    assert "有结果了" not in await wang.heard_all(), "not before somebody else has looked"

    looked = world.staff((await world.ticket()).steps("recheck")[0].reason[1:4])
    assert looked.id not in (fire.id, lin.id)
    assert "退给办的人" in await looked.types("返工 0001 门后还堆着旧沙发")
    assert "旧沙发" in await fire.heard_all()
    await fire.types("处置 0001 已解决，沙发也拉走了")
    await world.pass_minutes(2)
    assert "复核通过" in await looked.types("复核通过 0001")

    assert "有结果了" in await wang.heard_all()
    assert (await world.ticket()).stage == "evaluation"
