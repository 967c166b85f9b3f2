"""走访, 今天, 资料, 拍, 上门办证, 租客登记: what works from chat besides the ticket itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain import field_words
from bot.domain.clocks import ZONE
from bot.events import Media
from config.vocabulary import Act
from handlers import agenda
from storage import forms, journal
from storage.database import table_of
from storage.field_tables import FormRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP, Office

WORKER, OFFICER, ROOM, RESIDENT = "fang_xiaoman", "lin_zhiyuan", "qiu_ruolan", "wang_ayi"


def test_what_a_visit_finds_opens_a_ticket_and_counts_a_household(office: Office) -> None:
    office.says(WORKER, "走访 四必访 桂花苑", chat="")

    office.says(WORKER, "1 楼上楼下为漏水吵架", chat="")
    office.says(WORKER, "查完", chat="")

    (ticket,) = office.tickets()
    assert ticket.carrier == WORKER
    said = texts_to(office.says(OFFICER, "走访进度", chat=""), OFFICER)
    assert "桂花社区第一网格 1/40户，发现1件" in said
    row = office.looks(lambda db: db.conn.execute(select(table_of(FormRow))).one())
    assert (row.person_key, row.data_sealed) == ("", "")


def test_fine_household_is_counted_in_two_words(office: Office) -> None:
    office.says(WORKER, "走访 五必宣 桂花苑", chat="")

    office.says(WORKER, "都好", chat="")

    assert office.tickets() == []
    assert "五必宣：桂花社区第一网格 1/60户" in texts_to(
        office.says(WORKER, "走访进度", chat=""), WORKER
    )


def test_visit_day_without_work_moves_to_the_next_working_day(office: Office) -> None:
    # The 5th of July 2026 is a Sunday.
    office.now = datetime(2026, 7, 6, 0, 30, tzinfo=UTC)

    said = office.hour(agenda.JOB)

    assert "三必核" in texts_to(said, WORKER)
    office.now += timedelta(days=1)
    assert office.hour(agenda.JOB) == []


def test_today_names_what_falls_due_and_tomorrow_what_was_agreed(office: Office) -> None:
    office.says(OFFICER, "登记 桂花苑3号楼门口电动车昨晚被偷了", chat="")
    serial = office.tickets()[0].serial
    assert serial in texts_to(office.says(OFFICER, "今天", chat=""), OFFICER)

    office.says(OFFICER, f"约好 {serial} 明天下午3点", chat="")

    said = texts_to(office.says(OFFICER, "明天", chat=""), OFFICER)
    assert serial in said
    assert "15:00" in said
    assert serial not in texts_to(office.says(OFFICER, "今天", chat=""), OFFICER)


def test_kit_hands_out_words_with_the_stations_numbers(office: Office) -> None:
    assert "反诈" in texts_to(office.says(WORKER, "资料", chat=""), WORKER)

    said = texts_to(office.says(WORKER, "资料 反诈", chat=""), WORKER)

    assert "96110" in said


def test_pictures_of_the_next_minutes_go_to_the_named_ticket(office: Office) -> None:
    office.says(OFFICER, "登记 桂花苑3号楼门口电动车昨晚被偷了", chat="")
    (ticket,) = office.tickets()
    office.says(OFFICER, f"拍 {ticket.serial}", chat="")
    picture = (Media(kind="image", url="https://example.org/a"),)

    office.says(OFFICER, "", chat="", media=picture)
    office.now += timedelta(minutes=11)
    office.says(OFFICER, "", chat="", media=picture)

    story = office.looks(lambda db: journal.of_ticket(db, ticket.id))
    kept = [e for e in story if e.act == Act.SUPPLEMENT and "图片" in e.reason]
    assert len(kept) == 1
    assert len(office.tickets()) == 1


def test_appointment_is_asked_for_agreed_and_reminded(block: Block) -> None:
    block.says(RESIDENT, "上门办证", chat="")
    block.says(RESIDENT, "1", chat="")
    said = texts_to(block.says(RESIDENT, "桂花苑3号楼，周五都在", chat=""), RESIDENT)
    (ticket,) = block.tickets()
    assert "户口本" in said
    assert ticket.origin == "appointment"

    said = texts_to(
        block.says(ticket.owner, f"约好 {ticket.serial} 3月6日 9:30", chat=""), RESIDENT
    )
    assert "3月6日09:30" in said

    reminded = block.later(60 * 24 + 5)
    assert ticket.serial in texts_to(reminded, RESIDENT)
    assert ticket.serial in texts_to(reminded, ticket.owner)
    assert texts_to(block.later(60 * 22), RESIDENT) == ""


def test_appointment_moves_with_the_newest_word(block: Block) -> None:
    block.says(OFFICER, "登记 桂花苑3号楼门口电动车昨晚被偷了", chat="")
    serial = block.tickets()[0].serial
    block.says(OFFICER, f"约好 {serial} 3月6日 9:30", chat="")

    block.says(OFFICER, f"约好 {serial} 3月9日 9:30", chat="")

    assert "约的是" not in texts_to(block.later(60 * 24 + 5), OFFICER)


def test_day_that_passed_without_a_result_is_asked_about_once(block: Block) -> None:
    block.says(OFFICER, "登记 桂花苑3号楼门口电动车昨晚被偷了", chat="")
    serial = block.tickets()[0].serial
    block.says(OFFICER, f"签收 {serial}", chat="")
    block.says(OFFICER, f"约好 {serial} 3月6日 9:30", chat="")

    said = texts_to(block.later(60 * 24 * 2 + 60 * 5), OFFICER)

    assert said.count("约好的日子过了") == 1
    assert "约好的日子过了" not in texts_to(block.later(60 * 24), OFFICER)


def test_day_that_was_kept_is_not_asked_about(block: Block) -> None:
    block.says(OFFICER, "登记 桂花苑3号楼门口电动车昨晚被偷了", chat="")
    serial = block.tickets()[0].serial
    block.says(OFFICER, f"签收 {serial}", chat="")
    block.says(OFFICER, f"约好 {serial} 3月6日 9:30", chat="")
    block.later(60 * 24 * 2 + 30)
    block.says(OFFICER, f"处置 {serial} 已解决，车找回来了", chat="")

    assert "约好的日子过了" not in texts_to(block.later(60 * 5), OFFICER)


def fill_in(office: Office, *answers: str) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for words in answers:
        said = office.says(RESIDENT, words, chat="")
    return said


FILLED = ("租客登记", "1", "刘小溪", "13900001111", "桂花苑3号楼2单元501", "2", "3月1日")


def test_tenancy_asks_for_consent_before_anything(office: Office) -> None:
    said = texts_to(fill_in(office, "租客登记"), RESIDENT)

    assert "同意回1" in said
    assert "30天" in said
    fill_in(office, "2")
    assert office.tickets() == []
    row = office.looks(lambda db: db.conn.execute(select(table_of(FormRow))).one())
    assert (row.person_key, row.data_sealed) == ("", "")


def test_tenancy_is_filled_in_in_private_only(office: Office) -> None:
    said = office.says(RESIDENT, "租客登记")

    assert [words for chat, words in said if chat == GROUP] == [
        "这个请私聊我填，群里别发姓名电话。"
    ]
    assert office.count(FormRow) == 0


def test_tenancy_becomes_a_protected_ticket_that_tells_nothing(office: Office) -> None:
    fill_in(office, *FILLED)

    (ticket,) = office.tickets()
    assert ticket.protected
    assert ticket.owner == OFFICER
    for secret in ("刘小溪", "13900001111", "501"):
        assert secret not in ticket.masked + ticket.original + str(ticket.place)
    story = office.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert "刘小溪" not in "".join(entry.reason for entry in story)


def test_only_police_read_the_answers_and_each_look_is_journalled(office: Office) -> None:
    fill_in(office, *FILLED)
    (ticket,) = office.tickets()

    assert "刘小溪" not in texts_to(
        office.says(WORKER, f"登记内容 {ticket.serial}", chat=""), WORKER
    )
    said = texts_to(office.says(OFFICER, f"登记内容 {ticket.serial}", chat=""), OFFICER)

    assert "刘小溪" in said
    story = office.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert [e.actor for e in story if e.act == Act.UNMASK] == [OFFICER]


def test_answers_are_deleted_after_the_configured_days(office: Office) -> None:
    fill_in(office, *FILLED)
    (ticket,) = office.tickets()
    office.now += timedelta(days=29)
    office.hour("forget")
    assert office.looks(lambda db: forms.of_ticket(db, ticket.id)) is not None

    office.now += timedelta(days=2)
    office.hour("forget")

    assert office.looks(lambda db: forms.of_ticket(db, ticket.id)) is None
    said = texts_to(office.says(OFFICER, f"登记内容 {ticket.serial}", chat=""), OFFICER)
    assert "到期删除" in said


def test_half_filled_form_is_forgotten(office: Office) -> None:
    fill_in(office, *FILLED[:4])
    office.now += timedelta(hours=1)

    office.hour("forget")

    row = office.looks(lambda db: db.conn.execute(select(table_of(FormRow))).one())
    assert (row.person_key, row.data_sealed) == ("", "")


def test_danger_in_the_middle_of_a_form_is_heard(office: Office) -> None:
    fill_in(office, *FILLED[:3])

    office.says(RESIDENT, "3号楼着火了，快来人", chat="")

    assert office.tickets()[0].danger != "none"


NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # Wednesday


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("3月6日 9:30", "2026-03-06 09:30"),
        ("明天下午3点", "2026-03-05 15:00"),
        ("后天上午", "2026-03-06 09:00"),
        ("周五下午两点半", "2026-03-06 14:30"),
        ("下周一 10:00", "2026-03-09 10:00"),
        ("1月3日", "2027-01-03 09:00"),
        ("2月30日", None),
        ("今天 9:00", None),
        ("改天吧", None),
    ],
)
def test_a_day_that_is_agreed_lies_ahead(words: str, wanted: str | None) -> None:
    at = field_words.day_ahead(words, NOW)

    assert (f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else None) == wanted
