"""A day outside: visits, a day agreed at her door, a code on a wall, a picture, help, the log."""

import re

import aiohttp

from tests.stories.test_pictures import _png as png
from tests.stories.world import World


async def test_workers_day_from_today_to_the_log(world: World) -> None:
    """走访 opens a ticket for what was found; nobody writes a log."""
    worker, officer = world.worker("方小满"), world.officer("林知远")
    assert "今天" in await worker.types("今天")
    assert "1 矛盾纠纷" in await worker.types("走访 四必访")

    await worker.types("1 3号楼楼上漏水，吵了好几天，想请人调解")
    ticket = await world.only_ticket()
    assert ticket.owner
    assert "发现1件" in await worker.types("走访完")

    log = await worker.types("日志")
    assert "走访“四必访”1户，发现1件" in log
    assert ticket.number in log
    assert "1/40户，发现1件" in await officer.types("走访进度")
    assert "方小满" not in await officer.types("走访进度")
    assert "记下了" in await worker.types("日志 更正 下午陪陈叔去了卫生院")
    assert "陪陈叔" in await worker.types("日志")
    assert "已经更正过" in await worker.types("日志 更正 还去了超市")


async def test_papers_at_home_are_agreed_remembered_and_done(world: World) -> None:
    """上门办证: a day that a person named, both reminded, nobody promised by a program."""
    resident = world.resident("王阿姨")
    await resident.says("上门办证")
    await resident.says("1")
    assert "户口本" in await _after(resident, "桂花苑3号楼2单元501，老人走不动，下午都在家")

    ticket = await world.only_ticket()
    owner = world.staff(ticket.owner)
    await owner.types(f"签收 {ticket.serial}")
    now = await world.now()
    day = now.astimezone().date().replace(day=min(now.day + 3, 28))
    assert "9:30" in await owner.types(f"约好 {ticket.serial} {day.month}月{day.day}日 9:30")
    assert "9:30" in await resident.last()

    await world.pass_days((day - now.date()).days - 1)
    assert "9:30" in await resident.last(), "the day before both hear of it"
    assert "9:30" in await owner.heard_all()
    await world.pass_days(1)
    await owner.types(f"处置 {ticket.serial} 已解决，照片拍好，证件七天后送来")
    await world.pass_minutes(3)
    assert (await world.only_ticket()).stage in ("recheck", "evaluation")


async def _after(resident: object, words: str) -> str:
    await resident.says(words)  # type: ignore[attr-defined]
    said: str = await resident.last()  # type: ignore[attr-defined]
    return said


async def test_code_on_a_wall_opens_a_report_of_staff_with_its_place(world: World) -> None:
    worker = world.worker("方小满")
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as phone:
        spot = f"{world.demo.web}/sidebar/spot?at=g01.桂花苑.3"
        links = await (await phone.get(spot)).text()
        entry = re.search(r'href="([^"]+)"><strong>方小满', links)
        assert entry is not None
        await phone.get(world.demo.web + entry[1])
        page = await (await phone.get(spot)).text()
        form = dict(re.findall(r'name="(key|once)" value="([^"]+)"', page))
        words = {**form, "words": "单元门锁坏了关不上", "list": ""}
        assert "已报给小警" in await (await phone.post(spot, data=words)).text()
        await phone.post(spot, data=words)

    await world.pass_seconds(1)
    ticket = await world.only_ticket()
    assert ticket.whole["grid"] == "g01"
    assert "桂花苑3号楼" in await world.staff(ticket.owner).types(f"查 {ticket.serial}")
    assert ticket.serial in await worker.heard_all()


async def test_pictures_of_the_next_minutes_and_a_call_for_help(world: World) -> None:
    import base64

    worker, officer = world.worker("方小满"), world.officer("林知远")
    await worker.types("登记 桂花苑3号楼楼上楼下为漏水吵了好几天，请来调解")
    serial = (await world.only_ticket()).serial
    owner = world.staff((await world.only_ticket()).owner)
    await owner.types(f"签收 {serial}")
    assert "10分钟" in await owner.types(f"拍 {serial}")

    await owner.says("", image=base64.b64encode(png()).decode())
    assert "照片记到" in await owner.last()
    kept = [step.reason for step in (await world.only_ticket()).steps("supplement")]
    name = next(one for one in kept if "图片" in one).removeprefix("[图片 ").rstrip("]")
    sealed = (world.demo.data / "media" / f"{name}.sealed").read_bytes()
    assert b"PNG" not in sealed

    await owner.says("", voice=True)
    assert "请补一句" in await owner.last()
    assert "这句和语音都记到" in await owner.types("两家都签了字，镜子明天拆")

    told = await worker.types(f"求助 {serial} 两家人都出来了，人手不够")
    assert "110" in told
    for promise in ("马上到", "正在赶来"):
        assert promise not in told
    assert "人手不够" in await officer.heard_all()
    assert serial in await officer.types("查 桂花苑3号楼")


async def test_my_data_shows_a_form_and_she_takes_it_back(world: World) -> None:
    resident, officer = world.resident("王阿姨"), world.officer("林知远")
    for words in ("租客登记", "1", "刘小溪", "13900001111", "桂花苑3号楼2单元501", "2", "3月1日"):
        await resident.says(words)
    ticket = await world.only_ticket()

    data = await _after(resident, "我的数据")
    assert "登记表1份" in data
    assert "至少留六个月" in data

    assert "删掉了" in await _after(resident, "撤回登记")
    assert "登记表0份" in await _after(resident, "我的数据")
    assert "刘小溪" not in await officer.types(f"登记内容 {ticket.serial}")
    assert (await world.only_ticket()).stage == "void"


async def test_two_persons_hold_what_her_wish_would_erase(world: World) -> None:
    """保全: the form stays for the court; she is told in words that hold for everybody."""
    resident, officer = world.resident("王阿姨"), world.officer("林知远")
    for words in ("租客登记", "1", "刘小溪", "13900001111", "桂花苑3号楼2单元501", "2", "3月1日"):
        await resident.says(words)
    ticket = await world.only_ticket()
    await officer.types(f"保全 {ticket.serial} 有人投诉，法院要看")
    assert "刘小溪" in await officer.types(f"登记内容 {ticket.serial}")

    card = await world.staff("钟一航").card()
    assert card.title.startswith("请批")
    await card.press("同意")

    assert "按规定还要留" in await _after(resident, "撤回登记")
    assert "刘小溪" in await officer.types(f"登记内容 {ticket.serial}")
