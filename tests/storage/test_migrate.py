"""Migrations make what the models say, all or nothing, and refuse what they do not know."""

import logging
import shutil
import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from config.faults import StartupFault
from storage import migrate
from storage.database import Database

STEP = '''"""A made-up step."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
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

    def add(self, more: str = "pass") -> str:
        number = f"{int(self.last) + 1:04}"
        step = STEP.format(revision=number, before=self.last, more=more)
        (self._folder / f"{number}_step.py").write_text(step)
        self.last = number
        return number

    def forget(self, number: str) -> None:
        (self._folder / f"{number}_step.py").unlink()


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    folder = tmp_path / "migrations 100%"
    shutil.copytree(migrate._FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "_FOLDER", folder)
    return Steps(folder)


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


def test_newest_schema_and_the_one_before_are_known(empty: Database, steps: Steps) -> None:
    migrate.upgrade(empty)
    migrate.known(empty)

    steps.add()

    migrate.known(empty)


def test_schema_two_steps_old_is_refused(empty: Database, steps: Steps) -> None:
    migrate.upgrade(empty)
    steps.add()
    steps.add()

    with pytest.raises(StartupFault, match=r"太旧（.*run_bot\.py migrate"):
        migrate.known(empty)


def test_database_without_tables_is_refused(postgres_url: str) -> None:
    database = Database(postgres_url)

    with pytest.raises(StartupFault, match=r"还没有警格的表。请运行 run_bot\.py migrate"):
        migrate.known(database)

    database.close()


def test_newer_schema_is_refused_and_left_alone(empty: Database, steps: Steps) -> None:
    number = steps.add()
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

    kept = empty.read_now(lambda conn: conn.execute(text("SELECT * FROM meta")).all())
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
