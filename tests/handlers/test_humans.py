"""转人工 in the station: when she is handed over, when not, and who hears that nobody is there."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.door_events import Learned
from bot.lines import line_of
from storage import kf
from storage.database import table_of
from storage.tables import TimerRow
from tests.handlers.block import Block
from tests.handlers.office import Office
from tests.handlers.test_scanning import CHAT, ZHOU, Customer

LAMP = "桂花苑3号楼楼下路灯坏了三天了，没有人来修"
FIRE = "桂花苑3号楼5楼着火了，好大的烟，快来人啊，转人工"


@pytest.fixture
def zhou(office: Office) -> Customer:
    office.rules = dataclasses.replace(office.rules, lanes=frozenset({"kf"}))
    return Customer(office)


def errands(office: Office) -> int:
    return len([one for one in office.last_errands if one["what"] == "human"])


def nobody(office: Office, state: int = 0, fresh: bool = False) -> list[tuple[str, str]]:
    data = {"by": ZHOU, "state": state, "fresh": fresh, "told": ""}
    key, line = f"kf:l{office.now}", line_of(CHAT)
    return office.handle(Learned(key=key, at=office.now, line=line, what="human", data=data))


def raises(zhou: Customer, text: str) -> int:
    zhou.says(text)
    return errands(zhou.office)


def test_wish_alone_fetches_a_human_and_opens_nothing(office: Office, zhou: Customer) -> None:
    assert raises(zhou, "转人工") == 1
    assert office.tickets() == []


def test_report_that_asks_besides_is_opened_and_handed_over(office: Office, zhou: Customer) -> None:
    assert raises(zhou, f"{LAMP}，给我转人工") == 1
    assert len(office.tickets()) == 1


def test_danger_stays_where_the_numbers_reach_her(office: Office, zhou: Customer) -> None:
    assert raises(zhou, FIRE) == 0
    [ticket] = office.tickets()
    assert ticket.danger == "confirmed"


def test_other_doors_know_no_such_wish(office: Office, zhou: Customer) -> None:
    office.says("wang_ayi", "转人工", chat="")

    assert errands(office) == 0


def test_nobody_there_is_told_to_the_officer_of_her_poster(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")

    said = nobody(office)

    [told] = [words for chat, words in said if chat.endswith(":lin_zhiyuan")]
    assert "桂花社区第一网格" in told
    [her] = [words for chat, words in said if chat == CHAT]
    assert "没有工作人员在线" in her


def test_nobody_there_for_somebody_unknown_goes_to_the_command_room(
    office: Office, zhou: Customer
) -> None:
    zhou.says("转人工")

    assert [chat for chat, words in nobody(office) if "要找人" in words and chat != CHAT] == [
        "app:qiu_ruolan"
    ]


def test_number_goes_to_that_person_and_a_matter_beside_it_is_opened(
    office: Office, zhou: Customer
) -> None:
    zhou.enters("g01.桂花苑.3")
    nobody(office)

    zhou.says(f"13900139000，{LAMP}")

    [ticket] = office.tickets()
    assert "13900139000" not in ticket.masked
    zhou.office.now += timedelta(minutes=5)
    assert "已转给" not in zhou.says("我电话13900139000"), "it was asked for once"


def test_who_is_taken_by_a_human_sets_no_clock(office: Office, zhou: Customer) -> None:
    zhou.says("转人工")

    assert nobody(office, state=3, fresh=True) == []


@pytest.mark.parametrize(("then", "told"), [(2, True), (3, False), (4, False)])
def test_who_waits_in_vain_is_told_of_after_ten_minutes(
    block: Block, then: int, told: bool
) -> None:
    zhou = Customer(block)
    zhou.enters("g01.桂花苑.3")
    assert nobody(block, state=2, fresh=True) == []
    block.looks(lambda db: kf.stands(db, line_of(CHAT), then, block.now))

    assert block.later(9.9) == []
    said = block.later(0.2)

    assert ["还没人接" in words for _, words in said] == ([True] if told else [])
    rows = block.looks(
        lambda db: db.conn.execute(select(table_of(TimerRow).c.data)).scalars().all()
    )
    assert ZHOU not in str(rows)
