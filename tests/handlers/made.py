"""A made-up station of some thousand tickets for tests of plans and invariants (造的所)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, event

from bench.station.make import Wanted, make
from bot.door_events import Deed, Paged
from bot.turn import Turn
from bot.web.login import Session
from config.rules import Rules
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look
from storage.database import Database
from storage.session import Db
from tests.handlers.office import SEAL

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)  # Wednesday, 10:30 in Shanghai


@dataclass(frozen=True)
class Made:
    """The station; ``asked`` are the statements that its reader was asked, with their values."""

    database: Database
    rules: Rules
    asked: dict[str, Any]

    def look(self, user: str, fn: Callable[[Look], Any]) -> Any:
        """What a page reads for that person."""
        person = self.rules.person(user)
        assert person is not None

        def read(conn: Connection) -> Any:
            paged = Paged(key="look", at=NOW, by=user, deed=Deed.LOOK)
            turn = Turn(Db(conn, SEAL), self.rules, paged, NOW)
            return fn(Look(turn, Seat(person, Session(user, NOW, "k", ""))))

        return self.database.read_now(read)


def made(url: str, rules: Rules, tickets: int, days: int) -> Iterator[Made]:
    """The station in the database at ``url``, which listens to what is read."""
    database = Database(url)
    make(database, SEAL, rules, Wanted(tickets, days, NOW))
    asked: dict[str, Any] = {}

    def listen(_conn: Any, _cursor: Any, statement: str, values: Any, _c: Any, _m: Any) -> None:
        asked.setdefault(statement, values)

    event.listen(database._reader_engine, "before_cursor_execute", listen)
    yield Made(database, rules, asked)
    database.close()
