"""Long after the end (归档、过期重来、结案): what is put away, what may come back, by whom."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.vocabulary import Act, ClosingCode, Danger, Role, Stage
from handlers import archiving
from storage import journal, links, origins, retention, tickets
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

RESIDENT, OTHER = "wmRESIDENT01", "wmRESIDENT02"
OFFICER, LEADER, ROOM = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
LAMP = "桂花苑9号楼门口路灯不亮，黑灯瞎火"
DAY = timedelta(days=1)


def says(block: Office, user: str, text: str) -> str:
    return texts_to(block.says(user, text, chat=""), user)


def becomes(block: Office, number: int = 1, **changes: Any) -> None:
    block.looks(lambda db: tickets.save(db, replace(tickets.get(db, number), **changes)))


def ends(block: Office, stage: Stage, number: int = 1) -> None:
    """The ticket as if it had ended so just now."""
    becomes(
        block,
        number,
        stage=stage,
        stage_at=block.now,
        closed_at=block.now,
        closing_code=ClosingCode.SOLVED,
    )


def night(block: Office, days: int) -> Ticket:
    """The first ticket, so many days later, after the night's work."""
    block.now += days * DAY
    block.hour("archive")
    return block.tickets()[0]


@pytest.fixture
def opened(block: Block) -> Block:
    block.overhears(RESIDENT, QUARREL)
    return block


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.REVIEW, Stage.REJECTED, Stage.VOID])
def test_what_ended_a_month_ago_is_put_away_with_a_journal_row(opened: Block, stage: Stage) -> None:
    ends(opened, stage)
    assert night(opened, 29).stage is stage

    ticket = night(opened, 2)

    assert (ticket.stage, ticket.prior_stage) == (Stage.ARCHIVED, stage)
    story = opened.looks(lambda db: journal.of_ticket(db, 1))
    assert (story[-1].act, story[-1].actor, story[-1].from_stage) == (Act.ARCHIVE, "system", stage)


def test_closed_matter_that_will_be_looked_at_again_waits(opened: Block) -> None:
    says(opened, OFFICER, "签收 0001")
    says(opened, OFFICER, "处置 0001 调解成功 双方谈好了")
    opened.later(2)
    opened.says(RESIDENT, "5", chat=f"bot:{RESIDENT}")
    assert opened.tickets()[0].stage is Stage.CLOSED

    assert night(opened, 31).stage is Stage.CLOSED


def test_merged_matter_stays_as_long_as_the_other_one_is_open(opened: Block) -> None:
    opened.overhears(OTHER, LAMP)
    assert "并" in says(opened, ROOM, "0002 并入 0001")
    assert [t.stage for t in opened.tickets()][1] is Stage.MERGED
    night(opened, 31)
    assert [t.stage for t in opened.tickets()][1] is Stage.MERGED

    ends(opened, Stage.CLOSED)
    night(opened, 31)

    assert {t.stage for t in opened.tickets()} == {Stage.ARCHIVED}


def test_one_night_takes_no_more_than_its_share(
    opened: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.overhears(OTHER, LAMP)
    monkeypatch.setattr(archiving, "MOST", 1)
    for number in (1, 2):
        ends(opened, Stage.CLOSED, number)

    night(opened, 31)
    assert [t.stage for t in opened.tickets()] == [Stage.ARCHIVED, Stage.CLOSED]
    night(opened, 1)

    assert [t.stage for t in opened.tickets()] == [Stage.ARCHIVED, Stage.ARCHIVED]


def test_archived_refusal_is_counted_and_deleted_as_a_refusal(opened: Block) -> None:
    ends(opened, Stage.REJECTED)
    since = opened.now - DAY
    night(opened, 31)

    assert opened.looks(lambda db: origins.sums(db, since)) == []
    later = opened.now + 400 * DAY
    over = opened.looks(
        lambda db: retention.due_for_deletion(db, later - 1826 * DAY, later - 365 * DAY, later)
    )
    assert over["void"] == [1]
    assert over["closed"] == []


def test_staff_reopens_within_a_month_and_not_later(opened: Block) -> None:
    ends(opened, Stage.CLOSED)
    opened.now += 31 * DAY
    assert "不能重办" in says(opened, ROOM, "重办 0001 又漏了")

    opened.now -= 3 * DAY

    assert "不能重办" not in says(opened, ROOM, "重办 0001 又漏了")
    assert opened.tickets()[0].stage is Stage.ASSIGNED


def test_unsolved_after_the_grace_is_a_new_matter_tied_to_the_old_one(opened: Block) -> None:
    ends(opened, Stage.CLOSED)
    opened.now += 10 * DAY

    opened.says(RESIDENT, "还是没解决", chat=f"bot:{RESIDENT}")

    old, new = opened.tickets()
    assert old.stage is Stage.CLOSED
    assert (new.category, new.grid, new.is_open) == (old.category, old.grid, True)
    assert opened.looks(lambda db: links.of_ticket(db, new.id)) == [old.id]


def test_unsolved_within_the_grace_reopens_for_who_was_merged_into_it_too(opened: Block) -> None:
    opened.overhears(OTHER, LAMP)
    says(opened, ROOM, "0002 并入 0001")
    ends(opened, Stage.CLOSED)
    opened.now += 2 * DAY

    said = opened.says(OTHER, "没解决", chat=f"bot:{OTHER}")

    assert "重新办" in texts_to(said, OTHER)
    parent = opened.tickets()[0]
    assert (parent.stage, parent.reopen_count) == (Stage.ASSIGNED, 1)
    assert len(opened.tickets()) == 2


def test_second_time_the_leader_has_it(opened: Block) -> None:
    becomes(opened, owner="tang_shuo", past_owners=(), department="", reopen_count=1)
    ends(opened, Stage.CLOSED)

    opened.says(RESIDENT, "没解决", chat=f"bot:{RESIDENT}")

    owner = opened.rules.person(opened.tickets()[0].owner)
    assert owner is not None
    assert owner.role is Role.LEADER


def test_complaint_that_comes_back_stays_with_the_inspector(office: Office) -> None:
    office.says("wang_ayi", "民警林知远态度恶劣，我要投诉他", chat="bot:wang_ayi")
    assert office.tickets()[0].category == "P23"
    ends(office, Stage.CLOSED)

    said = office.says("wang_ayi", "没解决", chat="bot:wang_ayi")

    ticket = office.tickets()[0]
    assert (ticket.stage, ticket.owner) == (Stage.ASSIGNED, "meng_fanxing")
    assert {chat.partition(":")[2] for chat, _ in said} == {"wang_ayi", "meng_fanxing"}


def test_desk_closes_what_nobody_judged_but_not_who_worked_it(opened: Block) -> None:
    says(opened, LEADER, "签收 0001")
    says(opened, LEADER, "处置 0001 调解成功 双方谈好了")
    opened.later(2)
    assert opened.tickets()[0].stage is Stage.EVALUATION
    assert "另一位" in says(opened, LEADER, "结案 0001 电话回访说满意")
    assert "结案 0001" in says(opened, ROOM, "结案 0001")

    assert "办结了" in says(opened, ROOM, "结案 0001 电话回访说满意")

    ticket = opened.tickets()[0]
    assert (ticket.stage, ticket.rating) == (Stage.CLOSED, None)


@pytest.mark.parametrize("did", ["part", "sign"])
def test_nobody_rates_what_he_worked_on_himself(opened: Block, did: str) -> None:
    worker = "fang_xiaoman"
    voice = replace(opened.tickets()[0].voices[0], user=worker)
    becomes(opened, voices=(voice,))
    says(opened, OFFICER, "签收 0001")
    if did == "part":
        says(opened, OFFICER, "子任务 0001 方小满 2小时 上门看看")
        says(opened, worker, "完成 0001 看过了")
    else:
        says(opened, OFFICER, "转 0001 唐朔")
        becomes(opened, voices=(replace(voice, user=OFFICER),), past_owners=(), owner="tang_shuo")
        says(opened, "tang_shuo", "签收 0001")
    who = opened.tickets()[0].owner
    says(opened, who, "处置 0001 调解成功 双方谈好了")
    opened.later(2)

    assert opened.tickets()[0].stage is Stage.CLOSED


def test_flags_lie_over_the_stage_and_change_nothing(opened: Block) -> None:
    becomes(opened, urged_count=2, reopen_count=1, danger=Danger.SUSPECTED, protected=True)
    says(opened, OFFICER, "签收 0001")

    looked = says(opened, OFFICER, "查 0001")

    assert "标记：疑似险情、受保护、催办2次、重办1次" in looked
    assert opened.tickets()[0].stage is Stage.ACCEPTED
