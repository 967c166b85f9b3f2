"""改类, 不是诉求, 开单: the ticket changes, the masked pair is kept, never of protected ones."""

from dataclasses import replace

import pytest

from bot.events import Scheduled
from bot.turn import Turn
from config.vocabulary import Stage
from handlers import correcting
from storage import corrections
from storage.corrections import Correction
from storage.session import Db
from tests.handlers.office import GROUP, Office

LAMP = "东门的路灯坏了三天了，我电话13912345678"
BEATEN = "我老公天天打我，我不敢报警"


def _kept(office: Office) -> list[Correction]:
    found: list[Correction] = office.looks(corrections.every)
    return found


def test_changed_category_is_kept_as_a_masked_pair(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    said = office.says("qiu_ruolan", "改类 0001 环境污染", chat="")

    (ticket,) = office.tickets()
    assert ticket.category == "N07", said
    (pair,) = _kept(office)
    assert (pair.read_as, pair.corrected_to, pair.ticket_id) == ("N03", "N07", ticket.id)
    assert pair.rules_version == office.rules.version
    assert "路灯" in pair.masked
    assert "13912345678" not in pair.masked
    assert "0001" in said[-1][1]


def test_pair_does_not_say_who_spoke_or_who_corrected(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says("qiu_ruolan", "改类 0001 N07", chat="")

    with office.database.writer_engine.begin() as conn:
        row = conn.exec_driver_sql("SELECT * FROM corrections").mappings().one()
    assert not [v for v in row.values() if "wang_ayi" in str(v) or "qiu_ruolan" in str(v)]


def test_unknown_category_is_answered_with_those_that_come_near(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    said = office.says("qiu_ruolan", "改类 0001 纠纷", chat="")

    assert office.tickets()[0].category == "N03"
    assert "P11" in said[-1][1]
    assert _kept(office) == []


def test_grid_worker_cannot_change_the_category_of_anothers_ticket(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    said = office.says("fang_xiaoman", "改类 0001 N07", chat="")

    assert office.tickets()[0].category == "N03"
    assert "0001" in said[-1][1]


def test_not_a_report_voids_the_ticket_and_tells_her_kindly(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    said = office.says("qiu_ruolan", "不是诉求 0001", chat="")

    (ticket,) = office.tickets()
    assert ticket.stage is Stage.VOID
    (pair,) = _kept(office)
    assert (pair.read_as, pair.corrected_to) == ("N03", "")
    assert any(chat.endswith(":wang_ayi") and "理解错了" in words for chat, words in said)
    assert not [words for chat, words in said if chat == GROUP]


def test_danger_is_no_mistake_that_one_word_takes_back(office: Office) -> None:
    office.says("chen_shu", "5号楼着火了，楼道全是烟")

    said = office.says("qiu_ruolan", "不是诉求 0001", chat="")

    assert office.tickets()[0].is_open
    assert "误报" in said[-1][1]
    assert _kept(office) == []


def test_quoted_message_becomes_a_ticket(office: Office) -> None:
    missed = "大家晚上好"

    said = office.says("lin_zhiyuan", "开单 市政设施", quote=missed)

    (ticket,) = office.tickets()
    assert (ticket.category, ticket.origin, ticket.masked) == ("N03", "missed", missed)
    (pair,) = _kept(office)
    assert (pair.read_as, pair.corrected_to, pair.masked) == ("", "N03", missed)
    assert any("0001" in words for _, words in said)


def test_words_after_the_order_become_a_ticket_where_nothing_is_quoted(office: Office) -> None:
    office.says("lin_zhiyuan", "补录 桂花苑东门那边的井盖翘起来了")

    assert [t.origin for t in office.tickets()] == ["missed"]


def test_order_without_words_and_quote_is_explained(office: Office) -> None:
    said = office.says("lin_zhiyuan", "开单", chat="")

    assert "引用" in said[-1][1]
    assert office.tickets() == []


@pytest.mark.parametrize("order", ["改类 0001 N07", "不是诉求 0001"])
def test_protected_matter_is_neither_changed_nor_kept(office: Office, order: str) -> None:
    office.says("xu_xiaolei", BEATEN, chat="")
    assert office.tickets()[0].protected
    before = office.tickets()[0].category

    office.says("qiu_ruolan", order, chat="")

    assert office.tickets()[0].category == before
    assert _kept(office) == []


@pytest.mark.parametrize("to", ["P04", "P05", "P19"])
def test_correction_to_a_protected_category_is_done_but_not_kept(office: Office, to: str) -> None:
    office.says("wang_ayi", LAMP)

    office.says("qiu_ruolan", f"改类 0001 {to}", chat="")

    (ticket,) = office.tickets()
    assert (ticket.category, ticket.protected) == (to, True)
    assert _kept(office) == []


@pytest.mark.parametrize(
    ("protected", "corrected_to", "kept"),
    [(False, "N07", 1), (True, "N07", 0), (False, "P08", 0)],
    ids=["plain", "protected for another reason", "a class that is never learnt"],
)
def test_either_of_both_guards_is_enough(
    office: Office, protected: bool, corrected_to: str, kept: int
) -> None:
    office.says("wang_ayi", LAMP)
    (ticket,) = office.tickets()
    event = Scheduled(key="cron:x:1", at=office.now, job="x")

    def keep(db: Db) -> None:
        turn = Turn(db, office.rules, event, office.now)
        correcting.keep(turn, replace(ticket, protected=protected), "N03", corrected_to)

    office.looks(keep)

    assert len(_kept(office)) == kept


def test_pair_goes_with_its_ticket(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says("qiu_ruolan", "改类 0001 N07", chat="")
    assert len(_kept(office)) == 1

    with office.database.writer_engine.begin() as conn:
        conn.exec_driver_sql("DELETE FROM tickets")

    assert _kept(office) == []
