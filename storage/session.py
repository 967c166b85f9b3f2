"""What a Turn reads and writes with: one connection and the seal (会话)."""

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.sealed import Seal


@dataclass(frozen=True, slots=True)
class Db:
    """A connection inside a transaction, and the keys for its sealed columns."""

    conn: Connection
    seal: Seal
