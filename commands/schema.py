"""``migrate`` and ``rotate``: what an operator does to the database by hand."""

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

from commands.memory import open_seal
from config.faults import StartupFault
from config.settings import Settings, load_settings
from storage import migrate as migrations
from storage import rotate as rotation
from storage.database import Database, FileLock, sqlite_path
from storage.key_file import add_key, load_or_create_keys
from storage.sealed import Seal
from storage.session import Db


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
        with _alone(database):
            revision = migrations.upgrade(database)
    finally:
        database.close()
    sys.stdout.write(f"数据库已是最新的表结构（{revision}）。\n")
    return 0


def _alone(database: Database) -> contextlib.AbstractContextManager[object]:
    """On SQLite: no bot may be running. Raises: StartupFault on entering."""
    if database.is_sqlite:
        return FileLock(sqlite_path(database.url))
    return contextlib.nullcontext()


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


def rotate(words: list[str]) -> int:
    """A new encryption key and everything sealed again with it; ``--hmac`` makes lookups anew."""
    parser = argparse.ArgumentParser(prog="run_bot.py rotate", description="更换密封密钥")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--hmac", action="store_true", help="换查找密钥（停机后做）")
    kind.add_argument(
        "--sweep", action="store_true", help="不加新密钥，只把还用旧密钥封的内容换到当前密钥"
    )
    given = parser.parse_args(words)
    settings = load_settings()
    if settings.seal_keys.get_secret_value() and not given.sweep:
        raise StartupFault(
            "密钥写在设置里：请先在 JINGGE_SEAL_KEYS 里加上新密钥、改 JINGGE_SEAL_CURRENT，"
            "一个一个重启进程，再运行 rotate --sweep。"
        )
    database = Database(settings.database)
    try:
        with _alone(database):
            if given.sweep:
                return _sweep(database, open_seal(settings, database))
            return _rotate(settings, database, hmac=given.hmac)
    finally:
        database.close()


def _rotate(settings: Settings, database: Database, *, hmac: bool) -> int:
    path = settings.data_dir / "keys.json"
    if hmac:
        old = load_or_create_keys(path, must_exist=True)
        new = add_key(path, new_hmac=True)
        return _rekey(database, old, new)
    return _sweep(database, add_key(path))


def _sweep(database: Database, seal: Seal) -> int:
    count = rotation.rotate_in_batches(database, seal)
    sys.stdout.write(
        f"换好了：{count} 处内容已用新密钥 {seal.current} 重新加密，旧密钥仍留在文件里。\n"
    )
    return 0


def _rekey(database: Database, old: Seal, new: Seal) -> int:
    with database.writer_engine.begin() as conn:
        done = rotation.rekey(Db(conn, new), old)
    sys.stdout.write(f"换好了：{done.changed} 处查找键已更新，{done.lost} 处已无法对应。\n")
    return 0
