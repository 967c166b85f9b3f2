"""The outbox: order, waiting for another row, receipts, withdrawal, cards."""

from datetime import datetime

import pytest

from storage import outbox
from storage.outbox import Parcel
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, parcel


def _add(db: Db, *parcels: Parcel) -> None:
    for one in parcels:
        assert outbox.add(db, one, NOW) is not None


def _due(db: Db, at: datetime = NOW, lane: str = "aibot") -> list[str]:
    return [one.key for one in outbox.due(db, lane, at, 100)]


def _get(db: Db, key: str) -> Parcel:
    return next(one for one in outbox.due(db, "aibot", NOW, 100) if one.key == key)


def test_parcel_comes_out_as_it_went_in(db: Db) -> None:
    given = parcel("e:1", body='{"chat": "桂花苑"}', ticket_id=7, danger=True, if_in_doubt="leave")

    row_id = outbox.add(db, given, NOW)

    (found,) = outbox.due(db, "aibot", NOW, 10)
    assert found == parcel(
        "e:1", id=row_id, body=given.body, ticket_id=7, danger=True, if_in_doubt="leave"
    )


def test_same_key_is_said_once(db: Db) -> None:
    first = outbox.add(db, parcel("e:1"), NOW)
    again = outbox.add(db, parcel("e:1", body="changed"), NOW)

    assert first is not None
    assert again is None
    assert _get(db, "e:1").body == "body e:1"


def test_danger_goes_first_then_the_oldest(db: Db) -> None:
    _add(db, parcel("e:1"), parcel("e:2", danger=True), parcel("e:3"), parcel("e:4", danger=True))

    assert _due(db) == ["e:2", "e:4", "e:1", "e:3"]
    assert [one.key for one in outbox.due(db, "aibot", NOW, 1)] == ["e:2"]


def test_lane_gets_only_its_own_rows_that_are_due(db: Db) -> None:
    _add(db, parcel("e:1"), parcel("e:2", lane="app"), parcel("e:3", due_at=NOW + MINUTE))

    assert _due(db) == ["e:1"]
    assert _due(db, lane="app") == ["e:2"]
    assert outbox.count_due(db, NOW) == 2
    assert outbox.next_due(db, NOW) == NOW + MINUTE
    assert outbox.next_due(db, NOW + MINUTE) is None


def test_row_waits_for_the_one_it_follows(db: Db) -> None:
    _add(db, parcel("e:card", lane="app"), parcel("e:told", after_key="e:card", danger=True))
    assert _due(db) == []

    (card,) = outbox.due(db, "app", NOW, 10)
    outbox.sent(db, card, NOW, "m1")

    assert [(one.key, one.after_sent) for one in outbox.due(db, "aibot", NOW, 10)] == [
        ("e:told", True)
    ]


@pytest.mark.parametrize("tries", [0, 2])
def test_row_still_waits_while_the_one_it_follows_has_tries_left(db: Db, tries: int) -> None:
    _add(db, parcel("e:card", lane="app"), parcel("e:told", after_key="e:card"))
    (card,) = outbox.due(db, "app", NOW, 10)

    for _ in range(tries):
        outbox.postpone(db, card, NOW, "unreachable")

    assert _due(db) == []


def test_row_goes_with_other_words_after_three_vain_tries(db: Db) -> None:
    _add(db, parcel("e:card", lane="app"), parcel("e:told", after_key="e:card"))
    (card,) = outbox.due(db, "app", NOW, 10)

    for _ in range(outbox.TRIES_BEFORE_ELSE):
        outbox.postpone(db, card, NOW, "unreachable")

    assert not _get(db, "e:told").after_sent


def test_row_goes_with_other_words_when_the_one_it_follows_was_given_up(db: Db) -> None:
    _add(db, parcel("e:card", lane="app"), parcel("e:told", after_key="e:card"))
    (card,) = outbox.due(db, "app", NOW, 10)

    outbox.park(db, card, "blocked")

    assert not _get(db, "e:told").after_sent


def test_row_whose_forerunner_never_was_is_not_held(db: Db) -> None:
    _add(db, parcel("e:told", after_key="e:nothing"))

    assert _get(db, "e:told").after_sent


def test_sent_row_is_not_due_and_a_second_receipt_is_harmless(db: Db) -> None:
    _add(db, parcel("e:1"))
    row = _get(db, "e:1")

    outbox.sent(db, row, NOW, "m1")
    outbox.sent(db, row, NOW, "m1", note="duplicate")

    assert _due(db) == []
    receipts = db.conn.exec_driver_sql("SELECT msgid, note FROM receipts").all()
    assert [tuple(one) for one in receipts] == [("m1", "duplicate")]


def test_postponed_row_comes_back_and_counts_only_real_tries(db: Db) -> None:
    _add(db, parcel("e:1"))
    row = _get(db, "e:1")

    outbox.limited(db, [row.id], NOW + MINUTE)
    assert _due(db) == []
    outbox.postpone(db, row, NOW, "unreachable")

    assert _get(db, "e:1").tries == 1


def test_rerouted_row_leaves_by_the_other_lane_with_its_new_body(db: Db) -> None:
    _add(db, parcel("e:1"))

    outbox.reroute(db, _get(db, "e:1"), "app", "as text", "no card there")

    assert _due(db) == []
    (found,) = outbox.due(db, "app", NOW, 10)
    assert (found.body, found.tries) == ("as text", 1)


def test_parked_row_is_over(db: Db) -> None:
    _add(db, parcel("e:1"))

    outbox.park(db, _get(db, "e:1"), "blocked")

    assert _due(db) == []
    assert outbox.count_due(db, NOW) == 0


def test_row_that_was_sent_meanwhile_is_not_given_up(db: Db) -> None:
    _add(db, parcel("e:1"), parcel("e:2"))
    first, second = _get(db, "e:1"), _get(db, "e:2")
    outbox.sent(db, first, NOW, "m1")

    assert [outbox.park(db, one, "blocked") for one in (first, second)] == [False, True]

    states = db.conn.exec_driver_sql("SELECT state, why FROM outgoing ORDER BY id").all()
    assert [tuple(one) for one in states] == [("sent", ""), ("parked", "blocked")]


def test_row_that_was_sent_meanwhile_takes_no_other_way(db: Db) -> None:
    _add(db, parcel("e:1"))
    row = _get(db, "e:1")
    outbox.sent(db, row, NOW, "m1")

    outbox.reroute(db, row, "app", "as text", "no card there")

    (state,) = db.conn.exec_driver_sql("SELECT state, lane, why FROM outgoing").all()
    assert tuple(state) == ("sent", "aibot", "")


def test_false_alarm_stops_only_what_still_rings_for_that_ticket(db: Db) -> None:
    _add(
        db,
        parcel("e:ring:1", ticket_id=7),
        parcel("e:ring:2", ticket_id=7, due_at=NOW + MINUTE),
        parcel("e:ring:3", ticket_id=8),
        parcel("e:told", ticket_id=7),
        parcel("f:ring:4", ticket_id=7),
    )
    outbox.sent(db, _get(db, "f:ring:4"), NOW, "m1")

    assert outbox.withdraw_rings(db, 7) == 2
    assert outbox.withdraw_rings(db, 7) == 0

    assert _due(db, NOW + MINUTE) == ["e:ring:3", "e:told"]


def test_was_sent_asks_for_a_delivery_in_one_of_these_conversations(db: Db) -> None:
    _add(db, parcel("aibot:8:1"), parcel("aibot:8:2", line="line-b"))
    here, there = _get(db, "aibot:8:1"), _get(db, "aibot:8:2")
    outbox.sent(db, here, NOW, "m1")
    assert not outbox.was_sent(db, "aibot:8:", ["line-b", "line-c"], NOW)

    outbox.sent(db, there, NOW, "m2")

    assert outbox.was_sent(db, "aibot:8:", ["line-b", "line-c"], NOW)
    assert not outbox.was_sent(db, "aibot:8:", ["line-c"], NOW)
    assert not outbox.was_sent(db, "aibot:9:", ["line-b"], NOW)


def test_delivery_of_another_event_with_a_like_key_does_not_count(db: Db) -> None:
    _add(db, parcel("aibot:aXb%:1"))
    outbox.sent(db, _get(db, "aibot:aXb%:1"), NOW, "m1")

    assert outbox.was_sent(db, "aibot:aXb%:", ["line-a"], NOW)
    assert not outbox.was_sent(db, "aibot:a_b%:", ["line-a"], NOW)
    assert not outbox.was_sent(db, "aibot:axb%:", ["line-a"], NOW)


def test_cards_of_a_ticket_keep_their_newest_code(db: Db) -> None:
    outbox.show_card(db, "t1", 7, "lin", NOW)
    outbox.show_card(db, "t2", 7, "heyun", NOW + MINUTE)
    outbox.show_card(db, "t1", 7, "lin", NOW + MINUTE)
    outbox.keep_code(db, "t1", "code-1", NOW + MINUTE)
    outbox.keep_code(db, "t1", "code-2", NOW + 2 * MINUTE)

    assert [one.task_id for one in outbox.cards_of(db, 7)] == ["t1", "t2"]
    found = outbox.card(db, "t1")
    assert found is not None
    assert (found.user, found.code, found.code_until) == ("lin", "code-2", NOW + 2 * MINUTE)
    assert outbox.card(db, "t9") is None
