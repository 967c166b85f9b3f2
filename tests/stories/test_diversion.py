"""非警务分流 to its end: a department outside, a power cut that everybody tells of."""

import base64

from tests.stories.test_pictures import _png
from tests.stories.world import Person, World

CABLE = "3号楼门口的通信井盖坏了，光缆露在外面，麻烦修一下，我电话13800138000"


async def files(person: Person) -> list[str]:
    """What kinds of files this person was handed."""
    lines = [line.text for line in await person.inbox() if line.is_bot]
    return [text[:4] for text in lines if text.startswith(("[文件]", "[图片]"))]


async def test_cable_goes_by_letter_and_only_our_minder_is_reminded(world: World) -> None:
    wang, qiu = world.resident("王阿姨"), world.staff("邱若兰")
    await wang.says(CABLE, chat="桂花苑")
    await wang.says("", chat="桂花苑", image=base64.b64encode(_png()).decode())

    ticket = await world.only_ticket()
    assert (ticket.stage, ticket.owner) == ("diverted", "qiu_ruolan")
    letter = await qiu.heard_all()
    assert "溪河通信服务站" in letter
    assert "3号楼" in letter
    assert await files(qiu) == ["[文件]", "[图片]"], "the letter, and the photo after it"
    for secret in ("13800138000", "王阿姨", "wang_ayi"):
        assert secret not in letter
    assert "归溪河通信服务站管" in await world.chat("桂花苑").heard_all()

    assert "2026-7788" in await qiu.types("部门编号 0001 2026-7788")
    others = [world.staff(name) for name in ("林知远", "钟一航")]
    known = [len(await one.heard()) for one in others]
    for _ in range(4):
        await world.pass_days(7.3)
    reminded = [words for words in await qiu.heard() if "次提醒" in words]
    assert len(reminded) == 2
    for one, count in zip(others, known, strict=True):
        heard = [w for w in (await one.heard())[count:] if not w.startswith("早会日报")]
        assert "0001" not in "".join(heard), "nobody else is chased"

    listed = await qiu.types("转办清单")
    assert "市政设施" in listed
    assert "综治定" in listed
    assert "还是溪河通信服务站办" in await qiu.types("综治定 0001 不变 下周换井盖，由街道协调")
    assert "没有要报" in await qiu.types("转办清单")
    await qiu.types("部门答复 0001 井盖已经换新，光缆重新入井")
    await world.pass_minutes(2)
    assert "井盖已经换新" in await wang.heard_all()
    told = await qiu.types("清单优化")
    assert "n03_cable（2026-03）→溪河通信服务站：分流1，退回0/1" in told
    assert "仅统计本系统登记事项，不含110警情" in told


async def test_power_cut_is_one_matter_for_three_estates(world: World) -> None:
    told = (
        ("王阿姨", "3号楼停电一天了，麻烦问问", "桂花苑"),
        ("陈叔", "8号楼家里没电了，又停电，几天了", ""),
        ("赵大爷", "2号楼停电，一天了还没来电", "槐安里"),
    )
    qiu = world.staff("邱若兰")
    for name, words, chat in told:
        await world.resident(name).says(words, chat=chat)
    assert "像是大面积的" in await qiu.heard_all()
    parent = min(await world.tickets(), key=lambda one: one.opened_at)

    await qiu.types(f"大面积 {parent.serial}")

    merged = [one for one in await world.tickets() if one.stage == "merged"]
    assert len(merged) == 2
    known = "停电的事已经知道"
    for group in ("桂花苑", "槐安里"):
        heard = [words for words in await world.chat(group).heard() if known in words]
        assert len(heard) == 1, group
    await world.resident("徐小蕾").says("11号楼停电一天了，麻烦问问", chat="桂花苑")
    assert len(await world.tickets()) == 3, "a later voice opens nothing"
    assert (await world.chat("桂花苑").heard_all()).count(known) == 1

    await world.staff("罗劲松").types(f"签收 {parent.serial}")
    await world.staff("罗劲松").types(f"处置 {parent.serial} 主线已抢修好，全部恢复供电")
    await world.pass_minutes(2)
    for name in ("王阿姨", "陈叔", "赵大爷", "徐小蕾"):
        results = [words for words in await world.resident(name).heard() if "有结果了" in words]
        assert len(results) == 1, name
