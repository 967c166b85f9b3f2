"""``export``: the whole station as plain files, for the station itself, should it ever leave.

One JSON object per line and table, sealed words opened for whoever holds the keys; ``manifest``
counts the rows. That somebody took everything stands in the book of looks. The bot may be at work:
all tables are read in one snapshot.
"""

import argparse
import json
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, RowMapping, Table, select
from sqlmodel import SQLModel

from commands.memory import open_seal
from config.faults import StartupFault
from config.load import load_rules
from config.settings import load_settings
from storage import migrate, rotate, web
from storage.database import Database
from storage.sealed import Seal
from storage.session import Db

_AT_ONCE = 1000
_NOT_OURS = frozenset({"leases"})


def main(words: list[str]) -> int:
    """0 when everything is written. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py export", description="把全所的数据导成文件")
    parser.add_argument("folder", type=Path, help="写到哪个空目录")
    parser.add_argument("--by", required=True, help="谁导的（名册里的账号），记进查看记录")
    given = parser.parse_args(words)
    settings = load_settings()
    if not any(one.id == given.by for one in load_rules(settings.site).roster.people):
        raise StartupFault(f"名册里没有 {given.by} 这个账号；谁导的要写清楚。")
    _make(given.folder)
    database = Database(settings.database)
    try:
        migrate.known(database)
        seal = open_seal(settings, database)
        _write_down(database, seal, given.by)
        rows = database.read_now(lambda conn: _export(Db(conn, seal), given.folder))
    finally:
        database.close()
    sys.stdout.write(
        f"导好了：{given.folder}，{len(rows)} 张表，{sum(rows.values())} 行，"
        "原话、姓名、电话都是明文。\n用完请删，不要带出去；谁导的已记进查看记录。\n"
    )
    return 0


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise StartupFault(f"{folder} 不是空的。请换一个空目录。")


def _write_down(database: Database, seal: Seal, user: str) -> None:
    with database.writer_engine.begin() as conn:
        key, now = f"export:{uuid.uuid4().hex}", datetime.now(UTC)
        web.note_view(Db(conn, seal), key, user, "全所数据（导出）", 0, now)


def _export(db: Db, folder: Path) -> dict[str, int]:
    rows = {
        table.name: _table(db, table, folder / f"{table.name}.jsonl")
        for table in SQLModel.metadata.sorted_tables
        if table.name not in _NOT_OURS
    }
    about = {"at": datetime.now(UTC).isoformat(), "rows": rows}
    with _open(folder / "manifest.json") as file:
        json.dump(about, file, ensure_ascii=False, indent=1)
    return rows


def _table(db: Db, table: Table, path: Path) -> int:
    count = 0
    with _open(path) as file:
        for row in _rows(db, table):
            file.write(json.dumps(plain(db.seal, table, row), ensure_ascii=False) + "\n")
            count += 1
    return count


def _rows(db: Db, table: Table) -> Iterator[Row[Any]]:
    found = db.conn.execution_options(yield_per=_AT_ONCE).execute(select(table))
    yield from found


def plain(seal: Seal, table: Table, row: Row[Any]) -> dict[str, Any]:
    """The row by its column names, sealed ones opened and without that ending."""
    cells = row._mapping
    return {name.removesuffix("_sealed"): _plain(seal, table, name, cells) for name in cells}


def _plain(seal: Seal, table: Table, name: str, cells: RowMapping) -> Any:
    value = cells[name]
    if isinstance(value, datetime):
        return value.isoformat()
    if name.endswith("_sealed") and value:
        return seal.open(value, rotate.about(table, cells))
    return value


def _open(path: Path) -> Any:
    path.touch(mode=0o600)
    return path.open("w", encoding="utf-8")
