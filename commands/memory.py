"""Opens what the bot remembers with (开库): data folder, database, keys; says kindly why it cannot.

Called by ``commands.house`` at start and by ``demo`` for its data folder. Every fault is a
``StartupFault`` with a Chinese sentence; addresses and passwords are never in it.
"""

import contextlib
from pathlib import Path

from sqlalchemy.exc import DatabaseError, OperationalError

from config.faults import StartupFault
from config.settings import Settings
from config.vocabulary import Loop
from storage import inbox, migrate
from storage.database import Database, FileLock, sqlite_path
from storage.key_file import load_or_create_keys
from storage.sealed import Seal


def open_database(
    settings: Settings,
    stack: contextlib.AsyncExitStack,
    loops: frozenset[Loop] = frozenset(Loop),
) -> Database:
    """The database with a schema that fits; ``stack`` holds the file lock. Raises: StartupFault."""
    database = Database(settings.database)
    if database.is_sqlite and loops != frozenset(Loop):
        raise StartupFault(
            "用 SQLite 时一个进程要做全部的事，不能用 --loops 分开。"
            "要分成几个进程，请换 PostgreSQL（设置 DATABASE_URL）。"
        )
    if database.is_sqlite:
        path = sqlite_path(database.url)
        make_folder(path.parent)
        stack.enter_context(FileLock(path))
        _upgraded(database, path)
    else:
        _known(database)
    return database


def _upgraded(database: Database, path: Path) -> None:
    try:
        migrate.upgrade(database)
    except DatabaseError as fault:
        raise StartupFault(
            f"数据库文件 {path} 打不开（{fault.orig}）。请检查磁盘空间和权限；"
            "文件坏了请从备份恢复。"
        ) from fault


def _known(database: Database) -> None:
    try:
        migrate.known(database)
    except OperationalError as fault:
        raise StartupFault(
            "数据库连不上。请看 DATABASE_URL 里的主机、端口、用户和密码，"
            "以及 PostgreSQL 是否在运行。"
        ) from fault


def make_folder(folder: Path) -> None:
    """Return when ``folder`` is there and can be written to. Raises: StartupFault."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise StartupFault(
            f"数据目录 {folder} 写不进去（{fault.strerror}）。请检查磁盘空间和权限，"
            "或用 JINGGE_DATA_DIR 换一个目录。"
        ) from fault


def open_seal(settings: Settings, database: Database) -> Seal:
    """The keys of the settings, else of the data folder. Raises: StartupFault."""
    if settings.seal_keys.get_secret_value():
        return Seal.from_env_form(
            settings.seal_keys.get_secret_value(),
            settings.seal_current,
            settings.hmac_key.get_secret_value(),
        )
    make_folder(settings.data_dir)
    return load_or_create_keys(
        settings.data_dir / "keys.json", must_exist=not database.read_now(inbox.is_empty)
    )
