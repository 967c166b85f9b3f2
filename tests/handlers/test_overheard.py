"""What only the archive brought: residents count, colleagues give no orders, nobody hears twice."""

from datetime import timedelta

import pytest

from bot.door_events import Alarmed, Recalled
from bot.events import OVERHEARD, Heard
from config.vocabulary import Act, Danger
from storage import journal, people
from storage.people_tables import HeardRow
from tests.handlers.office import GROUP, Office

LAMP = "东门的路灯坏了三天了"
FIRE = "5号楼着火了，楼道全是烟"


def overhears(office: Office, by: str, text: str, msgid: str = "a1") -> list[tuple[str, str]]:
    event = Heard(
        key=f"archive:{msgid}", at=office.now, chat=GROUP, by=by, door=OVERHEARD, text=text
    )
    return office.handle(event)


def takes_back(office: Office, by: str, of: str, msgid: str = "r1") -> list[tuple[str, str]]:
    event = Recalled(
        key=f"archive:{msgid}", at=office.now, chat=GROUP, by=by, door=OVERHEARD, of=of
    )
    return office.handle(event)


def test_overheard_report_opens_a_ticket(office: Office) -> None:
    overhears(office, "wmWANG", LAMP)

    (ticket,) = office.tickets()
    assert [voice.user for voice in ticket.voices] == ["wmWANG"]


def test_overheard_talk_is_answered_nowhere(office: Office) -> None:
    assert overhears(office, "wmWANG", "今晚吃啥") == []
    assert overhears(office, "wmLI", "我电话13900000000，身份证丢了吗", "a2") == []


@pytest.mark.parametrize("words", [LAMP, "签收 0001", "已经派人去3号楼修水管了", "0001 误报"])
def test_colleague_in_a_group_opens_nothing_and_orders_nothing(office: Office, words: str) -> None:
    office.says("wang_ayi", LAMP)
    before = office.tickets()

    said = overhears(office, "lin_zhiyuan", words)

    assert said == []
    assert office.tickets() == before


def test_colleague_who_cries_for_help_is_heard(office: Office) -> None:
    said = overhears(office, "fang_xiaoman", FIRE)

    (ticket,) = office.tickets()
    assert ticket.danger is Danger.CONFIRMED
    assert any("lin_zhiyuan" in chat for chat, _ in said)


@pytest.mark.parametrize("key", ["danger_fire_group", "danger_gas_group", "danger_violence_group"])
def test_own_sentence_that_a_colleague_passed_on_is_no_news(office: Office, key: str) -> None:
    """Trap 21: avoid self-trigger."""
    overhears(office, "fang_xiaoman", office.rules.text(key))

    assert office.tickets() == []


def test_words_that_the_bot_heard_itself_are_one_message(office: Office) -> None:
    """Trap 21: the same text through archive and bot."""
    office.says("wang_ayi", LAMP)

    said = overhears(office, "wang_ayi", f"@小警 {LAMP}")

    assert said == []
    assert office.count(HeardRow) == 1


def test_words_that_the_archive_brought_first_stay_one_matter(office: Office) -> None:
    overhears(office, "wang_ayi", f"@小警 {LAMP}")

    said = office.says("wang_ayi", LAMP)

    assert len(office.tickets()) == 1
    assert any(chat == GROUP for chat, _ in said)


def test_same_words_an_hour_later_are_news(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.now += timedelta(hours=1)

    overhears(office, "wang_ayi", LAMP)

    assert office.count(HeardRow) == 2


def test_recalled_words_are_hidden_and_the_owner_hears_of_it(office: Office) -> None:
    """Trap 21: recall after the ticket was made; nothing is closed."""
    overhears(office, "wmWANG", LAMP)

    said = takes_back(office, "wmWANG", "archive:a1")

    (ticket,) = office.tickets()
    assert "路灯" not in ticket.masked
    assert "已撤回" in ticket.masked
    assert ticket.is_open
    assert any("已撤回" in words for chat, words in said if chat == f"app:{ticket.owner}")
    kept = office.looks(lambda db: people.heard_as(db, "archive:a1"))
    assert kept.masked == ""


def test_only_the_recalled_sentence_of_a_ticket_is_hidden(office: Office) -> None:
    overhears(office, "wmWANG", LAMP)
    overhears(office, "wmWANG", "就是东门那盏路灯，晚上老人摔了", "a2")
    assert len(office.tickets()) == 1

    takes_back(office, "wmWANG", "archive:a2")

    (ticket,) = office.tickets()
    assert LAMP in ticket.masked
    assert "老人" not in ticket.masked


def test_long_recalled_words_are_hidden_to_their_end(office: Office) -> None:
    words = LAMP + "，请处理" + "，真的很黑" * 150 + "，最后一句"
    overhears(office, "wmWANG", words)
    assert "最后一句" in office.tickets()[0].masked

    takes_back(office, "wmWANG", "archive:a1")

    assert "最后一句" not in office.tickets()[0].masked


def test_recalled_danger_stays_open_and_rings(office: Office) -> None:
    overhears(office, "wmCHEN", FIRE)

    takes_back(office, "wmCHEN", "archive:a1")

    (ticket,) = office.tickets()
    assert ticket.is_open
    assert ticket.danger is Danger.CONFIRMED
    assert "烟" not in ticket.masked


def test_recall_that_comes_twice_is_told_once(office: Office) -> None:
    overhears(office, "wmWANG", LAMP)
    takes_back(office, "wmWANG", "archive:a1")

    assert takes_back(office, "wmWANG", "archive:a1", "r2") == []


def test_recall_before_its_message_leaves_nothing_but_danger(office: Office) -> None:
    """Trap 21: recall before the ticket was made."""
    takes_back(office, "wmWANG", "archive:a1")
    takes_back(office, "wmCHEN", "archive:a2", "r2")

    overhears(office, "wmWANG", LAMP, "a1")
    overhears(office, "wmCHEN", FIRE, "a2")

    (ticket,) = office.tickets()
    assert ticket.danger is Danger.CONFIRMED


def test_recall_of_words_without_a_ticket_is_quiet(office: Office) -> None:
    overhears(office, "wmWANG", "今晚吃啥")

    assert takes_back(office, "wmWANG", "archive:a1") == []


def test_story_of_a_ticket_names_the_recall(office: Office) -> None:
    overhears(office, "wmWANG", LAMP)
    takes_back(office, "wmWANG", "archive:a1")

    (ticket,) = office.tickets()
    entries = office.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert (entries[-1].act, entries[-1].reason) == (Act.NOTE, "（已撤回）")


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        ("operator_archive_key", {"version": "3"}, "第3版私钥"),
        ("operator_archive_row", {"version": "3"}, "打不开"),
        ("operator_archive_refused", {"why": "301042"}, "301042"),
        (
            "operator_archive_gap",
            {"from": "2026-02-20T01:00:00+00:00", "to": "2026-02-27T01:00:00+00:00"},
            "2月20日",
        ),
    ],
)
def test_administrators_hear_of_the_archives_faults(
    office: Office, text: str, values: dict[str, str], words: str
) -> None:
    alarm = Alarmed(key="alarm:x", at=office.now, door="archive", text=text, values=values)

    said = office.handle(alarm)

    assert said
    assert all(words in one for _, one in said)


def test_trap_21_same_words_through_archive_robot_and_kf_are_one_incident(office: Office) -> None:
    """Trap 21: the same text seen through archive and robot and 微信客服."""
    office.says("wang_ayi", LAMP)
    overhears(office, "wang_ayi", f"@小警 {LAMP}")
    overhears(office, "wmWANG", LAMP, "a2")
    kf = Heard(key="kf:k1", at=office.now, chat="kf:wkA:wmWANG", by="wmWANG", door="kf", text=LAMP)
    office.handle(kf)

    (ticket,) = office.tickets()
    assert [voice.user for voice in ticket.voices] == ["wang_ayi", "wmWANG"]
