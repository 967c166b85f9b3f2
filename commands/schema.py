"""``migrate`` and ``rotate``: what an operator does to the database by hand."""

import argparse
import sys
import tempfile
from pathlib import Path

from config.settings import load_settings
from storage import migrate as migrations
from storage.database import Database


def migrate(words: list[str]) -> int:
    """Bring the database to this program's schema; ``--check`` only looks for drift."""
    parser = argparse.ArgumentParser(prog="run_bot.py migrate", description="升级数据库")
    parser.add_argument("--check", action="store_true", help="只检查表和迁移是否一致")
    if parser.parse_args(words).check:
        return _check()
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        revision = migrations.upgrade(database)
    finally:
        database.close()
    sys.stdout.write(f"数据库已是最新的表结构（{revision}）。\n")
    return 0


def _check() -> int:
    with tempfile.TemporaryDirectory(prefix="jingge-check-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'check.db'}")
        try:
            drift = migrations.check(database)
        finally:
            database.close()
    if drift:
        sys.stdout.write("表和迁移不一致：\n" + "".join(f"  {line}\n" for line in drift))
        return 1
    sys.stdout.write("表和迁移一致。\n")
    return 0
