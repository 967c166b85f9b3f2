"""What the loops of a process stand on (地基): database, writer, rules, plug, leases, bells.

Made once by ``bot.engine.app``; ``write`` is how worker and senders change the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.engine.belfry import Belfry
from bot.engine.keeper import Keeper
from bot.engine.measures import Measures
from bot.engine.plug import Plug
from config.rules import Rules
from storage.database import Database
from storage.session import Db
from storage.writer import Writer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """Shared by worker and senders; ``rules`` and ``plug`` are asked anew for each use.

    ``reader_of`` is like ``db_of``, for connections that see only what was committed.
    """

    database: Database
    writer: Writer
    db_of: Callable[..., Db]
    reader_of: Callable[..., Db]
    now: Callable[[], datetime]
    rules: Callable[[], Rules]
    plug: Callable[[], Plug]
    keeper: Keeper
    belfry: Belfry
    measures: Measures

    async def write(self, work: Callable[[Db], T]) -> T:
        """What ``work`` returned in its transaction; whom it left something for is awake then.

        Raises: what ``work`` raised, or the database's fault.
        """

        def job(conn: Connection) -> tuple[T, set[str]]:
            db = self.db_of(conn)
            return work(db), db.left

        made, left = await self.writer.do(job)
        self.belfry.tell(left)
        return made

    def holds(self, lease: str) -> bool:
        """Whether this process holds it now."""
        return self.keeper.epoch(lease) is not None
