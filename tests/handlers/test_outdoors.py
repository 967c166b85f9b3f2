"""扫、拍、说、求助、查、问答: what staff do outside with one hand, and what stands in the log."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.events import Heard, Media
from bot.web.login import SESSION
from config.vocabulary import Act
from handlers import worklog
from handlers.sidebar.log import LogPage
from handlers.sidebar.pages import SidebarPages
from handlers.sidebar.spot import SpotPage
from storage import journal
from storage.database import table_of
from storage.field_tables import FormRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import MORNING, SEAL, Office

WORKER, OFFICER = "fang_xiaoman", "lin_zhiyuan"
LAMP = "桂花苑3号楼楼下的路灯坏了三天了"
VOICE = (Media(kind="voice", media_id="v1"),)
PICTURE = (Media(kind="image", url="https://example.org/a"),)


def said(office: Office, user: str, text: str, **more: Any) -> str:
    return texts_to(office.says(user, text, chat="", **more), user)


def reasons(office: Office, act: Act = Act.SUPPLEMENT) -> list[str]:
    ticket = office.tickets()[-1]
    story = office.looks(lambda db: journal.of_ticket(db, ticket.id))
    return [entry.reason for entry in story if entry.act == act]


# -- 说 -------------------------------------------------------------------------------------------


def test_recording_of_staff_asks_for_one_line_and_both_open_a_ticket(office: Office) -> None:
    assert "请补一句" in said(office, WORKER, "", media=VOICE)

    assert "登记" in said(office, WORKER, LAMP)

    (ticket,) = office.tickets()
    assert ticket.carrier == WORKER
    assert any("语音" in reason for reason in reasons(office))


def test_recording_goes_with_its_line_to_the_ticket_that_was_named(office: Office) -> None:
    said(office, WORKER, f"登记 {LAMP}")
    ticket = office.tickets()[0]
    said(office, ticket.owner, f"签收 {ticket.serial}")
    said(office, ticket.owner, f"拍 {ticket.serial}")
    said(office, ticket.owner, "", media=VOICE)

    assert "都记到" in said(office, ticket.owner, "灯罩碎了一地")

    assert len(office.tickets()) == 1
    assert any("灯罩碎了" in reason and "语音" in reason for reason in reasons(office))


def test_line_of_a_recording_that_tells_of_danger_is_danger(office: Office) -> None:
    said(office, WORKER, "", media=VOICE)

    answer = said(office, WORKER, "桂花苑3号楼着火了，浓烟很大")

    assert "119" in answer
    assert office.tickets()[-1].danger != "none"


def test_recording_within_a_checklist_is_no_picture_of_a_fault(office: Office) -> None:
    said(office, WORKER, "检查 小商店 桂花苑2号楼便民超市")

    assert "请补一句" in said(office, WORKER, "", media=VOICE)


# -- 拍 -------------------------------------------------------------------------------------------


def test_pictures_go_to_the_named_ticket_for_ten_minutes(office: Office) -> None:
    said(office, WORKER, f"登记 {LAMP}")
    ticket = office.tickets()[0]
    said(office, ticket.owner, f"签收 {ticket.serial}")
    assert "10分钟" in said(office, ticket.owner, f"拍 {ticket.serial}")

    assert "照片记到" in said(office, ticket.owner, "", media=PICTURE)
    office.now += timedelta(minutes=11)
    said(office, ticket.owner, "", media=PICTURE)

    assert sum("图片" in reason for reason in reasons(office)) == 1


# -- 求助 -----------------------------------------------------------------------------------------


def test_call_for_help_reaches_officer_room_and_leader_and_promises_nobody(block: Block) -> None:
    said(block, WORKER, f"登记 {LAMP}")
    number = block.tickets()[0].serial

    told = block.says(WORKER, f"求助 {number} 围了好多人", chat="")

    heard = {chat.partition(":")[2] for chat, words in told if "围了好多人" in words}
    assert {OFFICER} <= heard
    assert len(heard) >= 2
    answer = texts_to(told, WORKER)
    assert "110" in answer
    assert "马上到" not in answer
    assert "刚求助过" in said(block, WORKER, f"求助 {number} 还有吗")


def test_no_unarmed_worker_is_called_into_violence(block: Block) -> None:
    block.says("wang_ayi", "桂花苑3号楼门口有人拿刀砍人，快来", chat="")
    ticket = block.tickets()[0]
    assert ticket.danger != "none"

    told = block.says(WORKER, f"求助 {ticket.serial} 对方有刀", chat="")

    heard = {chat.partition(":")[2] for chat, words in told if "对方有刀" in words}
    roles = {block.rules.person(user).role.is_police for user in heard}  # type: ignore[union-attr]
    assert roles == {True}


def test_who_may_not_see_a_ticket_cannot_call_for_it(block: Block) -> None:
    block.says("wang_ayi", "我老公打我，我怕", chat="")
    ticket = block.tickets()[0]

    told = block.says(WORKER, f"求助 {ticket.serial} 人手", chat="")

    assert "没找到" in texts_to(told, WORKER)
    assert not any("求助" in words for chat, words in told if WORKER not in chat)


# -- 查, 问答 -------------------------------------------------------------------------------------


def test_search_finds_by_kind_and_place_and_never_by_person(block: Block) -> None:
    block.says("wang_ayi", f"我是欧阳桂芬，{LAMP}", chat="")
    assert "有1件" in said(block, OFFICER, "查 路灯")
    assert "有1件" in said(block, OFFICER, "查 桂花苑3号楼")
    assert "没找到和" in said(block, OFFICER, "查 欧阳桂芬")
    assert "没找到和" in said(block, "tang_shuo", "查 石桥村")


def test_protected_matter_is_not_found_by_who_may_not_see_it(block: Block) -> None:
    block.says("wang_ayi", "桂花苑3号楼我老公打我，我怕", chat="")

    assert "没找到和" in said(block, WORKER, "查 桂花苑")


def test_faq_is_given_to_staff_and_bothers_nobody(office: Office) -> None:
    told = office.says(WORKER, "问答 居住证", chat="")

    assert len(told) == 1
    assert "居住证" in told[0][1]
    assert "我答得上的" in said(office, WORKER, "问答")


# -- 日志 -----------------------------------------------------------------------------------------


@pytest.fixture
def visited(block: Block) -> Block:
    """A worker has been through a visit and an inspection, and found something at each."""
    said(block, WORKER, "走访 四必访")
    said(block, WORKER, "1 楼上漏水吵了好几天，请来调解")
    said(block, WORKER, "走访完")
    said(block, WORKER, "检查 小商店 桂花苑2号楼便民超市")
    said(block, WORKER, "都好")
    return block


def test_log_shows_visits_and_inspections_without_who_did_them(visited: Block) -> None:
    log = said(visited, WORKER, "日志")

    assert "走访“四必访”1户，发现1件" in log
    assert "检查“小商店”1处，发现0件" in log
    rows = visited.looks(lambda db: db.conn.execute(select(table_of(FormRow))).all())
    assert {row.person_key for row in rows} == {""}


def test_visits_of_another_grid_or_day_are_not_in_the_log(visited: Block) -> None:
    assert "四必访" not in said(visited, "lu_jianing", "日志")
    visited.now += timedelta(days=1)

    assert "四必访" not in said(visited, WORKER, "日志")


def test_points_of_a_visit_are_ticked_and_counted_without_names(block: Block) -> None:
    said(block, WORKER, "走访 五必宣")
    assert "防火防盗、交通安全" in said(block, WORKER, "1 3")
    said(block, WORKER, "2")
    said(block, WORKER, "走访完")
    said(block, WORKER, "走访 五必宣")
    said(block, WORKER, "都讲了")
    said(block, WORKER, "走访完")

    share = said(block, OFFICER, "走访进度")

    assert "2/60户，发现0件（防火防盗2 反电诈2 交通安全2 防毒禁毒1 民警联系方式1）" in share
    assert "方小满" not in share
    assert block.tickets() == []


def test_bare_numbers_are_no_ticks_of_an_inspection(block: Block) -> None:
    said(block, WORKER, "检查 小商店 桂花苑2号楼便民超市")

    assert "记下了" not in said(block, WORKER, "1 3")
    assert "发现0件" in said(block, WORKER, "查完")


# -- pages ----------------------------------------------------------------------------------------


class Listener:
    """Gives each event its Turn at once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.said: list[tuple[str, str]] = []

    async def hear(self, event: Heard) -> None:
        self.said += self.office.handle(event)

    async def answer(self, key: str, within_s: float) -> None:
        assert key
        assert within_s > 0


class Clock:
    def __init__(self, office: Office) -> None:
        self.now = lambda: office.now


class Engine:
    """What the pages ask of an engine."""

    def __init__(self, office: Office) -> None:
        self.database, self.office, self.clock = office.database, office, Clock(office)
        self.listener = Listener(office)

    def current_rules(self) -> Any:
        return self.office.rules

    def db_of(self, conn: Any) -> Any:
        from storage.session import Db

        return Db(conn, SEAL)


class Keys:
    """Form keys of one session."""

    def form_key(self, session: str) -> str:
        return f"key of {session}"

    def fits(self, session: str, key: str) -> bool:
        return key == self.form_key(session)


class Entry:
    """A login that believes its cookie."""

    sessions = Keys()

    async def user(self, request: web.Request) -> str:
        return request.cookies.get(SESSION, "")

    def begin(self, _request: web.Request) -> web.Response:
        return web.Response(text="login")


def client_of(engine: Engine, user: str) -> TestClient[Any, Any]:
    app = web.Application()
    entry: Any = Entry()
    pages = SidebarPages(engine, entry, None, "corp", 1)._pages  # type: ignore[arg-type]
    LogPage(engine, entry).plug(app)  # type: ignore[arg-type]
    SpotPage(engine, entry, pages).plug(app)  # type: ignore[arg-type]
    return TestClient(TestServer(app), cookies={SESSION: user})


SPOT = "/sidebar/spot?at=g01.桂花苑.3"


async def test_code_opens_a_report_with_its_place(block: Block) -> None:
    engine = Engine(block)
    form = {"key": f"key of {WORKER}", "once": "1", "words": "路灯不亮了", "list": ""}
    async with client_of(engine, WORKER) as client:
        page = await (await client.get(SPOT)).text()
        answer = await (await client.post(SPOT, data=form)).text()
        again = await client.post(SPOT, data=form | {"once": "2", "words": ""})

    assert "桂花苑3号楼" in page
    assert "检查：小商店" in page
    (ticket,) = block.tickets()
    assert (ticket.place["building"], ticket.grid, ticket.origin) == ("3", "g01", "patrol")
    assert "已报给小警" in answer
    assert again.status == 400


async def test_code_begins_a_checklist_at_its_place(block: Block) -> None:
    engine = Engine(block)
    form = {"key": f"key of {WORKER}", "once": "1", "words": "老王小卖部", "list": "small_shop"}
    async with client_of(engine, WORKER) as client:
        await client.post(SPOT, data=form)
    assert any("1 安全出口" in words for _, words in engine.listener.said)

    said(block, WORKER, "2 灭火器过期")

    assert block.tickets()[0].place["building"] == "3"


async def test_code_of_a_place_that_is_gone_and_a_strange_form_open_nothing(block: Block) -> None:
    engine = Engine(block)
    form = {"key": "stolen", "once": "1", "words": "路灯不亮了"}
    async with client_of(engine, WORKER) as client:
        gone = await client.get("/sidebar/spot?at=g01.桂花苑.99")
        strange = await client.post(SPOT, data=form)
    async with client_of(engine, "") as client:
        stranger = await (await client.get(SPOT)).text()
        nobody = await client.post(SPOT, data=form)

    assert (gone.status, strange.status, nobody.status) == (404, 403, 401)
    assert stranger == "login"
    assert block.tickets() == []


@pytest.mark.parametrize("form", ["docx", "xlsx"])
async def test_log_page_hands_out_ones_own_month_with_its_one_correction(
    visited: Block, form: str
) -> None:
    said(visited, WORKER, "日志 更正 下午陪陈叔去了医院")
    assert "已经更正过" in said(visited, WORKER, "日志 更正 第二次")
    engine = Engine(visited)

    async with client_of(engine, WORKER) as client:
        answer = await client.get(f"/sidebar/log?month=2026-03&form={form}")
        body = await answer.read()
        wrong = await client.get("/sidebar/log?month=2026-13&form=docx")

    assert wrong.status == 400
    assert f'filename="log-2026-03.{form}"' in answer.headers["Content-Disposition"]
    words = _words_of(body, form)
    assert "下午陪陈叔去了医院" in words
    assert "第二次" not in words
    assert "走访“四必访”1户，发现1件" in words


async def test_log_page_gives_nobody_elses_log(visited: Block) -> None:
    async with client_of(Engine(visited), OFFICER) as client:
        body = await (await client.get("/sidebar/log?month=2026-03&user=fang_xiaoman")).read()
    async with client_of(Engine(visited), "") as client:
        stranger = await (await client.get("/sidebar/log?month=2026-03")).text()

    assert "方小满" not in _words_of(body, "docx")
    assert stranger == "login"


def _words_of(body: bytes, form: str) -> str:
    from io import BytesIO

    import docx
    import openpyxl

    if form == "docx":
        made = docx.Document(BytesIO(body))
        cells = [cell.text for row in made.tables[0].rows for cell in row.cells]
        return "\n".join([*(p.text for p in made.paragraphs), *cells])
    sheet = openpyxl.load_workbook(BytesIO(body)).active
    assert sheet is not None
    return "\n".join(str(value) for row in sheet.values for value in row)


def test_sources_of_the_log_are_the_rounds_of_the_day() -> None:
    assert [source.__module__ for source in worklog._SOURCES] == ["handlers.outside_log"]
    assert MORNING.tzinfo is not None
