"""Publicity over several days: proposed in the evening, approved, said inside and outside."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.publicity import Why
from bot.lines import line_of
from bot.turn import Turn
from config.publicity_rules import Publicity
from config.vocabulary import Role
from handlers import publicity, publicity_reach
from storage import drafts, publicity_facts
from storage import publicity as stored
from storage.database import table_of
from storage.publicity import Line, Post
from storage.spans import Span
from storage.tables import TicketRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP

OFFICER, OTHER, LEADER, WORKER = "lin_zhiyuan", "he_yunfei", "zhong_yihang", "fang_xiaoman"
INSIDE = "wrHUAIAN01"  # 槐安里: the robot stands in it; 桂花苑 (GROUP) is a group of residents
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai; 反诈 is on the next day
RULES = {
    "topics": [
        {
            "id": "fraud",
            "name": "反诈",
            "weekdays": [2],
            "weeks": [2, 4],
            "cases": ["P02"],
            "variants": [
                {"id": "f1", "text": "接到叫您转钱的电话，先挂断，打96110问问。"},
                {"id": "f2", "text": "验证码谁要都不给，拿不准打96110。"},
            ],
        },
        {
            "id": "fire",
            "name": "防火",
            "weekdays": [3],
            "variants": [
                {"id": "b1", "text": "电动车别推上楼充电，着火打119。"},
                {"id": "b2", "text": "睡前看看灶关了没有，充电器拔了没有。"},
            ],
        },
    ]
}


@pytest.fixture
def station(block: Block) -> Block:
    rules = Publicity.model_validate(RULES)
    block.rules = dataclasses.replace(block.rules, publicity=rules)
    block.now = MONDAY
    return block


def lines(block: Block) -> list[Line]:
    found: list[Line] = block.looks(lambda db: stored.between(db, "2026-01-01", "2026-12-31", 99))
    return found


def posts(block: Block) -> dict[str, Post]:
    """The newest post of each group."""
    ids = [one.id for one in lines(block)]
    return {one.chat: one for one in block.looks(lambda db: stored.posts_of(db, ids))}


def types(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


def until(block: Block, day: int, hour: int, minute: int = 0) -> list[tuple[str, Any]]:
    """Time goes on to that moment of March in Shanghai."""
    at = datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    return block.later((at - block.now).total_seconds() / 60)


def approved(block: Block) -> Line:
    """The officer of two grids has approved the first line."""
    block.hour("publicity_evening")
    line = next(one for one in lines(block) if one.approver == OFFICER)
    types(block, OFFICER, f"宣传 同意 {line.id}")
    return line


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


# -- after a case ----------------------------------------------------------------------------------


def told_fraud(block: Block, words: str = "我被骗了，刷单骗走了三万") -> None:
    block.now = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)  # Thursday, 10:00
    block.overhears("wang_ayi", words)


def test_a_case_proposes_the_line_at_once_and_nothing_of_the_case(station: Block) -> None:
    told_fraud(station)

    (line,) = lines(station)
    assert (line.cause, line.topic, line.approver, line.day) == (
        *("case", "fraud", OFFICER),
        "2026-03-05",
    )
    assert line.text in {one["text"] for one in RULES["topics"][0]["variants"]}  # type: ignore[index]
    assert set(posts(station)) == {GROUP}, "the groups of that grid alone"
    card = station.card_of(OFFICER, "要不要在群里提醒一句：反诈")
    assert "三万" not in str(card)
    types(station, OFFICER, "宣传 同意")
    station.later(1)
    assert [one.kind for one in station.waiting() if one.kind == "publicity"] == ["publicity"]


def test_that_it_happened_here_is_said_after_it_was_verified(station: Block) -> None:
    told_fraud(station)
    (ticket,) = station.tickets()
    types(station, OFFICER, f"签收 {ticket.serial}")
    types(station, OFFICER, f"到场 {ticket.serial}")
    station.hour("publicity_rounds")
    assert len(lines(station)) == 1, "gone to is not verified"
    station.looks(lambda db: verified(db, ticket.id))

    for _ in range(2):
        station.now += timedelta(hours=1)
        station.hour("publicity_rounds")

    plain, sure = lines(station)
    assert (plain.state, sure.state) == ("lapsed", "proposed")
    assert sure.text == f"本辖区近日有类似的事，请多留意。{plain.text}"


def verified(db: Any, number: int) -> None:
    tickets = table_of(TicketRow)
    db.conn.execute(update(tickets).where(tickets.c.id == number).values(stage="handling"))


@pytest.mark.parametrize("words", ["我老公又打我了，还骗走我的钱", "我家孩子被人骗了，他才十二岁"])
def test_no_line_follows_a_protected_matter(station: Block, words: str) -> None:
    told_fraud(station, words)

    assert lines(station) == []


def test_no_line_follows_where_few_people_live(station: Block) -> None:
    small = Publicity.model_validate(RULES | {"small": {"buildings": 19, "residents": 50}})
    station.rules = dataclasses.replace(station.rules, publicity=small)

    told_fraud(station)

    assert station.tickets()[0].category == "P02"
    assert lines(station) == []


# -- questions under it ----------------------------------------------------------------------------


def test_a_question_under_a_line_is_answered_and_counted(station: Block) -> None:
    approved(station)
    until(station, 10, 10, 1)

    answered = station.says("wang_ayi", "警务室在哪？几点开门", chat=INSIDE)
    asked = station.says("zhou_shushu", "反诈APP怎么注销账号？", chat=INSIDE)

    assert "桂花路8号" in "".join(words for chat, words in answered if chat == INSIDE)
    assert asked
    found = posts(station)[INSIDE]
    assert (found.asked, found.answered) == (2, 1)
    until(station, 11, 10, 2)
    station.says("wang_ayi", "警务室在哪？几点开门", chat=INSIDE)
    assert posts(station)[INSIDE].asked == 2, "a day later it is a question like any other"


def test_where_nobody_spoke_to_us_only_a_question_under_a_line_is_answered(station: Block) -> None:
    approved(station)
    station.overhears("wang_ayi", "警务室在哪？几点开门")
    assert station.waiting() == [], "nobody asked us"
    until(station, 10, 10, 1)
    number = next(d.id for d in station.waiting())
    station.looks(lambda db: drafts.end(db, [number], drafts.SENT, station.now, WORKER))

    station.overhears("zhou_shushu", "警务室在哪？几点开门")

    (draft,) = station.waiting()
    assert "桂花路8号" in draft.text


def test_figures_stand_in_the_report_of_the_week(station: Block) -> None:
    approved(station)
    until(station, 10, 10, 1)
    span = Span(MONDAY, station.now + timedelta(hours=1))

    def read(db: Any) -> tuple[str, ...]:
        turn = Turn(db, station.rules, None, station.now)  # type: ignore[arg-type]
        return publicity_reach.words(turn, span)

    (words,) = station.looks(read)
    assert "说了1句次，到1个群" in words
    assert "不看谁读没读" in words
    assert Why.UNSENT.label not in words


def test_the_stand_in_of_an_officer_on_leave_decides(station: Block) -> None:
    types(station, OFFICER, "请假 3天")
    station.hour("publicity_evening")

    approvers = {one.approver for one in lines(station)}

    assert OFFICER not in approvers
    room = {one.id for one in station.rules.people_with(Role.COMMAND_ROOM)}
    assert approvers & room


def test_the_hours_stand_in_the_list_of_jobs_only_with_lines(station: Block) -> None:
    assert publicity.jobs(station.rules)["publicity_evening"] == "0 18 * * *"
    empty = dataclasses.replace(station.rules, publicity=Publicity.none())
    assert publicity.jobs(empty) == {}
    assert line_of(GROUP)
