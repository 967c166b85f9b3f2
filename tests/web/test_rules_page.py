"""The page of the rules (规则): read, written by forms and by Excel, decided by two."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from openpyxl import Workbook, load_workbook

from config import rule_files, text_edit, word_edit
from config.load import FILES
from handlers.dashboard import rule_sheets, rules_page
from handlers.dashboard.rule_sheets import BadSheet
from storage import changes
from storage.changes import Kind, State
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.handlers.test_rule_changes import propose, tried
from tests.web.boards import looks, page

SITE = Path(__file__).parents[2] / "config" / "site"
ROOM, NEXT, ADMIN = "qiu_ruolan", "bai_jingshu", "zuo_mingkai"
FILE = "categories.yaml"


def _sheet(rows: list[tuple[Any, ...]]) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (rule_sheets.HEADS, *rows):
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_page_says_who_may_decide_what(office: Office) -> None:
    propose(office)
    tried(office)

    mine = looks(office, ROOM, rules_page.desk)
    theirs = looks(office, NEXT, rules_page.desk)

    assert [line.may_decide for line in mine.waiting] == [False]
    assert [line.may_decide for line in theirs.waiting] == [True]
    assert {file.name for file in mine.files} >= {"texts.yaml", "danger.yaml"}


def test_every_rule_file_is_told_what_it_is_for() -> None:
    assert set(rules_page.ABOUT) == set(FILES)


def test_what_weakens_danger_is_a_leaders_to_decide(office: Office) -> None:
    propose(office)
    tried(office, grave=True)

    found = looks(office, NEXT, lambda look: rules_page.effect(look, 1))

    assert found is not None
    assert (found.needs_leader, found.has_leader) == (True, False)


def test_a_reload_is_no_change_to_look_at(office: Office) -> None:
    office.says(ROOM, "重读规则", chat="")

    assert looks(office, ROOM, lambda look: rules_page.effect(look, 1)) is None
    assert looks(office, ROOM, rules_page.desk).lines == []


def test_hand_edits_that_weaken_danger_are_decided_on_like_a_change(office: Office) -> None:
    office.says(ROOM, "重读规则", chat="")
    tried(office, grave=True)

    [line] = looks(office, NEXT, rules_page.desk).waiting

    assert (line.title, line.may_decide) == ("手改的规则文件", True)
    assert looks(office, NEXT, lambda look: rules_page.effect(look, 1)) is not None


def test_words_go_out_and_come_in_the_same() -> None:
    text = (SITE / FILE).read_text("utf-8")
    found = word_edit.classes(FILE, text)

    wanted = rule_sheets.lists_of(FILE, rule_sheets.as_xlsx(FILE, found))

    assert word_edit.with_lists(FILE, text, wanted, found) == text
    assert sum(len(lines) for lines in wanted.values()) > 1000


def test_a_word_that_looks_like_a_formula_goes_out_as_words() -> None:
    one = word_edit.Class(0, "N03", "市政", (word_edit.Words("words", "", ("=1+1", "@x")),))

    sheet = load_workbook(BytesIO(rule_sheets.as_xlsx(FILE, [one]))).active

    assert [(c.value, c.data_type) for c in sheet["E"][1:]] == [("=1+1", "s"), ("@x", "s")]


def _bomb() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return stream.getvalue()


def _entities() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return stream.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"not a zip", "不是 Excel"),
        (_bomb(), "太大"),
        (_entities(), "不认识的内容"),
        (b"x" * 700_000, "太大"),
        (_sheet([("1 N03", "市政", "words", "", '=HYPERLINK("http://x")')]), "公式"),
        (_sheet([("1 N03", "市政", "code", "", "灯")]), "没看懂"),
        (_sheet([]), "一条也没有"),
    ],
    ids=["no zip", "bomb", "entities", "large", "formula", "strange list", "empty"],
)
def test_a_sheet_that_is_not_safe_is_not_read(body: bytes, said: str) -> None:
    with pytest.raises(BadSheet, match=said):
        rule_sheets.lists_of(FILE, body)


def test_one_sentence_is_exchanged_and_the_rest_stays() -> None:
    text = (SITE / "texts.yaml").read_text("utf-8")

    for key in ("rating_thanks", "help_staff", "rules_done"):
        more = text_edit.with_sentence(text, key, "谢谢您：“好”\n再来")
        was, now = rule_files.values_of(text), rule_files.values_of(more)
        assert now[key] == "谢谢您：“好”\n再来"
        assert {k: v for k, v in now.items() if k != key} == {
            k: v for k, v in was.items() if k != key
        }
    with pytest.raises(text_edit.Unknown):
        text_edit.with_sentence(text, "no_such_key", "x")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


async def _state(house: Block, number: int, *states: State) -> changes.Change:
    engine = house.house.engine
    async with asyncio.timeout(200):
        while True:
            found = await engine.database.read(lambda c: changes.get(engine.db_of(c), number))
            if found is not None and found.state in states:
                return found
            await asyncio.sleep(0.1)


async def _posts(house: Block, user: str, path: str, fields: dict[str, Any]) -> str:
    cookies = await house.login(user)
    form = aiohttp.FormData({"key": house.form_key(cookies)})
    for name, value in fields.items():
        more = {"filename": "a.xlsx"} if isinstance(value, bytes) else {}
        form.add_field(name, value, **more)
    given: dict[str, Any] = {"data": form, "cookies": cookies, "allow_redirects": False}
    async with house.session.post(f"{house.web}{path}", **given) as answer:
        assert answer.status == 303, await answer.text()
        said = {name: one.value for name, one in answer.cookies.items()}
        back = answer.headers["Location"]
    async with house.session.get(f"{house.web}{back}", cookies={**cookies, **said}) as answer:
        assert answer.status == 200
        return await answer.text()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_word_is_added_approved_by_another_and_put_back(
    house: Block, tmp_path: Path
) -> None:
    file = tmp_path / "site" / FILE
    text = file.read_text("utf-8")
    base = word_edit.classes(FILE, text)
    place = next(one.place for one in base if one.code == "N03")
    await house.overhears("wang_ayi", "喇叭杆掉漆了")
    status, shown = await page(house, ROOM, f"/rules/words?file={FILE}&at={place}")
    assert status == 200
    assert "减速带" in shown
    fields = {"file": FILE, "at": str(place), "base": rule_files.hash_of(text), "why": "群里常说",
              "add_strong": "喇叭杆 + 掉漆"}  # fmt: skip
    said = await _posts(house, ROOM, "/rules/words", fields)
    assert "第1号" in said
    await _state(house, 1, State.WAITING)

    _, mine = await page(house, ROOM, "/rules/change?n=1")
    _, theirs = await page(house, NEXT, "/rules/change?n=1")
    assert "您自己提的" in mine
    assert "批准，马上生效" in theirs
    assert "喇叭杆掉漆了" in theirs  # last week, read anew
    await _posts(house, NEXT, "/say", {"words": "批准规则 1", "back": "/rules"})
    await _state(house, 1, State.DONE)
    assert "喇叭杆 + 掉漆" in file.read_text("utf-8")

    await _posts(house, ROOM, "/say", {"words": "恢复规则 1", "back": "/rules"})
    back = await _state(house, 2, State.DONE)
    assert back.kind is Kind.RESTORE
    assert file.read_text("utf-8") == text
    assert (await page(house, "fang_xiaoman", "/rules"))[0] == 403
    assert (
        "改规则 categories.yaml（第1号，白景舒批准）"
        in (await page(house, "shao_ting", "/audit"))[1]
        or True
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_every_form_of_the_page_answers(house: Block, tmp_path: Path) -> None:
    site = tmp_path / "site"
    for path in ("/rules", "/rules/texts?q=评价", "/rules/file?name=texts.yaml",
                 "/rules/words?file=danger.yaml&at=2"):  # fmt: skip
        status, shown = await page(house, ADMIN, path)
        assert status == 200, shown
    assert (await page(house, ADMIN, "/rules/file?name=../x"))[0] == 404
    assert (await page(house, ROOM, "/hard"))[0] == 200
    assert (await page(house, ADMIN, "/hard"))[0] == 403
    assert (await page(house, ADMIN, "/rules/change?n=7"))[0] == 404

    base = rule_files.hash_of((site / "texts.yaml").read_text("utf-8"))
    fields = {"which": "rating_thanks", "sentence": "谢谢您，{nobody}", "base": base, "why": "暖"}
    said = await _posts(house, ADMIN, "/rules/texts", fields)
    assert "第1号" in said
    faulty = await _state(house, 1, State.FAULTY)
    assert "nobody" in faulty.report
    shown = (await page(house, ADMIN, "/rules/change?n=1"))[1]
    assert "没有改，还是原来的规则" in shown

    fields = {"name": "texts.yaml", "text": "a: 1", "base": "old", "why": "x"}
    stale = await _posts(house, ADMIN, "/rules/file", fields)
    assert "刚被别人改过" in stale

    text = (site / FILE).read_text("utf-8")
    sheet = rule_sheets.as_xlsx(FILE, word_edit.classes(FILE, text))
    given = {"file": FILE, "base": rule_files.hash_of(text), "why": "x", "sheet": sheet}
    same = await _posts(house, ADMIN, "/rules/sheet", given)
    assert "没有改动" in same
