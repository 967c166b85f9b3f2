"""A PostgreSQL of the bench's own (自带的库): fresh, on loopback, gone afterwards.

Settings are PostgreSQL's own, with ``fsync`` on and the pages that its manual gives a small server;
what is measured must be what a station gets. PostgreSQL refuses to run as root, so root runs it as
the user ``postgres``.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

_DEBIAN = Path("/usr/lib/postgresql")
_START_S = 60.0
_USER = "jingge"
SETTINGS = {"shared_buffers": "512MB", "random_page_cost": "1.1", "listen_addresses": "127.0.0.1"}


def programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine, or None."""
    found = [path.parent for path in _DEBIAN.glob("*/bin/postgres")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


@contextlib.contextmanager
def server(bin_folder: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The URL of an empty database, as long as the block; ``env`` is added to the server's own."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="jingge-bench-pg-"))
    if owner:
        shutil.chown(folder, owner)
    password, port = secrets.token_hex(12), _free_port()
    _cluster(bin_folder, folder, owner, password)
    options = {**SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
    given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    command = [str(bin_folder / "postgres"), "-D", str(folder / "data"), *given]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(  # noqa: S603  the system's own PostgreSQL
            command,
            cwd=folder,
            user=owner,
            env={**os.environ, **(env or {})},
            stdout=log,
            stderr=log,
        )
    try:
        yield _until_up(f"postgresql://{_USER}:{password}@127.0.0.1:{port}/postgres")
    finally:
        running.terminate()
        running.wait(_START_S)
        shutil.rmtree(folder)


def _cluster(bin_folder: Path, folder: Path, owner: str | None, password: str) -> None:
    word = folder / "password"
    word.write_text(password)
    if owner:
        shutil.chown(word, owner)
    made = ["--pgdata", str(folder / "data"), "--username", _USER, "--pwfile", str(word)]
    more = ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
    command = [str(bin_folder / "initdb"), *made, *more, "--no-instructions"]
    subprocess.run(  # noqa: S603  the system's own initdb
        command, cwd=folder, user=owner, stdout=subprocess.DEVNULL, check=True
    )


def _until_up(url: str) -> str:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return url


def _owner() -> str | None:
    return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
