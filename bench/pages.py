"""How long the pages take (页面用时) over a station of 200,000 tickets, by real HTTP.

``run_bot.py bench pages`` makes the station (or takes one that is there), starts the house as a
process, asks for every page as a leader and as a grid worker, and prints Markdown: the first
request, median and p95 of warm ones, and how long the event loop and the writer stood still
meanwhile. Times are the client's on loopback. Never a pass/fail test.
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from bench import private_postgres
from bench.page_list import LEADER, WORKER, Ask, asks
from bench.station.make import Wanted, make
from bot.web.login import SESSION
from config.load import load_rules
from storage.database import Database, table_of
from storage.key_file import load_or_create_keys
from storage.tables import JournalRow, TicketRow

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)  # Wednesday, 10:30 in Shanghai
WARM = 20
_TIMEOUT_S = 120.0


@dataclass(slots=True)
class Spent:
    """What was measured of it, in milliseconds."""

    ask: Ask
    status: int = 0
    size: int = 0
    first: float = 0.0
    warm: list[float] = field(default_factory=list)
    stall: float = 0.0
    write: float = 0.0

    @property
    def median(self) -> float:
        """Of the warm ones."""
        return statistics.median(self.warm)

    @property
    def p95(self) -> float:
        """Of the warm ones."""
        return sorted(self.warm)[round(0.95 * (len(self.warm) - 1))]


class House:
    """The process that is measured, and one connection to it."""

    def __init__(self, folder: Path, url: str, **more: str) -> None:
        command = [sys.executable, "-m", "bench.house", str(folder), url, NOW.isoformat()]
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [*command, LEADER, WORKER], env=os.environ | more,
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        ready = self._line()
        self._cookies = ready["cookies"]
        self._host = urlsplit(ready["url"]).netloc
        self._wire = http.client.HTTPConnection(self._host, timeout=_TIMEOUT_S)

    def held_up(self, does: str = "?") -> dict[str, float]:
        """How long loop and writer stood still since the last time, while it ``does`` that."""
        assert self._process.stdin is not None  # a pipe  # noqa: S101
        self._process.stdin.write(f"{does}\n")
        self._process.stdin.flush()
        return self._line()

    def get(self, ask: Ask) -> tuple[int, int, float]:
        """Status, size and milliseconds of one request."""
        began = time.perf_counter()
        self._wire.request("GET", ask.path, headers={"Cookie": self._cookie(ask)})
        answer = self._wire.getresponse()
        body = answer.read()
        return answer.status, len(body), (time.perf_counter() - began) * 1000

    def first_event(self, ask: Ask) -> tuple[int, int, float]:
        """Until the first bytes of a stream have come; the stream is closed then."""
        wire = http.client.HTTPConnection(self._host, timeout=_TIMEOUT_S)
        began = time.perf_counter()
        wire.request("GET", ask.path, headers={"Cookie": self._cookie(ask)})
        answer = wire.getresponse()
        body = answer.fp.readline()
        spent = (time.perf_counter() - began) * 1000
        wire.close()
        return answer.status, len(body), spent

    def close(self) -> None:
        """End the process."""
        self._wire.close()
        assert self._process.stdin is not None  # a pipe  # noqa: S101
        self._process.stdin.close()
        self._process.wait(60)

    def _cookie(self, ask: Ask) -> str:
        return f"{SESSION}={self._cookies[ask.user]}"

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # a pipe  # noqa: S101
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


def measured(house: House, wanted: list[Ask], warm: int) -> Iterator[Spent]:
    """Each page, first and warm."""
    for ask in [*wanted, Ask("实时 /live 第一行", "/live")]:
        get = house.first_event if ask.path == "/live" else house.get
        house.held_up()
        found = Spent(ask)
        found.status, found.size, found.first = get(ask)
        found.warm = [get(ask)[2] for _ in range(warm)]
        held = house.held_up()
        found.stall, found.write = held["stall_ms"], held["write_ms"]
        yield found


def run(folder: Path, url: str, warm: int, only: str = "") -> list[Spent]:
    """The measurements of one database."""
    database = Database(url)
    number, old, deep = database.read_now(_landmarks)
    database.close()
    house = House(folder, url)
    wanted = [ask for ask in asks(number, old, deep) if only in ask.name]
    try:
        return list(measured(house, wanted, warm))
    finally:
        house.close()


def _landmarks(conn: Any) -> tuple[str, str, int]:
    c = table_of(TicketRow).c
    last = int(conn.execute(select(func.max(c.id))).scalar_one())
    plain = select(c.number).where(c.protected.is_(False), c.category.like("N%"))
    new = conn.execute(plain.where(c.id > last - 200).order_by(c.id).limit(1)).scalar_one()
    old = conn.execute(plain.where(c.id > last // 3).order_by(c.id).limit(1)).scalar_one()
    return new, old, last // 10


def table(found: dict[str, list[Spent]]) -> str:
    """Markdown, the databases side by side."""
    names = list(found)
    heads = "".join(f" {n} first | {n} median | {n} p95 | {n} loop |" for n in names)
    lines = [f"| page | KB |{heads}", "|---|---|" + "---|" * (4 * len(names))]
    for row in zip(*found.values(), strict=True):
        times = "".join(
            f" {s.first:.0f} | {s.median:.0f} | {s.p95:.0f} | {s.stall:.0f} |" for s in row
        )
        wrong = "" if row[0].status == 200 else f" ({row[0].status})"
        lines.append(f"| {row[0].ask.name}{wrong} | {row[0].size / 1024:.0f} |{times}")
    return "\n".join(lines) + "\n"


def counted(url: str) -> str:
    """How many rows there are."""
    database = Database(url)

    def read(conn: Any) -> str:
        found = [
            f"{conn.execute(select(func.count()).select_from(table_of(row))).scalar_one():,} {name}"
            for row, name in ((TicketRow, "tickets"), (JournalRow, "journal rows"))
        ]
        return ", ".join(found)

    try:
        return database.read_now(read)
    finally:
        database.close()


def main(words: list[str]) -> int:
    """Make what is missing, measure, print."""
    asked = _asked("run_bot.py bench pages")
    asked.add_argument("--warm", type=int, default=WARM)
    asked.add_argument("--data", type=Path, help="keep the SQLite station here, or take it")
    asked.add_argument("--only", default="", help="pages whose name holds this")
    asked.add_argument("--sqlite-only", action="store_true")
    given = asked.parse_args(words)
    with contextlib.ExitStack() as stack:
        folder = given.data or Path(stack.enter_context(_folder()))
        found = {}
        for name, url in _databases(stack, folder, given):
            found[name] = run(folder, url, given.warm, given.only)
            rows = counted(url)
        sys.stdout.write(table(found))
    sys.stdout.write(
        f"\n{rows}. Milliseconds at the client, {given.warm} warm requests. "
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores.\n"
    )
    return 0


def station(words: list[str]) -> int:
    """Make a station and nothing else."""
    asked = _asked("run_bot.py bench station")
    asked.add_argument("--data", type=Path, required=True, help="folder of keys and SQLite file")
    asked.add_argument("--url", default="", help="another database, empty")
    given = asked.parse_args(words)
    given.data.mkdir(parents=True, exist_ok=True)
    _made(given.data, given.url or f"sqlite:///{given.data / 'jingge.db'}", given)
    return 0


def _asked(prog: str) -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog=prog)
    asked.add_argument("--tickets", type=int, default=200_000)
    asked.add_argument("--days", type=int, default=1200)
    return asked


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="jingge-bench-")


def _databases(
    stack: contextlib.ExitStack, folder: Path, given: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    """(name, URL) of each station, made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    programs = None if given.sqlite_only else private_postgres.programs()
    yield "SQLite", _made(folder, f"sqlite:///{folder / 'jingge.db'}", given)
    if programs is not None:
        url = stack.enter_context(private_postgres.server(programs))
        yield "PostgreSQL", _made(folder, url, given)


def _made(folder: Path, url: str, given: argparse.Namespace) -> str:
    is_there = url.startswith("sqlite") and (folder / "jingge.db").exists()
    if not is_there:
        keys = folder / "keys.json"
        seal = load_or_create_keys(keys, must_exist=keys.exists())
        database = Database(url)
        rules = load_rules(ROOT / "config" / "site")
        make(database, seal, rules, Wanted(given.tickets, given.days, NOW))
        database.close()
    return url
