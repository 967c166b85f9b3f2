"""The daily sample (抽查): at half past nine one person judges decisions on one card."""

from datetime import datetime, timedelta, timezone

from tests.stories.world import World

LAMP = "东门的路灯坏了三天了"
BEIJING = timezone(timedelta(hours=8))


async def _to_half_past_nine(world: World) -> None:
    now = (await world.now()).astimezone(BEIJING)
    at = datetime(now.year, now.month, now.day, 9, 30, 5, tzinfo=BEIJING) + timedelta(days=1)
    await world.pass_time(at - now)


async def test_reader_walks_through_the_decisions_on_one_card(world: World) -> None:
    reader = world.staff("贾书文")
    await world.pass_hours(1)
    await world.resident("王阿姨").says(LAMP, chat="桂花苑")
    await world.resident("陈叔").says("今晚吃啥", chat="桂花苑")

    await _to_half_past_nine(world)

    (card,) = await reader.cards()
    assert "还有2条" in card.title
    assert card.buttons == ["对", "错"]
    await reader.presses("对")
    (card,) = await reader.cards()
    assert "还有1条" in card.title
    await reader.presses("错")
    (card,) = await reader.cards()
    assert "看完了" in card.title
    answer = await world.staff("邱若兰").types("抽查")
    assert "1/1（100%" in answer
    assert "0/1（0%" in answer


async def test_nobody_is_bothered_when_nothing_was_decided(world: World) -> None:
    await _to_half_past_nine(world)

    assert await world.staff("贾书文").cards() == []


async def test_danger_and_protected_matters_are_never_in_the_sample(world: World) -> None:
    await world.pass_hours(1)
    await world.resident("徐小蕾").says("我老公喝多了又打我，我躲在厕所里", chat="桂花苑")
    await world.officer("林知远").presses("签收")

    await _to_half_past_nine(world)

    assert await world.staff("贾书文").cards() == []
