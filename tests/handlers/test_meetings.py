"""召集: time, place, who comes, and the minutes."""

from datetime import datetime

import pytest

from bot.domain import appointments
from bot.domain.clocks import ZONE
from storage import meetings
from tests.handlers.block import Block, texts_to

OFFICER, WORKER, MEDIATOR = "lin_zhiyuan", "fang_xiaoman", "shen_boyu"
QUARREL = "桂花苑3号楼楼下有人吵架，好几天了，麻烦来调解"
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=ZONE)


@pytest.fixture
def signed(block: Block) -> Block:
    block.overhears("wmRESIDENT01", QUARREL)
    block.says(OFFICER, "签收 0001", chat="")
    return block


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("明天15点", datetime(2026, 3, 5, 15, 0, tzinfo=ZONE)),
        ("明天下午3点半", datetime(2026, 3, 5, 15, 30, tzinfo=ZONE)),
        ("周五9:30", datetime(2026, 3, 6, 9, 30, tzinfo=ZONE)),
        ("下周一 上午10点", datetime(2026, 3, 9, 10, 0, tzinfo=ZONE)),
        ("3月6日14点", datetime(2026, 3, 6, 14, 0, tzinfo=ZONE)),
        ("2026-03-10 8:05", datetime(2026, 3, 10, 8, 5, tzinfo=ZONE)),
        ("今晚七点", datetime(2026, 3, 4, 19, 0, tzinfo=ZONE)),
        ("今天8点", None),
        ("2月30日8点", None),
        ("25点", None),
        ("尽快", None),
    ],
)
def test_appointment_is_read_as_a_moment_ahead(said: str, meant: datetime | None) -> None:
    assert appointments.find(said, NOW) == meant


def test_named_people_are_asked_and_the_caller_hears_who_comes(signed: Block) -> None:
    said = signed.says(OFFICER, "召集 0001 明天15点 活动室 方小满 沈伯渔 商量漏水", chat="")
    assert "方小满、沈伯渔" in texts_to(said, OFFICER)
    card = signed.card_of(WORKER, "召集")
    assert dict(map(tuple, card["fields"]))["地点"] == "活动室"

    said = signed.presses(WORKER, card, "能来")
    assert "方小满能来" in texts_to(said, OFFICER)
    said = signed.says(MEDIATOR, "来不了 0001", chat="")
    assert "沈伯渔来不了" in texts_to(said, OFFICER)

    soon = signed.later(60 * 29.2)
    assert "碰头" in texts_to(soon, WORKER)
    assert "碰头" not in texts_to(soon, MEDIATOR)


def test_without_names_the_team_is_asked_at_the_post(signed: Block) -> None:
    signed.says(OFFICER, "召集 0001 明天15点", chat="")

    found = signed.looks(lambda db: meetings.of_ticket(db, 1))[0]
    assert found.place == "桂花社区警务室"
    assert set(found.answers) == {"tang_shuo", WORKER, "gao_mingfang", MEDIATOR}


def test_minutes_are_asked_for_and_kept_sealed(signed: Block) -> None:
    signed.says(OFFICER, "召集 0001 今天11点 活动室 方小满", chat="")
    assert "纪要 0001" in texts_to(signed.later(60 * 5), OFFICER)

    said = signed.says(OFFICER, "纪要 0001 楼上周五前修好地漏", chat="")
    assert "楼上周五前修好地漏" in texts_to(said, WORKER)
    assert "修好地漏" not in texts_to(said, "lu_jianing")

    found = signed.looks(lambda db: meetings.of_ticket(db, 1))[0]
    assert found.minutes == "楼上周五前修好地漏"
    assert "修好地漏" in texts_to(signed.says(OFFICER, "召集 0001", chat=""), OFFICER)


def test_nobody_is_called_to_a_moment_that_has_passed(signed: Block) -> None:
    said = signed.says(OFFICER, "召集 0001 昨天15点 活动室", chat="")

    assert "还没到的时间" in texts_to(said, OFFICER)


def test_violence_calls_no_unarmed_people(block: Block) -> None:
    block.overhears("wmRESIDENT01", "3号楼有人拿刀砍人")
    block.says(OFFICER, "签收 0001", chat="")

    block.says(OFFICER, "召集 0001 今天15点", chat="")

    found = block.looks(lambda db: meetings.of_ticket(db, 1))[0]
    assert set(found.answers) == {"tang_shuo"}
