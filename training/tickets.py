"""A site's confirmed tickets (办结和改判的工单) as training may use them: masked, none protected.

The same tickets that ``tune`` learns from: worked to their end, or corrected by staff. Stricter in
one thing: a ticket that was ever read as, or called, a protected category stays out for good, even
when it was corrected to a harmless one. Read by ``training.site``; nothing is written.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from bot.domain.privacy import mask
from bot.domain.tuning import NEVER_LEARNT
from commands.memory import open_seal
from config.faults import StartupFault
from config.reading_rules import ReadingRules
from config.settings import Settings
from config.vocabulary import Danger
from storage import corrections, lessons, migrate
from storage.database import Database, sqlite_path, table_of
from storage.session import Db
from storage.tables import TicketRow

_T = table_of(TicketRow).c


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One ticket: masked words, the category it turned out to be of (empty: 不是诉求).

    ``by`` is the keyed number of who reported it, "" where nobody is known; it only serves to count
    people. ``is_danger``: it was worked as 险情.
    """

    text: str
    truth: str
    at: datetime
    by: str
    is_danger: bool


def of_site(settings: Settings, reading: ReadingRules) -> list[Confirmed]:
    """What this site's people confirmed, oldest first. Raises: StartupFault without a database."""
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            raise StartupFault(
                "还没有数据库：机器人跑过、办过事以后才有工单可学（看 JINGGE_DATA_DIR）。"
            )
        migrate.known(database)
        seal = open_seal(settings, database)
        never = NEVER_LEARNT | {c.code for c in reading.categories if c.protected}

        def look(conn: Connection) -> list[Confirmed]:
            return confirmed(Db(conn, seal), never)

        return database.read_now(look)
    except DatabaseError as fault:
        raise StartupFault("数据库读不出来：请先运行 run_bot.py migrate，再看权限。") from fault
    finally:
        database.close()


def confirmed(db: Db, never: Collection[str]) -> list[Confirmed]:
    """The confirmed tickets of this database that never touched the categories ``never``."""
    taught = lessons.corrected(db, never) | lessons.confirmed(db, never)
    touched = {c.ticket_id for c in corrections.every(db) if {c.read_as, c.corrected_to} & {*never}}
    rows = db.conn.execute(
        select(_T.id, _T.opened_at, _T.reporter_key, _T.danger)
        .where(_T.protected.is_(False), _T.category.not_in(list(never)))
        .order_by(_T.opened_at, _T.id)
    )
    return [
        Confirmed(
            text=mask(taught[row.id].text),
            truth=taught[row.id].truth,
            at=row.opened_at,
            by=row.reporter_key,
            is_danger=row.danger == Danger.CONFIRMED,
        )
        for row in rows
        if row.id in taught and row.id not in touched
    ]
