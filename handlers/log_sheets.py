"""A month of one's own log as a document (docx) or a table (xlsx).

The same lines as in chat, nothing more; made in memory, kept nowhere. Called by the page
``/sidebar/log``.
"""

from collections.abc import Callable, Sequence
from io import BytesIO

from docx import Document
from openpyxl import Workbook

from handlers import sheet_files
from handlers.worklog import Day

_HEADS = ("日期", "时间", "单号", "事项", "做了什么")
_WIDTHS = (12, 8, 20, 30, 40)
_OWN, _MORE, _JUDGED = "本人更正", "其他", "群众评价"
Row = tuple[str, str, str, str, str]


def rows_of(days: Sequence[Day]) -> list[Row]:
    """One row for each matter, each other entry and each correction, day by day."""
    found: list[Row] = []
    for log in days:
        day = log.day.isoformat()
        found += [(day, one.at, one.number, one.about, one.steps) for one in log.lines]
        found += [(day, "", "", _MORE, words) for words in log.more]
        if log.judged:
            found.append((day, "", "", _JUDGED, f"{log.judged}件"))
        if log.corrected:
            found.append((day, "", "", _OWN, log.corrected))
    return found


def as_docx(title: str, days: Sequence[Day]) -> bytes:
    """The month as a document with one table."""
    document = Document()
    document.add_heading(title, level=1)
    rows = rows_of(days)
    table = document.add_table(rows=1 + len(rows), cols=len(_HEADS))
    table.style = "Table Grid"
    for line, values in zip(table.rows, [_HEADS, *rows], strict=True):
        for cell, value in zip(line.cells, values, strict=True):
            cell.text = value
    return _bytes(document.save)


def as_xlsx(title: str, days: Sequence[Day]) -> bytes:
    """The month as one sheet; every cell is text, so that no words are taken for a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, values in enumerate([_HEADS, *rows_of(days)], start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row=number, column=column)
            cell.value = value
            cell.data_type = "s"
            cell.quotePrefix = sheet_files.is_risky(value)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    return _bytes(book.save)


def _bytes(save: Callable[[BytesIO], object]) -> bytes:
    stream = BytesIO()
    save(stream)
    return stream.getvalue()
