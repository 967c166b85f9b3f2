"""Matters of departments (分流): scenario 4, asking for the place, sending back, asking her."""

import base64

from tests.stories.test_pictures import _png
from tests.stories.world import World


async def test_village_lamp_goes_to_the_department_and_comes_to_the_backstop(world: World) -> None:
    wu, group = world.resident("吴老三"), world.chat("石桥村")
    await wu.says("村口的路灯坏了", chat="石桥村")

    said = await group.last()
    assert "城管" in said
    assert "0001" in said
    ticket = await world.only_ticket()
    assert (ticket.category, ticket.department) == ("N03", "city_management")
    assert ticket.owner == "wei_heping"
    assert "市政设施" in (await world.staff("魏和平").card()).title
    await wu.says("", chat="石桥村", image=base64.b64encode(_png()).decode())
    assert "[图片] 0001照片1.jpg" in [line.text for line in await world.staff("魏和平").inbox()]

    await world.staff("魏和平").types("退回 0001 这段路归村里管")
    back = await world.ticket()
    assert (back.department, back.owner) == ("street", "pan_zhenguo")
    assert "街道" in await wu.last()
    assert "兜底" in await world.staff("潘振国").heard_all()

    await world.staff("潘振国").types("退回 0001 要先查清产权")
    room = await world.ticket()
    assert room.owner == "qiu_ruolan"
    assert "退回" in await world.staff("邱若兰").heard_all()
    assert [step.reason for step in room.steps("send_back")][-1] == "要先查清产权"
    qiu = world.staff("邱若兰")
    assert "康立群" in await qiu.types("转 0001 康立群 属公共照明改造")
    assert (await world.ticket()).department == "housing"
    told = await qiu.types("清单优化")
    assert "分流2件，退回1/2" in told, "by the list and by hand; the back-stop is no second row"
    assert "n03（2026-03）→溪河城管中队：分流1，退回1/1" in told
    assert len([words for words in await group.heard() if "0001" in words]) == 1


async def test_sending_back_needs_a_reason(world: World) -> None:
    await world.resident("吴老三").says("村口的路灯坏了", chat="石桥村")

    assert "原因" in await world.staff("魏和平").types("退回 0001")
    assert (await world.ticket()).owner == "wei_heping"


async def test_place_of_a_public_facility_is_asked_in_the_group(world: World) -> None:
    wu, group = world.resident("吴老三"), world.chat("石桥村")
    await wu.says("路灯坏了", chat="石桥村")

    assert (await world.only_ticket()).department == "city_management", "opening never waits"
    question = await group.last()
    assert "回复时请@我" in question
    assert "门牌" not in question

    await wu.says("村口第二根", chat="石桥村")
    assert "村口" in (await world.staff("魏和平").card()).fields["地点"]
    await world.pass_minutes(4)
    assert await world.worker("阮秋月").heard() == []
    assert len(await world.tickets()) == 1


async def test_unanswered_place_goes_to_the_grid_worker(world: World) -> None:
    await world.resident("吴老三").says("路灯坏了", chat="石桥村")
    await world.pass_seconds(170)
    assert await world.worker("阮秋月").heard() == []

    await world.pass_seconds(20)

    asked = await world.worker("阮秋月").last()
    assert "0001" in asked
    assert "没说清在哪" in asked


async def test_place_of_a_private_matter_is_never_asked_in_the_group(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says("我家的电动车昨晚被偷了", chat="桂花苑")

    assert [line for line in await world.chat("桂花苑").heard() if "哪" in line] == []
    assert "几号楼" in await wang.heard_all()
    await wang.says("5号楼下面的车棚")
    assert "5号楼" in (await world.officer("林知远").card()).fields["地点"]
    assert len(await world.tickets()) == 1


async def test_staff_question_is_relayed_and_stops_the_clock(world: World) -> None:
    wu, wei = world.resident("吴老三"), world.staff("魏和平")
    await wu.says("村口的路灯坏了", chat="石桥村")
    await wei.presses("签收")
    before = (await world.ticket()).whole["due_label"]
    await wei.types("问 0001 是哪根灯杆？我的电话13800001111")

    asked = await wu.last()
    assert "哪根灯杆" in asked
    for word in ("魏和平", "wei_heping", "13800001111"):
        assert word not in asked
    assert (await world.ticket()).stage == "waiting"
    chased = len(await wei.heard())
    await world.pass_days(1)
    assert len(await wei.heard()) == chased, "no chase while the reporter is asked"

    await wu.says("村口第二根，找我就打13912345678")
    answer = await wei.last()
    assert "第二根" in answer
    for word in ("吴老三", "wu_laosan", "13912345678"):
        assert word not in answer
    assert "转告" in await wu.last()
    again = await world.ticket()
    assert again.stage == "accepted"
    assert again.whole["due_label"] == before
    assert len(await world.tickets()) == 1


async def test_hearsay_advert_and_never_mind_open_no_ticket(world: World) -> None:
    chen, group = world.resident("陈叔"), world.chat("桂花苑")
    talk = [
        "听说城东昨天着火了，真的假的",
        "专业开锁换锁，24小时服务",
        "没事了，大家散了吧",
        "大家早上好",
    ]

    for count, words in enumerate(talk, 1):
        await chen.says(words, chat="桂花苑")
        assert len(await group.heard()) == count, f"no finished answer to {words}"

    assert await world.tickets() == []
    helped = [line for line in await group.heard() if "帮您登记" in line]
    assert len(helped) <= 1, "one help line per person and day"
    for name in ("林知远", "方小满", "邱若兰"):
        assert await world.staff(name).inbox() == []
    await world.pass_days(1)
    assert len(await group.heard()) == len(talk)
    assert await world.tickets() == []
