"""A WeChat customer is told where she spoke; her poster tells her grid; bounces go to a human."""

import json
from datetime import timedelta

import pytest

from bot.door_events import Bounced
from bot.events import Heard, Joined, ReplyHandle
from bot.messages import Weight
from config.faults import Later
from storage import outbox, people
from storage.database import table_of
from storage.people_tables import ConversationRow
from storage.session import Db
from storage.tables import OutgoingRow
from tests.handlers.office import MORNING, SEAL, Office

CHAT, ZHOU = "kf:wkA:wmZHOU", "wmZHOU"
LAMP = "我们3号楼楼下路灯坏了三天了，晚上黑得看不见路"


def says(office: Office, text: str, key: str = "kf:1") -> list[tuple[str, str]]:
    return office.handle(Heard(key=key, at=office.now, chat=CHAT, by=ZHOU, door="kf", text=text))


def enters(office: Office, key: str = "kf:e", **more: object) -> list[tuple[str, str]]:
    plain: dict[str, object] = {"key": key, "at": office.now, "chat": CHAT, "by": ZHOU}
    return office.handle(Joined(door="kf", **{**plain, **more}))  # type: ignore[arg-type]  # a table


def welcome(office: Office) -> ReplyHandle:
    return ReplyHandle(kind="welcome", token="WC", until=office.now + timedelta(seconds=20))


def weights(office: Office) -> list[tuple[str, str]]:
    def look(db: Db) -> list[tuple[str, str]]:
        c = table_of(OutgoingRow).c
        rows = db.conn.execute(table_of(OutgoingRow).select().order_by(c.id))
        bodies = [json.loads(SEAL.open(r.body_sealed, f"outgoing:{r.key}")) for r in rows]
        return [(b["weight"], b["chat"]) for b in bodies if b["chat"].startswith("kf:")]

    return office.looks(look)  # type: ignore[no-any-return]  # what look found


def test_customer_is_answered_and_told_in_her_own_conversation(office: Office) -> None:
    [_note, answer, *_] = [words for chat, words in says(office, "桂花苑" + LAMP) if chat == CHAT]
    assert "0001" in answer

    [ticket] = office.tickets()
    told = office.says(ticket.owner, "转 0001 唐朔", chat="")
    office.now += timedelta(minutes=1)
    done = office.says(office.tickets()[0].owner, "处置 0001 换了灯泡，现场试过已经亮了", chat="")
    office.now += timedelta(minutes=2)
    assert not [chat for chat, _ in (*told, *done) if ZHOU in chat and chat != CHAT]


def test_conversation_says_what_may_be_done_in_it(office: Office) -> None:
    says(office, "你好")

    def look(db: Db) -> tuple[str, str, str]:
        row = db.conn.execute(table_of(ConversationRow).select()).one()
        return row.kind, row.can, people.own_chat(db, SEAL.person_key(ZHOU))

    kind, can, own = office.looks(look)
    assert (kind, own) == ("kf", CHAT)
    assert {"push", "menu", "window:48h", "budget:5"} <= set(can.split(","))


def test_poster_tells_the_grid_and_the_greeting_is_said_once_where_it_may(
    office: Office,
) -> None:
    greeted = enters(office, reply=welcome(office), scene="g01.桂花苑.3")
    again = enters(office, key="kf:e2", greet=False, scene="g99.没有这里.1")

    assert [chat for chat, _ in greeted] == [CHAT]
    assert "不等于报警" in greeted[0][1]
    assert again == []
    says(office, LAMP)
    assert office.tickets()[0].grid == "g01"


def test_answers_progress_and_result_have_their_weights(office: Office) -> None:
    says(office, "桂花苑" + LAMP)
    [ticket] = office.tickets()
    office.says(ticket.owner, "处置 0001 换了灯泡，现场试过已经亮了", chat="")
    office.says(office.tickets()[0].owner, "反馈 0001", chat="")

    found = [weight for weight, _ in weights(office)]
    assert found[1] == Weight.ANSWER, "behind the note of a first contact"
    assert found[-2:] == [Weight.CLOSING, Weight.CLOSING]


def bounced(office: Office, msgid: str = "m1", key: str = "kf:b") -> list[tuple[str, str]]:
    return office.handle(Bounced(key=key, at=office.now, chat=CHAT, msgid=msgid, why="fail 10"))


def sent_with(office: Office, msgid: str, weight: Weight) -> None:
    """A row for her that WeCom took under that id."""

    def write(db: Db) -> None:
        message = json.dumps({"_": "text", "text": "路灯修好了", "choices": []})
        body = {"chat": CHAT, "message": message, "reply": None, "weight": weight}
        ticket = outbox.Parcel(
            key=f"kf:1:{weight}",
            lane="kf",
            line="line-a",
            body=json.dumps(body),
            due_at=office.now,
            ticket_id=1,
        )
        outbox.add(db, ticket, office.now)
        [waiting] = outbox.due(db, "kf", office.now, 9)
        outbox.sent(db, waiting, office.now, msgid)

    office.looks(write)


def test_bounced_result_becomes_a_task_of_a_named_human(office: Office) -> None:
    says(office, "桂花苑" + LAMP)
    sent_with(office, "m1", Weight.CLOSING)
    office.said()

    told = bounced(office)

    assert [("路灯修好了" in words, ZHOU in chat) for chat, words in told] == [(True, False)]


def test_bounced_progress_bothers_nobody(office: Office) -> None:
    says(office, "桂花苑" + LAMP)
    sent_with(office, "m1", Weight.PROGRESS)
    office.said()

    assert bounced(office) == []


def test_bounce_that_is_faster_than_its_receipt_waits_for_it(office: Office) -> None:
    with pytest.raises(Later):
        bounced(office)

    office.now = MORNING + timedelta(minutes=1)
    late = Bounced(key="kf:b", at=MORNING, chat=CHAT, msgid="m1")
    assert office.handle(late) == []
