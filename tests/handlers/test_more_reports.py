"""季度报, 年报, 研判登记簿, 网格台账, 枫桥材料, 部门函: figures of a small station, readers."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import update

from bot.domain import spans
from bot.domain.sheets import Report, Table
from bot.events import Scheduled
from config.divert_rules import Letters
from config.vocabulary import ClosingCode, Stage
from handlers import digests, report_files
from storage import diversions, findings, mediations
from storage.diversions import Diversion, End, Round
from storage.findings import Finding
from storage.mediations import Mediation
from storage.session import Db
from storage.tables import TicketRow
from tests.handlers import small_station as small
from tests.handlers.block import Block, texts_to
from tests.handlers.small_station import ZONE, at
from tests.web.boards import looks

OFFICER, LEADER, ROOM = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
ANALYST, WORKER, ABOVE = "yan_suyun", "fang_xiaoman", "gu_changting"
APRIL = datetime(2026, 4, 1, 8, 55, tzinfo=ZONE)


@pytest.fixture
def station(block: Block) -> Block:
    block.looks(small.fill)
    block.now = small.NOW
    return block


def made(
    block: Block, kind: str, user: str = LEADER, *, group: bool = False, **more: str
) -> Report:
    one = digests.KINDS[kind]
    time = spans.of(one.length, date(2026, 3, 4))
    return looks(
        block, user,
        lambda look: one.of(look.turn, time, None if group else look.seat.person, **more),
    )  # fmt: skip


def table(report: Report, title: str) -> Table:
    return next(one for one in report.tables if one.title.startswith(title))


def row(found: Table, name: str) -> dict[str, str]:
    cells = next(one for one in found.rows if name in one)
    return dict(zip(found.heads, cells, strict=True))


def say(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


# -- 季度报、年报 -----------------------------------------------------------------------------


def test_quarter_is_a_series_of_months_with_the_figures_of_the_month(station: Block) -> None:
    station.now = APRIL
    quarter, month = made(station, "quarter"), made(station, "month")

    assert quarter.title == "季度报"
    assert quarter.period == "2026年第一季度"
    series = table(quarter, "逐月")
    assert [line[0] for line in series.rows] == ["1月", "2月", "3月"]
    assert series.rows[0][1:] == ("没有数", "", "", "", "")
    # 13 came on the 1st; 13 14 2 12 15 18 1 were closed
    assert row(series, "3月")["登记"] == "13"
    assert row(series, "3月")["办结"] == "7"
    assert month.lead[0].startswith("登记13件")
    of_quarter, of_month = table(quarter, "指标").rows, table(month, "指标").rows
    assert of_quarter[:-1] == of_month[:-1], "all of it was in March; 负担 is by the day"
    assert (
        row(series, "3月")["满意"]
        == row(table(month, "指标"), "满意率")["数"]
        + "/"
        + (row(table(month, "指标"), "满意率")["基数"])
    )


def test_quarter_comes_on_its_first_working_day_and_with_it_the_year_in_january(
    station: Block,
) -> None:
    station.now = APRIL
    said = station.hour("digest_quarter")

    assert texts_to(said, LEADER).startswith("季度报 2026年第一季度")
    assert texts_to(said, ABOVE)
    assert "年报" not in texts_to(said, LEADER)
    assert "林知远" not in texts_to(said, LEADER)
    station.now = APRIL + timedelta(days=1)
    assert station.hour("digest_quarter") == []
    station.now = datetime(2027, 1, 1, 8, 55, tzinfo=ZONE)  # no holidays are known yet
    assert "年报 2026年" in texts_to(station.hour("digest_quarter"), LEADER)


def test_what_an_hour_or_an_order_says_was_read_before_its_turn(station: Block) -> None:
    station.now = APRIL
    hour = station.cron("digest_quarter")
    order = station.message(LEADER, "月通报 3月", f"bot:{LEADER}")
    known = {event.key: station.read_ahead(event) for event in (hour, order)}
    station.looks(lambda db: small.put(db, 40, "6 09:00", category="N03"))

    assert "登记13件" in texts_to(station.handle(hour, known[hour.key]), LEADER)
    assert "登记13件" in texts_to(station.handle(order, known[order.key]), LEADER)
    assert "登记14件" in say(station, LEADER, "月通报 3月")


def test_refused_order_reads_nothing_ahead_and_talk_of_residents_never_does(
    station: Block,
) -> None:
    refused = station.message(WORKER, "月通报 3月", f"bot:{WORKER}")

    assert station.read_ahead(refused) == {}
    assert texts_to(station.handle(refused, {}), WORKER)
    assert station.reads_ahead(station.message("resident1", "月通报 3月")) is None
    assert station.reads_ahead(station.cron("forget")) is None


# -- 网格台账 --------------------------------------------------------------------------------


def test_grids_stand_in_the_order_of_the_file_and_add_up_to_the_station(station: Block) -> None:
    small_one = station.looks(lambda db: small.put(db, 40, "6 09:00", grid="g03", category="N03"))
    assert small_one.grid == "g03"
    station.now = APRIL
    report = made(station, "grids")

    numbers = table(report, "件数")
    assert [line[0] for line in numbers.rows] == [one.name for one in station.rules.grids.grids]
    assert [int(line[1]) for line in numbers.rows] == [13, 0, 1]
    assert row(numbers, "桂花社区第一网格")["办结"] == "7"
    shares = table(report, "办得怎么样")
    assert row(shares, "桂花社区第一网格")["纠纷化解率"] == "3/6", "2 13 15 of 2 8 9 13 14 15"
    assert row(shares, "桂花社区第二网格")["签收及时率"] == "", "no base, nothing said"
    words = str(report)
    assert "林知远" not in words
    assert "分" not in "".join(numbers.heads + shares.heads), "no points"
    assert report == made(station, "grids", group=True)


# -- 枫桥材料 --------------------------------------------------------------------------------


def _mediated(db: Db, serial: int, **more: Any) -> None:
    ticket = small.put(db, serial, "4 09:00", category="P11", protected=bool(more.pop("hidden", 0)))
    values: dict[str, Any] = {
        "state": mediations.ENDED,
        "ended_at": at("6 09:00"),
        "result": "succeeded",
        **more,
    }
    mediations.begin(
        db,
        Mediation(
            key=f"m{serial}", ticket_id=ticket.id, force="town", mediator="min_zhengyi",
            started_at=at("4 10:00"), eventful_at=at("4 10:00"), **values,
        ),
    )  # fmt: skip


def _four(db: Db) -> None:
    _mediated(db, 31, kept_a="kept", kept_b="kept")
    _mediated(db, 32, kept_a="kept", kept_b="broken")
    _mediated(db, 33, result="failed")
    _mediated(db, 34, state=mediations.RUNNING, ended_at=None, result="")
    _mediated(db, 35, hidden=1)


def test_facts_of_mediation_are_counted_without_a_name(station: Block) -> None:
    station.looks(_four)
    report = made(station, "peace")

    assert report.lead[1] == "这段时间还没过完，和整段比会偏少。"
    assert report.lead[2] == "发起调解4起，结束3起，其中谈成2/3；谈成的里面双方都说做到了1/2。"
    assert table(report, "调解结果").rows == (("成功", "2"), ("失败", "1"))
    kept = table(report, "谈成的2起")
    assert row(kept, "双方都说做到了")["起数"] == "1"
    assert row(kept, "有一方说没做到")["起数"] == "1"
    assert table(report, "按力量").rows == (("镇人民调解", "4", "1", "3"),)
    assert table(report, "约定做到了的几起").rows == (
        ("邻里纠纷", "桂花社区第一网格", "2天谈成", "口头约定"),
    )
    assert row(table(report, "纠纷和反复"), "民转刑")["数"] == "1"
    words = str(report)
    assert not [name for name in ("闵正义", "林知远", "桂花苑", "XH26") if name in words]


# -- 研判登记簿 ------------------------------------------------------------------------------


def _findings(db: Db) -> None:
    for serial, kind, stage in (
        (51, "repeat_place", Stage.CLOSED),
        (52, "repeat_person", Stage.HANDLING),
    ):
        focus = small.put(db, serial, "5 03:00", origin="focus", stage=stage, owner=OFFICER)
        if stage is Stage.CLOSED:
            db.conn.execute(
                update(TicketRow)
                .where(TicketRow.__table__.c.id == focus.id)  # type: ignore[attr-defined]
                .values(closed_at=at("6 09:00"), closing_code=ClosingCode.SOLVED)
            )
        findings.add(
            db, Finding(focus.id, kind, "yellow", f"s{serial}", "g01", "P11", at("5 03:00"))
        )
        findings.link(db, focus.id, [1, 2], kind, at("5 03:00"))


def test_register_says_what_was_found_and_what_became_of_it(station: Block) -> None:
    station.looks(_findings)
    report = made(station, "findings")

    assert report.lead == ("这段时间研判发现2件，已经办完1件，后来又来的0件。",)
    line = row(table(report, "逐件"), "XH260303-0051K")
    assert (line["哪一类"], line["颜色"], line["连着"]) == ("一地多起", "黄", "2件")
    assert (line["结果"], line["以后"], line["经办"]) == ("已解决", "还没到看的时候", "林知远")
    assert say(station, ANALYST, "研判登记簿 3月").startswith("研判登记簿 2026年3月")
    assert "研判登记簿" not in say(station, OFFICER, "研判登记簿")


def test_edition_without_names_has_no_person_and_no_words(station: Block) -> None:
    station.looks(_findings)
    report = made(station, "findings", group=True)

    assert report.lead[0].startswith("这段时间研判发现1件")
    assert "XH260303-0052K" not in str(report)
    assert not {"经办", "怎么发现的"} & set(table(report, "逐件").heads)


# -- 部门函 ----------------------------------------------------------------------------------


def _with_departments(db: Db) -> None:
    """Beside 10 (there) and 11 (came back): one overdue, one answered in time, one protected."""
    for serial, due, hidden in ((21, "6 09:00", 0), (22, "7 09:00", 0), (23, "6 09:00", 1)):
        ticket = small.put(db, serial, "3 09:00", category="N03", protected=bool(hidden))
        diversions.add(
            db,
            Diversion(
                key=f"x{serial}", ticket_id=ticket.id, round=Round.INTAKE, list_version="1",
                row_id="r1", department="city_management", at=at("3 10:00"), due_at=at(due),
            ),
        )  # fmt: skip
        if serial == 22:
            diversions.end(db, ticket.id, End.ANSWERED, at("5 09:00"))


def test_letter_has_what_is_open_and_overdue_with_one_department_and_nobody_in_it(
    station: Block,
) -> None:
    station.looks(_with_departments)
    letter = made(station, "letter", subject="city_management")

    assert letter.title == "请溪河城管中队办理事项的函"
    assert letter.lead[0] == "溪河城管中队："
    assert "转请办理4件，已答复1件（有期限的1件，按期1件），退回1件" in letter.lead[1]
    assert "还有2件没有办结，其中1件已过期限" in letter.lead[2]
    assert [line[0] for line in table(letter, "已过期限").rows] == ["XH260303-0021K"]
    assert [line[0] for line in table(letter, "还在办理").rows] == ["XH260303-0010K"]
    assert "0023" not in str(letter)
    assert "林知远" not in str(letter)
    assert letter.signed == ("溪河派出所", "2026年3月9日")
    document = Document(BytesIO(report_files.as_docx(letter)))
    assert document.paragraphs[-1].text == "2026年3月9日"
    other = made(station, "letter", subject="housing")
    assert (other.lead, other.signed) == (("这段时间没有转给这个部门的事，不用发函。",), ())


def test_letter_is_asked_for_by_a_part_of_the_name(station: Block) -> None:
    assert "请溪河城管中队办理事项的函 2026年3月" in say(station, LEADER, "部门函 城管 3月")
    assert "现在有：溪河城管中队" in say(station, LEADER, "部门函 3月")
    assert "函 2026" not in say(station, WORKER, "部门函 城管")


def _by_clock(station: Block, day: str, **plan: Any) -> list[tuple[str, str]]:
    letters = Letters(**plan)
    divert = station.rules.divert.model_copy(update={"letters": letters})
    station.rules = replace(station.rules, divert=divert)
    station.now = datetime.fromisoformat(f"{day}T08:40").replace(tzinfo=ZONE)
    return station.handle(
        Scheduled(key=f"cron:letters:{day}", at=station.now, job="department_letters")
    )


def test_letter_by_clock_is_a_draft_for_the_command_room_and_no_department_gets_it(
    station: Block,
) -> None:
    station.looks(_with_departments)

    assert _by_clock(station, "2026-04-02", every="month") == []
    [(chat, words)] = _by_clock(station, "2026-04-01", every="month")

    assert chat.endswith(f":{ROOM}")
    assert "起了草稿，没有发出" in words
    assert "请溪河城管中队办理事项的函 2026年3月" in words
    assert "XH260303-0021K" in words
    assert "0023" not in words


def test_letter_goes_by_itself_only_where_the_rules_say_so(station: Block) -> None:
    station.looks(_with_departments)

    said = _by_clock(station, "2026-03-09", every="week", send=True)

    assert sorted(chat.partition(":")[2] for chat, _ in said) == [ROOM, "wei_heping"]
    assert all("XH260303-0021K" in words for _, words in said)
    assert _by_clock(station, "2026-03-10", every="week", send=True) == []


@pytest.mark.parametrize(
    "words", ["年报 2026年", "年报", "季度报 一季度", "网格台账 3月", "枫桥材料 今年"]
)
def test_each_is_a_chat_message_that_wecom_takes(station: Block, words: str) -> None:
    station.now = APRIL
    said = say(station, LEADER, words)

    assert len(said.encode()) <= 2048
    assert said.split(" ")[0] == words.split(" ")[0]
