"""Migrations make what the models say, all or nothing, and refuse what they do not know."""

import logging
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from config.faults import StartupFault
from storage import migrate, processes
from storage.database import Database
from storage.processes import Process

BEFORE_ALL = "0033"  # nobody ever ran two programs on a database of that time
STEP = '''"""A made-up step."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
{needs}
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meta") as table:
        table.add_column(sa.Column("c{revision}", sa.String(), nullable=True))
    {more}
'''


class Steps:
    """A copy of the migrations that a test may add to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "versions"
        self.last = next(iter(migrate._newest_first()))
        self.first = self.last

    def add(self, more: str = "pass", needs: str = "") -> str:
        number = f"{int(self.last) + 1:04}"
        needs = f'needs = "{needs}"' if needs else ""
        step = STEP.format(revision=number, before=self.last, more=more, needs=needs)
        (self._folder / f"{number}_step.py").write_text(step)
        migrate._scripts.cache_clear()
        self.last = number
        return number

    def forget(self, number: str) -> None:
        (self._folder / f"{number}_step.py").unlink()
        migrate._scripts.cache_clear()


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    folder = tmp_path / "migrations 100%"
    shutil.copytree(migrate._FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "_FOLDER", folder)
    migrate._scripts.cache_clear()
    yield Steps(folder)
    migrate._scripts.cache_clear()


def _columns(database: Database) -> set[str]:
    return {c["name"] for c in database.read_now(lambda conn: inspect(conn).get_columns("meta"))}


def test_empty_database_gets_every_table(empty: Database) -> None:
    revision = migrate.upgrade(empty)

    assert revision == migrate._newest_first()[0]
    tables = set(empty.read_now(lambda conn: inspect(conn).get_table_names()))
    assert tables == {*migrate._METADATA.tables, "alembic_version"}


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    revision = migrate.upgrade(empty)

    assert migrate.upgrade(empty) == revision


def test_two_who_migrate_at_once_take_turns(postgres_url: str) -> None:
    revisions: list[str] = []
    start = threading.Barrier(3)

    def run() -> None:
        database = Database(postgres_url)
        start.wait(10)
        revisions.append(migrate.upgrade(database))
        database.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)

    assert revisions == migrate._newest_first()[:1] * 3


def test_migrations_make_what_the_models_say(empty: Database) -> None:
    assert migrate.check(empty) == []


@pytest.mark.parametrize(
    ("damage", "wanted"),
    [
        ("ALTER TABLE meta ADD COLUMN surplus INTEGER", "remove_column meta"),
        ("ALTER TABLE tickets DROP COLUMN closing_code", "add_column tickets"),
        ("DROP INDEX ix_tickets_stage", "add_index"),
        ("DROP TABLE drafts", "add_table drafts"),
    ],
)
def test_drift_is_named(empty: Database, damage: str, wanted: str) -> None:
    migrate.upgrade(empty)
    with empty.writer_engine.begin() as conn:
        conn.execute(text(damage))

    assert wanted in migrate.check(empty)[0]


def test_drift_of_a_type_is_named(postgres_database: Database) -> None:
    with postgres_database.writer_engine.begin() as conn:
        conn.execute(text("ALTER TABLE timers ALTER COLUMN ticket_id TYPE text"))

    (line,) = migrate.check(postgres_database)

    assert line.startswith("modify_type timers ticket_id")


def test_drift_of_an_index_condition_is_named(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    migrate.upgrade(database)
    with database.writer_engine.begin() as conn:
        conn.execute(text("DROP INDEX ix_timers_due"))
        conn.execute(text("CREATE INDEX ix_timers_due ON timers (due_at) WHERE done_at IS NULL"))

    assert migrate.check(database) == [
        "condition of ix_timers_due: models posted_at IS NULL AND done_at IS NULL, "
        "migrations done_at IS NULL"
    ]
    database.close()


def test_schema_that_only_grew_is_known_to_the_program_of_before(
    empty: Database, steps: Steps
) -> None:
    number = steps.add()
    migrate.upgrade(empty)
    migrate.known(empty)

    steps.forget(number)

    migrate.known(empty)


def test_step_that_takes_away_waits_until_nobody_lives_who_needs_it(
    migrated_postgres_url: str, steps: Steps
) -> None:
    database = Database(migrated_postgres_url)
    old = Process("old", "box", 1, ("work",), steps.last, frozenset())
    with database.writer_engine.begin() as conn:
        processes.beat(conn, old)
    grown = steps.add()
    assert migrate.upgrade(database) == grown  # what only grows disturbs nobody

    less = steps.add(needs=grown)
    with pytest.raises(StartupFault, match=f"还有旧程序在运行.*至少要 {grown}.*没有改动"):
        migrate.upgrade(database)
    assert database.read_now(migrate._revision) == grown

    with database.writer_engine.begin() as conn:
        processes.leave(conn, "old")
    assert migrate.upgrade(database) == less
    database.close()


def test_old_program_upgrades_nothing_while_a_newer_one_lives(
    migrated_postgres_url: str, steps: Steps
) -> None:
    database = Database(migrated_postgres_url)
    with database.writer_engine.begin() as conn:
        processes.beat(conn, Process("new", "box", 1, ("work",), "9999", frozenset()))
    steps.add()

    with pytest.raises(StartupFault, match="有更新的程序在运行（9999）"):
        migrate.upgrade(database)
    database.close()


def test_steps_that_take_away_say_which_program_they_need() -> None:
    taking = re.compile(r"op\.(drop_|alter_|rename_)|\.(drop_column|alter_column)")
    for step in migrate._scripts().walk_revisions():
        source = Path(str(step.module.__file__)).read_text(encoding="utf-8")
        grows = not taking.search(source.split("def upgrade")[1].split("def downgrade")[0])
        assert grows or hasattr(step.module, "needs") or step.revision <= BEFORE_ALL


def test_schema_that_is_older_is_refused(empty: Database, steps: Steps) -> None:
    migrate.upgrade(empty)
    steps.add()

    with pytest.raises(StartupFault, match=r"太旧（.*run_bot\.py migrate"):
        migrate.known(empty)


def test_database_without_tables_is_refused(postgres_url: str) -> None:
    database = Database(postgres_url)

    with pytest.raises(StartupFault, match=r"还没有警格的表。请运行 run_bot\.py migrate"):
        migrate.known(database)

    database.close()


def test_newer_schema_that_took_away_is_refused_and_left_alone(
    empty: Database, steps: Steps
) -> None:
    number = steps.add(needs=f"{int(steps.last) + 1:04}")
    migrate.upgrade(empty)
    steps.forget(number)

    for refuse in (migrate.known, migrate.upgrade):
        with pytest.raises(StartupFault, match="比这个程序新"):
            refuse(empty)

    assert f"c{number}" in _columns(empty)


def test_tables_that_no_migration_made_are_refused(empty: Database) -> None:
    empty.create_all()

    with pytest.raises(StartupFault, match="不是由 migrate 建立的"):
        migrate.upgrade(empty)


def test_rows_outlive_a_later_step(empty: Database, steps: Steps) -> None:
    migrate.upgrade(empty)
    with empty.writer_engine.begin() as conn:
        conn.execute(text("INSERT INTO meta (name, value) VALUES ('kept', 'yes')"))
    number = steps.add()

    assert migrate.upgrade(empty) == number

    kept = empty.read_now(
        lambda conn: conn.execute(text("SELECT * FROM meta WHERE name = 'kept'")).all()
    )
    assert [tuple(row) for row in kept] == [("kept", "yes", None)]


def test_fault_in_a_later_step_takes_back_the_earlier_ones(empty: Database, steps: Steps) -> None:
    first = migrate.upgrade(empty)
    before = _columns(empty)
    steps.add()
    steps.add(more='raise RuntimeError("power cut")')

    with pytest.raises(RuntimeError, match="power cut"):
        migrate.upgrade(empty)

    assert _columns(empty) == before
    assert empty.read_now(migrate._revision) == first


def test_first_step_can_be_taken_back(empty: Database) -> None:
    migrate.upgrade(empty)

    with empty.writer_engine.begin() as conn:
        command.downgrade(migrate._config(conn), "base")

    assert empty.read_now(lambda conn: inspect(conn).get_table_names()) == ["alembic_version"]


def test_migrating_is_quiet(empty: Database, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        migrate.check(empty)

    assert caplog.records == []
