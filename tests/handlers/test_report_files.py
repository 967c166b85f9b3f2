"""A report as Excel and Word: the same figures as in the chat, a chart, no words as a formula."""

from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.domain import sheets
from bot.domain.sheets import Report, Table
from handlers import report_files

REPORT = Report(
    key="week",
    title="周研判",
    period="3月2日至3月8日",
    lead=("登记13件（上周1件，多12件）。",),
    tables=(
        Table(
            title="按类别",
            heads=("类别", "登记", "办结"),
            rows=(("邻里纠纷", "6", "3"), ("=1+1", "3", "1")),
            chart=(1, 2),
        ),
        Table(
            title="重办/返工的",
            heads=("编号", "类别"),
            rows=(("XH260303-0006K", "盗窃"),),
            is_list=True,
        ),
        Table(title="空的", heads=("编号",), rows=()),
    ),
    notes=("仅统计本系统登记事项。",),
)


def test_workbook_has_a_sheet_for_each_table_with_numbers_and_a_chart() -> None:
    book = load_workbook(BytesIO(report_files.as_xlsx(REPORT)))

    assert book.sheetnames == ["概要", "按类别", "重办 返工的"]
    assert [cell.value for cell in book["概要"]["A"]] == [
        "周研判 3月2日至3月8日", *REPORT.lead, *REPORT.notes,
    ]  # fmt: skip
    sheet = book["按类别"]
    assert [cell.value for cell in sheet[2]] == ["邻里纠纷", 6, 3]
    assert len(sheet._charts) == 1
    assert book["重办 返工的"]["A2"].value == "XH260303-0006K"


def test_words_are_never_a_formula() -> None:
    sheet = load_workbook(BytesIO(report_files.as_xlsx(REPORT)))["按类别"]

    assert sheet["A3"].value == "=1+1"
    assert sheet["A3"].data_type == "s"


def test_document_says_what_the_chat_says() -> None:
    document = Document(BytesIO(report_files.as_docx(REPORT)))

    words = [one.text for one in document.paragraphs]
    assert words[0] == "周研判 3月2日至3月8日"
    assert words[-1] == "仅统计本系统登记事项。"
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert cells == ["类别", "登记", "办结", "邻里纠纷", "6", "3", "=1+1", "3", "1"]
    said = sheets.chat(REPORT, lambda left: f"还有{left}行")
    assert "邻里纠纷：登记6，办结3" in said


@pytest.mark.parametrize("make", [report_files.as_xlsx, report_files.as_docx])
def test_report_of_nothing_is_a_file_too(make: object) -> None:
    assert callable(make)
    assert make(Report(key="day", title="早会日报", period="3月4日"))[:2] == b"PK"
