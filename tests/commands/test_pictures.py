"""Pictures without a ticket are deleted when they are old enough, and no others."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.engine.keepsakes import Keepsakes
from commands.house import forget_pictures
from config.rules import Rules
from config.vocabulary import Act
from storage import journal
from storage.database import Database
from storage.journal import Entry
from storage.sealed import Seal
from storage.session import Db

NOW = datetime(2026, 3, 20, tzinfo=UTC)
SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
TIED, LOOSE, FRESH = "a" * 24, "b" * 24, "c" * 24


def _picture(folder: Path, name: str, age: timedelta) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.sealed"
    file.write_text("sealed")
    moment = (NOW - age).timestamp()
    os.utime(file, (moment, moment))
    return file


async def test_only_old_pictures_that_no_ticket_names_go(tmp_path: Path, rules: Rules) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    database.create_all()
    with database.writer_engine.begin() as conn:
        told = Entry(
            key="e:1", ticket_id=1, at=NOW, actor="reporter", act=Act.SUPPLEMENT,
            reason=f"[图片 {TIED}]",
        )  # fmt: skip
        journal.add(Db(conn, SEAL), told)
    folder = tmp_path / "media"
    tied = _picture(folder, TIED, timedelta(days=8))
    loose = _picture(folder, LOOSE, timedelta(days=8))
    fresh = _picture(folder, FRESH, timedelta(days=6))
    engine: Any = SimpleNamespace(
        database=database, current_rules=lambda: rules, db_of=lambda conn: Db(conn, SEAL)
    )

    gone = await forget_pictures(engine, Keepsakes(folder, SEAL), NOW)

    database.close()
    assert gone == 1
    assert (tied.exists(), loose.exists(), fresh.exists()) == (True, False, True)
