"""Disputes and what must never be one: four levels, work done together, scenarios 2 and 17."""

from tests.stories.pages import Ticket
from tests.stories.world import World

DITCH = "登记 晒谷场旁边两家为排水沟的事吵了好几天"
AT_HOME = "我老公喝多了又打我，我躲在厕所里"


async def newest_of(world: World) -> Ticket:
    """The ticket that was opened last."""
    return max(await world.tickets(), key=lambda one: one.opened_at)


async def test_ditch_goes_from_worker_to_leader_to_officer_and_is_solved_together(
    world: World,
) -> None:
    ruan, ding, he = (world.staff(name) for name in ("阮秋月", "丁长河", "贺云飞"))
    yu = world.staff("余晚晴")
    await ruan.types(DITCH)
    ticket = await world.only_ticket()
    assert (ticket.stage, ticket.owner) == ("draft", "ding_changhe")

    assert "群众原话没有动" in await ding.types(f"批注 {ticket.serial} 去年也为这条沟吵过")
    await ding.presses("报民警")
    assert (await world.ticket()).stage == "new"
    assert "去年也为这条沟吵过" in await he.types(f"查 {ticket.serial}")

    said = await he.types(f"研判 {ticket.serial} 一般 阮秋月、余晚晴 1天 上门听听两家怎么说")
    assert "定为一般" in said
    assert (await world.ticket()).owner == "he_yunfei"
    await ruan.presses("接下")
    await ruan.types(f"完成 {ticket.serial} 东边一家说沟是去年填的")
    assert "东边一家" in await he.heard_all()
    await yu.types(f"完成 {ticket.serial} 两家都答应一起清沟")
    assert "可以写结果" in await he.last()
    await he.types(f"处置 {ticket.serial} 双方和解，周六一起清沟")
    assert (await world.ticket()).stage == "resolved"
    asked = [step.act for step in (await world.ticket()).journal]
    assert asked.index("approve") < asked.index("judge") < asked.index("subtask")


async def test_leader_says_no_and_the_officer_takes_it_up_with_one_tap(world: World) -> None:
    ruan, ding, he = (world.staff(name) for name in ("阮秋月", "丁长河", "贺云飞"))
    await ruan.types(DITCH)
    serial = (await world.only_ticket()).serial

    assert "理由民警看得到" in await ding.types(f"不报 {serial} 村里已经说过了")
    assert "村里已经说过了" in await he.heard_all()
    assert "村里已经说过了" in await ruan.heard_all()

    await he.presses("采纳")
    assert (await world.ticket()).stage == "assigned"
    assert "决定办" in await ding.heard_all()
    assert "排水沟" in await he.types(f"查 {serial}")


async def test_leak_is_worked_by_several_who_meet_and_write_down_what_they_agreed(
    world: World,
) -> None:
    lin, fang, shen = (world.staff(name) for name in ("林知远", "方小满", "沈伯渔"))
    await world.resident("陈叔").says("3号楼楼上楼下为漏水的事天天吵架", chat="桂花苑")
    await lin.types("签收 0001")
    await lin.types("子任务 0001 方小满 2小时 上门看看漏在哪里")

    called = await lin.types("召集 0001 明天15点 方小满 沈伯渔 商量怎么修怎么赔")
    assert "桂花社区警务室" in called
    await fang.presses("能来", "召集")
    await shen.types("来不了 0001")
    heard = await lin.heard_all()
    assert "方小满能来" in heard
    assert "沈伯渔来不了" in heard
    assert "方小满" in await lin.types("处置 0001 双方和解，楼上修管楼下不追究")
    await fang.types("完成 0001 是楼上软管裂了，物业去换")

    await world.pass_hours(32)
    assert "提醒：0001" in await fang.heard_all()
    assert "提醒" not in await shen.heard_all()
    assert "纪要 0001" in await lin.heard_all()
    await lin.types("纪要 0001 楼上周五前换管，楼下墙面由楼上出料")
    assert "墙面由楼上出料" in await fang.types("召集 0001")
    await lin.types("处置 0001 双方和解，楼上换管楼下不追究")

    assert (await world.ticket()).stage == "resolved"
    group = await world.chat("桂花苑").heard_all()
    for word in ("软管", "墙面", "方小满", "林知远"):
        assert word not in group


async def test_scenario_17_violence_at_home_is_never_closed_as_mediated(world: World) -> None:
    xu, lin, zhong = world.resident("徐小蕾"), world.officer("林知远"), world.staff("钟一航")
    await xu.says(AT_HOME)
    await lin.presses("签收")
    await lin.types("到场 0001")

    assert "先保护人" in await lin.types("调解 0001")
    assert "不能按调解办结" in await lin.types("处置 0001 双方和解，都签了协议")
    assert "告诫书" in await lin.types("处置 0001 已解决，对方已带离")
    await lin.types("告诫书 0001 已出具，3月4日送达")
    assert "回访计划" in await lin.types("处置 0001 已解决，对方已带离")
    await lin.types("回访计划 0001 七天内第一次上门，以后每月一次")
    await lin.types("处置 0001 已解决，对方已带离")

    assert (await world.ticket()).stage == "resolved"
    await world.pass_minutes(2)
    assert (await world.ticket()).stage == "recheck"
    await zhong.types("复核 0001 合格")
    assert (await world.ticket()).stage == "closed"
    assert await world.chat("桂花苑").heard() == []
    assert "告诫书" not in await xu.heard_all()


async def test_scenario_2_child_that_ran_away_a_third_time_and_writes_of_dying(
    world: World,
) -> None:
    mother, lin, zhong = world.resident("徐小蕾"), world.officer("林知远"), world.staff("钟一航")
    for words in ("我儿子小军才14岁，跟我吵了一架离家出走了", "小军又离家出走了，电话关机，他14岁"):
        await mother.says(words)
        number = (await newest_of(world)).number
        await lin.types(f"签收 {number}")
        assert "强制报告" in await lin.types(f"处置 {number} 已解决，孩子平安到家")
        await lin.types(f"强制报告 {number} 已报派出所和居委会")
        await lin.types(f"处置 {number} 已解决，孩子平安到家")
        await world.pass_days(6)

    await mother.says("14岁的小军又跑了，留了条子说不想活了", chat="桂花苑")

    newest = await newest_of(world)
    assert (newest.category, newest.danger, newest.protected) == ("P05", True, True)
    assert newest.urgency == "U1"
    for name in (lin, zhong):
        assert "一年里第3次求助" in await name.heard_all()
    assert "12356" in await mother.last()
    said = await world.chat("桂花苑").heard_all()
    strangers = [await world.staff(name).heard_all() for name in ("高明芳", "方小满", "康立群")]
    for word in ("小军", "14", "条子", "徐小蕾", "轻生", "孩子", "走失", newest.serial):
        assert word not in said, word
    for word in ("小军", "14岁", "条子", "轻生", "不想活"):
        assert word not in "\n".join(strangers), word
    assert "没找到" in await world.staff("方小满").types(f"查 {newest.number}")


async def test_quarrel_that_came_to_blows_is_yellow_and_looked_at_by_a_second_person(
    world: World,
) -> None:
    wang, lin, zhong = world.resident("王阿姨"), world.officer("林知远"), world.staff("钟一航")
    await wang.says("桂花苑5号楼对门为挂镜子的事天天跟我吵架，上个月还推搡过")
    assert "黄色" in str((await lin.card()).fields)
    await lin.types("签收 0001")
    await lin.types("处置 0001 双方和解，镜子挪到侧墙")

    await world.pass_minutes(2)
    assert (await world.ticket()).stage == "recheck"
    assert "5分最满意" not in await wang.heard_all()
    assert "0001" in await zhong.last()
    await zhong.types("复核 0001 合格")

    assert "5分最满意" in await wang.heard_all()
    assert "黄色" not in await world.chat("桂花苑").heard_all() + await wang.heard_all()
