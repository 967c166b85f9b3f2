"""The loop: pages become events once, the cursor moves with them, and one bad row stops nothing."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.engine.archive import LEASE, Archive
from bot.events import Media, unpack
from bot.wecom.errors import Gone
from storage import archive
from storage.database import table_of
from storage.leases import LeaseLost
from storage.session import Db
from storage.tables import InboxRow, LeaseRow
from tests.archive.conftest import Pull
from tests.archive.corp import CORP, Corp
from tests.engine.house import NOW, SEAL, House

WORDS = "3号楼下水道又堵了"
pytestmark = pytest.mark.slow


def keys(house: House) -> list[str]:
    """Keys of everything in the inbox, in the order in which it came."""
    c = table_of(InboxRow).c
    return [row.key for row in house._rows(select(c.key).order_by(c.id))]


def texts(house: House) -> list[str]:
    c = table_of(InboxRow).c
    rows = house._rows(select(c.key, c.payload_sealed).order_by(c.id))
    events = [unpack(SEAL.open(row.payload_sealed, f"inbox:{row.key}")) for row in rows]
    return [getattr(event, "text", "") for event in events]


def cursor(house: House) -> archive.Cursor:
    found = house.database.read_now(lambda conn: archive.cursor(Db(conn, SEAL), CORP))
    assert found is not None
    return found


def parked(house: House) -> int:
    return house.database.read_now(lambda conn: archive.count_parked(Db(conn, SEAL)))


@contextlib.asynccontextmanager
async def running(pulling: Archive) -> AsyncIterator[None]:
    task = asyncio.create_task(pulling.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_rows_become_events_and_the_cursor_moves(
    house: House, pull: Pull, corp: Corp
) -> None:
    corp.says("wmWANG", WORDS, at=NOW)
    corp.says("wmLI", "我家也是", at=NOW)

    assert await pull().look() is False

    assert keys(house) == ["archive:m101_external", "archive:m102_external"]
    assert texts(house) == [WORDS, "我家也是"]
    assert cursor(house).seq == 102


async def test_full_page_says_that_there_is_more(house: House, pull: Pull, corp: Corp) -> None:
    """Trap 21: pages; the real page is 1000, here it is 2."""
    for n in range(5):
        corp.says("wmWANG", f"第{n}件事", at=NOW)
    pulling = pull(page=2)

    assert [await pulling.look() for _ in range(3)] == [True, True, False]
    assert len(keys(house)) == 5


async def test_gap_in_the_seq_is_no_gap_in_what_is_read(
    house: House, pull: Pull, corp: Corp
) -> None:
    """Trap 21: seq gaps."""
    corp.says("wmWANG", "一", at=NOW)
    corp.seq = 7000
    corp.says("wmWANG", "二", at=NOW)

    await pull().look()

    assert texts(house) == ["一", "二"]
    assert cursor(house).seq == 7001


async def test_page_that_comes_twice_changes_nothing(house: House, pull: Pull, corp: Corp) -> None:
    """Trap 21: repeated page after a crash between fetching and storing the cursor."""
    corp.says("wmWANG", WORDS, at=NOW)
    pulling = pull()
    await pulling.look()
    found = cursor(house)
    await house.engine.writer.do(
        lambda conn: archive.move(
            Db(conn, SEAL), CORP, archive.Cursor(seq=0, looked_at=NOW, begin=found.begin)
        )
    )

    await pulling.look()

    assert keys(house) == ["archive:m101_external"]
    assert cursor(house).seq == 101


async def test_without_the_lease_nothing_is_stored(house: House, pull: Pull, corp: Corp) -> None:
    corp.says("wmWANG", WORDS, at=NOW)
    pulling = pull()
    with house.database.writer_engine.begin() as conn:
        leases = table_of(LeaseRow)
        conn.execute(update(leases).where(leases.c.name == LEASE).values(owner="another"))

    with pytest.raises(LeaseLost):
        await pulling.look()

    assert keys(house) == []


async def test_row_without_its_key_waits_and_comes_when_the_key_is_there(
    house: House, pull: Pull, corp: Corp, caplog: pytest.LogCaptureFixture
) -> None:
    """Trap 21: key missing: set aside, told to the operator, and the others go on."""
    corp.says("wmWANG", "一", at=NOW)
    corp.new_key(2, told=False)
    corp.says("wmWANG", WORDS, at=NOW)
    corp.says("wmLI", "我也是", at=NOW)

    async with running(pull()):
        await house.has(lambda: parked(house) == 2, "two rows wait")
        corp.hand_over(2)
        await house.has(lambda: parked(house) == 0, "both were read")

    assert [key for key in keys(house) if key.startswith("archive:")] == [
        "archive:m101_external", "archive:m102_external", "archive:m103_external",
    ]  # fmt: skip
    alarms = [key for key in keys(house) if key.startswith("alarm:")]
    assert alarms == ["alarm:archive:no_key:2:20260304"]
    assert WORDS not in caplog.text


async def test_row_that_does_not_decrypt_is_set_aside_and_skipped(
    house: House, pull: Pull, corp: Corp, caplog: pytest.LogCaptureFixture
) -> None:
    """Trap 21: DecryptData failure for one item."""
    corp.archives({"msgid": "x"}, "x", encrypt_chat_msg="AAAABBBBCCCC")
    corp.archives({"no": "message"}, "y")
    corp.says("wmWANG", WORDS, at=NOW)

    await pull().look()

    assert WORDS in texts(house)
    assert parked(house) == 2
    assert cursor(house).seq == 103
    assert "sdk10006" in caplog.text


async def test_what_means_nothing_is_counted_and_passed(
    house: House, pull: Pull, corp: Corp
) -> None:
    """Trap 21: switch record, robots' own messages, unknown type."""
    corp.archives({"msgid": "s", "action": "switch", "time": 1, "user": "lin_zhiyuan"}, "s")
    corp.says("wbROBOT", "收到，记下了", at=NOW)
    corp.says("wmWANG", {"x": 1}, at=NOW, kind="hologram")
    corp.says("wmWANG", "别的群里的话", at=NOW, room="wrPRIVATE")
    pulling = pull()

    await pulling.look()

    assert keys(house) == []
    assert cursor(house).seq == 104
    assert pulling.counts == {"switch": 1, "robot": 1, "type_hologram": 1, "room_not_listed": 1}


async def test_first_look_leaves_what_was_said_before_the_bot_came(
    house: House, pull: Pull, corp: Corp
) -> None:
    corp.says("wmWANG", "三天前的事", at=NOW - timedelta(days=3))
    corp.says("wmWANG", WORDS, at=NOW)

    await pull().look()

    assert texts(house) == [WORDS]


async def test_refusal_silences_a_person_until_she_agrees(
    house: House, pull: Pull, corp: Corp
) -> None:
    """Trap 21: a sender who refused consent."""
    corp.says("wmWANG", "一", at=NOW)
    refusal = {"userid": "wmWANG", "disagree_time": round(NOW.timestamp() * 1000)}
    corp.says("wmWANG", refusal, at=NOW, kind="disagree")
    corp.says("wmWANG", "二", at=NOW)
    pulling = pull()
    await pulling.look()
    corp.says("wmWANG", "三", at=NOW)
    corp.says("wmLI", "四", at=NOW)
    await pulling.look()
    later = {"userid": "wmWANG", "agree_time": round(NOW.timestamp() * 1000) + 5000}
    corp.says("wmWANG", later, at=NOW, kind="agree")
    corp.says("wmWANG", "五", at=NOW)
    await pulling.look()

    assert texts(house) == ["一", "四", "五"]
    assert pulling.counts["refused"] == 2


async def test_account_of_who_refused_stands_nowhere_in_clear(
    house: House, pull: Pull, corp: Corp
) -> None:
    corp.says("wmSECRET", {"userid": "wmSECRET"}, at=NOW, kind="disagree")

    await pull().look()

    with house.database.writer_engine.connect() as conn:
        rows = conn.exec_driver_sql("SELECT * FROM archive_consents").mappings().all()
    assert len(rows) == 1
    assert "wmSECRET" not in str(rows)


async def test_hole_of_more_than_five_days_is_told(house: House, pull: Pull, corp: Corp) -> None:
    """Trap 21: WeCom hands out five days only."""
    pulling = pull()
    await pulling.look()
    house.engine.clock.push_to(NOW + timedelta(days=4, hours=23))
    await pulling.look()
    assert keys(house) == []

    house.engine.clock.push_to(NOW + timedelta(days=11))
    await pulling.look()
    await pulling.look()

    (alarm,) = keys(house)
    assert alarm.startswith("alarm:archive:gap:")


async def test_wire_that_fails_is_tried_again_and_a_refusal_is_told(
    house: House, pull: Pull, corp: Corp
) -> None:
    corp.stumbles("fail_page", 10001)
    corp.says("wmWANG", WORDS, at=NOW)

    async with running(pull()):
        await house.has(lambda: keys(house), "it was heard all the same")
        corp.stumbles("answer", '{"errcode":301042,"errmsg":"ip"}')
        await house.has(lambda: len(keys(house)) > 1, "the operator is told")

    assert keys(house)[1].startswith("alarm:archive:refused:301042:")


async def test_bell_wakes_a_loop_that_rests(house: House, pull: Pull, corp: Corp) -> None:
    """Trap 21: notify events; the poll is the rule, the bell makes it sooner."""
    pulling = pull(poll_s=600.0)
    async with running(pulling):
        await house.has(lambda: corp.calls("page"), "the first look")
        corp.says("wmWANG", WORDS, at=NOW)
        pulling.wake()
        await house.has(lambda: keys(house), "heard at once")


async def test_file_that_is_late_is_asked_for_again(pull: Pull, corp: Corp) -> None:
    """Trap 21: media late."""
    corp.keeps_file("photo", b"jpeg")
    corp.stumbles("fail_media", 10001)
    pulling = pull(media_waits_s=(0.0, 0.01))

    assert await pulling.fetch(Media(kind="image", media_id="photo"), 100) == b"jpeg"


async def test_file_that_has_expired_is_given_up(pull: Pull, corp: Corp) -> None:
    """Trap 21: 10010."""
    corp.stumbles("fail_media", 10010)

    with pytest.raises(Gone):
        await pull().fetch(Media(kind="image", media_id="photo"), 100)

    assert len(corp.calls("media")) == 1


async def test_page_of_a_thousand_is_one_commit(
    house: House, pull: Pull, corp: Corp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for n in range(1000):
        corp.says("wmWANG", f"好的{n}", at=NOW)

    assert await pull().look() is True

    assert corp.calls("page") == ["page 0 1000 1"]
    assert "rows=1000 events=1000" in caplog.text
