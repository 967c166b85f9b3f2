"""Publicity over the wire (宣传): one human agrees, the robot says it at its hour."""

from datetime import timedelta

from tests.stories.pages import ShownCard
from tests.stories.world import Person, World

THEFT = "村口车棚里我的电动车昨晚被偷了"
WORDS = ("插好", "锁车身", "外兜", "要出远门")  # one for each wording of 防盗 in the sample


async def line_card(person: Person, topic: str) -> ShownCard:
    """The newest card on which somebody decides about a line of that topic."""
    found = [one for one in await person.cards() if "宣传 改" in one.text and topic in one.text]
    assert found, [one.text for one in await person.cards()]
    return found[-1]


async def test_a_line_that_one_approved_is_said_at_its_hour_and_a_case_brings_another(
    world: World,
) -> None:
    lin, he, wang = world.officer("林知远"), world.officer("贺云飞"), world.resident("王阿姨")
    guihua, huaian, shiqiao = (world.chat(name) for name in ("桂花苑", "槐安里", "石桥村"))
    assert "槐安里" in await lin.types("宣传 停 槐安里 楼里办丧事")

    await world.pass_time(timedelta(hours=33, minutes=1))  # Thursday 18:01; tomorrow is 防盗
    shown = await line_card(lin, "防盗")
    assert "桂花苑" in shown.text
    assert "槐安里" not in shown.text
    await shown.press("同意")
    await world.pass_time(timedelta(hours=15, minutes=57))  # Friday 09:58
    assert await guihua.heard() == []

    await world.pass_minutes(4)
    [line] = await guihua.heard()
    assert any(word in line for word in WORDS)
    assert await huaian.heard() == [], "its officer stopped it"
    assert await shiqiao.heard() == [], "nobody approved it there"

    await wang.says("警务室在哪", chat="桂花苑")
    assert "桂花社区警务室" in await guihua.last()

    await world.resident("吴老三").says(THEFT, chat="石桥村")
    case = await line_card(he, "防盗")
    await case.press("同意")
    await world.pass_minutes(11)
    said = [one for one in await shiqiao.heard() if any(word in one for word in WORDS)]
    assert len(said) == 1
    for secret in ("车棚", "昨晚", "吴老三", "0001", "本辖区"):
        assert secret not in said[0], secret
