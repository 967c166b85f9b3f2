"""A report as Excel and Word: the same figures as in the chat, a chart, no words as a formula."""

import dataclasses
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from bot.domain import sheets
from bot.domain.sheets import Report, Table
from handlers import fonts, report_files, report_pdf
from tests.servers.needs import missing

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


LONG = Table(
    title="按类别",
    heads=("类别", "怎么算"),
    rows=tuple((f"第{n}类", "时限内签收并联系或到场 ÷ 计入三率的" * 4) for n in range(80)),
)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Image.Image]:
    """The pages that went into a file."""
    if fonts.plain() is None:
        missing("a Chinese font", "fonts-noto-cjk")
    kept: list[Image.Image] = []
    numbered = report_pdf._Press.numbered

    def watched(press: report_pdf._Press) -> list[Image.Image]:
        kept.extend(numbered(press))
        return kept

    monkeypatch.setattr(report_pdf._Press, "numbered", watched)
    return kept


def test_print_has_all_pages_within_their_margins(printed: list[Image.Image]) -> None:
    file = report_pdf.as_pdf(dataclasses.replace(REPORT, tables=(LONG,), signed=("溪河派出所",)))

    assert file.startswith(b"%PDF-")
    assert file.count(b"/Type /Page\n") == len(printed) > 1
    for page in printed:
        dark = page.convert("L").point(lambda grey: 255 - grey).getbbox()
        assert dark is not None
        left, top, right, low = dark
        assert left >= 100
        assert top >= 100
        assert right <= report_pdf.WIDTH - 100
        assert low <= report_pdf.HEIGHT - 30


def test_no_line_of_a_print_is_wider_than_its_cell_nor_begins_with_a_comma() -> None:
    font = fonts.plain()
    if font is None:
        missing("a Chinese font", "fonts-noto-cjk")
    press = report_pdf._Press(font)

    lines = press.wrapped("一二三四五，六七八九十，甲乙丙丁戊。" * 6, 24, 120)

    assert all(not line.startswith(("，", "。")) for line in lines)
    assert max(press.face(24).getlength(line) for line in lines) <= 120 + 24
    assert "".join(lines) == "一二三四五，六七八九十，甲乙丙丁戊。" * 6


def test_machine_without_a_chinese_font_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "plain", lambda: None)

    with pytest.raises(LookupError):
        report_pdf.as_pdf(REPORT)
