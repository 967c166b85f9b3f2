"""Redis for tests: one private server per test process, emptied before each test.

It listens on a free loopback port with a password made up at start and writes nothing to disk by
itself (a test may ask for a dump with ``SAVE``; it lands in the server's folder). Loaded by
``tests/conftest.py``.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from tests.servers.needs import find_redis, missing
from tests.servers.process import ServerProcess, free_port, private_folder, unprivileged_user


@dataclass
class RedisServer:
    """A running private Redis; ``process`` may be killed and started again by a test."""

    process: ServerProcess
    url: str

    @property
    def dump(self) -> Path:
        """Where ``SAVE`` writes."""
        return self.process.folder / "dump.rdb"

    def empty(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def answers(self) -> bool:
        """True once a ping is answered."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5, retry=None) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False


def start_redis(program: Path) -> RedisServer:
    """A new empty server, already answering."""
    user = unprivileged_user("redis")
    folder = private_folder("redis", user)
    password, port = secrets.token_hex(12), free_port()
    command = [
        *(str(program), "--bind", "127.0.0.1", "--port", str(port), "--requirepass", password),
        *("--save", "", "--appendonly", "no", "--dir", str(folder), "--daemonize", "no"),
    ]
    process = ServerProcess(command, folder, user, answers=lambda: server.answers())
    server = RedisServer(process, f"redis://:{password}@127.0.0.1:{port}/0")
    process.start()
    return server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis of this test process."""
    program = find_redis()
    if program is None:
        missing("Redis", "redis-server")
    server = start_redis(program)
    yield server
    server.process.stop()
    server.process.remove()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Address of a Redis that holds nothing."""
    redis_server.empty()
    return redis_server.url
