"""The page of reports over HTTP, before a whole house: tables, editions, files, the book."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import Connection, select

from handlers import digests
from storage.database import table_of
from storage.web_tables import ViewRow
from tests.drafts.block import Block, open_block

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
LEADER, OFFICER, WORKER = "zhong_yihang", "lin_zhiyuan", "fang_xiaoman"
TODAY = "/reports?kind=day&on=2026-03-04"


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        await opened.overhears("wang_ayi", "3号楼两家人为停车位打起来了，有人动手")
        yield opened


async def read(block: Block, user: str, path: str) -> tuple[int, bytes]:
    cookies = await block.login(user)
    async with block.session.get(f"{block.web}{path}", cookies=cookies) as answer:
        return answer.status, await answer.read()


async def booked(block: Block) -> list[str]:
    await block.quiet()

    def details(conn: Connection) -> list[str]:
        return list(conn.execute(select(table_of(ViewRow).c.what)).scalars())

    return await block.house.engine.database.read(details)


async def test_report_is_read_taken_along_and_booked(block: Block) -> None:
    status, body = await read(block, LEADER, TODAY)

    page = body.decode()
    assert status == 200
    assert "登记1件" in page
    assert '<th scope="col">经办</th>' in page
    assert '<th scope="col">怎么算</th>' in page
    assert "style=" not in page
    _, public = await read(block, LEADER, f"{TODAY}&edition=group")
    assert "经办" not in public.decode().split('<div class="lead">')[1]
    status, file = await read(block, LEADER, "/reports/file?kind=day&on=2026-03-04&form=xlsx")
    book = load_workbook(BytesIO(file))
    assert "登记1件" in book["概要"]["A2"].value
    status, word = await read(block, LEADER, "/reports/file?kind=month&on=2026-03-04&form=docx")
    assert (status, word[:2]) == (200, b"PK")
    status, printed = await read(block, LEADER, "/reports/file?kind=day&on=2026-03-04&form=pdf")
    assert (status, printed[:5]) == (200, b"%PDF-")
    assert {"早会日报 3月4日", "导出 早会日报 3月4日 Excel", "导出 月通报 2026年3月 Word"} <= set(
        await booked(block)
    )


async def test_officer_reads_no_names_and_who_may_not_reads_nothing(block: Block) -> None:
    status, body = await read(block, OFFICER, TODAY)
    assert status == 200
    assert "经办" not in body.decode().split('<div class="lead">')[1]
    assert "给谁看" not in body.decode()
    status, _ = await read(block, WORKER, TODAY)
    assert status == 403
    status, _ = await read(block, LEADER, "/reports?kind=day&on=nichts")
    assert status == 400
    status, _ = await read(block, LEADER, "/reports/file?kind=day&form=exe")
    assert status == 400


async def test_every_report_opens_and_a_letter_goes_to_the_department_that_was_chosen(
    block: Block,
) -> None:
    for kind in digests.KINDS:
        status, body = await read(block, LEADER, f"/reports?kind={kind}&on=2026-03-04")
        assert status == 200
        assert digests.KINDS[kind].title in body.decode()
    letter = "kind=letter&on=2026-03-04&subject=housing"
    _, body = await read(block, LEADER, f"/reports?{letter}")
    page = body.decode()
    assert "请溪河住建所办理事项的函" in page
    assert '<option value="housing" selected>' in page
    assert "/reports/file?kind=letter&amp;on=2026-03-01&amp;edition=own&amp;subject=housing" in page
    status, word = await read(block, LEADER, f"/reports/file?{letter}&form=docx")
    said = [one.text for one in Document(BytesIO(word)).paragraphs]
    assert said[1] == "这段时间没有转给这个部门的事，不用发函。"
    status, body = await read(block, OFFICER, f"/reports?{letter}")
    assert "的函" not in body.decode().split('<div class="lead">')[1]
