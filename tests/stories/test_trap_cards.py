"""Cards as people really press them (trap 14): old ones, late ones, by who may not any more."""

from tests.stories.world import World

THEFT = "3号楼楼下我电动车被偷了"


async def test_trap_14_button_of_an_old_version_changes_nothing(world: World) -> None:
    """Trap 14: click on an old card version."""
    await world.resident("王阿姨").says(THEFT, chat="桂花苑")
    lin = world.officer("林知远")
    await lin.presses("签收")
    await lin.presses("到场")
    before = await world.only_ticket()
    await world.pass_seconds(2)  # the same press within one second is WeCom's repeat

    await lin.presses("签收")

    after = await world.only_ticket()
    assert (after.stage, after.acts) == (before.stage, [*before.acts, "refuse"])
    assert "还不能签收" in await lin.last()


async def test_trap_14_button_of_a_closed_ticket_changes_nothing(world: World) -> None:
    """Trap 14: click after the ticket closed."""
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(THEFT, chat="桂花苑")
    await lin.presses("签收")
    await lin.types("处置 0001 车找到了，还给失主了")
    await world.pass_minutes(2)
    await wang.says("5")
    before = await world.only_ticket()
    assert before.stage == "closed"

    await lin.presses("退回")

    after = await world.only_ticket()
    assert (after.stage, after.acts) == ("closed", [*before.acts, "refuse"])
    assert await lin.last()


async def test_trap_14_who_sent_it_back_presses_in_vain(world: World) -> None:
    """Trap 14: click by somebody who is not entitled any more; the old card still lies there."""
    await world.resident("王阿姨").says("桂花苑3号楼门口的路灯不亮", chat="桂花苑")
    wei = world.staff("魏和平")
    card = await wei.card()
    await wei.types("退回 0001 这是物业自己装的灯")
    before = await world.only_ticket()
    assert before.owner != wei.id

    await card.press("签收")

    after = await world.only_ticket()
    assert (after.owner, after.stage) == (before.owner, before.stage)
    assert after.steps("accept") == []


async def test_trap_14_two_people_press_at_the_same_moment(world: World) -> None:
    """Trap 14: two officers click the same card's button; one has it, the other hears who."""
    await world.resident("王阿姨").says("5号楼着火了", chat="桂花苑")
    await world.pass_seconds(61)
    lin, qiu = world.officer("林知远"), world.staff("邱若兰")
    first, second = await lin.card(), await qiu.card()

    await first.press("签收", wait=False)
    await second.press("签收")

    ticket = await world.only_ticket()
    assert len(ticket.steps("accept")) == 1
    assert ticket.owner in (lin.id, qiu.id)
    other, taker = (qiu, "林知远") if ticket.owner == lin.id else (lin, "邱若兰")
    assert taker in await other.heard_all()
