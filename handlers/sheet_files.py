"""Tables as files that a spreadsheet opens (表格文件): CSV with BOM, and Excel written row by row.

A cell is words or a whole number, never a formula: what a spreadsheet would take for one is marked
as text in Excel and gets an apostrophe in CSV, full-width signs too, for a Chinese Excel reads them
alike. Made in memory, kept nowhere. Called by the pages' exports and reports.
"""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.domain.sheets import Table

_RISKY = tuple("=+-@\t\r\n＝＋－＠")
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_TITLE, _MOST_DIGITS, _LONGEST_CELL = 31, 15, 32_000
_WIDEST, _NARROWEST, _LOOKED_AT = 60, 8, 200
_BAD = {code: None for code in (*range(32), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n\r"}


def is_risky(words: str) -> bool:
    """True when a spreadsheet could take it for a formula."""
    return words.lstrip(" ").startswith(_RISKY)


def guarded(words: str) -> str:
    """``words`` for a CSV cell: an apostrophe before what would be a formula."""
    return f"'{words}" if is_risky(words) else words


def as_csv(table: Table, closing: Sequence[str] = ()) -> bytes:
    """One table as CSV that Excel opens as Chinese; ``closing`` are sentences under it."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    for row in (table.heads, *table.rows, *((words,) for words in closing)):
        writer.writerow([guarded(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Sequence[Table], notes: Sequence[str]) -> bytes:
    """A sheet for each table, then one with what the file is and what is left out."""
    book = Workbook(write_only=True)
    for table in tables:
        _sheet(book, table)
    about = book.create_sheet("说明")
    about.column_dimensions["A"].width = 100
    for words in notes:
        about.append([_cell(about, words)])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: Any, table: Table) -> None:
    sheet = book.create_sheet(_title(table))
    sheet.freeze_panes = "B2"
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append(_bold(sheet, table.heads))
    for row in table.rows:
        sheet.append([_cell(sheet, row[0]), *(_value(sheet, cell, table) for cell in row[1:])])


def _title(table: Table) -> str:
    plain = " ".join(table.title.translate(_BAD).translate(_NO_TITLE).split())
    return plain.strip("'")[:_LONGEST_TITLE] or "表"


def _widths(table: Table) -> list[int]:
    first = (table.heads, *table.rows[:_LOOKED_AT])
    longest = [max(len(row[column]) for row in first) for column in range(len(table.heads))]
    return [min(_WIDEST, max(_NARROWEST, count * 2)) for count in longest]


def _bold(sheet: Any, heads: Iterable[str]) -> list[Any]:
    cells = [_cell(sheet, head) for head in heads]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _value(sheet: Any, words: str, table: Table) -> Any:
    """A number where it is one: not in lists of words, and no serial with a zero before it."""
    is_number = words.isascii() and words.isdigit() and len(words) <= _MOST_DIGITS
    if is_number and not table.is_list and str(int(words)) == words:
        return int(words)
    return _cell(sheet, words)


def _cell(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, words.translate(_BAD)[:_LONGEST_CELL])
    cell.data_type = "s"
    if is_risky(words):
        cell.quotePrefix = True
    return cell
