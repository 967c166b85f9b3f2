"""Everyday matters (seeds 1.0, 1.1, 1.3): scenarios 6 and 18, and what a station lives besides."""

from tests.stories.world import World

FRAUD = "我刚转了5万给客服，是不是被骗了"
THEFT = "桂花苑3号楼门口我的电动车昨晚被偷了"


async def test_fraud_is_stopped_first_and_looked_back_on_when_it_is_closed(world: World) -> None:
    lin, wang, group = world.officer("林知远"), world.resident("王阿姨"), world.chat("桂花苑")
    await wang.says(FRAUD, chat="桂花苑")

    assert "止付" in await group.last()
    ticket = await world.only_ticket()
    assert (ticket.category, ticket.urgency) == ("P02", "U2")
    assert "没录" in await lin.types("没录入 0001 等她本人来所") or "等她" in await lin.last()

    await lin.types("签收 0001")
    await lin.types("处置 0001 已解决，陪她打了银行电话，卡已经止付")
    await world.pass_minutes(3)
    assert (await world.only_ticket()).stage == "closed"
    assert "怎么会发生" in await lin.last()

    assert "怎么防" in await lin.types("复盘 0001 接到假客服电话，对方叫共享屏幕")
    before = len(await group.heard())
    assert "1个群" in await lin.types("复盘 0001 客服来电要共享屏幕的，一律先挂断")
    draft = await lin.card("先挂断")
    assert "电信网络诈骗" in draft.text
    assert "共享屏幕的" in draft.text
    for secret in ("5万", "王阿姨", "0001", "假客服电话"):
        assert secret not in draft.text
    assert len(await group.heard()) == before, "a human says it, not the robot"
    await draft.press("已发出")
    assert "0个群" in await lin.types("复盘 0001 共享屏幕；陌生来电先挂断")


async def test_theft_is_formally_reported_elsewhere_and_ends_in_kind_words(world: World) -> None:
    lin, wang, leader = world.officer("林知远"), world.resident("王阿姨"), world.staff("钟一航")
    await wang.says(THEFT)

    assert "不算正式报案" in await wang.last()
    assert "110" in await wang.last()
    assert (await lin.card("0001")).fields["接报案"] == "还没录入"
    assert "还没写1件" in await leader.types("录入情况")
    assert "AJ20260017" in await lin.types("已录入 0001 AJ20260017")
    assert (await lin.card("0001")).fields["接报案"] == "AJ20260017"
    assert "还没写0件" in await leader.types("录入情况")

    await lin.types("签收 0001")
    await lin.types("处置 0001 已解决，车子找回来了，还给失主了")
    await world.pass_minutes(3)
    await wang.says("5")
    await wang.says("感谢民警帮我找回车，要送锦旗")
    assert "夸您" in await lin.last()
    assert "锦旗" in await leader.last()
    shown = await leader.types("表扬")
    assert "林知远" in shown
    assert "0001" in shown
    assert "王阿姨" not in shown


async def test_opinions_have_no_clock_and_posts_have_an_address(world: World) -> None:
    wang, group = world.resident("王阿姨"), world.chat("桂花苑")
    await wang.says("建议小广场晚上早点开灯，再装两把长椅", chat="桂花苑")

    assert "谢谢您的建议" in await group.last()
    assert "长椅" in await world.officer("林知远").last()
    assert await world.tickets() == []
    told = await world.staff("钟一航").types("民意")
    assert "桂花社区第一网格1条" in told
    assert "长椅" not in told

    await world.resident("吴老三").says("警务室在哪", chat="石桥村")
    assert "文化广场" in await world.chat("石桥村").last()
    await wang.says("警务室几点开门")
    assert "8:30" in await wang.last()
    assert "0000-8120001" in await wang.last()


async def test_lost_purse_and_found_purse_come_together_through_the_officer(world: World) -> None:
    lin, wang, chen = world.officer("林知远"), world.resident("王阿姨"), world.resident("陈叔")
    await wang.says("我在桂花苑东门掉了一个黑色钱包，里面有卡")
    await chen.says("我捡到一个钱包，在桂花苑快递柜", chat="桂花苑")

    assert "对上 0002 0001" in await lin.heard_all()
    await lin.types("对上 0002 0001")
    assert "认一认" in await wang.last()
    assert "交到" in await chen.last()
    for person, other in ((wang, "chen_shu"), (chen, "wang_ayi")):
        assert other not in await person.heard_all()
    assert "快递柜" not in await wang.last()
    assert "黑色" not in await world.chat("桂花苑").heard_all()


async def test_groups_look_for_a_missing_elder_after_two_agreed_until_he_is_found(
    world: World,
) -> None:
    lin, leader, group = world.officer("林知远"), world.staff("钟一航"), world.chat("石桥村")
    await world.resident("王阿姨").says("我家老人走丢了，有点糊涂，在桂花苑东门", chat="桂花苑")
    await lin.types("签收 0001")

    assert "不能有电话" in await lin.types("寻人 0001 见到请打13912345678")
    assert "钟一航" in await lin.types("寻人 0001 七十多岁，灰外套，八点在东门一带走失")
    assert "灰外套" not in await group.heard_all(), "one person alone tells no group"
    assert "两个人同意" in await lin.types("群发 桂花苑：有老人走失，请大家留意")

    await leader.presses("同意")
    said = await group.last()
    assert "灰外套" in said
    assert "110" in said
    assert "照片" in said
    assert "3个群" in await leader.last()
    await lin.types("已找到 0001")
    for name in ("石桥村", "桂花苑", "槐安里"):
        assert "已经找到" in await world.chat(name).last()
    await lin.types("处置 0001 已解决，老人送回家了")
    assert (await group.heard_all()).count("已经找到") == 1


async def test_analyst_assistant_contact_and_skills_have_their_place(world: World) -> None:
    wang, keeper = world.resident("王阿姨"), world.staff("聂守业")
    await keeper.says("3号楼楼道的灯坏了，黑灯瞎火的", chat="app")
    assert "0001" in await keeper.last()
    await wang.says("桂花苑5号楼婆媳天天闹离婚，想请人来劝劝", chat="桂花苑")
    assert "0002" in (await world.staff("唐朔").card("0002")).text, "he is the social worker"
    assert "婆媳" not in await keeper.types("查 0002")

    await world.resident("吴老三").says("石桥村村口的车棚电动车昨晚被偷了", chat="石桥村")
    assert "盗窃" in (await world.staff("柯小舟").card("0003")).title

    for name in ("王阿姨", "陈叔", "徐小蕾"):
        await world.resident(name).says("桂花苑7号楼2单元楼上天天半夜吵得睡不着")
        await world.pass_days(2)
    analyst = world.staff("严素云")
    assert "7号楼" in await analyst.heard_all()
    assert "研判出" in await analyst.heard_all()
