"""待判: what the readers were not sure of is judged by one tap, coalesced, never at night."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import spans
from bot.domain.spans import Length
from bot.engine.worker import reading_of
from handlers import digest_week, judging
from handlers.dashboard import hard_page
from handlers.dashboard.shell import Look
from storage import corrections, hard_ones
from storage.hard_ones import HardOne
from tests.handlers import office
from tests.handlers.block import Block
from tests.handlers.office import GROUP
from tests.web.boards import looks

OFFICER, OTHER, ROOM, WORKER = "lin_zhiyuan", "he_yunfei", "qiu_ruolan", "fang_xiaoman"
UNSURE = "桂花苑那边的花坛怎么老是那样"
LAMP = "市政设施"


@pytest.fixture
def unsure(block: Block, monkeypatch: pytest.MonkeyPatch) -> Block:
    """The block where the second reader hesitates over everything that is no report."""

    def hesitant(event: Any, rules: Any) -> Any:
        found = reading_of(event, rules)
        return dataclasses.replace(found, chance=0.8) if found is not None else None

    monkeypatch.setattr(office, "reading_of", hesitant)
    return block


def waiting(block: Block) -> list[HardOne]:
    found: list[HardOne] = block.looks(lambda db: hard_ones.waiting(db, 50))
    return found


def talks(block: Block, *words: str) -> None:
    for number, said in enumerate(words):
        block.overhears(f"wmRESIDENT{number:02}", said)


def test_what_the_readers_were_not_sure_of_waits_without_who_spoke(unsure: Block) -> None:
    talks(unsure, UNSURE)

    (one,) = waiting(unsure)

    assert one.masked == UNSURE
    assert (one.chat, one.grid) == (GROUP, "g01")
    assert unsure.tickets() == []


def test_a_report_danger_and_colleagues_do_not_wait(unsure: Block) -> None:
    talks(unsure, "桂花苑3号楼路灯不亮", "桂花苑3号楼着火了")
    unsure.overhears(WORKER, UNSURE)

    assert waiting(unsure) == []


def test_one_card_an_hour_for_a_group_goes_to_its_officer(unsure: Block) -> None:
    talks(unsure, UNSURE, "花坛又那样了呀", "你们说花坛怎么回事")

    unsure.hour("hard")

    card = unsure.card_of(OFFICER, "待判")
    assert "3条" in card["title"]
    shown = [c for c in unsure.cards if "待判" in c[1]["title"]]
    assert len(shown) == 1
    unsure.now += timedelta(hours=1)
    unsure.hour("hard")
    assert [c for c in unsure.cards if "待判" in c[1]["title"]] == shown


def test_at_night_it_stands_on_the_page_alone(unsure: Block) -> None:
    talks(unsure, UNSURE)
    unsure.now = unsure.now.replace(hour=16)  # midnight in Shanghai

    unsure.hour("hard")

    assert [c for c in unsure.cards if "待判" in c[1]["title"]] == []
    assert len(waiting(unsure)) == 1


def test_nobody_is_shown_more_than_ten_a_day(unsure: Block) -> None:
    for number in range(judging.MOST_A_DAY + 2):
        talks(unsure, f"花坛那边第{number}回那样了呀")
        unsure.hour("hard")
        unsure.now += timedelta(minutes=30)

    assert len([c for c in unsure.cards if "待判" in c[1]["title"]]) == judging.MOST_A_DAY


def test_one_tap_opens_a_ticket_and_keeps_the_pair(unsure: Block) -> None:
    talks(unsure, UNSURE)
    unsure.hour("hard")

    unsure.presses(OFFICER, unsure.card_of(OFFICER, "待判"), "是报事")

    assert len(unsure.tickets()) == 1
    assert waiting(unsure) == []
    kept = unsure.looks(corrections.every)
    assert [pair.masked for pair in kept] == [UNSURE]
    assert kept[0].read_as == ""


def test_no_is_one_tap_and_opens_nothing(unsure: Block) -> None:
    talks(unsure, UNSURE)
    unsure.hour("hard")

    said = unsure.presses(OFFICER, unsure.card_of(OFFICER, "待判"), "不是")

    assert "不是报事" in "".join(words for _, words in said)
    assert unsure.tickets() == []
    assert waiting(unsure) == []


def test_the_page_names_the_category(unsure: Block) -> None:
    talks(unsure, UNSURE)

    unsure.says(ROOM, f"待判 1 是 {LAMP}", chat="")

    assert [ticket.category for ticket in unsure.tickets()] == ["N03"]
    said = unsure.says(ROOM, "待判 1 不是", chat="")
    assert "已经判过" in "".join(words for _, words in said)


@pytest.mark.parametrize(("who", "said"), [(OTHER, "不归您判"), (WORKER, "不用管")])
def test_another_beat_and_grid_workers_judge_nothing(unsure: Block, who: str, said: str) -> None:
    talks(unsure, UNSURE)

    answer = unsure.says(who, "待判 1 是", chat="")

    assert said in "".join(words for _, words in answer)
    assert len(waiting(unsure)) == 1


def test_the_page_shows_each_his_own_beat(unsure: Block) -> None:
    talks(unsure, UNSURE)

    mine = looks(unsure, OFFICER, hard_page.desk)

    assert [(name, len(lines)) for name, lines in mine.groups] == [("桂花苑", 1)]
    assert LAMP in mine.categories
    assert looks(unsure, ROOM, hard_page.desk).count == 1
    assert looks(unsure, OTHER, hard_page.desk).count == 0


def test_how_often_it_was_right_is_counted_and_outlives_the_words(unsure: Block) -> None:
    talks(unsure, UNSURE, "花坛又那样了呀", "你们说花坛怎么回事")
    unsure.says(ROOM, "待判 1 不是", chat="")
    unsure.says(ROOM, f"待判 2 是 {LAMP}", chat="")
    unsure.says(ROOM, "待判 3 是", chat="")
    unsure.now += timedelta(days=8)
    unsure.hour("forget")

    (said,) = looks(unsure, ROOM, hard_page.desk).figures

    assert "判了3条" in said
    assert "没开单是对的1/3" in said
    assert "其实是报事的2条" in said
    assert "类别没有改的1/2" in said
    assert "邱若兰" not in said
    assert looks(unsure, OFFICER, hard_page.desk).figures == ()
    assert week_notes(unsure).count(said) == 1


def week_notes(block: Block) -> tuple[str, ...]:
    def notes(look: Look) -> tuple[str, ...]:
        turn = look.turn
        time = spans.of(Length.WEEK, turn.now.date() - timedelta(days=7))
        return digest_week.of(turn, time, look.seat.person).notes

    return looks(block, ROOM, notes)


def test_words_go_with_the_talk(unsure: Block) -> None:
    talks(unsure, UNSURE)
    unsure.now += timedelta(days=8)

    unsure.hour("forget")

    assert waiting(unsure) == []
