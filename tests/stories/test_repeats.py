"""Scenario 5: one stairwell, four tellings by three people in twenty days; what comes of it."""

import re

from tests.stories.world import World

NOISE = "3号楼2单元楼上半夜又蹦又跳，吵得睡不着"


async def test_same_stairwell_four_times_becomes_one_focus_ticket(world: World) -> None:
    lin = world.officer("林知远")
    for name, days in (("王阿姨", 7), ("陈叔", 6), ("徐小蕾", 6)):
        await world.resident(name).says(NOISE, chat="桂花苑")
        newest = max(await world.tickets(), key=lambda one: one.opened_at)
        if name != "徐小蕾":
            await lin.types(f"签收 {newest.number}")
            await lin.types(f"处置 {newest.number} 上门劝了，答应十点以后不再跳")
            await world.pass_minutes(2)
            await world.resident(name).says("5")
            await world.pass_days(days)

    said = await lin.heard_all()
    found = re.findall(r"(\S+) 重点·一地多起", said)
    assert len(found) == 1
    focus = await world.ticket(found[0])
    assert focus.owner == "lin_zhiyuan"
    assert "重点·一地多起（黄）" in said
    assert "3号楼2单元30天里3起，3人反映" in said
    assert "不含110警情" in said

    await world.pass_days(1)
    await world.resident("王阿姨").says(NOISE, chat="桂花苑")
    oldest = min(await world.tickets(), key=lambda one: one.opened_at)
    assert (await world.ticket(oldest.number)).steps("reopen"), "she told it again: done again"
    assert "上次算没办好" in await lin.heard_all()
    assert "3号楼2单元30天里4起，3人反映" in await lin.heard_all()
    group = await world.chat("桂花苑").heard_all()
    for word in ("重点", "一地多起", "3人反映", "王阿姨"):
        assert word not in group
    for name in ("王阿姨", "陈叔", "徐小蕾", "方小满"):
        assert "一人多次" not in await world.staff(name).heard_all()
