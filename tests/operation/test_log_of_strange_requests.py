"""What no server can read as HTTP leaves a line in the log, and nothing of what stood in it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.drafts.block import Block, open_block
from tests.operation.test_logs import _raw
from tests.operation.test_logs import log as log
from tests.privacy.secrets import IDENTITY, NAME, PHONE, found_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
TOKEN = "a-key-that-stands-in-an-address-0815"
WORDS = "桂花苑三号楼有人闹事"
SAID = f"{NAME}{PHONE}{IDENTITY}{WORDS}{TOKEN}"
SECRETS = (NAME, PHONE, IDENTITY, WORDS, TOKEN)
HEAD = "Host: x\r\nConnection: close\r\n"
CHUNKED = f"POST /wecom/app?nonce=1 HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n"
PACKED = f"POST /wecom/app?nonce=1 HTTP/1.1\r\n{HEAD}Content-Encoding: deflate\r\n"
MUTE = {"no method", "odd method"}  # aiohttp says so below INFO: whatever knocks at a port
HEARD = ("aiohttp.server", "bot.web.callbacks")
STRANGE = {
    "line too long": f"GET /say?words={SAID}{'x' * 9000} HTTP/1.1\r\n{HEAD}\r\n",
    "escaped": f"GET /say?words={quote(SAID)}{'x' * 9000} HTTP/1.1\r\n{HEAD}\r\n",
    "no method": f"{SAID} / HTTP/1.1\r\n{HEAD}\r\n",
    "odd method": f"GET{SAID} / HTTP/1.1\r\n{HEAD}\r\n",
    "odd version": f"GET /{TOKEN} HTTP/9.{SAID}\r\n{HEAD}\r\n",
    "odd address": f"GET http://[{TOKEN}{PHONE}/ HTTP/1.1\r\n{HEAD}\r\n",
    "no colon": f"GET / HTTP/1.1\r\n{HEAD}{SAID}\r\n\r\n",
    "field too long": f"GET / HTTP/1.1\r\n{HEAD}Cookie: {SAID}{'x' * 9000}\r\n\r\n",
    "two lengths": f"POST / HTTP/1.1\r\n{HEAD}Content-Length: {SAID}\r\n\r\n",
    "odd chunk": f"{CHUNKED}{SAID}\r\n",
    "chunk too short": f"{CHUNKED}3\r\n{SAID}\r\n0\r\n\r\n",
    "not packed": f"{PACKED}Content-Length: {len(SAID.encode())}\r\n\r\n{SAID}",
}


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


async def knock(block: Block, raw: bytes, *, after: bytes = b"") -> bytes:
    """The answer to these bytes, with others before them on the same connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(block.web.rpartition(":")[2]))
    writer.write(after + raw)
    await writer.drain()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


async def test_nothing_of_a_request_that_cannot_be_read_is_in_the_log(
    block: Block, log: Path
) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    told: dict[str, list[str]] = {}
    for name, request in STRANGE.items():
        before = len(_raw(log))
        for after in (b"", first):
            await knock(block, request.encode(), after=after)
        written = _raw(log)[before:]
        assert found_in(written, SECRETS) == [], name
        assert b"Traceback" not in written, name
        told[name] = [
            line["text"] for line in map(json.loads, written.splitlines()) if line["name"] in HEARD
        ]

    assert {name for name, said in told.items() if not said} == MUTE
    assert "LineTooLong" in str(told["escaped"])
