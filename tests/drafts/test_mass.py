"""A mass send from the order in chat to the member's tap and the news of it."""

from datetime import timedelta

from tests.drafts.block import GROUP, OWNER, Block

LEADER = "zhong_yihang"
WORDS = "近期冒充客服的骗子多，凡是叫您共享屏幕的都是诈骗，请挂断。"


async def types(block: Block, user: str, text: str) -> str:
    """Say it to the robot in private; what came back, in one text."""
    before = len(await block.inbox(user))
    body = {"user": user, "chat": f"bot:{user}", "text": text}
    async with block.session.post(f"{block.url}/sim/say", json=body) as answer:
        assert answer.status == 200, await answer.text()
    return "\n".join(m["text"] for m in (await block.inbox(user))[before + 1 :])


async def test_a_mass_send_waits_for_the_owner_and_the_orderer_hears_of_it(block: Block) -> None:
    ordered = await types(block, LEADER, f"群发 桂花苑业主群：{WORDS}")

    assert "已请林知远确认，共1个群" in ordered
    assert any("等您确认" in m["text"] for m in await block.inbox(OWNER))
    assert [m for m in block.sim.timeline.messages if m.chat == GROUP] == []
    (msgid,) = block.sim.group_messages
    body = {"msgid": msgid, "user": OWNER}
    async with block.session.post(f"{block.url}/sim/groupmsg", json=body) as answer:
        assert (await answer.json())["sent"] == [GROUP]
    before = len(await block.inbox(LEADER))
    await block.pass_time(timedelta(minutes=11))
    await block.until(lambda: _more_than(block, before))
    assert "已发1个" in (await block.inbox(LEADER))[-1]["text"]


async def test_a_mass_send_can_be_called_to_mind_and_called_off(block: Block) -> None:
    await types(block, LEADER, f"群发 全部：{WORDS}")
    (task,) = block.sim.group_messages.values()

    reminded = await types(block, LEADER, "群发催")
    cancelled = await types(block, LEADER, "群发撤")

    assert "提醒林知远" in reminded
    assert len(task["reminded"]) == 1
    assert "撤了" in cancelled
    assert task["cancelled"]


async def test_unknown_groups_and_people_without_the_right_are_refused_kindly(
    block: Block,
) -> None:
    assert "没有“月亮苑”" in await types(block, LEADER, f"群发 月亮苑：{WORDS}")
    assert "综合指挥室" in await types(block, "fang_xiaoman", f"群发 全部：{WORDS}")
    assert block.sim.group_messages == {}


async def test_a_group_takes_one_a_day(block: Block) -> None:
    await types(block, LEADER, f"群发 桂花苑业主群：{WORDS}")

    assert "明天再发" in await types(block, LEADER, f"群发 桂花苑业主群：{WORDS}")
    assert len(block.sim.group_messages) == 1


async def _more_than(block: Block, count: int) -> bool:
    return len(await block.inbox(LEADER)) > count
