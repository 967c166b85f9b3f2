"""Mediation (调解): both sides agree, sessions, result, papers, visits; what is never mediated."""

import io
from datetime import timedelta

import pytest
from docx import Document

from bot.domain.mediation import Result
from bot.wecom.papers import written
from config.vocabulary import Stage
from handlers.mediation_papers import file_of
from handlers.sidebar.papers import readable
from storage import journal, mediations, retention, staff, ticket_facts
from storage.mediation_tables import MediationPaperRow, MediationRow, MediationSessionRow
from storage.ticket_facts import Fact
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, MEDIATOR, TOWN, ROOM = "lin_zhiyuan", "shen_boyu", "min_zhengyi", "qiu_ruolan"
STATION = "zhong_yihang"
WORKER, OTHER_MEDIATOR = "fang_xiaoman", "yu_wanqing"
RESIDENT = "wang_ayi"
ROWS = (MediationRow, MediationSessionRow, MediationPaperRow)
QUARREL = "桂花苑3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架"


@pytest.fixture
def signed(block: Block) -> Block:
    """A quarrel that a resident told in private; the officer has signed."""
    block.says(RESIDENT, QUARREL, chat="")
    block.says(OFFICER, f"签收 {serial(block)}", chat="")
    return block


@pytest.fixture
def begun(signed: Block) -> Block:
    """The mediator was asked to mediate it."""
    signed.says(OFFICER, f"调解 {serial(signed)}", chat="")
    return signed


@pytest.fixture
def running(begun: Block) -> Block:
    """Both sides agreed."""
    begun.says(RESIDENT, f"愿意调解 {serial(begun)}", chat="")
    begun.says(MEDIATOR, f"同意调解 {serial(begun)} 乙方", chat="")
    return begun


def serial(office: Office) -> str:
    return office.tickets()[0].serial


def newest(office: Office) -> mediations.Mediation:
    ticket = office.tickets()[0]
    return office.looks(lambda db: mediations.of_ticket(db, ticket.id))[-1]  # type: ignore[no-any-return]


def colour_of(office: Office) -> str:
    """The colour that the closing asks for."""
    ticket = office.tickets()[0]
    facts = office.looks(lambda db: ticket_facts.of_ticket(db, ticket.id))
    levels = [one.words for one in facts if one.kind is Fact.LEVEL]
    return levels[-1] if levels else ""


def told(office: Office, user: str, by: str, words: str) -> str:
    return texts_to(office.says(by, words, chat=""), user)


def test_mediator_gets_a_card_and_the_reporter_an_invitation(signed: Block) -> None:
    said = signed.says(OFFICER, f"调解 {serial(signed)}", chat="")

    card = signed.card_of(MEDIATOR, "调解")
    assert "不要说是谁反映的" in card["text"]
    assert "愿意调解" in texts_to(said, RESIDENT)
    assert "沈伯渔" in texts_to(said, OFFICER)
    assert newest(signed).state == mediations.INVITED


def test_invitation_names_no_reporter_and_no_room(signed: Block) -> None:
    said = signed.says(OFFICER, f"调解 {serial(signed)}", chat="")

    spoken = texts_to(said, RESIDENT) + signed.card_of(MEDIATOR, "调解")["text"]
    for secret in ("王", RESIDENT, "2单元", "镜"):
        assert secret not in spoken


def test_one_side_alone_starts_nothing(begun: Block) -> None:
    assert "另一边" in told(begun, RESIDENT, RESIDENT, f"愿意调解 {serial(begun)}")

    assert newest(begun).state == mediations.INVITED
    answer = told(begun, MEDIATOR, MEDIATOR, f"调解记录 {serial(begun)} 两边都来了")
    assert "还没有两边都愿意" in answer


def test_it_runs_once_both_agreed(running: Block) -> None:
    found = newest(running)

    assert found.state == mediations.RUNNING
    assert (found.side_a, found.side_b) == ("reporter", MEDIATOR)


def test_button_says_that_both_agree(begun: Block) -> None:
    said = begun.presses(MEDIATOR, begun.card_of(MEDIATOR, "调解"), "双方都愿意")

    assert newest(begun).state == mediations.RUNNING
    assert "约调解" in texts_to(said, MEDIATOR)


def test_either_side_ends_it_and_nobody_hears_who(running: Block) -> None:
    said = running.says(RESIDENT, f"不调解 {serial(running)}", chat="")

    assert (newest(running).state, newest(running).result) == (mediations.ENDED, Result.STOPPED)
    assert "12348" in texts_to(said, RESIDENT)
    assert "调解停了" in texts_to(said, MEDIATOR)
    assert "反映" not in texts_to(said, MEDIATOR)


def test_minutes_are_for_the_force_alone(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解记录 {number} 乙方说镜子是风水先生让挂的", chat="")

    assert "风水先生" in told(running, MEDIATOR, MEDIATOR, f"看调解 {number}")
    for other in (OFFICER, WORKER, ROOM):
        seen = told(running, other, other, f"看调解 {number}")
        assert "谈过一次" in seen
        assert "风水先生" not in seen
    ticket = running.tickets()[0]
    story = running.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert not [entry for entry in story if "风水先生" in entry.reason]


def test_mediator_of_another_grid_does_not_know_it(running: Block) -> None:
    assert "没找到" in told(running, OTHER_MEDIATOR, OTHER_MEDIATOR, f"看调解 {serial(running)}")


def test_success_is_told_and_visited_after_a_week(running: Block) -> None:
    number = serial(running)

    said = running.says(MEDIATOR, f"调解结果 {number} 成功 镜子移到侧墙", chat="")

    assert newest(running).terms == "镜子移到侧墙"
    assert "结果：成功" in texts_to(said, RESIDENT)
    assert "镜子" not in texts_to(said, RESIDENT)
    assert "调解结果：成功" in texts_to(said, OFFICER)
    visit = running.later(60 * 24 * 7 + 60 * 24)
    assert "调解回访" in texts_to(visit, MEDIATOR)
    assert "做到了吗" in texts_to(visit, RESIDENT)
    assert "谢谢" in told(running, RESIDENT, RESIDENT, f"已履行 {number}")
    assert newest(running).kept_a == "kept"


def test_what_was_not_kept_reaches_the_mediator(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解结果 {number} 成功 镜子移到侧墙", chat="")

    said = running.says(RESIDENT, f"没履行 {number}", chat="")

    assert "没有做到" in texts_to(said, MEDIATOR)


def test_sides_are_reminded_an_hour_before_the_newest_date_alone(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"约调解 {number} 明天15点 居委会", chat="")
    running.says(MEDIATOR, f"约调解 {number} 后天19点 活动室", chat="")

    assert "提醒" not in texts_to(running.later(60 * 30), MEDIATOR)
    said = running.later(60 * 28)

    assert "今天19:00 活动室" in texts_to(said, MEDIATOR)
    assert "今天19:00 活动室" in texts_to(said, RESIDENT)


def test_failure_names_the_next_doors_and_the_next_force(running: Block) -> None:
    card = [c for chat, c in running.cards if chat == f"app:{MEDIATOR}"][-1]

    said = running.presses(MEDIATOR, card, "没调成")

    assert "12348" in texts_to(said, RESIDENT)
    assert "12348" in texts_to(said, MEDIATOR)
    assert "镇人民调解" in texts_to(said, MEDIATOR)
    assert running.tickets()[0].stage is Stage.ACCEPTED


def test_next_force_gets_the_minutes_and_asks_anew(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解记录 {number} 乙方要赔两百", chat="")
    running.says(MEDIATOR, f"调解结果 {number} 失败", chat="")

    said = running.says(MEDIATOR, f"升级调解 {number} 谈不拢", chat="")

    assert "前面谈过1次" in texts_to(said, TOWN)
    assert (newest(running).force, newest(running).state) == ("town", mediations.INVITED)
    assert "要赔两百" in told(running, TOWN, TOWN, f"看调解 {number}")
    assert newest(running).score == 10


def test_papers_are_numbered_and_the_court_is_remembered(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解结果 {number} 成功 镜子移到侧墙", chat="")

    first = told(running, MEDIATOR, MEDIATOR, f"写协议 {number} 协议书")
    assert "XH人调〔2026〕0001号" in first
    assert "XH口协〔2026〕0001号" in told(running, MEDIATOR, MEDIATOR, f"写协议 {number} 口头")
    assert "由民警写" in told(running, MEDIATOR, MEDIATOR, f"写协议 {number} 治安")
    assert opened(running, MEDIATOR).startswith(b"PK")
    assert opened(running, OTHER_MEDIATOR) == opened(running, OFFICER) == b""
    said = running.later(60 * 24 * 21)
    assert "司法确认" in texts_to(said, MEDIATOR)
    assert "4月3日" in texts_to(said, RESIDENT)


def test_paper_comes_as_a_file_to_its_mediator_alone(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解结果 {number} 成功 镜子移到侧墙", chat="")
    running.handed.clear()

    running.says(MEDIATOR, f"写协议 {number} 协议书", chat="")

    assert [(chat, paper["number"]) for chat, paper in running.handed] == [
        (f"app:{MEDIATOR}", "XH人调〔2026〕0001号")
    ]
    assert "镜子移到侧墙" in running.handed[0][1]["lines"]
    ticket = running.tickets()[0]
    story = running.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert not [entry for entry in story if "镜子移到" in entry.reason]


def opened(office: Office, user: str) -> bytes:
    """What the page of the first paper hands out to this person."""
    person = office.rules.person(user)
    paper = office.looks(lambda db: readable(db, office.rules, person, 1))
    return written(file_of(paper)) if paper else b""


def test_paper_tells_the_report_as_reported_and_leaves_names_blank(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解结果 {number} 成功 镜子移到侧墙", chat="")
    running.says(MEDIATOR, f"履行期限 {number} 3月20日", chat="")
    running.says(MEDIATOR, f"写协议 {number} 协议书", chat="")

    lines = [p.text for p in Document(io.BytesIO(opened(running, MEDIATOR))).paragraphs]

    assert lines[0].startswith("（草稿")
    assert lines[1:3] == ["人民调解协议书", "XH人调〔2026〕0001号"]
    reported = next(line for line in lines if "八卦镜" in line)
    assert reported.startswith("反映人反映")
    assert "未作为事实认定" in reported
    assert "镜子移到侧墙" in lines
    assert "于3月20日以前履行。" in lines
    assert any(line.startswith("甲方：姓名____") for line in lines)
    assert "王" not in "".join(lines)


def test_day_of_the_promise_is_remembered(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解结果 {number} 部分 镜子移走", chat="")

    assert "3月6日" in told(running, MEDIATOR, MEDIATOR, f"履行期限 {number} 3月6日")

    seen = told(running, OFFICER, OFFICER, f"看调解 {number}")
    assert "约定3月6日以前做到：还没有回话" in seen
    running.says(MEDIATOR, f"已履行 {number} 乙方", chat="")
    assert "一方说做到了" in told(running, OFFICER, OFFICER, f"看调解 {number}")

    said = running.later(60 * 24 * 3)
    assert "说好3月6日以前做到" in texts_to(said, MEDIATOR)


def test_colour_is_lowered_by_the_officer_alone_after_a_quiet_month(signed: Block) -> None:
    number = serial(signed)
    assert colour_of(signed) == ""
    signed.says(OFFICER, f"补充 {number} 昨天两家还动手推搡", chat="")
    assert colour_of(signed) == "yellow"

    assert "只能由社区民警" in told(signed, ROOM, ROOM, f"降色 {number} 平静了")
    assert "还不能降色" in told(signed, OFFICER, OFFICER, f"降色 {number} 平静了")
    signed.now += timedelta(days=31)
    assert "降为蓝色" in told(signed, OFFICER, OFFICER, f"降色 {number} 平静了")
    assert colour_of(signed) == "blue"


def test_risk_of_the_first_words_stands_on_the_card(block: Block) -> None:
    block.says(RESIDENT, QUARREL, chat="")
    fields = dict(map(tuple, block.card_of(OFFICER, "")["fields"]))
    assert "颜色" not in fields

    block.says(RESIDENT, "桂花苑5号楼对门为挂镜子的事天天跟我吵架，上个月还推搡过", chat="")
    fields = dict(map(tuple, block.card_of(OFFICER, "")["fields"]))
    assert (block.tickets()[1].category, fields.get("颜色")) == ("P11", "黄色")


def test_yellow_is_looked_at_by_a_second_person(signed: Block) -> None:
    number = serial(signed)
    signed.says(OFFICER, f"补充 {number} 昨天两家还动手推搡", chat="")

    signed.says(OFFICER, f"处置 {number} 调解成功，镜子移走", chat="")
    said = signed.later(2)

    assert signed.tickets()[0].stage is Stage.RECHECK
    assert "复核" in texts_to(said, STATION)


def test_officer_gives_red_and_then_the_leader_signs(signed: Block) -> None:
    number = serial(signed)
    assert "写颜色和理由" in told(signed, OFFICER, OFFICER, f"定色 {number} 红色")
    assert "由社区民警定" in told(signed, WORKER, WORKER, f"定色 {number} 红色 怕出事")

    assert "定为红色" in told(signed, OFFICER, OFFICER, f"定色 {number} 红色 两家都叫了人来")

    assert "已经是这个颜色" in told(signed, OFFICER, OFFICER, f"定色 {number} 黄色 还行")
    assert "督办" in texts_to(signed.later(1), STATION)
    assert "签字" in told(signed, OFFICER, OFFICER, f"处置 {number} 调解成功")
    signed.says(STATION, f"签字 {number}", chat="")
    signed.says(OFFICER, f"处置 {number} 调解成功", chat="")
    assert signed.tickets()[0].stage is Stage.RESOLVED


def test_quarrel_that_nobody_mediates_rises_with_time_too(signed: Block) -> None:
    said = signed.later(60 * 24 * 8)

    assert "升为黄色" in texts_to(said, OFFICER)
    assert "回“调解" in texts_to(said, OFFICER)
    assert colour_of(signed) == "yellow"


@pytest.mark.parametrize(
    "words",
    ["我老公天天打我，救救我", "桂花苑3号楼邻居吵架，他威胁要弄死我全家"],
    ids=["domestic", "threat"],
)
def test_what_must_be_protected_is_never_mediated(block: Block, words: str) -> None:
    block.says(RESIDENT, words, chat="")
    number = serial(block)
    block.says(OFFICER, f"签收 {number}", chat="")

    answer = told(block, OFFICER, OFFICER, f"调解 {number}")

    assert "先保护人" in answer
    ticket = block.tickets()[0]
    assert block.looks(lambda db: mediations.of_ticket(db, ticket.id)) == []
    assert "不能按调解办结" in told(block, OFFICER, OFFICER, f"处置 {number} 双方和解，已签协议")


def test_department_begins_no_mediation(signed: Block) -> None:
    answer = told(signed, "wei_heping", "wei_heping", f"调解 {serial(signed)}")

    assert "没找到" in answer


def test_sentence_about_mediation_is_no_command(block: Block) -> None:
    block.says(RESIDENT, "桂花苑3号楼楼上漏水，麻烦来调解一下", chat="")

    assert len(block.tickets()) == 1


def test_colour_rises_with_time_and_names_the_next_force(running: Block) -> None:
    said = running.later(60 * 24 * 8)

    assert "升为黄色" in texts_to(said, MEDIATOR)
    assert "镇人民调解" in texts_to(said, OFFICER)
    assert colour_of(running) == "yellow"
    assert "升为红色" in texts_to(running.later(60 * 24 * 14), MEDIATOR)


def test_colour_of_what_is_settled_stays(running: Block) -> None:
    running.says(MEDIATOR, f"调解结果 {serial(running)} 成功 镜子移走", chat="")

    said = running.later(60 * 24 * 22)

    assert "升为" not in texts_to(said, MEDIATOR)
    assert colour_of(running) == ""


def test_violence_goes_to_the_police_force(block: Block) -> None:
    block.says(RESIDENT, "昨天桂花苑3号楼两家打架，现在没事了，想让人调解一下", chat="")
    ticket = block.tickets()[0]
    block.says(OFFICER, f"签收 {ticket.serial}", chat="")

    block.says(OFFICER, f"调解 {ticket.serial}", chat="")

    assert newest(block).force == "post"


def test_nothing_of_a_mediation_outlives_its_ticket(running: Block) -> None:
    number = serial(running)
    running.says(MEDIATOR, f"调解记录 {number} 乙方要赔两百", chat="")
    running.says(MEDIATOR, f"调解结果 {number} 成功 镜子移走", chat="")
    running.says(MEDIATOR, f"履行期限 {number} 3月6日", chat="")
    running.says(MEDIATOR, f"写协议 {number} 协议书", chat="")
    ticket = running.tickets()[0]

    running.looks(lambda db: retention.delete_tickets(db, [ticket.id]))

    assert [running.count(row) for row in ROWS] == [0, 0, 0]
    running.later(60 * 24 * 21)


def test_mediator_with_a_new_account_keeps_what_was_begun(running: Block) -> None:
    running.looks(lambda db: staff.move_user(db, MEDIATOR, "shen.boyu"))

    assert newest(running).mediator == "shen.boyu"
