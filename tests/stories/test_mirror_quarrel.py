"""Scenario 1: a mirror over the door, from a sentence in the group to the visit after a week."""

from datetime import timedelta

from tests.stories.world import World


async def test_mirror_quarrel_goes_from_group_to_agreement_and_visit(world: World) -> None:
    wang, lin, group = world.resident("王阿姨"), world.officer("林知远"), world.chat("桂花苑")
    await wang.says("3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架", chat="桂花苑")

    card = await lin.card()
    assert "邻里纠纷" in card.title
    said = await group.last()
    assert "0001" in said
    assert "桂花社区警务室" in said
    assert "林知远" not in said
    assert (await world.only_ticket()).stage == "assigned"

    await world.pass_minutes(2)
    await lin.presses("签收")
    assert (await world.ticket()).stage == "accepted"
    await lin.types("到场")
    assert (await world.ticket()).stage == "verifying"
    shown = await lin.types("处置 双方和解，镜子挪到侧墙，签了协议")
    assert "谈好了" in shown
    assert (await world.ticket()).stage == "resolved"

    await world.pass_minutes(2)
    told = await wang.heard_all()
    assert "谈好了" in told
    assert "5分最满意" in told
    assert "镜子挪到侧墙" not in told
    await wang.says("5")
    closed = await world.ticket()
    assert closed.stage == "closed"
    assert closed.steps("evaluate")[0].actor == "reporter"
    assert closed.steps("accept")[0].at - closed.opened_at < timedelta(minutes=3)

    await world.pass_days(7.01)
    visit = await world.ticket()
    assert visit.stage == "review"
    assert "问效" in await lin.heard_all()
    await lin.types("问效 0001 好了")
    assert (await world.ticket()).stage == "archived"
    assert await group.heard() == [said]


async def test_the_example_of_the_conventions_holds_word_for_word(world: World) -> None:
    lin = world.officer("林知远")
    await world.resident("王阿姨").says("对门挂了面镜子正对我家,快打起来了", chat="桂花苑")

    card = await lin.card()
    assert card.title == "邻里纠纷 · 紧急"
    await card.press("签收")
    number = (await world.only_ticket()).serial
    assert await world.chat("桂花苑").last() == (
        f"收到，记下了，编号{number}，已转给桂花社区警务室。有新情况@我接着说；门牌、电话请私聊我。"
    )

    await world.pass_minutes(31)
    assert await lin.last() == (
        f"{number} 邻里纠纷（桂花苑）已过时限1分钟，群众还在等。"
        "能办回“到场”，办不了回“转 某某”或“退回 原因”，一句话就行。"
    )


async def test_mirror_quarrel_is_mediated_beside_its_ticket(world: World) -> None:
    wang, lin, shen = world.resident("王阿姨"), world.officer("林知远"), world.staff("沈伯渔")
    group = world.chat("桂花苑")
    await wang.says("3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架", chat="桂花苑")
    await lin.types("签收 0001")
    said_in_group = await group.heard()

    assert "沈伯渔" in await lin.types("调解 0001")
    assert "全凭自愿" in await wang.heard_all()
    await wang.says("愿意调解 0001")
    assert "可以谈了" in await shen.types("同意调解 0001 乙方")
    await shen.types("约调解 0001 明天19点 居委会")
    assert "明天19点" in await wang.heard_all()
    await shen.types("调解记录 0001 乙方说镜子是风水先生让挂的")
    assert "风水先生" not in await lin.types("看调解 0001")
    assert "成功" in await shen.types("调解结果 0001 成功 镜子移到侧墙")
    await shen.types("履行期限 0001 15天")
    assert "XH人调" in await shen.types("写协议 0001 协议书")
    assert any("[文件]" in line.text for line in await shen.inbox())
    assert not any("[文件]" in line.text for line in await wang.inbox())
    await lin.types("处置 0001 调解成功，镜子移到侧墙")

    await world.pass_days(7.9)
    assert "调解回访" in await shen.heard_all()
    heard = await wang.heard_all()
    assert "做到了吗" in heard
    assert "风水先生" not in heard
    await wang.says("已履行 0001")
    assert "说做到了" in await wang.heard_all()
    assert "一方说做到了" in await lin.types("看调解 0001")
    assert await group.heard() == said_in_group
    assert "风水先生" not in str((await world.ticket()).__dict__)
