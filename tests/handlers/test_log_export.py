"""A month of one's own log as a file: the same lines as in chat, formulas disarmed."""

from datetime import date
from io import BytesIO

import docx
import openpyxl

from handlers import log_sheets
from handlers.worklog import Day, Line
from tests.handlers.block import Block

DAY = Day(
    day=date(2026, 3, 4),
    lines=(Line("09:30", "XH260304-0001K", "邻里纠纷（桂花社区第一网格）", "签收、到场"),),
    more=("走访 2 户",),
    judged=1,
    corrected="=SUM(A1)",
)
TITLE = "林知远 2026年3月日志"


def test_document_holds_every_line() -> None:
    made = docx.Document(BytesIO(log_sheets.as_docx(TITLE, [DAY])))

    (table,) = made.tables
    assert [cell.text for cell in table.rows[1].cells] == [
        "2026-03-04",
        "09:30",
        "XH260304-0001K",
        "邻里纠纷（桂花社区第一网格）",
        "签收、到场",
    ]
    assert [row.cells[4].text for row in table.rows][2:] == ["走访 2 户", "1件", "=SUM(A1)"]
    assert made.paragraphs[0].text == TITLE


def test_sheet_takes_no_words_for_a_formula() -> None:
    made = openpyxl.load_workbook(BytesIO(log_sheets.as_xlsx(TITLE, [DAY])))

    sheet = made.active
    assert sheet is not None
    assert sheet.max_row == 5
    assert (sheet["E5"].value, sheet["E5"].data_type) == ("=SUM(A1)", "s")


def test_month_without_work_is_an_empty_table() -> None:
    made = docx.Document(BytesIO(log_sheets.as_docx(TITLE, [])))

    assert len(made.tables[0].rows) == 1


def test_command_gives_cards_that_lead_to_the_files(block: Block) -> None:
    block.says("lin_zhiyuan", "日志 导出", chat="")

    links = [card["url"] for _, card in block.cards]
    assert links == [f"/sidebar/log?month=2026-03&form={form}" for form in ("docx", "xlsx")]


def test_month_that_is_still_to_come_is_last_years(block: Block) -> None:
    block.says("lin_zhiyuan", "日志 导出 12月", chat="")

    assert "month=2025-12" in block.cards[0][1]["url"]
