"""Mass sends that go only halfway (trap 23): never confirmed, partly confirmed, refused, full."""

from datetime import timedelta

from tests.drafts.block import GROUP, OWNER, Block
from tests.drafts.test_mass import LEADER, WORDS, types


async def ordered(block: Block) -> str:
    """A mass send that waits for its sender; its id at WeCom."""
    await types(block, LEADER, f"群发 全部：{WORDS}")
    (msgid,) = block.sim.group_messages
    return msgid


async def news(block: Block, span: timedelta) -> list[str]:
    """What the one who ordered it hears while that time passes."""
    before = len(await block.inbox(LEADER))
    await block.pass_time(span)

    async def told() -> bool:
        return len(await block.inbox(LEADER)) > before

    await block.until(told)
    return [line["text"] for line in (await block.inbox(LEADER))[before:]]


async def test_trap_23_nobody_confirms_and_the_orderer_hears_of_it(block: Block) -> None:
    """Trap 23: accepted but never confirmed."""
    await ordered(block)

    (told,) = await news(block, timedelta(days=3, minutes=61))

    assert "已发0个" in told
    assert [line for line in block.sim.timeline.messages if line.chat == GROUP] == []
    assert "没有在等确认" in await types(block, LEADER, "群发进度")


async def test_trap_23_confirmed_for_some_groups_only(block: Block) -> None:
    """Trap 23: partly confirmed; and one group belongs to somebody else (fail_list)."""
    msgid = await ordered(block)
    task = block.sim.group_messages[msgid]
    task["chats"]["wrSECOND"] = [0, 0]

    body = {"msgid": msgid, "user": OWNER, "chats": [GROUP]}
    async with block.session.post(f"{block.url}/sim/groupmsg", json=body) as answer:
        assert (await answer.json())["sent"] == [GROUP]
    (told,) = await news(block, timedelta(minutes=11))

    assert "已发1个" in told
    assert "已发1个" in await types(block, LEADER, "群发进度")
    (running,) = [one for one in block.sim.group_messages.values() if not one["cancelled"]]
    assert running["chats"]["wrSECOND"] == [0, 0]


async def test_trap_23_full_month_is_told_by_name(block: Block) -> None:
    """Trap 23: monthly quota, status 3."""
    msgid = await ordered(block)
    block.sim.group_messages[msgid]["chats"][GROUP] = [3, 0]

    (told,) = await news(block, timedelta(minutes=11))

    assert "桂花苑业主群本月次数用完了" in told


async def test_trap_23_fourth_reminder_is_not_asked_of_wecom(block: Block) -> None:
    """Trap 23: reminder > 3."""
    msgid = await ordered(block)

    said = [await types(block, LEADER, "群发催") for _ in range(4)]

    assert ["已请企业微信提醒" in one for one in said] == [True, True, True, False]
    assert len(block.sim.group_messages[msgid]["reminded"]) == 3


async def test_trap_23_cancelled_before_anybody_confirmed(block: Block) -> None:
    """Trap 23: cancel; afterwards nothing can be sent and nobody is asked again."""
    msgid = await ordered(block)
    await types(block, LEADER, "群发撤")

    body = {"msgid": msgid, "user": OWNER}
    async with block.session.post(f"{block.url}/sim/groupmsg", json=body) as answer:
        assert (await answer.json())["sent"] == []
    assert "没有在等确认" in await types(block, LEADER, "群发进度")
