"""The whole chain, as bare as it can be (光杆全程): the same rows, raw SQL, no rules, no Turn.

``python -m bench.door.raw AES_KEY URL ROWS``. Decrypts, reads the sentence with our own reader,
inserts for each message the rows that a Turn of ours left (``bench.door.rows`` took them from our
own database), commits what has gathered in one thread, and answers encrypted after the commit.
"""

import asyncio
import json
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from aiohttp import web

from bench.door.standing import serve
from bench.door.wire import Cipher
from bot.domain.reading import read
from config.load import load_rules
from storage.database import sqlite_path

PATH = "/"
_SITE = Path(__file__).parents[2] / "config" / "site"
Batch = list[tuple[str, asyncio.Future[None]]]
Insert = tuple[str, Sequence[tuple[str, object]], int]
"""Table, its columns with a value each, how many rows a message leaves."""


class Keeper:
    """One thread, one commit for all that came meanwhile."""

    def __init__(
        self, url: str, inserts: Sequence[Insert], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._url, self._inserts, self._loop = url, inserts, loop
        self._queue: queue.SimpleQueue[tuple[str, asyncio.Future[None]]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    async def keep(self, key: str) -> None:
        """Return when the rows of this message are durable."""
        kept: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((key, kept))
        await kept

    def _work(self) -> None:
        run, commit = _connected(self._url)
        while True:
            batch = [self._queue.get()]
            while not self._queue.empty() and len(batch) < 64:
                batch.append(self._queue.get())
            keys = [key for key, _ in batch]
            for table, columns, count in self._inserts:
                run(_text(table, columns, self._url), _rows(columns, keys, count))
            done = "UPDATE inbox SET done_at = event_at WHERE key = ?"
            run(done if self._url.startswith("sqlite") else done.replace("?", "%s"),
                [(f"inbox.key:{key}:0",) for key in keys])  # fmt: skip
            commit()
            self._loop.call_soon_threadsafe(_tell, batch)


def _tell(batch: Batch) -> None:
    for _, kept in batch:
        kept.set_result(None)


def _connected(url: str) -> tuple[Callable[[str, list[Any]], object], Callable[[], object]]:
    if url.startswith("sqlite"):
        file = sqlite3.connect(sqlite_path(url))
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            file.execute(f"PRAGMA {pragma}")
        return file.executemany, file.commit
    wire = psycopg.connect(url)
    cursor = wire.cursor()
    return lambda text, rows: cursor.executemany(text.encode(), rows), wire.commit


def _text(table: str, columns: Sequence[tuple[str, object]], url: str) -> str:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    marks = ", ".join(["?" if url.startswith("sqlite") else "%s"] * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  our own names


def _rows(columns: Sequence[tuple[str, object]], keys: list[str], count: int) -> list[Any]:
    """A value that must be unique is ``{}``; the key of its message is put in there."""
    return [
        tuple(
            value.format(f"{key}:{number}") if isinstance(value, str) and "{}" in value else value
            for _, value in columns
        )
        for key in keys
        for number in range(count)
    ]


def application(cipher: Cipher, keeper: Keeper) -> web.Application:
    """One route."""
    rules = load_rules(_SITE).reading
    read("路灯坏了", datetime.now(UTC), None, rules)

    async def post(request: web.Request) -> web.Response:
        said = json.loads(cipher.open(request.query, json.loads(await request.read())["encrypt"]))
        reading = read(said["text"]["content"], datetime.now(UTC), None, rules, addressed=True)
        await keeper.keep(said["msgid"])
        text = f"收到，{reading.category_name}，正在处理"
        return web.Response(body=cipher.answered(request.query, text))

    app = web.Application()
    app.router.add_post(PATH, post)
    return app


async def main(aes_key: str, url: str, inserts: str) -> None:
    """Run until stdin ends."""
    keeper = Keeper(url, json.loads(inserts), asyncio.get_running_loop())
    await serve(application(Cipher(aes_key, ""), keeper))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3]))
