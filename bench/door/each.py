"""A callback with a commit of its own (一条一提交): the same row as ours, durable, then "success".

``python -m bench.door.each AES_KEY URL``. What is usually written first: one connection, one
INSERT, one commit for each message.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from aiohttp import web

from bench.door.standing import serve
from bench.door.wire import CORP, Cipher, encrypted_in, letter_in
from storage.database import sqlite_path

PATH = "/"
_COLUMNS = (
    *("key", "line", "partition", "kind", "danger", "payload_sealed", "event_at"),
    *("received_at", "tries", "dead", "answer_sealed"),
)
Keep = Callable[[tuple[object, ...]], object]


def keeper(url: str) -> Keep:
    """Stores one row of the inbox and commits."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    if url.startswith("sqlite"):
        file = sqlite3.connect(sqlite_path(url), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            file.execute(f"PRAGMA {pragma}")
        marks = ", ".join("?" * len(_COLUMNS))
        text = f"INSERT INTO inbox ({names}) VALUES ({marks})"  # noqa: S608  our own names
        return lambda row: file.execute(text, row)
    wire = psycopg.connect(url, autocommit=True)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    said = f"INSERT INTO inbox ({names}) VALUES ({marks})"  # noqa: S608  as above
    return lambda row: wire.execute(said.encode(), row, prepare=True)


def application(cipher: Cipher, keep: Keep) -> web.Application:
    """One route."""

    async def post(request: web.Request) -> web.Response:
        text = cipher.open(request.query, encrypted_in(await request.read()))
        letter, now = letter_in(text), datetime.now(UTC)
        key, line = f"each:{letter['MsgId']}", letter["FromUserName"]
        keep((key, line, 0, "heard", False, text, str(now), str(now), 0, False, ""))
        return web.Response(text="success")

    app = web.Application()
    app.router.add_post(PATH, post)
    return app


if __name__ == "__main__":
    asyncio.run(serve(application(Cipher(sys.argv[1], CORP), keeper(sys.argv[2]))))
