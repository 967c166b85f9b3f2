"""The chasing ladder by day and by night, papers that wait for an answer, limits counted anew."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from config.clock_rules import CategoryTimes
from config.rules import Rules
from config.shapes import Hours
from config.vocabulary import Stage, Urgency
from storage import hard
from tests.handlers.block import Block, texts_to

OFFICER, LEADER, ROOM = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
DAY = 60 * 24


def heard(block: Block) -> Block:
    block.overhears("wmRESIDENT01", QUARREL)
    return block


@pytest.fixture
def signed(block: Block) -> Block:
    """A matter that the officer has signed and gone to."""
    heard(block)
    number = block.tickets()[0].serial
    block.says(OFFICER, f"签收 {number}", chat="")
    block.says(OFFICER, f"到场 {number}", chat="")
    return block


def say(block: Block, user: str, words: str) -> str:
    number = block.tickets()[0].serial
    return texts_to(block.says(user, words.replace("N", number), chat=""), user)


def with_times(rules: Rules, **parts: object) -> Rules:
    return dataclasses.replace(rules, times=rules.times.model_copy(update=parts))


def test_each_step_of_the_ladder_goes_to_one_person_and_never_into_a_group(signed: Block) -> None:
    said = signed.later(DAY * 16)

    chats = {chat for chat, _ in said}
    assert all(chat.startswith(("app:", "bot:")) for chat in chats)
    assert "群众还在等" in texts_to(said, OFFICER)
    assert "督办1号" in texts_to(said, LEADER)
    assert "记入本月通报" in texts_to(said, ROOM)


def test_no_two_reminders_to_one_person_are_equal(signed: Block) -> None:
    said = signed.later(DAY * 30)

    words = [(chat, text) for chat, text in said if not text.startswith("card")]
    assert len(words) > 5
    assert len(words) == len(set(words))


def test_nobody_is_chased_at_night(signed: Block) -> None:
    until = signed.now + timedelta(days=16)
    while signed.now < until:
        before = signed.now
        said = signed.later(30)
        local = (before + timedelta(hours=8)).hour
        if local >= 22 or local < 6:
            assert [text for chat, text in said if chat.endswith(f":{OFFICER}")] == []


def test_answered_supervision_keeps_the_unit_out_of_the_bulletin(signed: Block) -> None:
    while "督办" not in texts_to(signed.later(60), LEADER):
        pass
    assert "0001" in say(signed, OFFICER, "答复 N 等鉴定报告，周五有结果")

    said = signed.later(DAY * 8)

    assert "通报" not in texts_to(said, ROOM)
    assert "没有等答复" in say(signed, OFFICER, "答复 N 还有一句")


def test_unanswered_supervision_is_told_once_and_counted_for_the_unit(signed: Block) -> None:
    said = signed.later(DAY * 16)
    assert texts_to(said, LEADER).count("到期还没有回复") >= 1

    signed.now = datetime(2026, 4, 1, 0, 40, tzinfo=UTC)
    report = texts_to(signed.hour("bulletin"), LEADER)

    assert "溪河住建所：1件" in report
    assert "林知远" not in report


def test_other_category_counts_the_limit_anew_and_keeps_its_pauses(signed: Block) -> None:
    say(signed, OFFICER, "挂起 N 2天 等漏水鉴定")
    asked = [chat for chat, card in signed.cards if card["title"].startswith("请批")][-1]
    decider = asked.removeprefix("app:")
    signed.presses(decider, signed.card_of(decider, "请批"), "同意")
    signed.now += timedelta(days=1)
    say(signed, OFFICER, "恢复 N")
    before = signed.tickets()[0].due_at
    own = CategoryTimes.model_validate({"category": "P10", "verify": "2wd", "handle": "3wd"})
    signed.rules = with_times(signed.rules, by_category=(own,))

    say(signed, OFFICER, "改类 N P10")

    after = signed.tickets()[0]
    assert (after.category, after.stage) == ("P10", Stage.VERIFYING)
    assert before is not None
    assert after.due_at is not None
    assert after.due_at > before


def test_new_holiday_moves_the_limit_in_the_night(signed: Block) -> None:
    before = signed.tickets()[0].due_at
    days = (date(2026, 3, 5), date(2026, 3, 6))
    work = signed.rules.times.work.model_copy(update={"extra_holidays": days})
    signed.rules = with_times(signed.rules, work=work)

    signed.hour("forget")

    after = signed.tickets()[0].due_at
    assert before is not None
    assert after == before + timedelta(days=4)  # Thursday, Friday and the weekend


def test_recounting_says_nothing_twice(signed: Block) -> None:
    signed.later(DAY * 3)
    hours = Hours.model_validate({"from": "08:30", "to": "17:31"})
    work = signed.rules.times.work.model_copy(update={"hours": hours})
    signed.rules = with_times(signed.rules, work=work)

    signed.hour("forget")

    assert texts_to(signed.later(2), OFFICER) == ""


def test_less_urgent_gives_more_time_and_needs_a_reason(signed: Block) -> None:
    before = signed.tickets()[0].due_at
    assert "理由" in say(signed, OFFICER, "改档 N 缓办")

    assert "改为缓办" in say(signed, OFFICER, "改档 N 缓办 双方约了下周谈")

    after = signed.tickets()[0]
    assert after.urgency is Urgency.U4
    assert before is not None
    assert after.due_at is not None
    assert after.due_at > before


def test_hard_matter_needs_two_and_is_told_of_every_week(signed: Block) -> None:
    say(signed, OFFICER, "疑难 N 三家都说不是自己漏的")
    asked = [chat for chat, card in signed.cards if card["title"].startswith("请批")][-1]
    decider = asked.removeprefix("app:")
    signed.presses(decider, signed.card_of(decider, "请批"), "同意")

    said = signed.later(DAY * 7 + 60)
    assert "请在1天内回“进展" in texts_to(said, OFFICER)
    said = signed.later(DAY * 2)
    assert "还在办" in texts_to(said, "wmRESIDENT01")
    said = signed.says(OFFICER, f"进展 {signed.tickets()[0].serial} 鉴定报告出来了", chat="")
    assert "鉴定报告出来了" in texts_to(said, "wmRESIDENT01")


def test_reporter_who_asks_at_night_is_passed_on_in_the_morning(signed: Block) -> None:
    signed.now = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    said = signed.says("wmRESIDENT01", "催一下", chat="")
    assert texts_to(said, OFFICER) == ""

    assert "反映人来催了" in texts_to(signed.later(60 * 9), OFFICER)


def test_reminder_goes_to_who_stands_in_while_the_owner_is_away(signed: Block) -> None:
    leave = {"id": OFFICER, "from": "2026-03-04", "to": "2026-03-20", "substitute": "tang_shuo"}
    roster = type(signed.rules.roster).model_validate(
        {**signed.rules.roster.model_dump(by_alias=True), "leave": [leave]}
    )
    signed.rules = dataclasses.replace(signed.rules, roster=roster)

    said = signed.later(DAY * 2)

    assert "群众还在等" in texts_to(said, "tang_shuo")
    assert "群众还在等" not in texts_to(said, OFFICER)


def test_command_room_hears_of_a_grid_without_officer_next_week(signed: Block) -> None:
    leave = {"id": "he_yunfei", "from": "2026-03-09", "to": "2026-03-10"}
    roster = type(signed.rules.roster).model_validate(
        {**signed.rules.roster.model_dump(by_alias=True), "leave": [leave]}
    )
    signed.rules = dataclasses.replace(signed.rules, roster=roster)

    assert "石桥村网格从 2026-03-09 起" in texts_to(signed.hour("coverage"), ROOM)
    signed.now += timedelta(days=1)
    assert signed.hour("coverage") == []


def test_supervision_is_copied_to_those_of_the_rung_who_may_see_it(signed: Block) -> None:
    said: list[tuple[str, str]] = []
    while "督办1号" not in texts_to(said, LEADER):
        said += signed.later(60)

    copied = {chat.removeprefix("app:") for chat, words in said if words.startswith("抄送您")}
    assert copied == {ROOM}, "the inspector has no such tickets"


def test_supervision_at_once_says_why_and_never_that_it_is_late(signed: Block) -> None:
    for _ in range(2):
        signed.says("wmRESIDENT01", "催一下", chat="")
        said = signed.later(61)

    words = texts_to(said, LEADER)
    assert "群众催了2次" in words
    assert "已过时限" not in words


def test_danger_grade_two_is_chased_at_night_and_an_ordinary_matter_is_not(block: Block) -> None:
    heard(block)
    say(block, OFFICER, "签收 N")
    say(block, OFFICER, "改档 N 紧急 孩子一个人在家")
    block.now = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)  # 22:30 in Shanghai
    say(block, OFFICER, "到场 N")

    urgent = block.later(60 * 5)
    assert "时限" in texts_to(urgent, OFFICER)


def test_only_one_extension_unless_the_matter_is_hard(signed: Block) -> None:
    def extended() -> str:
        said = say(signed, OFFICER, "延期 N 1天 等材料")
        asked = [chat for chat, card in signed.cards if card["title"].startswith("请批")]
        decider = asked[-1].removeprefix("app:")
        signed.presses(decider, signed.card_of(decider, "请批"), "同意")
        return said

    assert "延期" in extended()
    assert "延" in say(signed, OFFICER, "延期 N 1天 再等等")
    assert len([1 for _, card in signed.cards if card["title"].startswith("请批")]) == 1
    signed.looks(lambda db: hard.call_hard(db, 1, signed.now))

    say(signed, OFFICER, "延期 N 1天 再等等")

    assert len([1 for _, card in signed.cards if card["title"].startswith("请批")]) == 2


def test_administrator_hears_once_a_month_that_the_holidays_end(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.duty_check.last_known_day", lambda: date(2026, 4, 30))

    assert "节假日表只到2026-04-30" in texts_to(block.hour("coverage"), "zuo_mingkai")
    block.now += timedelta(days=1)
    assert block.hour("coverage") == []
