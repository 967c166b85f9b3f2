"""After every fault of the wire everything is delivered, once where WeCom can tell a repeat.

Each test arms one fault after the other, each with a report of its own, and reads the books at
the end. A push and a text of the app have no key by which WeCom could know them again: only a
lost answer may double them.
"""

from typing import Any

import pytest

from tests.crash.checks import settled
from tests.crash.conftest import Station
from tests.crash.stream import Report
from tests.servers.polling import until
from tests.stories.world import World

Fault = dict[str, Any]

CALLS: list[Fault] = [
    {"do": "http", "code": 500, "times": 2},
    {"do": "http", "code": 503, "after": "accept"},
    {"do": "error", "code": -1, "times": 2},
    {"do": "error", "code": 45009},
    {"do": "error", "code": 42001},
    {"do": "error", "code": 40014},
    {"do": "drop_request"},
    {"do": "drop_answer"},
    {"do": "cut"},
    {"do": "cut", "after": "accept"},
    {"do": "refuse"},
    {"do": "silent", "delay_s": 3},
    {"do": "delay", "delay_s": 0.5},
]
TOKENS: list[Fault] = [
    {"do": "error", "code": -1},
    {"do": "http", "code": 502},
    {"do": "drop_answer"},
    {"do": "delay", "delay_s": 0.5},
]
FRAMES: list[Fault] = [
    {"do": "error", "code": -1},
    {"do": "error", "code": 45009},
    {"do": "duplicate"},
    {"do": "delay", "delay_s": 0.5},
    {"do": "drop_request"},
    {"do": "drop_answer"},
    {"do": "cut"},
    {"do": "cut", "after": "accept"},
    {"do": "silent"},
]
LINKS: list[Fault] = [
    {"do": "cut"},
    {"do": "cut", "code": 1000},
    {"do": "cut", "code": 1001},
    {"do": "cut", "after": "deliver"},
    {"do": "cut", "after": "accept"},
    {"do": "duplicate"},
    {"do": "refuse"},
]
CALLBACKS: list[Fault] = [
    {"do": "duplicate"},
    {"do": "drop_answer"},
    {"do": "cut", "delay_s": 0.02},
    {"do": "drop_request"},
    {"do": "delay", "delay_s": 0.5},
]


async def report_under(world: World, on: str, fault: Fault, report: Report) -> None:
    """Arm the fault, report, and wait until all is quiet and buckets are empty again."""
    await world.fault(on, **fault)
    await world.person(report.user).says(report.text, report.chat, wait=False)
    await settled(world)


async def check(world: World, station: Station, reports: list[Report]) -> None:
    """Nothing lost, nothing doubled, no rule broken, no fault left over."""
    left = [one for one in await world.get("/sim/faults") if one["left"]]
    books, shown = station.books(), await world.everything_said()
    assert left == []
    assert [one.text for one in reports if len(books.accepted(one.text)) != 1] == []
    assert len(books.tickets) == len(reports)
    assert books.faults(shown) == {}
    assert await world.get("/sim/errors") == []


async def storm(
    world: World, station: Station, on: str, faults: list[Fault], chat: str, **narrowed: str
) -> None:
    """Every fault in turn, then the books."""
    await check(world, station, await told(world, on, faults, chat, **narrowed))


async def told(
    world: World, on: str, faults: list[Fault], chat: str, **narrowed: str
) -> list[Report]:
    """A report of its own under each of the faults."""
    reports = []
    for number, fault in enumerate(faults):
        report = Report("陈叔", chat, f"桂花苑{number + 1}号楼门口的路灯不亮")
        await report_under(world, on, {**fault, **narrowed}, report)
        reports.append(report)
    return reports


async def test_cards_survive_every_fault_of_the_server_api(
    world: World, faulty_station: Station
) -> None:
    await storm(world, faulty_station, "message/send", CALLS, "桂花苑", user="wei_heping")


async def test_texts_of_the_app_are_all_delivered_and_only_a_lost_answer_doubles_one(
    world: World, faulty_station: Station
) -> None:
    reports = await told(world, "message/send", CALLS, "app", user="chen_shu")

    books, shown = faulty_station.books(), await world.everything_said()
    faults = books.faults(shown)
    lost = [one for one in CALLS if one["do"] == "drop_answer" or one.get("after") == "accept"]
    assert len(books.tickets) == len(reports)
    assert set(faults) <= {"doubled"}
    assert len(faults.get("doubled", [])) <= len(lost)
    assert await world.get("/sim/errors") == []


async def test_a_token_that_cannot_be_had_is_asked_for_again(
    world: World, faulty_station: Station
) -> None:
    reports = []
    for number, fault in enumerate(TOKENS):
        await world.fault("message/send", "error", code=42001)
        report = Report("陈叔", "桂花苑", f"{number + 1}号楼门口的路灯不亮")
        await report_under(world, "gettoken", fault, report)
        reports.append(report)
    await check(world, faulty_station, reports)


async def test_answers_survive_every_fault_of_the_long_connection(
    world: World, faulty_station: Station
) -> None:
    await storm(world, faulty_station, "aibot_respond_msg", FRAMES, "桂花苑")


async def heard_again(world: World, report: Report) -> None:
    """Say it until somebody listens, as people do."""

    async def heard() -> bool:
        answer = await world.person(report.user).tries_to_say(report.text, report.chat, wait=False)
        return bool(answer["delivered"])

    await until(heard, "somebody listens again", within_s=40)


async def test_cut_connection_comes_back_and_nothing_is_said_twice(
    world: World, faulty_station: Station
) -> None:
    reports = []
    for number, fault in enumerate(LINKS):
        await world.fault("socket", **fault)
        if fault["do"] == "refuse":
            await world.fault("socket", "cut")
        reports.append(Report("王阿姨", "桂花苑", f"{number + 1}号楼门口的路灯不亮"))
        await heard_again(world, reports[-1])
        await settled(world)
    await check(world, faulty_station, reports)


async def test_half_open_connection_is_noticed_and_left(
    world: World, faulty_station: Station
) -> None:
    await world.fault("socket", "silent")
    lost = await world.resident("王阿姨").tries_to_say("5号楼的楼道漏水", "桂花苑", wait=False)
    assert lost["reason"] == "lost on the wire"

    report = Report("王阿姨", "桂花苑", "4号楼的楼道漏水")
    await heard_again(world, report)
    await settled(world)
    await check(world, faulty_station, [report])


@pytest.mark.parametrize("chat", ["app", "ge"])
async def test_callbacks_survive_every_fault(
    chat: str, world: World, faulty_station: Station
) -> None:
    await storm(world, faulty_station, "callback", CALLBACKS, chat, user="chen_shu")


async def test_push_whose_answer_was_lost_is_doubled_at_most(
    world: World, faulty_station: Station
) -> None:
    reports = []
    for number, do in enumerate(("drop_request", "error", "cut", "drop_answer")):
        # A phone in a group: the bot tells its owner so in private, which is a push.
        report = Report("王阿姨", "桂花苑", f"{number + 1}号楼门口的路灯不亮，电话13900001234")
        await report_under(world, "aibot_send_msg", {"do": do, "user": "wang_ayi"}, report)
        reports.append(report)

    books, shown = faulty_station.books(), await world.everything_said()
    assert len(books.tickets) == len(reports)
    faults = books.faults(shown)
    assert set(faults) <= {"doubled"}
    warned = [line for line in shown if line.chat == "bot:wang_ayi" and line.is_bot]
    assert len(reports) <= len(warned) <= len(reports) + 1
