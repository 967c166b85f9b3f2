"""Migrations (迁移): bring a database to the schema of this program, and say when it is not.

``run`` on SQLite calls ``upgrade`` at start, under the file lock; on PostgreSQL only the command
``migrate`` does, and ``run`` calls ``known``. Steps expand the schema, so that programs of before
go on beside it and can be replaced one after the other; a step that takes something away says
``needs = "…"``, the oldest program that can do without, and waits until nobody older lives. That
revision stands in the database, so that an older program knows whether it may start on a newer
schema. The steps lie in ``storage/migrations/versions``; ``drift`` keeps them equal to
``storage/tables.py``.
"""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from config.faults import StartupFault
from storage import processes, tables
from storage.database import Database, table_of, upsert

_FOLDER = Path(__file__).with_name("migrations")
_METADATA = tables.MetaRow.metadata
_ONE_AT_A_TIME = 0x6A696E67  # "jing": key of the advisory lock, so that two `migrate` queue up
# One queue for each schema: stations that share a database do not wait for each other.
_QUEUE = text("SELECT pg_advisory_xact_lock(:key, hashtext(current_schema()))")
_OTHERS = text(
    "SELECT name FROM unnest(current_schemas(false)) WITH ORDINALITY AS path(name, place) "
    "WHERE place > 1 AND to_regclass(quote_ident(name) || '.alembic_version') IS NOT NULL"
)
_WORKS_WITH = "works_with"
_META = table_of(tables.MetaRow).c
_MIGRATE = "请运行 run_bot.py migrate。"


def upgrade(database: Database) -> str:
    """Revision of the schema after all missing steps were taken, in one transaction.

    Raises: StartupFault, if the schema is newer than this program, the tables are not ours, or
    programs live that could not go on.
    """
    with database.writer_engine.begin() as conn:
        if not database.is_sqlite:
            _own_ground(conn)
            conn.execute(_QUEUE, {"key": _ONE_AT_A_TIME})
        _refuse_strange(conn)
        needs = _needs()
        _refuse_ahead(conn, needs)
        if _revision(conn) != newest():
            command.upgrade(_config(conn), "head")
        upsert(conn, tables.MetaRow, {"name": _WORKS_WITH, "value": needs}, {"value": needs})
        return _revision(conn) or ""


def known(database: Database) -> None:
    """Pass when this program can work with the schema: its own, or one that only grew since.

    Raises: StartupFault, if there is no schema yet, it is older, or it took away what we need.
    """
    if not database.is_sqlite:
        database.read_now(_own_ground)
    revision = database.read_now(_revision)
    steps = _newest_first()
    if revision is None:
        raise StartupFault(f"数据库里还没有警格的表。{_MIGRATE}")
    if revision not in steps and database.read_now(_works_with) not in steps:
        raise StartupFault(_newer(revision))
    if revision in steps[1:]:
        raise StartupFault(f"数据库的表结构太旧（{revision}，现在是 {steps[0]}）。{_MIGRATE}")


def newest() -> str:
    """The newest revision that this program knows."""
    return _newest_first()[0]


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
    return [step.revision for step in _scripts().walk_revisions()]


@cache
def _scripts() -> ScriptDirectory:
    """The steps, read once: they are files of the program."""
    return ScriptDirectory(_FOLDER)


def _needs() -> str:
    """The oldest program that works with the newest schema."""
    steps = list(_scripts().walk_revisions())
    named = (str(step.module.needs) for step in steps if hasattr(step.module, "needs"))
    return next(named, steps[-1].revision)


def _works_with(conn: Connection) -> str:
    found = select(_META.value).where(_META.name == _WORKS_WITH)
    return str(conn.execute(found).scalar() or "")


def _refuse_ahead(conn: Connection, needs: str) -> None:
    """Raises: StartupFault while somebody lives who could not go on."""
    steps = _newest_first()
    alive = processes.heads(conn)
    newer = [head for head in alive if head not in steps]
    if newer:
        raise StartupFault(f"有更新的程序在运行（{newer[0]}），请用新版本的程序来升级。")
    older = [head for head in alive if steps.index(head) > steps.index(needs)]
    if older:
        raise StartupFault(
            f"还有旧程序在运行（它认得的表结构是 {'、'.join(older)}，这次升级后至少要 {needs}）。"
            "请先把它们停下或换成新程序，再运行 run_bot.py migrate。数据库没有改动。"
        )


def _revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def _own_ground(conn: Connection) -> None:
    """Pass when the tables have one schema to stand in, and no other station's lie behind it.

    PostgreSQL finds what is missing in the first schema of the path in the next one: another
    station's tables would be taken for ours. Raises: StartupFault.
    """
    if conn.execute(text("SELECT current_schema()")).scalar() is None:
        raise StartupFault(
            "这个数据库账号没有自己的模式可用。请数据库管理员照 docs/deploy.md 第 3 节"
            "运行 CREATE SCHEMA 和 ALTER ROLE … SET search_path。"
        )
    others = [str(name) for (name,) in conn.execute(_OTHERS)]
    if others:
        raise StartupFault(
            f"这个数据库账号除了自己的模式，还看得见 {'、'.join(others)} 里的警格表，会弄混。"
            "请数据库管理员把它的 search_path 改成只有自己的模式（docs/deploy.md 第 3 节）。"
        )


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
