"""Mediation ends (调解结果): stopped, agreed or failed, the next force, visits, what stays."""

from bot.domain.mediation import Result
from config.vocabulary import Stage
from storage import journal, mediations, retention, staff
from storage.mediation_tables import MediationPaperRow, MediationRow, MediationSessionRow
from tests.handlers.block import Block, texts_to
from tests.handlers.mediating import (
    MEDIATOR,
    OFFICER,
    RESIDENT,
    ROOM,
    TOWN,
    WORKER,
    begun,
    newest,
    running,
    serial,
    signed,
    told,
)

__all__ = ["begun", "running", "signed"]

ROWS = (MediationRow, MediationSessionRow, MediationPaperRow)


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
