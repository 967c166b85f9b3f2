"""What opened no ticket is forgotten: masked words after some days, sealed originals with them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.rules import Rules
from storage.people_tables import HeardRow
from tests.handlers.office import Office

TALK = "今晚吃啥"
LAMP = "东门的路灯坏了三天了"
DAY = timedelta(days=1)


def _originals(office: Office) -> list[str]:
    """Keys of heard messages whose original is still there."""
    with office.database.writer_engine.begin() as conn:
        rows = conn.exec_driver_sql(
            "SELECT key FROM inbox WHERE kind = 'heard' AND payload_sealed <> '' ORDER BY id"
        )
        return [row.key for row in rows]


def _bodies(office: Office) -> int:
    with office.database.writer_engine.begin() as conn:
        rows = conn.exec_driver_sql("SELECT count(*) FROM outgoing WHERE body_sealed <> ''")
        return int(rows.scalar_one())


def _keeping(office: Office, rules: Rules, days: int) -> None:
    times = rules.times.model_copy(update={"talk_kept": timedelta(days=days)})
    office.rules = replace(rules, times=times)


def test_talk_is_kept_for_seven_days_and_then_forgotten(office: Office) -> None:
    office.says("wang_ayi", TALK)

    office.now += timedelta(days=6, hours=23)
    office.hour("forget")
    assert (office.count(HeardRow), len(_originals(office))) == (1, 1)

    office.now += timedelta(hours=2)
    office.hour("forget")
    assert (office.count(HeardRow), _originals(office)) == (0, [])


def test_message_of_a_ticket_is_kept_for_thirty_days(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    office.now += 29 * DAY
    office.hour("forget")
    assert (office.count(HeardRow), len(_originals(office))) == (1, 1)

    office.now += 2 * DAY
    office.hour("forget")
    assert (office.count(HeardRow), _originals(office)) == (0, [])


def test_ticket_keeps_its_own_words_when_the_envelope_goes(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    office.now += 31 * DAY
    office.hour("forget")

    (ticket,) = office.tickets()
    assert ticket.masked == LAMP
    assert LAMP in ticket.original
    assert _originals(office) == []


def test_answer_to_talk_is_forgotten_with_it(office: Office) -> None:
    office.says("wang_ayi", TALK)
    assert _bodies(office) == 1

    office.now += 8 * DAY
    office.hour("forget")

    assert _bodies(office) == 0


def test_forgotten_message_that_comes_again_is_still_known(office: Office) -> None:
    office.says("wang_ayi", TALK)
    office.now += 8 * DAY
    office.hour("forget")

    with office.database.writer_engine.begin() as conn:
        keys = conn.exec_driver_sql("SELECT count(*) FROM inbox WHERE key = 'aibot:m1'")
        assert keys.scalar_one() == 1


@pytest.mark.parametrize("days", [1, 30])
def test_days_are_the_stations_own(office: Office, sample_rules: Rules, days: int) -> None:
    _keeping(office, sample_rules, days)
    office.says("wang_ayi", TALK)

    office.now += days * DAY - timedelta(hours=1)
    office.hour("forget")
    assert office.count(HeardRow) == 1

    office.now += timedelta(hours=2)
    office.hour("forget")
    assert office.count(HeardRow) == 0


def test_zero_days_keep_nothing_of_talk_from_the_first_moment(
    office: Office, sample_rules: Rules
) -> None:
    _keeping(office, sample_rules, 0)

    office.says("wang_ayi", TALK)
    office.says("chen_shu", LAMP)

    assert office.count(HeardRow) == 1
    office.now += timedelta(hours=1)
    office.hour("forget")
    assert _originals(office) == ["aibot:m2"], "what opened a ticket stays"


def test_what_waits_to_be_handled_is_never_forgotten(office: Office) -> None:
    office.says("wang_ayi", TALK)
    with office.database.writer_engine.begin() as conn:
        conn.exec_driver_sql("UPDATE inbox SET done_at = NULL")

    office.now += 8 * DAY
    office.hour("forget")

    assert _originals(office) == ["aibot:m1"]
