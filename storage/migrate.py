"""Migrations (迁移): bring a database to the schema of this program, and say when it is not.

``run`` on SQLite calls ``upgrade`` at start, under the file lock; on PostgreSQL only the command
``migrate`` does, and ``run`` calls ``known``, which lets N−1 pass so that processes can be
replaced one after the other. The steps lie in ``storage/migrations/versions``; ``drift`` keeps
them equal to ``storage/tables.py``.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from config.faults import StartupFault
from storage import tables
from storage.database import Database

_FOLDER = Path(__file__).with_name("migrations")
_METADATA = tables.MetaRow.metadata
_ONE_AT_A_TIME = 0x6A696E67  # "jing": key of the advisory lock, so that two `migrate` queue up
_MIGRATE = "请运行 run_bot.py migrate。"


def upgrade(database: Database) -> str:
    """Revision of the schema after all missing steps were taken, in one transaction.

    Raises: StartupFault, if the schema is newer than this program or the tables are not ours.
    """
    with database.writer_engine.begin() as conn:
        if not database.is_sqlite:
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        _refuse_strange(conn)
        command.upgrade(_config(conn), "head")
        return _revision(conn) or ""


def known(database: Database) -> None:
    """Pass when this program can work with the schema: the newest one or the one before it.

    Raises: StartupFault, if there is no schema yet, it is older than N−1, or newer.
    """
    revision = database.read_now(_revision)
    steps = _newest_first()
    if revision is None:
        raise StartupFault(f"数据库里还没有警格的表。{_MIGRATE}")
    if revision not in steps:
        raise StartupFault(_newer(revision))
    if revision not in steps[:2]:
        raise StartupFault(f"数据库的表结构太旧（{revision}，现在是 {steps[0]}）。{_MIGRATE}")


def looked_at(database: Database) -> str:
    """Revision of a schema that ``run`` can start with; nothing is changed.

    SQLite is brought up to date by ``run`` itself, so any older one is good there.
    Raises: StartupFault, as ``known``.
    """
    revision = database.read_now(_revision)
    if not database.is_sqlite or revision not in _newest_first():
        known(database)
    return revision or ""


def check(database: Database) -> list[str]:
    """Drift between ``storage/tables.py`` and the migrations, one line each; empty when none.

    Brings ``database`` to the newest schema first: hand in a temporary one.
    Types, nullability, columns, tables, keys and indexes are compared; conditions of partial
    indexes on SQLite only, since PostgreSQL rewrites them.
    """
    upgrade(database)
    with database.writer_engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        found = [_sentence(diff) for diff in _flat(compare_metadata(context, _METADATA))]
        return found + (_conditions(conn) if database.is_sqlite else [])


def _config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _newest_first() -> list[str]:
    return [step.revision for step in ScriptDirectory(_FOLDER).walk_revisions()]


def _revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def _refuse_strange(conn: Connection) -> None:
    revision = _revision(conn)
    if revision is None and set(inspect(conn).get_table_names()) & set(_METADATA.tables):
        raise StartupFault(
            "这个数据库里已有同名的表，但不是由 migrate 建立的。请换一个空的数据库，或从备份恢复。"
        )
    if revision is not None and revision not in _newest_first():
        raise StartupFault(_newer(revision))


def _newer(revision: str) -> str:
    return (
        f"数据库的表结构（{revision}）比这个程序新，旧程序不能用。"
        "请装回新版本的程序，或恢复升级前的备份。"
    )


def _flat(diffs: list[Any]) -> list[tuple[Any, ...]]:
    """Alembic groups the changes of one column in a list of their own."""
    return [one for diff in diffs for one in (diff if isinstance(diff, list) else [diff])]


def _sentence(diff: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in diff if part is not None and part != {})


def _conditions(conn: Connection) -> list[str]:
    """Partial indexes whose condition differs from the one in the models."""
    made = {
        index["name"]: str(index.get("dialect_options", {}).get("sqlite_where"))
        for indexes in inspect(conn).get_multi_indexes().values()
        for index in indexes
    }
    wanted = {
        str(index.name): str(index.dialect_options["sqlite"]["where"])
        for table in _METADATA.tables.values()
        for index in table.indexes
    }
    return [
        f"condition of {name}: models {wanted[name]}, migrations {made[name]}"
        for name in sorted(wanted)
        if made.get(name, wanted[name]) != wanted[name]
    ]
