"""Backup and restore on both databases: really restored into an empty place, counted, opened."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commands import backup as commands
from commands import backup_watch, restore
from config.faults import StartupFault
from config.settings import Settings
from storage import backup, backup_files, tickets
from storage.backup_files import BackupBroken, State
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.session import Db
from tests.storage.rows import ticket as make_ticket

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
SITE = ROOT / "config" / "site"


class House:
    """A data folder with a database of either kind, and where its backups go."""

    def __init__(self, folder: Path, url: str) -> None:
        self.data, self.out, self.url = folder / "data", folder / "out", url
        self.data.mkdir(exist_ok=True)
        self.settings = Settings(
            _env_file=None, data_dir=self.data, site=SITE, database_url=url, redis_url=""
        )
        self.seal = load_or_create_keys(self.data / "keys.json", must_exist=False)
        self.database = Database(url)

    def ticket(self, number: str) -> None:
        with self.database.writer_engine.begin() as conn:
            tickets.create(Db(conn, self.seal), make_ticket(number))

    def backs_up(self, now: datetime = NOW, keep: int = 14) -> Path:
        return commands.made(self.settings, self.out, now, keep)[0]


@pytest.fixture
def house(tmp_path: Path, url: str) -> Iterator[House]:
    made = House(tmp_path, url)
    yield made
    made.database.close()


@pytest.fixture
def empty_url(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Address of an empty database of the same kind."""
    if house.url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'new' / 'jingge.db'}"
    fresh: Callable[[], str] = request.getfixturevalue("fresh_database")
    return fresh()


def numbers(url: str, seal: Any) -> list[str]:
    database = Database(url)
    found = database.read_now(lambda conn: tickets.newest(Db(conn, seal)))
    database.close()
    return [one.number for one in found]


def test_what_was_backed_up_comes_back_into_an_empty_place(
    house: House, empty_url: str, tmp_path: Path
) -> None:
    house.ticket("XH260304-0001A")
    (house.data / "media").mkdir()
    (house.data / "media" / "p1.sealed").write_bytes(b"sealed")
    whole = house.backs_up()
    new, site = tmp_path / "new", tmp_path / "new-site"
    new.mkdir(exist_ok=True)
    shutil.copy(house.data / "keys.json", new / "keys.json")

    said = restore.restored(whole, new, site, empty_url)

    assert numbers(empty_url, house.seal) == ["XH260304-0001A"]
    assert backup_files.manifest(whole).rows["tickets"] == 1
    assert (new / "media" / "p1.sealed").read_bytes() == b"sealed"
    assert {one.name for one in site.iterdir()} == {one.name for one in SITE.iterdir()}
    assert "都对得上" in said[0]
    assert said[-1] == "密钥对得上，最近的工单打得开。"
    assert not list(house.out.rglob("keys*"))


def test_copy_is_whole_while_the_bot_writes(house: House, empty_url: str, tmp_path: Path) -> None:
    """Each transaction writes two tickets: a copy never holds an odd number of them."""
    done = threading.Event()

    def write() -> None:
        count = 0
        while not done.is_set():
            with house.database.writer_engine.begin() as conn:
                for _ in range(2):
                    count += 1
                    tickets.create(Db(conn, house.seal), make_ticket(f"XH260304-{count:04d}A"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        whole = house.backs_up()
    finally:
        done.set()
        writer.join()

    rows = backup_files.manifest(whole).rows["tickets"]
    assert rows % 2 == 0
    restore.restored(whole, tmp_path / "new", None, empty_url)
    assert len(numbers(empty_url, house.seal)) == min(rows, 200)


def test_nothing_that_stands_is_written_over(house: House) -> None:
    whole = house.backs_up()

    with pytest.raises(BackupBroken, match="空的"):
        restore.restored(whole, house.data, None, house.url)


def test_broken_backup_is_found_before_anything_is_written(
    house: House, empty_url: str, tmp_path: Path
) -> None:
    whole = house.backs_up()
    file = whole / backup_files.manifest(whole).database
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 0xFF
    file.write_bytes(bytes(body))

    with pytest.raises(BackupBroken, match="备份坏了"):
        restore.restored(whole, tmp_path / "new", None, empty_url)
    assert not (tmp_path / "new").exists()


def test_backup_of_the_other_kind_says_what_it_needs(house: House, tmp_path: Path) -> None:
    whole = house.backs_up()
    is_sqlite = house.url.startswith("sqlite")
    other = "postgresql://u@127.0.0.1:1/x" if is_sqlite else ""

    with pytest.raises(BackupBroken, match="不能互换" if is_sqlite else "--database"):
        restore.restored(whole, tmp_path / "new", None, other)


def test_other_keys_are_noticed(house: House, empty_url: str, tmp_path: Path) -> None:
    house.ticket("XH260304-0001A")
    whole = house.backs_up()
    new = tmp_path / "new"
    new.mkdir(exist_ok=True)
    load_or_create_keys(new / "keys.json", must_exist=False)

    with pytest.raises(BackupBroken, match=r"keys\.json"):
        restore.restored(whole, new, None, empty_url)


@pytest.fixture
def small(tmp_path: Path, new_sqlite: Callable[[Path], str]) -> Iterator[House]:
    made = House(tmp_path, new_sqlite(tmp_path / "jingge.db"))
    yield made
    made.database.close()


def test_old_backups_go_and_the_newest_never(small: House) -> None:
    first = small.backs_up(NOW)
    second = small.backs_up(NOW + timedelta(days=20), keep=14)
    assert (first.exists(), second.exists()) == (False, True)

    assert backup_files.prune(small.out, NOW + timedelta(days=900)) == 0
    assert backup_files.folders(small.out) == [second]


def test_deleted_pictures_leave_with_the_last_backup_that_names_them(small: House) -> None:
    media = small.data / "media"
    media.mkdir()
    (media / "p1.sealed").write_bytes(b"1")
    small.backs_up(NOW)
    (media / "p1.sealed").unlink()
    small.backs_up(NOW + timedelta(days=1))
    kept = small.out / "media" / "p1.sealed"
    assert kept.exists()

    small.backs_up(NOW + timedelta(days=16))

    assert not kept.exists()


def test_failure_leaves_nothing_half_and_stands_in_the_state(small: House) -> None:
    small.backs_up(NOW)
    gone = Settings(_env_file=None, data_dir=small.data / "no", site=SITE, database_url="")

    with pytest.raises(BackupBroken, match="没有这个数据库"):
        commands.made(gone, small.out, NOW + timedelta(days=1), 14)
    commands._noted(small.out, BackupBroken("没有这个数据库"))

    state = backup_files.state(small.out)
    assert (state.good_at, state.fault) == (NOW, "没有这个数据库")
    assert len(backup_files.folders(small.out)) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State(NOW, "f"), ""),
        (State(), "还没有做成过一次"),
        (State(NOW - timedelta(hours=31), "f"), "31 小时以前"),
        (State(NOW, "f", "磁盘满了。"), "磁盘满了"),
    ],
    ids=["good", "never", "old", "failed"],
)
def test_what_is_wrong_is_said_in_words(state: State, words: str) -> None:
    said = backup_watch.fault_of(state, NOW)

    assert said.endswith(words)
    assert bool(said) == bool(words)


def test_without_the_servers_pg_dump_a_sentence_says_what_to_install(
    migrated_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(BackupBroken, match="postgresql-client-"):
        backup.dump(migrated_postgres_url, tmp_path)


def test_password_is_no_argument(migrated_postgres_url: str, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    real = next(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    spy = tmp_path / "pg_dump"
    spy.write_text(f'#!/bin/sh\nprintf "%s " "$@" >> {seen}\nexec {real} "$@"\n')
    spy.chmod(0o755)

    backup._run([str(spy), "--schema-only", "--file=/dev/null"], migrated_postgres_url)

    password = migrated_postgres_url.split(":")[2].partition("@")[0]
    assert "--dbname=" in seen.read_text()
    assert password not in seen.read_text()


@pytest.mark.timeout(90)  # starts programs, or reads much, on a busy machine
def test_commands_work_as_typed(small: House) -> None:
    small.ticket("XH260304-0001A")
    env = {name: value for name, value in os.environ.items() if not name.startswith("JINGGE_")}
    env |= {"JINGGE_DATA_DIR": str(small.data), "DATABASE_URL": small.url, "JINGGE_SITE": str(SITE)}
    env["JINGGE_BACKUP_DIR"] = str(small.out)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        program = [str(ROOT / ".venv/bin/python"), str(ROOT / "run_bot.py"), *words]
        return subprocess.run(
            program, env=env, capture_output=True, text=True, check=False, cwd=small.out.parent
        )

    assert (done := run("backup")).returncode == 0, done.stderr
    assert "已读回核对" in done.stdout
    tried = run("restore", str(small.out), "--try")
    assert "都对得上" in tried.stdout, tried.stderr
    refused = run("restore", str(small.out))
    assert (refused.returncode, "空的" in refused.stderr) == (2, True)


def test_backup_to_nowhere_says_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JINGGE_BACKUP_DIR", raising=False)

    with pytest.raises(StartupFault, match="JINGGE_BACKUP_DIR"):
        commands.backup([])
