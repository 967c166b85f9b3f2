"""Protected matters (受保护): what the group must not hear, for whom the ticket does not exist."""

from tests.stories.world import World

AT_HOME = "我老公喝多了又打我，我躲在厕所里"
TIP = "我要举报，槐安里6号楼402有人贩毒吸毒"


async def test_group_hears_nothing_of_violence_at_home(world: World) -> None:
    xu, group = world.resident("徐小蕾"), world.chat("桂花苑")
    await xu.says(AT_HOME, chat="桂花苑")

    [answer] = [line for line in await group.lines() if line.is_bot]
    assert answer.quote == ""
    assert len(answer.text) <= 6, answer.text
    told = await xu.heard_all()
    assert "110" in told
    assert "12110" in told
    ticket = await world.only_ticket()
    assert (ticket.category, ticket.protected, ticket.danger) == ("P04", True, True)
    assert "险情" in (await world.officer("林知远").card()).title
    await world.pass_seconds(30)
    await world.officer("林知远").presses("签收")
    await world.pass_minutes(20)
    assert len(await group.heard()) == 1
    assert await world.worker("方小满").inbox() == []


async def test_group_hears_the_conditional_line_if_neither_way_nor_human_is_there(
    world: World,
) -> None:
    xu, group = world.resident("徐小蕾"), world.chat("桂花苑")
    for endpoint, code in (("aibot_send_msg", 93006), ("message/send", 60111)):
        await world.fault(endpoint, "error", code=code, user=xu.id, times=50)
    await xu.says(AT_HOME, chat="桂花苑")
    assert len(await group.heard()) == 1

    await world.pass_seconds(11)

    line = await group.last()
    assert line.startswith("如果")
    assert "110" in line
    for word in ("家", "老公", "徐小蕾", "0001"):
        assert word not in line


async def test_never_mind_does_not_close_a_protected_ticket(world: World) -> None:
    xu = world.resident("徐小蕾")
    await xu.says(AT_HOME, chat="桂花苑")
    await xu.says("没事了，我们和好了")

    ticket = await world.only_ticket()
    assert ticket.stage == "assigned"
    assert ticket.danger
    await world.pass_seconds(61)
    assert ticket.serial in await world.staff("邱若兰").heard_all()


async def test_protected_ticket_sends_no_rating_and_no_visit_to_the_resident(world: World) -> None:
    xu, lin = world.resident("徐小蕾"), world.officer("林知远")
    await xu.says(AT_HOME)
    before = len(await xu.heard())
    await lin.presses("签收")
    result = "处置 0001 已见面，对方带离，约定回访"
    assert "告诫书" in await lin.types(result)
    await lin.types("告诫书 0001 已出具")
    await lin.types("回访计划 0001 每月一次")
    await lin.types(result)
    await world.pass_minutes(2)
    assert "复核通过" in await world.staff("钟一航").types("复核通过 0001")
    assert (await world.ticket()).stage == "closed"
    await world.pass_days(9)

    later = "\n".join((await xu.heard())[before:])
    for word in ("5分", "评", "办得怎么样", "还好吗"):
        assert word not in later
    assert (await world.ticket()).whole["rating"] is None


async def test_protected_ticket_does_not_exist_for_unrelated_staff(world: World) -> None:
    await world.resident("徐小蕾").says(AT_HOME)
    nobody = await world.worker("方小满").types("查 0009")

    for name in ("方小满", "高明芳", "魏和平", "贺云飞"):
        answer = await world.staff(name).types("查 0001")
        assert answer == nobody.replace("0009", "0001"), name
        assert "厕所" not in answer
    assert "0001" in await world.officer("林知远").types("查 0001")


async def test_drug_tip_leaves_no_trace_outside_narcotics(world: World) -> None:
    zhao = world.resident("赵大爷")
    await zhao.says(TIP)

    assert "线索收到" in await zhao.last()
    assert "保密" in await zhao.last()
    ticket = await world.only_ticket()
    assert (ticket.category, ticket.protected, ticket.owner) == ("P08", True, "cheng_muyan")
    assert "槐安里" in (await world.staff("程暮言").card()).text
    shown = str(ticket.whole)
    for word in ("402", "吸毒", "赵大爷", "zhao_daye"):
        assert word not in shown, word
    await world.pass_days(8)
    said = await world.everything_said()
    elsewhere = [
        line for line in said if line.is_bot and not line.chat.endswith((zhao.id, "cheng_muyan"))
    ]
    assert [line.text for line in elsewhere if ticket.serial in line.text] == []
    for word in ("贩毒", "吸毒", "402", "毒"):
        assert [line.text for line in elsewhere if word in line.text] == [], word
    assert "没找到" in await world.officer("林知远").types("查 0001")
    assert await world.chat("槐安里").heard() == []


async def test_complaint_about_an_officer_reaches_the_inspector_alone(world: World) -> None:
    await world.resident("王阿姨").says("林警官态度恶劣，还骂人，我要投诉他", chat="桂花苑")

    group = await world.chat("桂花苑").heard()
    assert len(group) == 1
    assert "督察" not in group[0]
    assert "督察" in await world.resident("王阿姨").last()
    assert (await world.only_ticket()).owner == "meng_fanxing"
    await world.pass_days(5)
    for name in ("林知远", "唐朔", "高明芳", "方小满", "钟一航"):
        heard = await world.staff(name).inbox()
        assert [line.text for line in heard if "0001" in line.text] == [], name


async def test_id_number_and_picture_are_masked_everywhere(world: World) -> None:
    identity, phone = "110101199003078515", "13912345678"
    words = f"3号楼楼上天天半夜放音响吵得睡不着，他电话{phone}，身份证{identity}"
    await world.resident("王阿姨").says(words, chat="桂花苑", image=PICTURE)

    told = await world.resident("王阿姨").heard_all()
    assert "撤回" in told
    ticket = await world.only_ticket()
    said = [line for line in await world.everything_said() if line.is_bot]
    shown = [card.text for card in await world.officer("林知远").cards()]
    shown += [str(card.fields) for card in await world.officer("林知远").cards()]
    everywhere = "\n".join([*(line.text for line in said), *shown, str(ticket.whole)])
    for secret in (identity, phone, identity[6:14]):
        assert secret not in everywhere
    assert all(line.quote == "" for line in said)
    look = await world.officer("林知远").types("查 0001")
    assert identity not in look
    assert phone not in look


PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
