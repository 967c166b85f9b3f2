"""The papers of a mediation (文书): numbered, for its force, the report as reported."""

import io

from docx import Document

from storage import journal
from tests.handlers.block import Block, texts_to
from tests.handlers.mediating import (
    MEDIATOR,
    OFFICER,
    OTHER_MEDIATOR,
    RESIDENT,
    begun,
    opened,
    running,
    serial,
    signed,
    told,
)

__all__ = ["begun", "running", "signed"]


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
