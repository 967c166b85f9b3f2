"""微信客服 remembered: cursors, sessions, and messages that bounced."""

import json
from dataclasses import replace

from sqlalchemy import select

from config.vocabulary import Stage
from storage import kf, outbox, people, tickets
from storage.database import table_of
from storage.kf import Session
from storage.session import Db
from storage.tables import OutgoingRow
from tests.storage.rows import MINUTE, NOW, SEAL, ticket

ZHOU = SEAL.person_key("wmZHOU")


def test_each_account_has_a_cursor_of_its_own(db: Db) -> None:
    kf.keep_cursor(db, "wkA", "c1")
    kf.keep_cursor(db, "wkA", "c2")

    assert (kf.cursor(db, "wkA"), kf.cursor(db, "wkB")) == ("c2", "")


def test_her_words_open_the_budget_and_ours_use_it_up(db: Db) -> None:
    kf.spoke(db, "line-a", NOW)
    kf.said(db, "line-a")
    kf.said(db, "line-a")
    assert kf.session(db, "line-a") == Session(NOW, 2)

    kf.spoke(db, "line-a", NOW + MINUTE)
    assert kf.session(db, "line-a") == Session(NOW + MINUTE, 0)


def test_words_of_three_days_ago_read_again_open_nothing(db: Db) -> None:
    kf.spoke(db, "line-a", NOW)
    kf.said(db, "line-a")

    kf.spoke(db, "line-a", NOW - MINUTE)

    assert kf.session(db, "line-a") == Session(NOW, 1)


def test_shut_window_opens_with_her_next_words(db: Db) -> None:
    kf.spoke(db, "line-a", NOW)
    kf.shut(db, "line-a")
    assert kf.session(db, "line-a").said >= 5

    kf.spoke(db, "line-a", NOW + MINUTE)
    assert kf.session(db, "line-a").said == 0


def test_end_that_wecom_stamps_with_whole_seconds_is_no_older_news(db: Db) -> None:
    """Trap 26: what was asked for has parts of a second, what an event tells has none."""
    kf.stands(db, "line-s", 3, NOW + MINUTE / 100)
    kf.stands(db, "line-s", 4, NOW)

    assert kf.session(db, "line-s").state == 4


def test_older_news_of_who_holds_the_session_changes_nothing(db: Db) -> None:
    kf.stands(db, "line-a", 3, NOW)
    kf.stands(db, "line-a", 4, NOW - MINUTE)

    assert kf.session(db, "line-a").state == 3


def test_her_words_begin_an_ended_session_anew_and_leave_a_human_s_alone(db: Db) -> None:
    kf.stands(db, "line-a", 4, NOW)
    kf.spoke(db, "line-a", NOW + MINUTE)
    kf.stands(db, "line-b", 3, NOW)
    kf.spoke(db, "line-b", NOW + MINUTE)

    assert (kf.session(db, "line-a").state, kf.session(db, "line-b").state) == (0, 3)


def test_bounced_message_is_found_by_its_receipt_once(db: Db) -> None:
    body = json.dumps({"chat": "kf:wkA:wm", "message": "…"})
    parcel = outbox.Parcel(key="k1", lane="kf", line="line-a", body=body, due_at=NOW, ticket_id=7)
    outbox.add(db, parcel, NOW)
    [waiting] = outbox.due(db, "kf", NOW, 9)
    assert kf.sent_as(db, "m1") is None
    outbox.sent(db, waiting, NOW, "m1")

    found = kf.sent_as(db, "m1")
    assert found is not None
    assert (found.key, found.ticket_id, found.body) == ("k1", 7, body)
    kf.not_delivered(db, found, "fail 10")

    assert kf.sent_as(db, "m1") is None
    row = db.conn.execute(select(table_of(OutgoingRow))).one()
    assert (row.state, row.why) == ("parked", "fail 10")


def test_own_conversation_is_the_latest_in_which_a_program_may_speak(db: Db) -> None:
    assert people.own_chat(db, ZHOU) == ""
    people.spoke_in(db, "l1", "kf", "kf", "kf:wkA:wmZHOU", NOW, owner=ZHOU, can="push,menu")
    people.spoke_in(db, "l2", "kf", "kf", "kf:wkB:wmZHOU", NOW + MINUTE, owner=ZHOU, can="push")
    later = NOW + MINUTE + MINUTE
    people.spoke_in(db, "l3", "single", "archive", "archive:x", later, owner=ZHOU, can="hear_all")
    people.spoke_in(db, "l4", "internal_group", "socket", "wrGROUP", later)

    assert people.own_chat(db, ZHOU) == "kf:wkB:wmZHOU"

    people.spoke_in(db, "l1", "kf", "kf", "kf:wkA:wmZHOU", later, owner=ZHOU, can="push,menu")
    assert people.own_chat(db, ZHOU) == "kf:wkA:wmZHOU"


def test_old_session_is_forgotten_unless_its_ticket_is_open(db: Db) -> None:
    for line in ("line-a", "line-b", "line-c"):
        kf.spoke(db, line, NOW)
    kf.stands(db, "line-c", 3, NOW + 2 * MINUTE)
    opened = tickets.create(db, ticket("JG260304-0001K", line="line-a"))

    assert kf.forget(db, NOW) == 0
    assert kf.forget(db, NOW + MINUTE) == 1
    assert kf.session(db, "line-a").heard_at == NOW
    assert kf.session(db, "line-b") == Session()
    assert kf.session(db, "line-c").state == 3, "a human took it later"

    tickets.save(db, replace(opened, stage=Stage.CLOSED))
    assert kf.forget(db, NOW + 3 * MINUTE) == 2
