"""Silent groups: nothing is said and nothing opened, but danger is never silenced."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.rules import Rules
from storage import samples
from storage.people_tables import HeardRow, SampleRow
from tests.handlers.office import GROUP, Office

LAMP = "东门的路灯坏了三天了"
FIRE = "5号楼着火了，楼道全是烟"


@pytest.fixture
def silent(office: Office, sample_rules: Rules) -> Office:
    chats = tuple(
        chat.model_copy(update={"shadow": chat.id == GROUP}) for chat in sample_rules.chats.chats
    )
    office.rules = replace(
        sample_rules, chats=sample_rules.chats.model_copy(update={"chats": chats})
    )
    return office


def test_report_in_a_silent_group_opens_nothing_and_says_nothing(silent: Office) -> None:
    said = silent.says("wang_ayi", LAMP)

    assert said == []
    assert silent.tickets() == []


def test_what_would_have_been_done_is_kept_as_a_sample(silent: Office) -> None:
    silent.says("wang_ayi", LAMP)
    silent.says("chen_shu", "今晚吃啥")

    counts = silent.looks(lambda db: samples.counted(db, GROUP, silent.now - timedelta(days=1)))
    assert counts == {"open": 1, "chat": 1}
    with silent.database.writer_engine.begin() as conn:
        rows = conn.exec_driver_sql("SELECT * FROM samples").mappings().all()
    assert rows[0]["category"] == "N03"
    assert not [v for row in rows for v in row.values() if "wang_ayi" in str(v)]


def test_serial_is_not_used_up_by_what_was_not_opened(silent: Office) -> None:
    silent.says("wang_ayi", LAMP)
    silent.says("wang_ayi", LAMP, chat="wrHUAIAN01")

    assert [t.serial for t in silent.tickets()] == ["0001"]


def test_danger_in_a_silent_group_gets_words_and_the_chain(silent: Office) -> None:
    said = silent.says("chen_shu", FIRE)

    assert any(chat == GROUP and "119" in words for chat, words in said)
    assert any("lin_zhiyuan" in chat for chat, _ in said)
    assert len(silent.tickets()) == 1
    assert silent.count(SampleRow) == 0


def test_whatever_somebody_in_danger_adds_is_handled(silent: Office) -> None:
    silent.says("chen_shu", FIRE)
    silent.now += timedelta(seconds=20)

    said = silent.says("chen_shu", "是3单元")

    assert said
    assert silent.count(SampleRow) == 0


def test_protected_matter_in_a_silent_group_is_no_trial(silent: Office) -> None:
    said = silent.says("xu_xiaolei", "我老公天天打我，我不敢报警")

    (ticket,) = silent.tickets()
    assert ticket.protected
    assert said
    assert silent.count(SampleRow) == 0


def test_order_of_staff_is_answered_in_private(silent: Office) -> None:
    silent.says("chen_shu", FIRE)

    said = silent.says("lin_zhiyuan", "查 0001")
    refused = silent.says("lin_zhiyuan", "签收 0077")

    assert said
    assert refused
    assert GROUP not in {chat for chat, _ in [*said, *refused]}


def test_refused_order_is_answered_in_private(silent: Office) -> None:
    said = silent.says("lin_zhiyuan", "抽查")

    assert [chat for chat, _ in said] == ["app:lin_zhiyuan"]


@pytest.mark.parametrize("words", ["催一下", "怎么样了，有人管吗"])
def test_words_about_her_own_ticket_are_answered_in_private(silent: Office, words: str) -> None:
    silent.says("wang_ayi", LAMP, chat="")

    said = silent.says("wang_ayi", words)

    assert any(chat == "bot:wang_ayi" for chat, _ in said)
    assert GROUP not in {chat for chat, _ in said}
    assert silent.tickets()[0].urged_count == 1


def test_third_mention_in_six_minutes_gets_one_honest_sentence(silent: Office) -> None:
    """WeCom would deliver nothing more of her, not even a cry for help."""
    assert silent.says("wang_ayi", "今晚吃啥") == []
    assert silent.says("wang_ayi", "吃面吧") == []

    said = silent.says("wang_ayi", "哈哈哈")

    assert [chat for chat, _ in said] == [GROUP]
    assert "试听" in said[0][1]
    silent.now += timedelta(minutes=7)
    assert silent.says("wang_ayi", "今晚吃啥") == []


def test_another_group_is_not_silent(silent: Office) -> None:
    said = silent.says("wang_ayi", LAMP, chat="wrHUAIAN01")

    assert said
    assert len(silent.tickets()) == 1
    assert silent.count(HeardRow) == 1
