"""A fresh database for each run (新库): SQLite in a file, PostgreSQL of the bench's own.

With the program's own tables. Where PostgreSQL is not installed its lines are left out.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping

from bench import private_postgres
from storage import migrate
from storage.database import Database

NAMES = ("SQLite", "PostgreSQL")


@contextlib.contextmanager
def fresh(name: str, env: Mapping[str, str] | None = None) -> Iterator[str | None]:
    """Its URL as long as the block, its server with ``env``; None where there is no such one."""
    if name == "SQLite":
        with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
            yield _with_tables(f"sqlite:///{folder}/bench.db")
    elif (programs := private_postgres.programs()) is not None:
        with private_postgres.server(programs, env) as url:
            yield _with_tables(url)
    else:
        yield None


def _with_tables(url: str) -> str:
    database = Database(url)
    migrate.upgrade(database)
    database.close()
    return url
