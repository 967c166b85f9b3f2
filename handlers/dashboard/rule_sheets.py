"""Words of a class as Excel (改词表): out as a sheet, a changed one in again.

What comes in is somebody's file: ``handlers.packed`` looks at it before anything reads it, and a
formula is refused. A list of which the sheet has no line is left as it
is. Made and read in memory, in a thread; called by the page of the rules.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from config.word_edit import LISTS, LONGEST_WORD, Class, key_of
from handlers import packed, sheet_files

HEADS = ("哪一类", "名称", "哪一列", "说明", "词或规则")
LARGEST = 600_000
_LIMITS = packed.Limits(packed=LARGEST, unpacked=12_000_000, parts=60)
_MOST_ROWS = 20_000
_WIDTHS = (14, 18, 14, 24, 90)
_UNREADABLE = (zipfile.BadZipFile, KeyError, OSError, TypeError, IndexError, AttributeError)


class BadSheet(ValueError):
    """The file is none of ours, or not safe to read; the words say why."""


def as_xlsx(file: str, classes: list[Class]) -> bytes:
    """Every line of every list in a row of its own; words are never taken for a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = file
    for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True), start=1):
        _put(sheet, 1, column, head).font = Font(bold=True)
        sheet.column_dimensions["ABCDE"[column - 1]].width = width
    for number, row in enumerate(_rows(classes), start=2):
        for column, words in enumerate(row, start=1):
            _put(sheet, number, column, words).alignment = Alignment(wrap_text=True)
    sheet.freeze_panes = "A2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rows(classes: list[Class]) -> Iterator[tuple[str, ...]]:
    for one in classes:
        for words in one.lists:
            for line in words.lines:
                yield key_of(one), one.name, words.field, words.about, line


def _put(sheet: Any, row: int, column: int, words: str) -> Any:
    cell = sheet.cell(row=row, column=column)
    cell.value = words
    cell.data_type = "s"
    cell.quotePrefix = sheet_files.is_risky(words)
    cell.number_format = "@"
    return cell


def lists_of(file: str, body: bytes) -> dict[tuple[str, str], list[str]]:
    """The lines of each list (class, field) of a sheet. Raises: BadSheet."""
    try:
        packed.look(body, _LIMITS, "从这里下载的词表")
    except packed.BadPack as fault:
        raise BadSheet(str(fault)) from fault
    found: dict[tuple[str, str], list[str]] = {}
    fields = dict(LISTS[file])
    for number, cells in enumerate(_cells(body), start=2):
        place, _name, field, _about, line = (" ".join(one.split()) for one in cells)
        if not (place or field or line):
            continue
        if field not in fields or not place or not line or len(line) > LONGEST_WORD:
            raise BadSheet(f"第 {number} 行没看懂：“哪一类”“哪一列”照原来的写，词不能空")
        found.setdefault((place, field), []).append(line)
    if not found:
        raise BadSheet("表里一条也没有")
    return {key: list(dict.fromkeys(lines)) for key, lines in found.items()}


def _cells(body: bytes) -> Iterator[tuple[str, ...]]:
    """The cells of each row below the head. Raises: BadSheet."""
    try:
        book = load_workbook(BytesIO(body), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows(max_col=len(HEADS), max_row=_MOST_ROWS))
    except (*_UNREADABLE, ValueError) as fault:
        raise BadSheet("这个 Excel 文件读不出来，请从这里重新下载一份") from fault
    if not rows or tuple(str(cell.value or "") for cell in rows[0]) != HEADS:
        raise BadSheet("第一行要照下载时的样子，不能改")
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.data_type == "f" for cell in row):
            raise BadSheet(f"第 {number} 行有公式，请改成普通文字")
        words = tuple("" if cell.value is None else str(cell.value) for cell in row)
        yield words + ("",) * (len(HEADS) - len(words))
