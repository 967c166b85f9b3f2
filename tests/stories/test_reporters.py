"""What residents add, ask and hear (群众这一头): more of the same matter, progress, the result."""

from tests.stories.world import World

THEFT = "3号楼门口我的电动车昨晚被偷了"
LAMP = "村口的路灯坏了"
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


async def test_what_she_adds_at_once_joins_her_ticket(world: World) -> None:
    wang, group = world.resident("王阿姨"), world.chat("桂花苑")
    await wang.says("我的电动车昨晚被偷了", chat="桂花苑")
    await world.pass_seconds(20)
    await wang.says("3号楼门口", chat="桂花苑")
    await wang.says("快来", chat="桂花苑")
    await wang.says("", image=PICTURE)

    ticket = await world.only_ticket()
    assert len(ticket.steps("supplement")) == 3
    assert "3号楼" in (await world.officer("林知远").card()).fields["地点"]
    assert len(await group.heard()) == 3, "every mention is answered"


async def test_another_matter_later_is_another_ticket(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says(THEFT, chat="桂花苑")
    await world.pass_minutes(5)
    await wang.says("9号楼楼下垃圾桶满了好几天没人收，臭死了", chat="桂花苑")

    assert [one.category for one in await world.tickets()] == ["P01", "N01"]


async def test_noise_upstairs_of_two_neighbours_is_not_one_matter(world: World) -> None:
    noise = "楼上半夜总是放音响，吵得睡不着"
    await world.resident("王阿姨").says(noise, chat="桂花苑")
    await world.pass_minutes(30)
    await world.resident("陈叔").says(noise, chat="桂花苑")

    assert len(await world.tickets()) == 2, "each of them has somebody upstairs"


async def test_second_witness_of_one_place_joins_and_hears_the_result(world: World) -> None:
    wu, zhou, wei = world.resident("吴老三"), world.resident("周大嫂"), world.staff("魏和平")
    await wu.says(LAMP, chat="石桥村")
    await world.pass_minutes(10)
    await zhou.says("村口路灯不亮了，黑得很", chat="石桥村")
    await world.only_ticket()

    await wei.presses("签收")
    await wei.types("处置 0001 换了灯泡和整流器，已亮")
    await world.pass_minutes(2)

    for person in (wu, zhou):
        assert "有结果了" in await person.heard_all()
    asked = [p.id for p in (wu, zhou) if "5分最满意" in await p.heard_all()]
    assert asked == ["wu_laosan"], "one voice per ticket"


async def test_progress_is_told_in_private_only(world: World) -> None:
    wang, lin, group = world.resident("王阿姨"), world.officer("林知远"), world.chat("桂花苑")
    await wang.says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    await world.pass_minutes(20)
    await wang.says("我那个事办得怎么样了", chat="桂花苑")

    said = await group.last()
    assert "私" in said
    assert "0001" not in said
    assert "0001" in await wang.last()
    assert "林知远" not in await wang.heard_all()
    assert "催" in await lin.last()


async def test_officer_sees_and_may_change_what_the_reporter_will_hear(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    before = len(await wang.heard())
    await lin.types("处置 0001 嫌疑人张某住3号楼2单元501，已带走")
    assert len(await wang.heard()) == before, "not before the officer saw the words"
    proposed = (await lin.card()).fields
    assert any("张某" not in words for words in proposed.values())

    shown = await lin.types("告知 0001 车找到了，请到警务室取，经办电话13912345678")
    assert "车找到了" in shown
    await world.pass_minutes(2)

    told = await wang.heard_all()
    assert "车找到了" in told
    for secret in ("张某", "501", "13912345678", "已带走"):
        assert secret not in told


async def test_result_leaves_at_once_on_command(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    await lin.types("处置 0001 车在地库角落找到，已还给车主")

    await lin.types("反馈 0001")

    assert "有结果了" in await wang.heard_all()
    assert (await world.ticket()).stage == "evaluation"


async def test_public_words_promise_nothing_the_police_alone_may_say(world: World) -> None:
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    await world.resident("吴老三").says(LAMP, chat="石桥村")
    await world.resident("陈叔").says("小区门口有两个人打起来了，头都流血了", chat="桂花苑")
    await world.officer("林知远").presses("签收")

    for person in ("王阿姨", "吴老三", "陈叔"):
        private = await world.resident(person).heard_all()
        for word in ("受理", "受案", "立案", "出警", "马上到"):
            assert word not in private
    for name in ("桂花苑", "石桥村"):
        public = await world.chat(name).heard_all()
        for word in ("受理", "受案", "立案", "出警", "马上到", "林知远", "王阿姨", "3号楼"):
            assert word not in public


async def test_thanks_open_no_ticket(world: World) -> None:
    await world.resident("王阿姨").says("谢谢你们，处理得真好", chat="桂花苑")

    assert await world.tickets() == []
    assert len(await world.chat("桂花苑").heard()) == 1
