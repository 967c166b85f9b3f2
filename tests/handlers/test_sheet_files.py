"""Tables as CSV and Excel: opened again, no cell is a formula, numbers are numbers."""

import asyncio
import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.domain.sheets import Table
from handlers import sheet_files

RISKY = ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\r=1", "＝1+1", "＋1", "－1", "＠x", "  =1"]
TABLE = Table(title="按类别/网格", heads=("类别", "件"), rows=(("纠纷", "12"), ("=1+1", "007")))


def _read(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(body.decode("utf-8-sig"), newline="")))


def test_csv_opens_as_chinese_and_ends_with_what_is_left_out() -> None:
    rows = _read(sheet_files.as_csv(TABLE, ["最多导出 5000 行。"]))

    assert rows == [["类别", "件"], ["纠纷", "12"], ["'=1+1", "007"], ["最多导出 5000 行。"]]


@pytest.mark.parametrize("words", RISKY)
def test_nothing_is_a_formula_in_either_form(words: str) -> None:
    table = Table(title="t", heads=("a", "b"), rows=((words, words),))

    assert _read(sheet_files.as_csv(table))[1] == [f"'{words}"] * 2
    book = load_workbook(BytesIO(sheet_files.as_xlsx([table], [words])))
    for cell in (*book["t"][2], book["说明"]["A1"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True)


@given(st.text(max_size=12))
def test_no_words_make_a_cell_that_begins_like_a_formula(words: str) -> None:
    assert not sheet_files.is_risky(sheet_files.guarded(words))


@given(st.text(max_size=12))
def test_any_words_make_a_workbook_that_opens(words: str) -> None:
    table = Table(title=words[:5] or "t", heads=("a", "b"), rows=((words, words),), is_list=True)

    book = load_workbook(BytesIO(sheet_files.as_xlsx([table], [words])))

    assert [cell.value for cell in book.worksheets[0][1]] == ["a", "b"]


def test_numbers_are_numbers_but_serials_stay_words() -> None:
    book = load_workbook(BytesIO(sheet_files.as_xlsx([TABLE], ["共 2 行。"])))

    sheet = book["按类别 网格"]
    assert [cell.value for cell in sheet["B"]] == ["件", 12, "007"]
    assert book["说明"]["A1"].value == "共 2 行。"


async def test_a_long_file_is_made_beside_the_loop() -> None:
    """While it is made the loop goes round and round; made on it, it would stand still."""
    rows = tuple(("XH260304-0012K", *("桂花苑3号楼路灯不亮，黑灯瞎火",) * 13) for _ in range(1500))
    table = Table(title="工单", heads=("列",) * 14, rows=rows, is_list=True)
    making = asyncio.create_task(asyncio.to_thread(sheet_files.as_xlsx, [table], []))
    rounds = 0

    while not making.done():
        await asyncio.sleep(0)
        rounds += 1

    assert len(await making) > 10_000
    assert rounds > 20
