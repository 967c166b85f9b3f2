"""A ticket that is handed around (转办、退回): no time is won by it, and it does not go round."""

from tests.stories.world import World

PARKING = "3号楼两家人为停车位吵架，麻烦来调解一下"


async def test_ticket_that_goes_round_is_decided_above_and_wins_no_time(world: World) -> None:
    await world.resident("王阿姨").says(PARKING, chat="桂花苑")
    lin, tang, room = world.officer("林知远"), world.staff("唐朔"), world.staff("邱若兰")
    await lin.types("退回 0001 车主是槐安里的")
    assert "请重新安排" in await room.heard_all()
    await room.types("转 0001 林知远")

    assert "邱若兰" in await lin.types("退回 0001 还是不归我")
    assert (await world.ticket()).owner == "lin_zhiyuan", "until somebody decides it is his"
    await room.presses("不同意")
    assert "没有同意" in await lin.heard_all()

    await lin.types("签收 0001")
    await lin.types("到场 0001")
    await world.pass_hours(25)
    assert "群众还在等" in await lin.heard_all()
    await lin.types("转 0001 唐朔 车主周五才回来")

    told = await tang.heard_all()
    assert "从前面接着算" in told, "the new owner hears at once that nothing is left"
    assert "车主周五才回来" in told
    assert "已过时限" in (await tang.card("0001")).fields["时限"]
