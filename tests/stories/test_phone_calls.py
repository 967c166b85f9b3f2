"""Phone calls of a danger: who is rung, who answers; messages go out besides."""

from datetime import timedelta

from tests.stories.world import World

FIRE = "着火了！5号楼3单元楼道里全是烟"


async def calls(world: World) -> list[str]:
    """What the journal of ticket 0001 says of calls."""
    return [step.reason for step in (await world.ticket()).steps("call")]


async def rung(world: World) -> list[str]:
    """Who was rung on the phone."""
    return [one["user"] for one in await world.get("/sim/calls_made")]


async def test_danger_at_night_rings_the_phone_and_the_next_one_when_nobody_answers(
    world: World,
) -> None:
    await world.pass_time(timedelta(hours=17))  # two in the morning
    await world.post("/sim/phone", user="lin_zhiyuan", does="off")
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")

    assert await rung(world) == ["lin_zhiyuan"]
    assert await calls(world) == ["已拨打林知远的电话"]
    await world.pass_seconds(11)

    assert await rung(world) == ["lin_zhiyuan", "qiu_ruolan"]
    assert await calls(world) == [
        "已拨打林知远的电话",
        "林知远没接电话：手机关机",
        "已拨打邱若兰的电话",
    ]
    await world.pass_seconds(11)
    assert (await calls(world))[3:] == ["邱若兰接了电话"]
    assert "0001" in (await world.officer("林知远").card()).text
    assert "现在叫到您" in await world.staff("邱若兰").heard_all()

    await world.staff("邱若兰").presses("签收")
    await world.pass_minutes(10)

    assert len(await rung(world)) == 2


async def test_phone_that_rings_in_vain_does_not_hold_up_the_chain(world: World) -> None:
    await world.post("/sim/phone", user="lin_zhiyuan", does="no_answer")
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    await world.pass_seconds(61)

    assert await rung(world) == ["lin_zhiyuan", "qiu_ruolan"]
    said = await calls(world)
    assert "林知远没接电话：响到超时没人接" in said
    assert [step.reason for step in (await world.ticket()).steps("ring")][:2] == [
        "林知远",
        "邱若兰",
    ]


async def test_nobody_is_called_more_often_than_wecom_allows(world: World) -> None:
    for user in ("lin_zhiyuan", "qiu_ruolan", "tang_shuo", "zhong_yihang", "bai_jingshu"):
        await world.post("/sim/phone", user=user, does="rejects")
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    await world.pass_minutes(40)

    assert len(await rung(world)) > 10
    assert any("超过企业微信的次数限制" in said for said in await calls(world))


async def test_calls_that_cannot_be_paid_leave_the_messages_and_tell_the_administrator(
    world: World,
) -> None:
    world.broken_on_purpose = frozenset({"voice_no_balance"})
    await world.post("/sim/phone", office="no_balance")
    await world.resident("王阿姨").says(FIRE, chat="桂花苑")
    await world.pass_seconds(130)

    assert await rung(world) == []
    assert set(await calls(world)) == {
        f"没能拨打{name}的电话：“紧急通知”余额不足" for name in ("林知远", "邱若兰", "唐朔")
    }
    told = [line for line in await world.staff("左明凯").heard() if "电话打不出去" in line]
    assert len(told) == 1
    assert "夜里叫不醒人" in told[0]
    assert "险情" in (await world.officer("林知远").card()).title
