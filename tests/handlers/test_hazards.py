"""检查: each hazard is a ticket with class and deadline, rechecked before it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.events import Media
from bot.messages import Paper
from bot.wecom.papers import written
from config.vocabulary import Act, Stage
from storage import hazards, journal
from storage.database import table_of
from storage.field_tables import FormRow, HazardRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

WORKER, OFFICER, FIRE = "fang_xiaoman", "lin_zhiyuan", "guan_tieying"
BEGIN = "检查 小餐饮 桂花苑1号楼老王面馆"


@pytest.fixture
def found(block: Block) -> Block:
    """A worker has found two faults in a kitchen."""
    block.says(WORKER, BEGIN, chat="")
    block.says(WORKER, "1 后门锁着堆满纸箱\n2 灭火器过期两年", chat="")
    return block


def test_inspection_lists_its_items_in_one_message(office: Office) -> None:
    said = texts_to(office.says(WORKER, BEGIN, chat=""), WORKER)

    assert "1 安全出口畅通没堆物" in said
    assert "老王面馆" in said


def test_every_fault_is_a_ticket_of_its_class_with_a_deadline(found: Block) -> None:
    exits, gear = found.tickets()

    assert (exits.category, exits.origin, exits.grid) == ("N06", "inspection", "g01")
    known = found.looks(lambda db: [hazards.of_ticket(db, t.id) for t in (exits, gear)])
    assert [one.hazard for one in known] == ["exits", "fire_gear"]
    assert known[0].due_at == found.now + timedelta(days=1)
    assert gear.finish_at == found.now + timedelta(days=7)
    assert exits.place["building"] == "1"
    assert exits.owner == FIRE


def test_only_a_count_stays_when_the_list_is_done(found: Block) -> None:
    said = texts_to(found.says(WORKER, "查完", chat=""), WORKER)

    assert "发现2件" in said
    row = found.looks(lambda db: db.conn.execute(select(table_of(FormRow))).one())
    assert (row.person_key, row.data_sealed, row.found) == ("", "", 2)


def test_danger_is_never_an_answer_of_a_list(found: Block) -> None:
    found.says(WORKER, "3 着火了，厨房烧起来了", chat="")

    assert found.tickets()[-1].danger != "none"
    assert found.count(HazardRow) == 2


def test_picture_goes_to_the_newest_fault(found: Block) -> None:
    picture = (Media(kind="image", url="https://example.org/a"),)

    said = texts_to(found.says(WORKER, "", chat="", media=picture), WORKER)

    gear = found.tickets()[1]
    assert gear.serial in said
    story = found.looks(lambda db: journal.of_ticket(db, gear.id))
    assert any("图片" in entry.reason for entry in story if entry.act == Act.SUPPLEMENT)


def _put_right(block: Block) -> None:
    serial = block.tickets()[1].serial
    block.says(FIRE, f"签收 {serial}", chat="")
    block.says(FIRE, f"处置 {serial} 已解决，店主换了新灭火器", chat="")


def test_hazard_waits_for_a_second_pair_of_eyes(found: Block) -> None:
    _put_right(found)

    said = found.later(3)

    gear = found.tickets()[1]
    assert gear.stage is Stage.RECHECK
    assert f"复核 {gear.serial}" in texts_to(said, OFFICER)


def test_who_put_it_right_cannot_pass_it(found: Block) -> None:
    _put_right(found)
    found.later(3)

    found.says(FIRE, f"复核 {found.tickets()[1].serial} 合格", chat="")

    assert found.tickets()[1].stage is Stage.RECHECK


def test_passed_recheck_closes_and_counts(found: Block) -> None:
    _put_right(found)
    found.later(3)

    found.says(OFFICER, f"复核 {found.tickets()[1].serial} 合格", chat="")

    assert found.tickets()[1].stage is Stage.CLOSED
    said = texts_to(found.says(OFFICER, "整改率", chat=""), OFFICER)
    assert "1/2" in said
    assert "消防器材 1/1" in said


def test_failed_recheck_goes_back_to_its_owner(found: Block) -> None:
    _put_right(found)
    found.later(3)

    said = found.says(OFFICER, f"复核 {found.tickets()[1].serial} 不合格 压力还是红的", chat="")

    assert found.tickets()[1].stage is Stage.HANDLING
    assert "压力还是红的" in texts_to(said, FIRE)
    assert "0/2" in texts_to(found.says(OFFICER, "整改率", chat=""), OFFICER)


def test_owner_is_reminded_before_the_deadline(found: Block) -> None:
    said = found.later(60 * 24 * 6 + 5)

    assert "整改期限" in texts_to(said, FIRE)


def test_notice_is_a_numbered_draft_and_keeps_its_number(found: Block) -> None:
    first, second = (t.serial for t in found.tickets())

    found.says(OFFICER, f"通知书 {first}", chat="")
    again = texts_to(found.says(OFFICER, f"通知书 {first}", chat=""), OFFICER)
    other = texts_to(found.says(OFFICER, f"通知书 {second}", chat=""), OFFICER)

    assert "〔2026〕1号" in again
    assert "〔2026〕2号" in other


def test_worker_cannot_draw_up_a_notice(found: Block) -> None:
    said = texts_to(found.says(WORKER, f"通知书 {found.tickets()[0].serial}", chat=""), WORKER)

    assert "草稿已发给您" not in said


def test_notice_is_a_word_file_with_its_rows() -> None:
    from io import BytesIO

    from docx import Document

    paper = Paper(
        name="a.docx",
        title="隐患整改通知书",
        number="溪公隐改〔2026〕1号",
        mark="草稿",
        rows=(("整改期限", "2026年3月5日前"),),
        signs=("检查人",),
    )

    doc = Document(BytesIO(written(paper)))

    words = [p.text for p in doc.paragraphs]
    assert words[:3] == ["草稿", "隐患整改通知书", "溪公隐改〔2026〕1号"]
    assert doc.tables[0].cell(0, 1).text == "2026年3月5日前"
