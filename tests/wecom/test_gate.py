"""The gate of a callback address: signature, time, size, replays, storage faults."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.web import callbacks
from bot.wecom.app import App
from bot.wecom.crypto import BadSignature, Envelope, Stamp
from bot.wecom.gate import Gate
from tests.wecom.fakes import KEY, Clock, ListeningEars
from tests.wecom.knocking import Knocker
from tests.wecom.letters import letter


@pytest.fixture
async def knocker(app: App, clock: Clock) -> AsyncIterator[Knocker]:
    knocking = Knocker(app, "wwcorp1", clock)
    async with knocking.server:
        yield knocking


async def test_address_check_gets_the_plain_echo(
    knocker: Knocker, session: aiohttp.ClientSession
) -> None:
    query, encrypted = knocker.sealed("1234567890")

    async with session.get(knocker.url, params=query | {"echostr": encrypted}) as answer:
        assert (answer.status, await answer.read()) == (200, b"1234567890")
    async with session.get(knocker.url, params=query) as answer:
        assert answer.status == 400
    wrong = query | {"echostr": encrypted, "msg_signature": "0" * 40}
    async with session.get(knocker.url, params=wrong) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(("age_s", "status"), [(599, 200), (601, 403), (-599, 200), (-601, 403)])
async def test_stamp_must_lie_within_ten_minutes(
    knocker: Knocker, session: aiohttp.ClientSession, age_s: int, status: int
) -> None:
    text = letter("text", "<Content>a</Content><MsgId>1</MsgId>")

    assert (await knocker.xml(session, text, age_s=age_s))[0] == status


async def test_replay_of_an_answered_knock_does_nothing(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    query, encrypted = knocker.sealed(letter("text", "<Content>a</Content><MsgId>1</MsgId>"))
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    await knocker.post(session, query, body)
    ears.heard.clear()

    assert await knocker.post(session, query, body) == (200, "")
    assert ears.heard == []


async def test_forged_and_garbled_knocks_are_refused_and_never_logged(
    knocker: Knocker,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    query, encrypted = knocker.sealed(letter("text", "<Content>秘密</Content><MsgId>1</MsgId>"))
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    forged = query | {"msg_signature": "0" * 40}

    assert (await knocker.post(session, forged, body))[0] == 403
    assert (await knocker.post(session, query, b"<xml><Encrypt>"))[0] == 400
    assert (await knocker.post(session, query, b""))[0] == 400
    assert (await knocker.post(session, {}, body))[0] == 403
    assert ears.heard == []
    assert encrypted not in caplog.text
    assert "秘密" not in caplog.text


async def test_body_over_1_mb_is_refused_with_a_clear_sentence(
    knocker: Knocker, session: aiohttp.ClientSession
) -> None:
    query, _ = knocker.sealed("x")

    status, text = await knocker.post(session, query, b"x" * (1024 * 1024 + 1))
    assert (status, text) == (413, "内容超过 1 MB，未接收。")
    assert (await knocker.post(session, query, b"x" * 1024 * 1024))[0] == 400


async def test_storage_fault_is_503_and_the_repeat_is_heard(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    ears.faults.extend([OSError("disk full"), TimeoutError()])
    query, encrypted = knocker.sealed(letter("text", "<Content>a</Content><MsgId>1</MsgId>"))
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()

    statuses = [(await knocker.post(session, query, body))[0] for _ in range(3)]

    assert statuses == [503, 503, 200]
    assert [event.key for event in ears.heard] == ["app:1"]


async def test_body_that_never_ends_is_given_up(
    knocker: Knocker, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "BODY_S", 0.05)
    done = asyncio.Event()

    async def drip() -> AsyncIterator[bytes]:
        yield b"<xml>"
        await done.wait()

    async with session.post(knocker.url, data=drip()) as answer:
        status, text = answer.status, await answer.text()
        done.set()

    assert (status, text) == (408, "内容传得太慢，请重发。")


async def test_signed_stamp_that_is_no_number_is_refused(
    knocker: Knocker, session: aiohttp.ClientSession
) -> None:
    _, encrypted = knocker.sealed("x")
    for stamp in ("", "soon", "9" * 5000, "１２"):
        signature = knocker.envelope.signature(stamp, "n", encrypted)
        query = {"msg_signature": signature, "timestamp": stamp, "nonce": "n"}
        body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
        assert (await knocker.post(session, query, body))[0] == 403


def test_gate_remembers_the_last_4096_knocks(clock: Clock) -> None:
    gate = Gate(Envelope("tok", KEY, ""), clock)
    stamps = [Stamp(f"s{number}", "1", "n") for number in range(4097)]

    for stamp in stamps:
        gate.remember(stamp)

    assert [gate.knows(stamps[0]), gate.knows(stamps[1]), gate.knows(stamps[-1])] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(("machine_s", "is_open"), [(3600, True), (7200, False)])
def test_stamp_may_be_fresh_by_the_clock_that_business_time_follows_slowly(
    clock: Clock, machine_s: int, is_open: bool
) -> None:
    envelope = Envelope("tok", KEY, "wwcorp1")
    gate = Gate(envelope, clock, lambda: clock() + timedelta(seconds=machine_s))
    closed = envelope.close("你好", str(int(clock().timestamp()) + 3600), "n1")
    stamp = Stamp(closed["msgsignature"], str(closed["timestamp"]), closed["nonce"])

    if is_open:
        assert gate.open(stamp, closed["encrypt"]) == "你好"
    else:
        with pytest.raises(BadSignature, match="window"):
            gate.open(stamp, closed["encrypt"])
