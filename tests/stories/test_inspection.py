"""A kitchen is looked at, a fault put right and looked at again; the notice comes as a file."""

from tests.stories.world import World


async def test_fault_in_a_kitchen_goes_to_its_recheck(world: World) -> None:
    worker, officer, fire = world.staff("方小满"), world.officer("林知远"), world.staff("关铁鹰")
    assert "1 安全出口" in await worker.types("检查 小餐饮 桂花苑1号楼老王面馆")

    assert "消防器材" in await worker.types("2 灭火器过期两年")
    ticket = await world.only_ticket()
    assert "〔" in await officer.types(f"通知书 {ticket.serial}")

    assert any("[文件]" in line.text for line in await officer.inbox())

    await fire.types(f"签收 {ticket.serial}")
    await fire.types(f"处置 {ticket.serial} 已解决，换了新灭火器")
    await world.pass_minutes(3)
    assert (await world.only_ticket()).stage == "recheck"
    assert "复核通过" in await officer.types(f"复核 {ticket.serial} 合格")
    assert (await world.only_ticket()).stage == "closed"
    assert "1/1" in await officer.types("整改率")


async def test_tenant_registers_in_private_and_only_police_read_it(world: World) -> None:
    resident, officer = world.resident("王阿姨"), world.officer("林知远")
    for words in ("租客登记", "1", "刘小溪", "13900001111", "桂花苑3号楼2单元501", "2", "3月1日"):
        await resident.says(words)

    ticket = await world.only_ticket()
    assert "刘小溪" in await officer.types(f"登记内容 {ticket.serial}")
    assert "刘小溪" not in await world.staff("方小满").types(f"登记内容 {ticket.serial}")
