"""Two processes beside one (两个进程) on PostgreSQL and Redis: CPU per message, and the wall.

Encrypted callbacks of many people knock at the real doors, one process or two with the default
split but for sending (nobody answers for WeCom here). A round is over when every event is done.
The notes tell how even the work was (the smaller share must not be below 40 %), what it gained on
the wall, and how much it could have gained: with both cores busy all the time. Line of
``run_bot.py bench table --only processes``.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench import private_postgres
from bench.county import SITE
from bench.door.load import closed
from bench.door.said import reports
from bench.door.wire import CORP, Cipher, letters
from bench.fleet import AES_KEY, Ground, One
from bench.lines import Asked, Found, Measure, Round, Side
from commands.demo_processes import HOST, free_port
from storage import inbox, migrate
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.sealed import Seal
from storage.session import Db

MESSAGES, WARM = 1500, 60
LOOPS, LEAST_SHARE = "hear,work,tick,web", 0.4
_TICKS, _LOOK_S, _START_S = os.sysconf("SC_CLK_TCK"), 0.02, 10.0
_CPU = Measure(
    "processes", "CPU per message of two processes ÷ one", 1.25, 1.10, less_is_better=True,
    value_unit=" µs",
)  # fmt: skip


@dataclass
class Fleet:
    """So many processes over a database of their own."""

    ones: Sequence[One]
    database: Database
    seal: Seal
    said: int = 0

    def round(self, cipher: Cipher, count: int) -> "Spent":
        """So many messages, half of them to each, until the last is done."""
        requests = letters(cipher, "/wecom/app", reports(self.said, count))
        self.said += count
        before, began = [one.cpu_s for one in self.ones], time.perf_counter()
        beside = _postgres_s(self.database) + time.process_time()
        size = len(self.ones)
        for number, one in enumerate(self.ones):  # the doors only keep it: this takes little
            closed(f"http://{HOST}:{one.port}", requests[number::size])
        while self.database.read_now(lambda conn: inbox.count_waiting(Db(conn, self.seal))):
            time.sleep(_LOOK_S)
        spent = [one.cpu_s - was for one, was in zip(self.ones, before, strict=True)]
        beside = _postgres_s(self.database) + time.process_time() - beside
        return Spent(count, tuple(spent), time.perf_counter() - began, beside)


@dataclass(frozen=True, slots=True)
class Spent:
    """A round: messages, CPU seconds of each process, wall, CPU of database and load."""

    count: int
    cpu: tuple[float, ...]
    wall: float
    beside: float

    @property
    def side(self) -> Side:
        """CPU per message in microseconds."""
        each = sum(self.cpu) / self.count * 1e6
        return Side(each, each)

    @property
    def ceiling(self) -> float:
        """How much faster it could be with every core busy all the time."""
        return self.wall * (os.cpu_count() or 1) / (sum(self.cpu) + self.beside)


def run(asked: Asked) -> Iterator[Found]:
    """One line; nothing where PostgreSQL or Redis is not installed."""
    programs, redis = private_postgres.programs(), shutil.which("redis-server")
    if programs is None or redis is None:
        return
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(private_postgres.server(programs))
        port = stack.enter_context(_redis(redis))
        fleets = [
            stack.enter_context(_fleet(_database(url, size), f"redis://{HOST}:{port}/{size}", size))
            for size in (1, 2)
        ]
        cipher, found = Cipher(AES_KEY, CORP), []
        for fleet in fleets:
            fleet.round(cipher, WARM)
        for number in range(asked.rounds):
            order = fleets if number % 2 else fleets[::-1]
            pair = [fleet.round(cipher, round(MESSAGES * asked.scale)) for fleet in order]
            found.append(pair if number % 2 else pair[::-1])
    notes = [_note(one, two) for one, two in found]
    rounds = [Round(two.side, one.side) for one, two in found]
    yield Found(_CPU, "PostgreSQL, Redis", rounds, notes)


def _note(one: Spent, two: Spent) -> str:
    share, gain = min(two.cpu) / sum(two.cpu), one.wall / two.wall
    enough = "" if share >= LEAST_SHARE else " (uneven)"
    return f"smaller share {share:.0%}{enough}, wall {gain:.2f}× of at most {one.ceiling:.2f}×"


@contextlib.contextmanager
def _fleet(url: str, redis: str, size: int) -> Iterator[Fleet]:
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as made:
        folder, database = Path(made), Database(url)
        migrate.upgrade(database)
        seal = load_or_create_keys(folder / "keys.json", must_exist=False)
        ground = Ground(url, folder, SITE, datetime.now(UTC), {"REDIS_URL": redis})
        ones = [One(ground, LOOPS) for _ in range(size)]
        try:
            for one in ones:
                one.start()
            for one in ones:
                one.until_ready("/healthz")
            time.sleep(_START_S)  # the partitions are shared
            yield Fleet(ones, database, seal)
        finally:
            for one in ones:
                one.kill()
            database.close()


def _database(url: str, size: int) -> str:
    """A database of its own on the same server."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE of_{size:d}".encode())
    return url.rpartition("/")[0] + f"/of_{size:d}"


@contextlib.contextmanager
def _redis(program: str) -> Iterator[int]:
    port = free_port(0)
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
        command = [program, "--port", str(port), "--bind", HOST, "--dir", folder, "--save", ""]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  the system's
        try:
            yield port
        finally:
            running.terminate()
            running.wait()


def _postgres_s(database: Database) -> float:
    """CPU seconds of the server, its processes that live and those that have ended."""
    with database.writer_engine.connect() as conn:
        backend = int(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    server = _stat(backend)[1]
    found = [_stat(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return sum(spent for pid, parent, spent in found if server in (pid, parent))


def _stat(pid: int) -> tuple[int, int, float]:
    """(pid, parent, CPU seconds with ended children)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return 0, 0, 0.0
    return pid, int(fields[1]), sum(map(int, fields[11:15])) / _TICKS
