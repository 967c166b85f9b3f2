"""A report as a file: Excel with a native chart for each table of numbers, or Word.

The same lines and tables as on the page and in the chat, nothing more; made in memory, kept
nowhere. Called by the page of reports.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bot.domain.sheets import Report, Table
from handlers import sheet_files

_FONT = "宋体"
_WIDEST, _NARROWEST, _MOST_BARS = 46, 8, 20
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_xlsx(report: Report) -> bytes:
    """One sheet with the words, then one for each table; words are never taken for a formula."""
    book = Workbook()
    first = book.active
    first.title = "概要"
    for row, words in enumerate(_words(report), start=1):
        _put(first, row, 1, words)
    first["A1"].font = Font(bold=True, size=14)
    first.column_dimensions["A"].width = 100
    for table in report.tables:
        if table.rows:
            _sheet(book.create_sheet(table.title.translate(_NO_TITLE)[:31]), table)
    return _bytes(book.save)


def _title(report: Report) -> str:
    return f"{report.title} {report.period}"


def _words(report: Report) -> tuple[str, ...]:
    return (_title(report), *report.lead, *report.notes, *report.signed)


def _sheet(sheet: Any, table: Table) -> None:
    for column, head in enumerate(table.heads, start=1):
        cell = _put(sheet, 1, column, head)
        cell.font = Font(bold=True)
        longest = max(len(row[column - 1]) for row in (table.heads, *table.rows))
        width = min(_WIDEST, max(_NARROWEST, longest * 2))
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(table.rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = _put(sheet, number, column, value, is_number=not table.is_list)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    if table.chart:
        sheet.add_chart(_chart(sheet, table), f"{get_column_letter(len(table.heads) + 2)}2")


def _put(sheet: Any, row: int, column: int, value: str, *, is_number: bool = False) -> Any:
    cell = sheet.cell(row=row, column=column)
    if is_number and column > 1 and value.isascii() and value.isdigit():
        cell.value = int(value)
    else:
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = sheet_files.is_risky(value)
    return cell


def _chart(sheet: Any, table: Table) -> Any:
    """Bars of the columns that the table names; the first ``_MOST_BARS`` rows."""
    chart = BarChart()
    chart.title = table.title
    last = 1 + min(len(table.rows), _MOST_BARS)
    for column in table.chart:
        values = Reference(sheet, min_col=column + 1, min_row=1, max_row=last)
        chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    chart.width, chart.height = 20, 9
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
    return chart


def as_docx(report: Report) -> bytes:
    """The report as a document: words, then each table under its heading."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name = _FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    document.add_heading(_title(report), level=1)
    for words in report.lead:
        document.add_paragraph(words)
    for table in report.tables:
        if table.rows:
            _in_document(document, table)
    for words in report.notes:
        document.add_paragraph(words)
    for words in report.signed:
        document.add_paragraph(words).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _bytes(document.save)


def _in_document(document: Any, table: Table) -> None:
    document.add_heading(table.title, level=2)
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.heads))
    grid.style = "Table Grid"
    for line, values in zip(grid.rows, (table.heads, *table.rows), strict=True):
        for cell, value in zip(line.cells, values, strict=True):
            cell.text = value


def _bytes(save: Callable[[BytesIO], object]) -> bytes:
    stream = BytesIO()
    save(stream)
    return stream.getvalue()
