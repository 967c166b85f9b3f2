"""PostgreSQL for tests: one private cluster per test process, a fresh database per test.

The cluster listens on a free loopback port with a password made up at start. ``fsync`` is off: the
data lives for one run, and what the tests kill are processes, whose written pages the kernel keeps;
only a power cut would show the difference. ``synchronous_commit`` stays on: without it a kill -9
loses what was committed. PostgreSQL refuses to run as root, so root runs it as the user
``postgres``; anybody else runs it as herself. Loaded by ``tests/conftest.py``.
"""

import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.servers.needs import find_postgres, missing
from tests.servers.process import ServerProcess, free_port, private_folder, unprivileged_user

USER = "jingge"
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "80",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "listen_addresses": "127.0.0.1",
}


@dataclass
class PostgresServer:
    """A running private cluster; ``process`` may be killed and started again by a test."""

    process: ServerProcess
    port: int
    password: str
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """SQLAlchemy address of ``database``."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def fresh_database(self, template: str = "template1") -> str:
        """Address of a new database, a copy of ``template``; nobody may be connected to that."""
        name = f"test_{next(self._numbers)}"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """``name`` of a database filled once by ``build(url)``, for quick copies of a schema.

        ``build`` must close its connections. Later calls with this name do not build again.
        """
        known = self._ask("SELECT 1 FROM pg_database WHERE datname = %s", name)
        if known is None:
            self._administer("CREATE DATABASE {}", name)
            build(self.url(name))
        return name

    def drop(self, url: str) -> None:
        """Remove the database behind ``url``, open connections included."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.rpartition("/")[2])

    def answers(self) -> bool:
        """True once a query is answered."""
        try:
            return self._ask("SELECT 1", None) is not None
        except psycopg.OperationalError:
            return False

    def _administer(self, statement: str, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _ask(self, query: str, value: str | None) -> object:
        with self.connect() as connection:
            found = connection.execute(query.encode(), None if value is None else [value])
            return found.fetchone()

    def connect(self) -> psycopg.Connection:
        """A connection of the administrator, to no database of a test."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=10,
        )


def start_postgres(programs: Path) -> PostgresServer:
    """A new cluster made with the programs in ``programs``, already answering."""
    user = unprivileged_user("postgres")
    folder = private_folder("pg", user)
    password = secrets.token_hex(12)
    _make_cluster(programs, folder, user, password)
    port = free_port()
    options = {**SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = ServerProcess(command, folder, user, answers=lambda: server.answers())
    server = PostgresServer(process, port, password)
    process.start()
    return server


def _make_cluster(programs: Path, folder: Path, user: str | None, password: str) -> None:
    word = folder / "password"
    word.write_text(password)
    if user is not None:
        shutil.chown(word, user)
    subprocess.run(
        [
            *(str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", USER),
            *("--pwfile", str(word), "--auth", "md5", "--encoding", "UTF8"),
            *("--locale", "C", "--no-sync", "--no-instructions"),
        ],
        cwd=folder,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    word.unlink()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL of this test process; no database of the machine is touched."""
    programs = find_postgres()
    if programs is None:
        missing("PostgreSQL", "postgresql")
    server = start_postgres(programs)
    yield server
    server.process.stop(signal.SIGQUIT)  # immediate shutdown: nothing is kept
    server.process.remove()


@pytest.fixture
def fresh_database(postgres: PostgresServer) -> Iterator[Callable[[], str]]:
    """A function that makes a new empty database and returns its address; dropped afterwards."""
    made: list[str] = []

    def make() -> str:
        made.append(postgres.fresh_database())
        return made[-1]

    yield make
    for url in made:
        postgres.drop(url)


@pytest.fixture
def postgres_url(fresh_database: Callable[[], str]) -> str:
    """Address of an empty database of this test alone."""
    return fresh_database()
