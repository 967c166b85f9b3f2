"""Publicity over several days: proposed in the evening, approved, said inside and outside."""

import dataclasses
from datetime import UTC, datetime, timedelta

from config.publicity_rules import Publicity
from handlers import publicity_reach
from storage import publicity as stored
from storage import publicity_facts
from storage.spans import Span
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP
from tests.handlers.publicising import (
    INSIDE,
    LEADER,
    MONDAY,
    OFFICER,
    OTHER,
    RULES,
    WORKER,
    approved,
    lines,
    posts,
    types,
    until,
)
from tests.handlers.publicising import station as station


def reach(block: Block) -> publicity_reach.Reach:
    span = Span(block.now - timedelta(days=30), block.now + timedelta(days=1))
    found: publicity_reach.Reach = block.looks(lambda db: publicity_reach.of(db, span))
    return found


def test_the_evening_shows_tomorrows_line_to_the_officer_of_the_groups(station: Block) -> None:
    said = station.hour("publicity_evening")

    assert {(one.approver, one.topic, one.day, one.state) for one in lines(station)} == {
        (OFFICER, "fraud", "2026-03-10", "proposed"),
        (OTHER, "fraud", "2026-03-10", "proposed"),
    }
    card = station.card_of(OFFICER, "3月10日的宣传：反诈")
    assert "桂花苑" in card["desc"]
    assert [chat for chat, _ in said if ":" not in chat] == []
    station.now += timedelta(minutes=1)
    assert station.hour("publicity_evening") == [], "twice changes nothing"


def test_what_nobody_approves_is_never_said(station: Block) -> None:
    station.hour("publicity_evening")

    said = until(station, 11, 9)
    station.hour("publicity_rounds")

    assert [chat for chat, _ in said if ":" not in chat] == []
    assert {one.state for one in lines(station)} == {"lapsed"}
    assert {one.state for one in posts(station).values()} == {"dropped"}
    assert "已经发了，或者过了时间" in types(station, OFFICER, "宣传 同意 1")


def test_inside_the_robot_says_it_and_outside_a_human_does(station: Block) -> None:
    line = approved(station)

    before = until(station, 10, 9, 59)
    said = until(station, 10, 10)

    assert [chat for chat, _ in before if ":" not in chat] == []
    assert (INSIDE, line.text) in said
    (draft,) = station.waiting()
    assert (draft.kind, draft.text) == ("publicity", line.text)
    assert draft.expires_at == datetime(2026, 3, 10, 12, 0, tzinfo=UTC), "20:00 and no later"
    assert (reach(station).said, reach(station).waiting) == (1, 1)
    speaker = next(chat[4:] for chat, card in station.cards if "代" in card["title"])
    types(station, speaker, "已发出")
    assert (reach(station).said, reach(station).groups, reach(station).waiting) == (2, 2, 0)


def test_a_draft_that_nobody_says_is_over_in_the_evening_and_counts_as_unsent(
    station: Block,
) -> None:
    approved(station)

    until(station, 10, 20, 1)
    station.hour("publicity_rounds")

    assert station.waiting() == []
    assert posts(station)[GROUP].state == "unsent"
    assert (reach(station).said, reach(station).unsent) == (1, 1)


def test_by_card_it_is_approved_and_its_buttons_are_gone(station: Block) -> None:
    station.hour("publicity_evening")
    card = station.card_of(OFFICER, "反诈")

    said = station.presses(OFFICER, card, "同意")
    again = station.presses(OFFICER, card, "跳过")

    assert "明天10:00发，2个群" in texts_to(said, OFFICER)
    assert any("已经定了" in words for _, words in said)
    assert "不发了" in texts_to(again, OFFICER), "until it is said it can be taken back"
    assert [c for c, _ in until(station, 10, 12) if ":" not in c] == []


def test_other_words_are_judged_and_said_instead(station: Block) -> None:
    station.hour("publicity_evening")
    number = next(one.id for one in lines(station) if one.approver == OFFICER)

    for words, why in (
        ("林知远提醒大家别转钱，打96110。", "不写人名"),
        ("3号楼2单元那家被骗了，大家多小心。", "不能公开"),
        ("被骗的请打13912345678，有人接。", "不是公布的热线"),
        ("严禁给陌生人转账，后果自负。", "口气像训人"),
        ("别转钱", "太短"),
    ):
        assert why in types(station, OFFICER, f"宣传 改 {number} {words}")
    assert "明天10:00" in types(
        station, OFFICER, f"宣传 改 {number} 陌生电话叫转钱的，先问家里人。"
    )

    assert (INSIDE, "陌生电话叫转钱的，先问家里人。") in until(station, 10, 11)
    assert lines(station)[0].is_changed or lines(station)[1].is_changed


def test_who_may_not_decide_is_told_who_does(station: Block) -> None:
    station.hour("publicity_evening")
    mine = next(one.id for one in lines(station) if one.approver == OFFICER)

    assert "这一句由林知远定" in types(station, OTHER, f"宣传 同意 {mine}")
    assert "综合指挥室" in types(station, WORKER, f"宣传 同意 {mine}")
    assert "明天10:00" in types(station, LEADER, f"宣传 同意 {mine}")


def test_the_list_and_the_only_one_that_waits_need_no_number(station: Block) -> None:
    assert "没有等您定" in types(station, OFFICER, "宣传")
    station.hour("publicity_evening")

    assert "反诈｜2个群" in types(station, OFFICER, "宣传")
    assert "明天10:00" in types(station, OFFICER, "宣传 同意")
    assert "宣传 改 12" in types(station, OFFICER, "宣传 有什么用")


def test_the_same_words_rest_sixty_days_and_a_week_holds_three(station: Block) -> None:
    heard: list[tuple[datetime, str]] = []
    for _ in range(40):  # evenings
        station.hour("publicity_evening")
        for one in lines(station):
            if one.state == "proposed" and one.approver == OFFICER:
                types(station, OFFICER, f"宣传 同意 {one.id}")
        said = station.later(24 * 60)
        heard += [(station.now, words) for chat, words in said if chat == INSIDE]

    words = [text for _, text in heard]
    assert len(words) == 4, "two topics with two wordings each last forty days, and no longer"
    assert len(set(words)) == 4


def test_a_group_that_wants_none_is_left_alone(station: Block) -> None:
    line = approved(station)

    assert "不归您管" in types(station, OTHER, "宣传 停 槐安里")
    assert "不再往槐安里发宣传" in types(station, OFFICER, "宣传 停 槐安里 群里在办丧事")
    said = until(station, 10, 10)

    assert (INSIDE, line.text) not in said
    assert "槐安里的宣传（反诈）没有发：这个群说了不发宣传" in texts_to(said, OFFICER)
    out = station.looks(stored.outs)[INSIDE]
    assert (out.by, out.reason) == (OFFICER, "群里在办丧事")
    assert "恢复发宣传" in types(station, OFFICER, "宣传 恢复 槐安里")
    assert station.looks(stored.outs) == {}


def test_beside_a_danger_it_waits_and_in_mourning_nothing_is_proposed(station: Block) -> None:
    line = approved(station)
    until(station, 10, 9, 30)
    station.says("wang_ayi", "3号楼有人拿刀追着人砍", chat=INSIDE)
    types(station, OFFICER, "签收")  # else it rings every minute of the day

    morning = until(station, 10, 15)
    afternoon = until(station, 10, 16)

    assert (INSIDE, line.text) not in morning
    assert (INSIDE, line.text) in afternoon, "six hours later"
    quiet = Publicity.model_validate(RULES | {"quiet_days": ["2026-03-18"]})
    station.rules = dataclasses.replace(station.rules, publicity=quiet)
    station.now += timedelta(days=7)
    count = len(lines(station))
    station.hour("publicity_evening")
    assert len(lines(station)) == count


def test_a_danger_calls_back_the_draft_that_waits(station: Block) -> None:
    approved(station)
    until(station, 10, 10)
    assert station.waiting()

    station.overhears("wang_ayi", "3号楼有人拿刀追着人砍")
    station.hour("publicity_rounds")

    assert [one for one in station.waiting() if one.kind == "publicity"] == []
    assert posts(station)[GROUP].state == "unsent"


def test_mass_sends_count_with_it(station: Block) -> None:
    until(station, 10, 9)
    types(station, LEADER, "群发 桂花苑：明早停水两小时，请存点水。")

    standing = station.looks(
        lambda db: publicity_facts.by_staff(db, [GROUP], station.now - timedelta(days=1), "none")
    )

    assert [one.chat for one in standing] == [GROUP]
    station.now = MONDAY + timedelta(hours=15)  # the next morning
    approved_by_stop = types(station, OFFICER, "宣传 停 桂花苑")
    assert "不再往桂花苑" in approved_by_stop
    assert "说了不发宣传" in types(station, LEADER, "群发 桂花苑：后天停电，请留意。")
