"""What other systems file becomes tickets: once, routed, never answered, danger as always."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.events import Heard, Scheduled
from config.vocabulary import Act, Danger, Stage
from tests.open311.station import ON_BOTH, Client, Station, Subscriber

pytestmark = pytest.mark.parametrize("address", ON_BOTH, indirect=True)


async def test_a_property_alarm_is_worked_and_its_sender_follows_it_to_the_end(
    station: Station, guihua: Client, subscriber: Subscriber
) -> None:
    posted = await guihua.post(
        service_code="N03",
        description="路灯不亮，一片黑",
        lat="30.12",
        long="120.45",
        key="a-1",
    )
    request = posted[0]["service_request_id"]
    assert "110" in posted[0]["service_notice"]

    ticket = await station.only_ticket()
    assert (ticket.category, ticket.grid, ticket.origin) == ("N03", "g01", "filed")
    assert not ticket.voices
    for act, words in ((Act.ACCEPT, ""), (Act.RESOLVE, "已解决，换了灯泡")):
        ticket = await station.orders(act, ticket, words)
    assert (await guihua.get(f"requests/{request}.json"))[0]["status"] == "open"
    await station.pass_minutes(2)

    shown = (await guihua.get(f"requests/{request}.json"))[0]
    assert shown["status"] == "closed"
    assert "城管" in shown["status_notes"]
    assert shown["description"] == "路灯不亮，一片黑"
    changes = await guihua.get("servicerequestupdates.json", service_request_id=request)
    assert [one["status"] for one in changes] == ["open", "open", "open", "open", "closed"]
    got = subscriber.got
    assert [one["status"] for one in got] == ["open", "open", "open", "closed"]
    assert [one["sequence"] for one in got] == sorted({one["sequence"] for one in got})
    assert {one["service_request_id"] for one in got} == {request}
    assert subscriber.refused == 0
    assert "换了灯泡" not in str(got)
    assert "路灯" not in str(got)


async def test_the_same_key_is_one_report_and_one_answer(station: Station, guihua: Client) -> None:
    first = await guihua.post(description="单元门坏了关不上", key="k1")

    again = await asyncio.gather(
        *(guihua.post(description="单元门坏了关不上", key="k1") for _ in range(5))
    )

    assert again == [first] * 5
    await station.only_ticket()
    fault = await guihua.post(409, description="是另一件事，水管爆了", key="k1")
    assert fault[0]["code"] == 409


async def test_one_clients_key_says_nothing_to_another(
    station: Station, guihua: Client, hotline: Client
) -> None:
    mine = await guihua.reports("单元门坏了关不上", key="same")
    theirs = await hotline.reports("槐安里垃圾堆了三天没人收", key="same", address_string="槐安里")

    assert mine != theirs
    assert len(await station.tickets()) == 2
    assert (await hotline.get(f"requests/{mine}.json", 404))[0]["code"] == 404
    assert [r["service_request_id"] for r in await hotline.get("requests.json")] == [theirs]


async def test_danger_that_arrives_this_way_rings_like_any_other(
    station: Station, guihua: Client
) -> None:
    posted = await guihua.post(service_code="N03", description="3楼着火了，浓烟往外冒，有人被困")

    ticket = await station.only_ticket()
    assert "现在就打110" in posted[0]["service_notice"]
    assert ticket.danger is Danger.CONFIRMED
    assert ticket.urgency == "U1"
    assert ticket.category != "N03"
    assert any("险情" in words or "火" in words for words in station.heard)


async def test_a_further_word_of_danger_raises_the_ticket(station: Station, guihua: Client) -> None:
    request = await guihua.reports("楼道里堆了好多纸箱杂物")
    ticket = await station.only_ticket()
    assert ticket.danger is Danger.NONE

    url = f"{station.url}/open311/v2/servicerequestupdates.json"
    fields = {"service_request_id": request, "description": "纸箱烧起来了，火很大，快来人"}
    headers = {"X-API-Key": station.keys["guihua_property"]}
    async with guihua.session.post(url, data=fields, headers=headers) as response:
        assert response.status == 201, await response.text()

    raised = await station.only_ticket()
    assert raised.danger is Danger.CONFIRMED


async def test_a_protected_matter_does_not_exist_for_anybody_outside(
    station: Station, guihua: Client, town: Client, subscriber: Subscriber
) -> None:
    request = await guihua.reports("5号楼401男的天天打老婆，刚才又打得哭喊救命")
    ticket = await station.only_ticket()
    assert ticket.protected

    assert (await guihua.get(f"requests/{request}.json", 404))[0]["code"] == 404
    assert await guihua.get("requests.json") == []
    assert await guihua.get("requests.json", service_request_id=request) == []
    assert await guihua.get("servicerequestupdates.json", service_request_id=request) == []
    assert await town.get("requests.json") == []
    assert (await town.get(f"requests/{ticket.number}.json", 404))[0]["code"] == 404
    assert subscriber.got == []
    fields: dict[str, Any] = {"service_request_id": request, "description": "还在打"}
    url = f"{station.url}/open311/v2/servicerequestupdates.json"
    headers = {"X-API-Key": station.keys["guihua_property"]}
    async with guihua.session.post(url, data=fields, headers=headers) as response:
        assert response.status == 404


async def test_who_sees_all_sees_no_word_of_what_was_said(
    station: Station, guihua: Client, town: Client
) -> None:
    await guihua.reports("301的老陈家半夜唱歌吵得人睡不着，电话13800138000")
    ticket = await station.only_ticket()

    shown = await town.get("requests.json")

    assert [one["service_request_id"] for one in shown] == [ticket.number]
    assert shown[0]["description"] is None
    assert "老陈" not in str(shown)
    assert "1380013" not in str(shown)


async def test_two_alarms_of_one_lamp_are_one_ticket_with_two_reports(
    station: Station, guihua: Client, hotline: Client
) -> None:
    mine = await guihua.reports("3号楼门口路灯不亮", service_code="N03")
    theirs = await hotline.reports(
        "3号楼门口路灯不亮", service_code="N03", address_string="桂花苑3号楼"
    )

    ticket = await station.only_ticket()
    await station.orders(Act.ACCEPT, ticket)
    for client, request in ((guihua, mine), (hotline, theirs)):
        shown = (await client.get(f"requests/{request}.json"))[0]
        assert "正在办" in shown["status_notes"]


async def test_a_name_and_a_phone_stay_in_the_sealed_original(
    station: Station, hotline: Client
) -> None:
    await hotline.reports(
        "小区门口路灯不亮", first_name="伟", last_name="郑", phone="13900139000", key="o-1"
    )

    ticket = await station.only_ticket()
    assert "13900139000" in ticket.original
    assert "13900139000" not in ticket.masked
    assert "13900139000" not in str(await hotline.get("requests.json"))
    assert all("13900139000" not in words for words in station.heard)


async def test_a_merged_report_follows_the_ticket_that_goes_on(
    station: Station, guihua: Client, hotline: Client
) -> None:
    await guihua.reports("3号楼门口路灯不亮", service_code="N03")
    second = await hotline.reports("井盖翘起来了", service_code="N03", address_string="桂花苑9号楼")
    older, newer = await station.tickets()

    said = Heard(
        key="aibot:merge1",
        at=station.clock.now(),
        chat="bot:lin_zhiyuan",
        by="lin_zhiyuan",
        door="socket",
        text=f"{newer.serial} 并入 {older.serial}",
    )
    await station.engine.listener.hear(said)
    await station.quiet()
    assert [t.stage for t in await station.tickets()] == [older.stage, Stage.MERGED]

    older = await station.orders(Act.ACCEPT, older)
    assert (await hotline.get(f"requests/{second}.json"))[0]["status"] == "open"
    await station.orders(Act.RESOLVE, older, "已解决，都修好了")
    await station.pass_minutes(2)
    assert (await hotline.get(f"requests/{second}.json"))[0]["status"] == "closed"


async def test_forgotten_words_leave_the_way_of_the_report_and_its_key(
    station: Station, guihua: Client
) -> None:
    request = await guihua.reports("路灯不亮", key="k1")
    ticket = await station.only_ticket()
    for act, words in ((Act.ACCEPT, ""), (Act.RESOLVE, "已解决，换了灯泡")):
        ticket = await station.orders(act, ticket, words)
    await station.pass_minutes(2)

    job = Scheduled(key="cron:forget:1", at=station.clock.now(), job="forget")
    station.engine.push_to(station.clock.now() + timedelta(days=31))
    assert await station.engine.listener.hear(job)
    await station.quiet()

    [shown] = await guihua.get(f"requests/{request}.json")
    assert (shown["description"], shown["address"], shown["status"]) == (None, None, "closed")
    again = await guihua.post(description="路灯不亮", key="k1")
    assert again[0]["service_request_id"] == request
    await guihua.post(409, description="是另一件事", key="k1")
