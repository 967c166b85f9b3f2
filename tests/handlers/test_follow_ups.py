"""又来了, 打错了, a photo first: where later and earlier words of one person go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.events import Media
from config.vocabulary import Stage
from storage import journal
from storage.journal import Entry
from tests.handlers.office import GROUP, Office

LAMP = "东门的路灯坏了"
BIN = "垃圾好几天没人收，臭死了"
ROOM, LAMPS = "qiu_ruolan", "wei_heping"
PHOTO = (Media(kind="image", url="http://127.0.0.1/none"),)


def _story(office: Office, ticket: int) -> list[Entry]:
    found: list[Entry] = office.looks(lambda db: journal.of_ticket(db, ticket))
    return found


def _pictures(office: Office, ticket: int) -> list[str]:
    return [e.reason for e in _story(office, ticket) if e.reason.startswith("[图片")]


def _closed(office: Office) -> None:
    """A lamp that was reported, mended and told, all in one Turn each."""
    office.says("wang_ayi", LAMP)
    office.says(LAMPS, "签收 0001", chat="")
    office.says(LAMPS, "处置 0001 换了灯泡和整流器，已亮", chat="")
    office.says(LAMPS, "反馈 0001", chat="")
    office.says("wang_ayi", "5", chat="")
    assert office.tickets()[0].stage is Stage.CLOSED


def test_again_after_closing_ties_both_stories(office: Office) -> None:
    _closed(office)
    office.now += timedelta(days=2)

    office.says("wang_ayi", "又不亮了")

    old, new = office.tickets()
    assert (new.category, new.place, new.grid) == (old.category, old.place, old.grid)
    assert "路灯" in new.masked, "who gets it must know what it is about"
    assert any(e.reason == f"与 0001 同一处又发生（{old.number}）" for e in _story(office, new.id))
    assert any(e.reason == f"又发生，见 {new.number}" for e in _story(office, old.id))
    assert old.stage is Stage.CLOSED


@pytest.mark.parametrize("who", ["wang_ayi", "chen_shu"], ids=["too_late", "a_stranger"])
def test_again_opens_nothing_too_late_or_for_a_stranger(office: Office, who: str) -> None:
    _closed(office)
    office.now += timedelta(days=8 if who == "wang_ayi" else 1)

    office.says(who, "又不亮了")

    assert len(office.tickets()) == 1


def test_result_that_was_told_takes_no_new_voice(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says(LAMPS, "签收 0001", chat="")
    office.says(LAMPS, "处置 0001 换了灯泡和整流器，已亮", chat="")
    office.says(LAMPS, "反馈 0001", chat="")

    office.says("chen_shu", "东门路灯又灭了，黑得很")

    assert len(office.tickets()) == 2, "the old matter is over for its owner"


def test_correction_replaces_and_addition_does_not(office: Office) -> None:
    office.says("wang_ayi", "5号楼1502半夜总是打牌吵得睡不着")
    office.now += timedelta(minutes=5)

    office.says("wang_ayi", "补充一下 是7号楼那边传来的")
    assert office.tickets()[0].place["building"] == "5"
    office.says("wang_ayi", "楼号打错了 是7号楼")

    (ticket,) = office.tickets()
    assert ticket.place["building"] == "7"
    assert ticket.place["room"] == "1502"
    assert ticket.place_key.endswith("|7")


def test_photo_first_goes_with_the_report(office: Office) -> None:
    office.says("wang_ayi", "你好")
    said = office.says("wang_ayi", "", chat="", media=PHOTO)
    assert "图片收到了" in said[-1][1]
    office.now += timedelta(seconds=100)

    office.says("wang_ayi", BIN, chat="")

    (ticket,) = office.tickets()
    assert len(_pictures(office, ticket.id)) == 1
    office.now += timedelta(seconds=10)
    office.says("wang_ayi", "5号楼我的电动车昨晚被偷了", chat="")
    assert _pictures(office, office.tickets()[1].id) == [], "a photo is carried once"


def test_photo_of_somebody_else_or_of_long_ago_is_not_carried(office: Office) -> None:
    office.says("wang_ayi", "", chat="", media=PHOTO)
    office.says("chen_shu", "", media=PHOTO)
    office.now += timedelta(seconds=121)

    office.says("wang_ayi", BIN)

    (ticket,) = office.tickets()
    assert _pictures(office, ticket.id) == []


def test_place_first_goes_with_the_report(office: Office) -> None:
    for words in ("9号楼", "有人打架", "快来"):
        office.says("wang_ayi", words)

    (ticket,) = office.tickets()
    assert ticket.place["building"] == "9"
    assert ticket.place_key == "g01|9"


def test_second_voice_may_go_on_about_it_but_not_withdraw(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says("chen_shu", "东门路灯不亮")
    office.now += timedelta(hours=2)

    office.says("chen_shu", "补充一下 是靠车棚那根")
    office.says("chen_shu", "撤回 0001", chat="")

    (ticket,) = office.tickets()
    assert "靠车棚那根" in ticket.masked
    assert ticket.is_open


def test_windows_are_the_clerks(office: Office) -> None:
    slow = office.rules.alike.model_copy(update={"slow_window": timedelta(hours=1)})
    office.rules = replace(office.rules, alike=slow)
    office.says("wang_ayi", "东门那家烧烤店油烟太大了，呛得人不敢开窗")
    office.now += timedelta(days=2)

    office.says("chen_shu", "东门烧烤店的油烟往楼上飘，窗户都不敢开，呛得慌", chat=GROUP)

    assert len(office.tickets()) == 2
