"""Bytes that are no text, where a secret should stand, are refused and break nothing."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.web.attempts import Attempts
from bot.web.login import STATE, Sessions, returned
from bot.web.same import same
from handlers.dashboard.api import TicketApi
from storage.coordination import InProcess

HERE = Path(__file__).parents[2]
NOW = datetime(2026, 3, 4, tzinfo=UTC)
ODD = ("", "x", "\udcff", "\ud83d", "é", "密钥", "密" * 9999, "\0")


@pytest.mark.parametrize("given", ODD)
def test_only_our_own_words_fit(given: str) -> None:
    assert same("secret", "secret")
    assert not same("secret", given)
    assert not same("", given)


@pytest.mark.parametrize("given", ODD)
def test_cookies_and_form_keys_of_odd_bytes_are_nobodys(given: str) -> None:
    sessions = Sessions(b"k" * 32, lambda: NOW)
    whole = sessions.issue("lin").cookie

    for cookie in (given, f"{given}.{given}", f"{whole}{given or 'x'}"):
        assert sessions.read(cookie) is None
        assert not sessions.fits(cookie, given)
    assert sessions.read(whole)


async def test_odd_bytes_on_the_wire_are_answered_with_a_refusal() -> None:
    """As they come from a socket: header and cookie with a byte that no text has."""
    sessions = Sessions(b"k" * 32, lambda: NOW)
    attempts = Attempts(InProcess(lambda: NOW))
    api = TicketApi(None, "secret", attempts, is_open=False)  # type: ignore[arg-type]  # never asked

    async def back(request: web.Request) -> web.Response:
        state, _ = returned(sessions, request)
        return web.Response(status=200 if state else 403)

    app = web.Application()
    app.router.add_get("/back", back)
    api.plug(app)
    async with TestServer(app) as server:
        for path, line in (
            ("/api/tickets", b"Authorization: Bearer \xff\xfe"),
            ("/api/tickets", b"Authorization: Bearer \xc3("),
            ("/back?state=%FF", f"Cookie: {STATE}=".encode() + b"\xff.\xff"),
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET %b HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % (path.encode(), line))
            status = await reader.readline()
            writer.close()
            assert re.match(rb"HTTP/1.1 40[0-3]", status), (path, status)


def test_secrets_are_compared_in_constant_time() -> None:
    """No module compares what came with a secret by ``==``; the few that compare know how."""
    compares = re.compile(
        r"(token|signature|secret|api_key|form_key|mac)\b[\w.()]*\s*[!=]=(?!=)"
        r"|[!=]=\s*(self\.)?_?(token|signature|secret|api_key|form_key|mac)\b"
    )
    found = [
        f"{file.relative_to(HERE)}: {line.strip()}"
        for folder in ("bot", "handlers")  # what nobody can knock at may compare as it likes
        for file in (HERE / folder).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if compares.search(line) and not line.lstrip().startswith("#")
    ]
    assert found == []
