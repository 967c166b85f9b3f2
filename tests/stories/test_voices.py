"""The same matter told by several people (同一件事): one ticket, several voices, and back again."""

from tests.stories.world import World

BARBECUE = "东门那家烧烤店油烟太大了，呛得人不敢开窗"
SMOKE = "东门烧烤店的油烟往楼上飘，窗户都不敢开，呛得慌"
LAMP = "村口的路灯坏了"
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


async def test_same_matter_days_later_and_through_another_door_is_one_ticket(world: World) -> None:
    wang, chen = world.resident("王阿姨"), world.resident("陈叔")
    await wang.says(BARBECUE, chat="桂花苑")
    await world.pass_days(2)
    await chen.says("今天天气不错啊", chat="桂花苑")
    await chen.says(SMOKE)

    ticket = await world.only_ticket()
    assert len(ticket.steps("supplement")) == 1
    assert "算上了" in await chen.last()


async def test_doubtful_pair_is_two_tickets_until_the_grid_worker_says_one(world: World) -> None:
    wang, chen, fang = world.resident("王阿姨"), world.resident("陈叔"), world.worker("方小满")
    await wang.says("5号楼楼下半夜总有人打牌吵得睡不着", chat="桂花苑")
    await world.pass_minutes(20)
    await chen.says("楼下半夜打牌的又吵又闹，吵得睡不着", chat="桂花苑")
    assert len(await world.tickets()) == 2, "nobody is made to wait"

    card = next(c for c in await fang.cards() if "并入 0001" in c.buttons)
    assert "不是一回事" in card.buttons
    await card.press("并入 0001")

    gone, goes_on = await world.ticket("0002"), await world.ticket("0001")
    assert gone.stage == "merged"
    assert "0001" in await chen.last()
    assert goes_on.steps("merge")[0].actor != "system"
    card = next(c for c in await fang.cards() if c.task_id == card.task_id)
    assert not card.live


async def test_merged_reporter_hears_the_result(world: World) -> None:
    wang, chen, lin = world.resident("王阿姨"), world.resident("陈叔"), world.officer("林知远")
    await wang.says("5号楼楼下半夜总有人打牌吵得睡不着", chat="桂花苑")
    await chen.says("楼下半夜打牌的又吵又闹，吵得睡不着", chat="桂花苑")
    await world.worker("方小满").types("0002 并入 0001")

    await lin.types("签收 0001")
    await lin.types("处置 0001 上门劝说，双方和解，已散")
    await world.pass_minutes(2)

    for person in (wang, chen):
        assert "有结果了" in await person.heard_all()


async def test_not_the_same_leaves_both(world: World) -> None:
    fang = world.worker("方小满")
    await world.resident("王阿姨").says("5号楼楼下半夜总有人打牌吵得睡不着", chat="桂花苑")
    await world.resident("陈叔").says("楼下半夜打牌的又吵又闹，吵得睡不着", chat="桂花苑")

    card = next(c for c in await fang.cards() if "并入 0001" in c.buttons)
    await card.press("不是一回事")

    assert [one.stage for one in await world.tickets()] == ["assigned", "assigned"]
    assert "单独办" in await fang.last()


async def test_merge_is_undone_by_one_command(world: World) -> None:
    chen, fang = world.resident("陈叔"), world.worker("方小满")
    await world.resident("王阿姨").says("5号楼楼下半夜总有人打牌吵得睡不着", chat="桂花苑")
    await chen.says("楼下半夜打牌的又吵又闹，吵得睡不着", chat="桂花苑")
    await fang.types("0002 并入 0001")

    answer = await fang.types("拆开 0001")

    assert "0002" in answer
    assert [one.stage for one in await world.tickets()] == ["assigned", "assigned"]
    assert "0002" in await chen.last()
    assert "没有可以拆开的" in await fang.types("拆开 0001")


async def test_voice_that_joined_by_itself_is_split_off(world: World) -> None:
    wu, zhou, ruan = world.resident("吴老三"), world.resident("周大嫂"), world.worker("阮秋月")
    await wu.says(LAMP, chat="石桥村")
    await zhou.says("村口路灯不亮了，黑得很", chat="石桥村")
    await world.only_ticket()

    answer = await ruan.types("拆开 0001")

    assert "0002" in answer
    first, second = await world.tickets()
    assert (first.category, second.category) == ("N03", "N03")
    assert "0002" in await zhou.last()
    assert "0002" not in await wu.heard_all()
    await world.staff("魏和平").types("签收 0001")
    await world.staff("魏和平").types("处置 0001 换了灯泡和整流器，已亮")
    await world.pass_minutes(2)
    assert "有结果了" in await wu.heard_all()
    assert "有结果了" not in await zhou.heard_all()


async def test_three_lines_of_one_sender_are_one_ticket(world: World) -> None:
    wang = world.resident("王阿姨")
    for line in ("有人打架", "3号楼", "快来"):
        await wang.says(line, chat="桂花苑")

    ticket = await world.only_ticket()
    assert ticket.category == "P03"
    assert "3号楼" in (await world.officer("林知远").card()).fields["地点"]


async def test_photo_and_place_that_came_first_go_with_the_report(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says("你好", chat="桂花苑")
    await wang.says("", image=PICTURE)
    assert "图片收到了" in await wang.last()
    await world.pass_seconds(30)
    await wang.says("9号楼")
    await wang.says("楼下垃圾桶满了好几天没人收，臭死了")

    ticket = await world.only_ticket()
    assert any(step.reason.startswith("[图片") for step in ticket.steps("supplement"))
    assert "9号楼" in await world.staff("魏和平").heard_all() + str(
        [c.fields for c in await world.staff("魏和平").cards()]
    )
