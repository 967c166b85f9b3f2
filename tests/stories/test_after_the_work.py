"""After the work (评价、重办、催办): scenario 10 and 11, ratings, rework, the chasing ladder."""

from collections import Counter
from itertools import pairwise

from tests.stories.world import World

THEFT = "3号楼门口我的电动车昨晚被偷了"


async def worked(world: World) -> None:
    """Ticket 0001 of 王阿姨, handled by 林知远, result told."""
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    lin = world.officer("林知远")
    await lin.presses("签收")
    await lin.types("处置 0001 车在地库角落找到，已还给车主")
    await world.pass_minutes(2)


async def test_low_rating_is_confirmed_and_goes_to_somebody_else(world: World) -> None:
    await worked(world)
    wang = world.resident("王阿姨")
    assert (await world.ticket()).stage == "evaluation"

    await wang.says("1")
    assert "还没解决吗" in await wang.last()
    assert (await world.ticket()).stage == "evaluation", "asked once before it reopens"
    await wang.says("没解决")

    again = await world.ticket()
    assert again.stage in ("assigned", "accepted")
    assert again.owner == "zhong_yihang", "a grid with one officer: his leader"
    assert "重新办" in await wang.last()
    assert "没解决" in await world.staff("钟一航").heard_all()
    await world.staff("钟一航").presses("签收")
    await world.pass_days(1)
    asked = [n for n in ("邱若兰", "白景舒") if "打了1分" in await world.staff(n).heard_all()]
    assert len(asked) == 1, "one named person calls back on the next day"
    assert "记下了" in await world.staff(asked[0]).types("回访 0001 车还给她了，锁坏了没人管")
    assert "锁坏了没人管" in await world.staff("钟一航").heard_all()
    await world.staff("钟一航").types("处置 0001 见面说明情况并补了登记")
    await world.pass_minutes(2)
    await wang.says("满意")
    closed = await world.ticket()
    assert (closed.stage, closed.whole["rating"]) == ("closed", 4)


async def test_low_rating_by_mistake_can_be_corrected(world: World) -> None:
    await worked(world)
    wang = world.resident("王阿姨")
    await wang.says("1")
    await wang.says("5")

    closed = await world.ticket()
    assert (closed.stage, closed.whole["rating"]) == ("closed", 5)
    assert closed.owner == "lin_zhiyuan"


async def test_two_reopens_at_most_then_the_leader(world: World) -> None:
    await worked(world)
    wang = world.resident("王阿姨")
    await wang.says("没解决")
    first = await world.ticket()
    assert first.owner == "zhong_yihang"
    await world.staff("钟一航").presses("签收")
    await world.staff("钟一航").types("处置 0001 再次核对监控没有新线索")
    await world.pass_minutes(2)
    await wang.says("没解决")
    second = await world.ticket()
    assert len(second.steps("reopen")) == 2
    assert second.owner not in ("", "lin_zhiyuan")


async def test_rating_counts_after_the_question_and_from_who_was_asked(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(THEFT, chat="桂花苑")
    await wang.says("5")
    await lin.presses("签收")
    await lin.types("处置 0001 车在地库角落找到，已还给车主")
    await wang.says("5")
    assert (await world.ticket()).whole["rating"] is None
    await world.pass_minutes(2)
    await world.resident("陈叔").says("5", chat="桂花苑")
    await world.resident("陈叔").says("5")
    assert (await world.ticket()).stage == "evaluation"

    await wang.says("5分", chat="桂花苑")

    assert (await world.ticket()).stage == "closed"
    group = await world.chat("桂花苑").heard_all()
    assert "最满意" not in group


async def test_silence_closes_without_a_rating_after_one_reminder(world: World) -> None:
    await worked(world)
    await world.pass_days(4)

    ticket = await world.ticket()
    assert ticket.stage == "closed"
    assert ticket.whole["rating"] is None
    reminders = [
        line for line in await world.resident("王阿姨").heard() if "方便时回个数字" in line
    ]
    assert len(reminders) == 1


async def test_silent_assignee_is_chased_up_the_ladder(world: World) -> None:
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    lin, gao = world.officer("林知远"), world.staff("钟一航")

    assert "时限" not in await lin.heard_all()
    await world.pass_minutes(22)
    assert "还剩" in await lin.last()
    await world.pass_minutes(10)
    assert "已过时限" in await lin.heard_all()
    assert "群众还在等" in await lin.heard_all()
    assert "请您先接着" in await world.staff("唐朔").heard_all(), "the nearest steps in"
    await world.pass_days(14)
    ticket = await world.ticket()
    acts = [step.act for step in ticket.journal if step.actor == "system"]
    rungs = [act for act in acts if act in ("warn", "chase", "supervise", "escalate")]
    assert rungs == ["warn", "chase", "chase", "supervise", "escalate", "escalate"]
    assert "督办" in await gao.heard_all()
    assert "您包联的这里" in await world.staff("顾长汀").last()
    assert "指挥室协调" in await world.staff("邱若兰").heard_all()
    moments = [step.at for step in ticket.journal]
    assert all(one <= other for one, other in pairwise(moments))

    await world.pass_days(7)
    assert "几家一起会商（联席" in await world.staff("邱若兰").heard_all()
    assert "召集" in (await lin.card()).title
    await lin.presses("能来")
    assert "林知远能来" in await world.staff("邱若兰").heard_all()
    assert len(await world.chat("桂花苑").heard()) == 1, "the group hears nothing of it"
    assert "0001" not in await world.chat("wrGEZIBAN1").heard_all(), "nor does the team's"
    lines = [line for line in await world.everything_said() if line.is_bot and ":" in line.chat]
    words = ("时限", "督办", "联席")
    chased = Counter(
        (line.chat, line.text) for line in lines if any(word in line.text for word in words)
    )
    assert len(chased) > 6
    assert [one for one, count in chased.items() if count > 1] == [], "every sentence differs"


async def test_nobody_is_reminded_at_night(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    await world.pass_hours(13.5)
    await lin.types("处置 0001 车在地库角落找到，已还给车主")
    await world.pass_minutes(2)
    done_at = await world.now()
    assert done_at.hour == 22

    await world.pass_days(12)

    later = [line for p in (wang, lin) for line in await p.inbox() if line.at > done_at]
    assert any("方便时回个数字" in line.text for line in later)
    assert any("问效" in line.text for line in later)
    assert [line.at for line in later if line.at.hour >= 22 or line.at.hour < 7] == []
