"""What a Turn reads and writes with: one connection and the seal (会话)."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from storage.sealed import Seal


@dataclass(frozen=True, slots=True)
class Db:
    """A connection inside a transaction, and the keys for its sealed columns.

    ``left`` names the leases whose holders find something new once this is committed.
    """

    conn: Connection
    seal: Seal
    left: set[str] = field(default_factory=set, compare=False)
