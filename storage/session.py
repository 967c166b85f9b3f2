"""What a Turn reads and writes with: one connection and the seal (会话)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from storage.sealed import Seal

if TYPE_CHECKING:
    from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Db:
    """A connection inside a transaction, and the keys for its sealed columns.

    ``left`` names the leases whose holders find something new once this is committed.
    ``ledger``: what figures remember from one report to the next; only connections that see nothing
    but what was committed have one.
    """

    conn: Connection
    seal: Seal
    left: set[str] = field(default_factory=set, compare=False)
    ledger: "Ledger[Any] | None" = None
