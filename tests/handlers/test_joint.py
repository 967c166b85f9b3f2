"""联席: the ladder's last rung calls the people together; the minutes are its answer."""

from datetime import datetime

import pytest

from bot.domain.clocks import ZONE
from config.clock_rules import PaperKind
from storage import meetings, papers
from storage.meetings import Meeting
from storage.papers import Paper
from tests.handlers.block import Block, texts_to

OFFICER, ROOM, LEADER, SPONSOR = "lin_zhiyuan", "qiu_ruolan", "zhong_yihang", "gu_changting"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
LAMP = "桂花苑东门的路灯坏了三天了"
DAY = 60 * 24


@pytest.fixture
def quiet(block: Block) -> Block:
    """A quarrel that was signed, and then nothing more."""
    block.overhears("wmRESIDENT01", QUARREL)
    block.says(OFFICER, "签收 0001", chat="")
    block.says(OFFICER, "到场 0001", chat="")
    return block


def called(block: Block) -> Meeting | None:
    found: list[Meeting] = block.looks(lambda db: meetings.of_ticket(db, 1))
    return found[-1] if found else None


def until_called(block: Block) -> tuple[Meeting, list[tuple[str, str]]]:
    said: list[tuple[str, str]] = []
    for _ in range(40):
        said += block.later(DAY)
        if found := called(block):
            return found, said
    raise AssertionError("nobody was called together")


def joint_papers(block: Block) -> list[Paper]:
    found: list[Paper] = block.looks(lambda db: papers.of_ticket(db, 1, PaperKind.JOINT))
    return found


def test_after_weeks_the_people_of_the_matter_are_called_together(quiet: Block) -> None:
    meeting, said = until_called(quiet)

    assert (meeting.called_by, meeting.place) == (ROOM, "桂花社区警务室")
    assert OFFICER in meeting.answers
    assert LEADER in meeting.answers
    assert "pan_zhenguo" in meeting.answers, "综治中心 has a chair at the table"
    local = meeting.begins_at.astimezone(ZONE)
    assert (local.hour, local.weekday() < 5) == (10, True)
    assert "几家一起会商（联席" in texts_to(said, ROOM)
    assert "区里" in texts_to(said, ROOM) or "请打电话请他们" in texts_to(said, ROOM)
    assert "已请林知远" in texts_to(said, ROOM)
    assert "召集" in quiet.card_of(OFFICER, "召集")["title"]


def test_minutes_are_the_answer(quiet: Block) -> None:
    meeting, _ = until_called(quiet)
    quiet.now = meeting.begins_at

    assert "记下了" in texts_to(quiet.says(ROOM, "纪要 0001 各退一步，周五前修好", chat=""), ROOM)

    assert [paper.answered_at is not None for paper in joint_papers(quiet)] == [True]
    assert "没有回复" not in texts_to(quiet.later(DAY * 3), LEADER)


def test_silence_after_the_meeting_is_told_once(quiet: Block) -> None:
    meeting, _ = until_called(quiet)

    before = quiet.later((meeting.begins_at - quiet.now).total_seconds() / 60)
    after = quiet.later(DAY * 4)

    late = f"联席{joint_papers(quiet)[0].id}号到期还没有回复"
    assert late not in texts_to(before, LEADER)
    assert texts_to(after, LEADER).count(late) == 1


def test_chair_moves_it_and_who_is_not_asked_again_hears_so(quiet: Block) -> None:
    until_called(quiet)

    moved = quiet.says(ROOM, "召集 0001 后天15点 活动室 林知远 商量漏水", chat="")

    assert "碰头改了，不用来了" in texts_to(moved, LEADER)
    assert "碰头改了" not in texts_to(moved, OFFICER)
    meeting = called(quiet)
    assert meeting is not None
    assert list(meeting.answers) == [OFFICER]
    soon = quiet.later(DAY * 3)
    assert texts_to(soon, OFFICER).count("提醒：") == 1
    assert "提醒：" not in texts_to(soon, LEADER)


def test_meeting_that_was_called_by_hand_is_not_called_twice(quiet: Block) -> None:
    for _ in range(16):
        quiet.later(DAY)
    quiet.says(OFFICER, "召集 0001 3月30日15点 活动室 方小满", chat="")

    said = quiet.later(DAY * 8)

    assert len(quiet.looks(lambda db: meetings.of_ticket(db, 1))) == 1
    assert "已经约了碰头" in texts_to(said, ROOM)


def test_two_departments_that_send_it_to_and_fro_sit_down_together(block: Block) -> None:
    block.overhears("wmRESIDENT01", LAMP)
    for _ in range(2):
        owner = block.tickets()[0].owner
        block.says(owner, "退回 0001 不归我们管", chat="")

    block.later(2)

    meeting = called(block)
    assert meeting is not None
    assert {"wei_heping", "pan_zhenguo"} <= set(meeting.answers)
    assert meeting.begins_at == datetime(2026, 3, 6, 10, 0, tzinfo=ZONE)


def test_protected_matter_calls_nobody_who_may_not_see_it(block: Block) -> None:
    block.overhears("wmRESIDENT01", "隔壁男的天天打老婆，孩子也跟着挨打")
    block.says(OFFICER, "签收 0001", chat="")

    block.later(DAY * 30)

    meeting = called(block)
    asked = set(meeting.answers) if meeting else set()
    assert asked <= {OFFICER, LEADER}


def test_sponsor_hears_of_what_a_supervision_left_unanswered(quiet: Block) -> None:
    said = quiet.later(DAY * 14)

    assert "您包联的这里" in texts_to(said, SPONSOR)


def test_sponsor_is_left_alone_where_the_supervision_was_answered(quiet: Block) -> None:
    while "督办" not in texts_to(quiet.later(60), LEADER):
        pass
    quiet.says(OFFICER, "答复 0001 等鉴定报告，周五有结果", chat="")

    assert texts_to(quiet.later(DAY * 14), SPONSOR) == ""


def test_dispute_of_the_highest_colour_is_supervised_at_once(block: Block) -> None:
    block.overhears("wmRESIDENT01", "桂花苑3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架")
    block.says(OFFICER, "签收 0001", chat="")

    block.says(OFFICER, "定色 0001 红色 昨晚差点动手", chat="")

    assert "在办，矛盾是红色。" in texts_to(block.later(2), LEADER)
