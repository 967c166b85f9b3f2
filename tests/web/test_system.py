"""The machine (系统): lanes, lag, faults by kind, leases; never a word of anybody."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.dashboard import system_page
from handlers.dashboard.system_page import LaneRow, Machine
from storage import inbox, leases, outbox, processes
from storage.outbox import Parcel
from storage.processes import Process
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import MORNING, Office
from tests.web.boards import looks, page

ROOM = "qiu_ruolan"
PARCEL = Parcel(
    key="k", lane="socket", line="l", ticket_id=0, danger=False, body="{}", due_at=MORNING
)


def _machine(office: Office) -> Machine:
    return looks(office, ROOM, system_page.machine)


def _lane(office: Office) -> LaneRow:
    return next(row for row in _machine(office).lanes if row.it.name == "socket")


def _put(office: Office) -> Parcel:
    parcel = replace(PARCEL, due_at=office.now)
    row = office.looks(lambda db: outbox.add(db, parcel, office.now))
    return replace(parcel, id=row)


def _arrives(office: Office) -> None:
    arrival = inbox.Arrival(
        key="a", line="l", partition=3, kind="heard", payload="{}", event_at=office.now
    )
    office.looks(lambda db: inbox.accept(db, arrival, office.now))


def test_what_waits_in_a_lane_is_late_after_two_minutes(office: Office) -> None:
    _put(office)
    assert (_lane(office).it.waiting, _lane(office).is_late) == (1, False)

    office.now += timedelta(minutes=3)

    assert _lane(office).is_late


def test_what_was_given_up_is_shown_by_the_number_of_its_error(office: Office) -> None:
    parcel = _put(office)
    office.looks(lambda db: outbox.park(db, parcel, "81013 user not allowed: zhang_san"))

    machine = _machine(office)
    assert (machine.parked, _lane(office).it.waiting) == (1, 0)
    (fault,) = machine.faults
    assert (fault.why, fault.state, fault.count) == ("被退回，错误码 81013", "放弃了", 1)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param("unreachable", "连不上", id="ours"),
        pytest.param("errcode 60011 no privilege", "被退回，错误码 60011", id="wecom"),
        pytest.param("张三家里没人", "被退回", id="words_are_never_shown"),
    ],
)
def test_a_fault_is_told_by_its_kind(said: str, kind: str) -> None:
    assert system_page.why(said) == kind


def test_the_lag_is_that_of_the_oldest_event_that_waits(office: Office) -> None:
    assert _machine(office).lag == ""
    _arrives(office)
    office.now += timedelta(minutes=4)

    machine = _machine(office)
    assert (machine.waiting, machine.lag) == (1, "4分钟")
    assert [part.partition for part in machine.parts] == [3]


def test_a_dead_event_is_counted(office: Office) -> None:
    _arrives(office)
    assert _machine(office).dead == 0

    office.looks(lambda db: inbox.bury(db, 1, office.now))

    assert _machine(office).dead == 1


def test_who_holds_the_clock_is_seen(office: Office) -> None:
    assert not _machine(office).clock_runs

    office.looks(lambda db: [leases.hold(db.conn, "clock", "me") for _ in range(2)])

    assert _machine(office).clock_runs


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_page_shows_the_lanes_of_this_house(house: Block) -> None:
    status, text = await page(house, "zuo_mingkai", "/system")

    assert status == 200
    assert "智能机器人（长连接）" in text
    assert "自建应用" in text
    assert (await page(house, "lin_zhiyuan", "/system"))[0] == 403


def test_processes_are_shown_with_what_they_do_and_what_nobody_does(office: Office) -> None:
    assert _machine(office).idle == ["收消息", "处理", "发消息", "看钟催办", "网页"]
    one = Process("a1", "box", 7, ("hear", "work", "tick"), "0034", frozenset())

    office.looks(lambda db: processes.beat(db.conn, one))
    office.looks(lambda db: leases.hold(db.conn, "p1", "a1"))
    machine = _machine(office)

    assert [(row.it.host, row.does, row.held) for row in machine.processes] == [
        ("box", ["收消息", "处理", "看钟催办"], 1)
    ]
    assert machine.idle == ["发消息", "网页"]
