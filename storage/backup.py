"""Backup and restore of the database (备份): a whole and consistent copy while the bot goes on.

SQLite by its online backup, one step, so that writers are not held up; PostgreSQL by ``pg_dump``
of the server's own version over an exported snapshot, in which the rows are counted too. Restoring
writes into an empty place alone and counts again. Called by ``commands.backup``.
"""

import logging
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from storage.backup_files import BackupBroken
from storage.database import normal_url, sqlite_path

log = logging.getLogger(__name__)
SQLITE_FILE, POSTGRES_FILE = "database.sqlite", "database.pgdump"
_FOLDERS = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/usr/local/pgsql-{}/bin")
_NOT_OURS = ("sqlite_",)
_VERSION_TABLE = re.compile(r"^\d+; .* TABLE (\S+) alembic_version ", re.MULTILINE)
_DUMP_WITHIN_S = 6 * 3600


def dump(url: str, folder: Path) -> tuple[str, dict[str, int]]:
    """The name of the file that holds the database now, and its rows by table.

    Raises: BackupBroken, when there is no database, no ``pg_dump``, or the copy is not whole.
    """
    normal = normal_url(url)
    if normal.startswith("sqlite"):
        return SQLITE_FILE, _dump_sqlite(sqlite_path(normal), folder / SQLITE_FILE)
    return POSTGRES_FILE, _dump_postgres(normal, folder / POSTGRES_FILE)


def restore(source: Path, url: str) -> dict[str, int]:
    """Rows by table of ``url`` after ``source`` was put into it; it must be empty before.

    Raises: BackupBroken, when it is not, or when the file does not fit the database.
    """
    normal = normal_url(url)
    if normal.startswith("sqlite") != (source.name == SQLITE_FILE):
        raise BackupBroken("这份备份是另一种数据库的：SQLite 和 PostgreSQL 的备份不能互换。")
    if normal.startswith("sqlite"):
        return _restore_sqlite(source, sqlite_path(normal))
    return _restore_postgres(source, normal)


def revision(rows: Path | str) -> str:
    """The schema's revision in a SQLite file or a PostgreSQL address; empty when there is none."""
    if isinstance(rows, Path):
        with closing(_read_only(rows)) as conn:
            found = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    else:
        with psycopg.connect(_plain(normal_url(rows))) as there:
            found = there.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else ""


# -- SQLite ---------------------------------------------------------------------------------


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _dump_sqlite(path: Path, target: Path) -> dict[str, int]:
    if not path.is_file():
        raise BackupBroken(f"没有这个数据库：{path}。请看 JINGGE_DATA_DIR。")
    try:
        with closing(_read_only(path)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return counted_sqlite(target)
    except sqlite3.Error as fault:
        raise BackupBroken(f"数据库抄不出来（{type(fault).__name__}），请看磁盘和权限。") from fault


def counted_sqlite(path: Path) -> dict[str, int]:
    """Rows by table of a file whose pages are all well. Raises: BackupBroken."""
    with closing(_read_only(path)) as conn:
        try:
            well = conn.execute("PRAGMA integrity_check").fetchone()[0]
            names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            ours = sorted(name for (name,) in names if not name.startswith(_NOT_OURS))
            rows = {name: _count(conn, name) for name in ours}
        except sqlite3.DatabaseError as fault:
            raise BackupBroken("备份里的数据库打不开，文件坏了。") from fault
    if well != "ok":
        raise BackupBroken("备份里的数据库完整性检查不通过。")
    return rows


def _count(conn: sqlite3.Connection, table: str) -> int:
    (count,) = conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 our own
    return int(count)


def _restore_sqlite(source: Path, path: Path) -> dict[str, int]:
    stand = [
        one for one in (path, *(Path(f"{path}{end}") for end in ("-wal", "-shm"))) if one.exists()
    ]
    if stand:
        raise BackupBroken(f"{stand[0]} 已经在了。恢复只写进空的地方：请先停机，把旧文件挪开。")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    rows = counted_sqlite(draft)
    draft.replace(path)
    return rows


# -- PostgreSQL -----------------------------------------------------------------------------


def _dump_postgres(url: str, target: Path) -> dict[str, int]:
    with psycopg.connect(_plain(url)) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        conn.execute("SET idle_in_transaction_session_timeout = 0")
        (snapshot,) = conn.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        program = _program("pg_dump", conn)
        rows = _counted(conn)
        schema = _schema(conn)
        more = ["--format=custom", "--no-owner", "--no-privileges", f'--schema="{schema}"']
        _run([program, *more, f"--snapshot={snapshot}", f"--file={target}"], url)
    listed = _run([_beside(program, "pg_restore"), "--list", str(target)], url)
    missing = [name for name in rows if f"TABLE DATA {schema} {name} " not in listed]
    if missing:
        raise BackupBroken(f"备份里少了这些表：{'、'.join(missing)}。")
    return rows


def _restore_postgres(source: Path, url: str) -> dict[str, int]:
    with psycopg.connect(_plain(url)) as conn:
        program = _program("pg_restore", conn)
        schema = _schema_in(_run([program, "--list", str(source)], url))
        _make_place(conn, schema)
        if _tables(conn):
            raise BackupBroken("这个数据库里已经有表了。恢复只写进空的数据库：请先 createdb 一个。")
    more = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    # The archive holds what is in the schema, not the schema itself.
    _run([program, *more, f"--schema={schema}", str(source)], url)
    with psycopg.connect(_plain(url)) as conn:
        return _counted(conn)


def _schema(conn: psycopg.Connection) -> str:
    """Where the tables of this account stand; empty when it has no schema yet."""
    (found,) = conn.execute("SELECT current_schema()").fetchone() or (None,)
    return str(found or "")


def _schema_in(listed: str) -> str:
    """The schema that an archive was made of. Raises: BackupBroken."""
    found = _VERSION_TABLE.search(listed)
    if found is None:
        raise BackupBroken("这份备份里没有警格的表。")
    return found[1]


def _make_place(conn: psycopg.Connection, schema: str) -> None:
    """Pass when tables would go into ``schema``, which is made in a new database."""
    if not _schema(conn):
        conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    if (here := _schema(conn)) != schema:
        raise BackupBroken(
            f"这份备份的表在模式 {schema} 里，这个账号连进去是 {here or '没有模式'}。"
            f"请用那个所自己的账号，或者在地址后面加 ?options=-csearch_path%3D{schema}。"
        )
    conn.commit()


def _tables(conn: psycopg.Connection) -> list[str]:
    found = conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return sorted(name for (name,) in found)


def _counted(conn: psycopg.Connection) -> dict[str, int]:
    count = sql.SQL("SELECT count(*) FROM {}")
    rows = {}
    for name in _tables(conn):
        (found,) = conn.execute(count.format(sql.Identifier(name))).fetchone() or (0,)
        rows[name] = int(found)
    return rows


def _program(name: str, conn: psycopg.Connection) -> str:
    """The program of the server's own version. Raises: BackupBroken when it is not there."""
    major = conn.info.server_version // 10000
    places = [Path(one.format(major)) / name for one in _FOLDERS]
    if found := shutil.which(name):
        places.append(Path(found))
    for place in places:
        if place.is_file() and _major(place) == major:
            return str(place)
    raise BackupBroken(
        f"这台机器上没有 PostgreSQL {major} 的 {name}：请装 postgresql-client-{major}，再运行一次。"
    )


def _major(program: Path) -> int:
    said = subprocess.run(  # noqa: S603 a path of ours
        [program, "--version"], capture_output=True, text=True, check=False, timeout=30
    )
    digits = said.stdout.rpartition(" ")[2].partition(".")[0].strip()
    words = said.stdout.split()
    number = next((w for w in words if w[:1].isdigit()), digits)
    return int(number.partition(".")[0]) if number[:1].isdigit() else 0


def _beside(program: str, name: str) -> str:
    return str(Path(program).with_name(name))


def _run(words: list[str], url: str) -> str:
    """What the program said; the password goes by the environment, never as an argument."""
    known = make_url(url)
    secret = {"PGPASSWORD": str(known.password)} if known.password else {}
    address = known._replace(drivername="postgresql", password=None).render_as_string()
    target = [] if "--list" in words else [f"--dbname={address}"]
    done = subprocess.run(  # noqa: S603 a path of ours
        [*words, *target],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
        timeout=_DUMP_WITHIN_S,
    )
    if done.returncode:
        name = Path(words[0]).name
        log.warning("%s failed: %s", name, done.stderr.strip()[-300:])
        raise BackupBroken(f"{name} 没有做成（退出码 {done.returncode}），请看磁盘、权限和连接。")
    return done.stdout


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
