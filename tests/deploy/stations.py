"""Stations that share one PostgreSQL: a role and a schema of the same name for each (多所一库).

Made as docs/deploy.md tells a database administrator to; ``ground_of`` reads the statements there.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.docs.pages import text
from tests.servers.postgres import PostgresServer

_STATEMENTS = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)


def ground_of(name: str, password: str) -> list[str]:
    """The statements of the page, for this station."""
    [block] = _STATEMENTS.findall(text("deploy.md"))
    said = block.replace("st_lanting", name).replace("…", password)
    return [line for line in said.splitlines() if line]


@dataclass
class Shared:
    """One database, several stations in it; ``owner`` is the administrator's address."""

    server: PostgresServer
    owner: str
    names: list[str] = field(default_factory=list)

    def station(self, name: str) -> str:
        """The ``DATABASE_URL`` of a new station."""
        with self.connect() as conn:
            for statement in ground_of(name, "pass"):
                conn.execute(statement.encode())
        self.names.append(name)
        return self.url(name)

    def url(self, name: str, database: str = "") -> str:
        """Its address, in this database or another one."""
        where = database or self.owner.rpartition("/")[2]
        return f"postgresql://{name}:pass@127.0.0.1:{self.server.port}/{where}"

    def connect(self, url: str = "") -> psycopg.Connection:
        """As the administrator, or as whoever ``url`` is."""
        plain = (url or self.owner).replace("+psycopg", "")
        return psycopg.connect(plain, autocommit=True)

    def drop(self, name: str) -> None:
        """The station leaves."""
        with self.connect() as conn:
            conn.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


@contextmanager
def shared(server: PostgresServer) -> Iterator[Shared]:
    """An empty shared database; gone afterwards with its roles."""
    made = Shared(server, server.fresh_database())
    yield made
    server.drop(made.owner)
    with made.connect(server.url("postgres")) as conn:
        for name in made.names:
            conn.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
