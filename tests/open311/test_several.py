"""One report with several matters: a ticket for each; the least advanced says how far it is."""

import pytest

from config.vocabulary import Act, Stage
from storage.tickets import Ticket
from tests.open311.station import Client, Station, Subscriber

pytestmark = pytest.mark.parametrize("address", ["sqlite", "postgres"], indirect=True)
TWO = "桂花苑东门的路灯坏了三天了。7号楼垃圾堆满了没人收。"


async def both(station: Station) -> tuple[Ticket, Ticket]:
    await station.quiet()
    one, other = await station.tickets()
    return one, other


async def done(station: Station, ticket: Ticket) -> Ticket:
    for act, words in ((Act.ACCEPT, ""), (Act.RESOLVE, "已解决，都弄好了")):
        ticket = await station.orders(act, ticket, words)
    await station.pass_minutes(2)
    return ticket


async def test_each_matter_has_a_ticket_and_both_must_be_done(
    station: Station, guihua: Client, subscriber: Subscriber
) -> None:
    request = await guihua.reports(TWO, address_string="桂花苑")
    lamp, rubbish = await both(station)
    assert lamp.category != rubbish.category
    assert (lamp.origin, rubbish.origin) == ("filed", "filed")

    await done(station, lamp)
    [shown] = await guihua.get(f"requests/{request}.json")
    assert shown["status"] == "open"
    assert rubbish.unit in shown["status_notes"]

    await done(station, rubbish)
    [shown] = await guihua.get(f"requests/{request}.json")
    assert shown["status"] == "closed"
    assert [r["service_request_id"] for r in await guihua.get("requests.json")] == [request]
    changes = await guihua.get("servicerequestupdates.json", service_request_id=request)
    assert [one["status"] for one in changes] == ["open"] * 4 + ["closed"]
    assert [one["status"] for one in subscriber.got] == ["open", "open", "open", "closed"]
    sequences = [one["sequence"] for one in subscriber.got]
    assert sequences == sorted(set(sequences))
    assert {one["service_request_id"] for one in subscriber.got} == {request}


async def test_repeated_key_opens_no_third_ticket(station: Station, guihua: Client) -> None:
    first = await guihua.post(description=TWO, key="k1")
    await both(station)

    again = await guihua.post(description=TWO, key="k1")

    assert again == first
    await both(station)


async def test_chosen_category_that_is_the_second_matter_loses_none(
    station: Station, guihua: Client
) -> None:
    await guihua.reports(TWO)
    free = {ticket.category for ticket in await both(station)}
    second = (await station.tickets())[1].category

    await guihua.reports(TWO.replace("东门", "西门").replace("7号楼", "9号楼"), service_code=second)

    newer = (await station.tickets())[2:]
    assert [newer[0].category, {t.category for t in newer}] == [second, free]


async def test_merged_matter_goes_on_in_the_other_ticket(station: Station, guihua: Client) -> None:
    request = await guihua.reports(TWO)
    lamp, rubbish = await both(station)
    await station.says("lin_zhiyuan", f"{rubbish.serial} 并入 {lamp.serial}")
    assert (await both(station))[1].stage is Stage.MERGED

    await done(station, (await both(station))[0])

    [shown] = await guihua.get(f"requests/{request}.json")
    assert shown["status"] == "closed"


async def test_one_protected_matter_hides_the_whole_report(
    station: Station, guihua: Client, subscriber: Subscriber
) -> None:
    words = "桂花苑3号楼门口路灯不亮三天了。另外9号楼402好像有人聚众吸毒，白天晚上都有人"
    request = await guihua.reports(words)
    found = await both(station)
    assert [ticket.protected for ticket in found].count(True) == 1

    assert (await guihua.get(f"requests/{request}.json", 404))[0]["code"] == 404
    assert await guihua.get("requests.json") == []
    assert subscriber.got == []


async def test_further_word_goes_to_the_matter_that_is_still_open(
    station: Station, guihua: Client
) -> None:
    request = await guihua.reports(TWO)
    lamp, rubbish = await both(station)
    await done(station, lamp)
    await station.pass_minutes(60 * 24 * 4)

    await guihua.adds(request, "一直没人来收，味道很大")

    assert "味道很大" in (await both(station))[1].masked
    assert rubbish.number == (await both(station))[1].number
