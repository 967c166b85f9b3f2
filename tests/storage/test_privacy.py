"""Nothing personal stands in clear in the database file, its log or a backup."""

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import inbox, journal, outbox, people, ratings, tickets
from storage.database import Database
from storage.people import Said
from storage.session import Db
from storage.tickets import Voice
from tests.servers.needs import find_postgres
from tests.servers.postgres import PostgresServer
from tests.storage.rows import NOW, SEAL, arrival, entry, parcel, ticket

PHONE = "13900001234"
ID_NUMBER = "110101199003078515"
NAME = "欧阳桂芬"
ACCOUNT = "ouyangguifen"
SECRETS = (PHONE, ID_NUMBER, NAME, ACCOUNT)
WORDS = f"我是{NAME}，电话{PHONE}，身份证{ID_NUMBER}"
HARMLESS = "GH260304-0012K"


def _plant(db: Db) -> None:
    """Say the secrets on every road that leads into the database."""
    key = db.seal.person_key(ACCOUNT)
    inbox.accept(db, arrival("aibot:1", payload=WORDS + ACCOUNT), NOW)
    (event,) = inbox.undone(db, [3], 1)
    inbox.done(db, event.id, NOW, answer=WORDS, key="aibot:1")
    made = ticket(
        HARMLESS,
        reporter_key=key,
        voices=(Voice(user=ACCOUNT, chat=f"aibot:{ACCOUNT}"),),
        masked=WORDS,
        original=WORDS,
        result_internal=WORDS,
        result_public=WORDS,
    )
    stored = tickets.create(db, made)
    tickets.save(db, stored)
    journal.add(db, entry("aibot:1:1", ticket_id=stored.id, reason=WORDS))
    outbox.add(db, parcel("aibot:1:2", body=outbox.body(ACCOUNT, WORDS, None)), NOW)
    (said,) = outbox.due(db, "aibot", NOW, 1)
    outbox.reroute(db, said, "app", outbox.body(ACCOUNT, WORDS + "。", None), "no card")
    people.met(db, key, NOW, user=ACCOUNT)
    people.spoke_in(db, "line-a", "single", "aibot", f"aibot:{ACCOUNT}", NOW)
    people.add_draft(db, "aibot:1:3", stored.id, "heyun", "speak", WORDS, NOW)
    heard = Said(event_key="aibot:1", line="l", person_key=key, at=NOW, kind="open", masked=WORDS)
    people.note_heard(db, heard)
    ratings.asked(db, stored.id, NOW)
    ratings.rated(db, stored.id, 1, NOW, words=WORDS)


def _found(raw: bytes) -> list[str]:
    """Which secrets stand there, in UTF-8, as JSON escapes or in UTF-16."""
    forms = {
        secret: (
            secret.encode(), secret.encode("unicode_escape"), secret.encode("utf-16-le"),
        )
        for secret in SECRETS
    }  # fmt: skip
    return [secret for secret, ways in forms.items() if any(way in raw for way in ways)]


@pytest.fixture
def planted(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    database.create_all()
    with database.writer_engine.begin() as conn:
        _plant(Db(conn, SEAL))
    yield database
    database.close()


@pytest.mark.parametrize("form", [WORDS.encode(), WORDS.encode("unicode_escape")])
def test_search_would_see_the_secrets(form: bytes) -> None:
    assert _found(b"..." + form) == [PHONE, ID_NUMBER, NAME]
    assert _found(ACCOUNT.encode()) == [ACCOUNT]


def test_log_of_the_database_holds_nothing_personal(planted: Database, tmp_path: Path) -> None:
    log = (tmp_path / "jingge.db-wal").read_bytes()

    assert HARMLESS.encode() in log
    assert _found(log) == []


def test_file_of_the_database_holds_nothing_personal(planted: Database, tmp_path: Path) -> None:
    planted.close()

    raw = (tmp_path / "jingge.db").read_bytes()
    assert HARMLESS.encode() in raw
    assert _found(raw) == []


def test_backup_holds_nothing_personal(planted: Database, tmp_path: Path) -> None:
    source = sqlite3.connect(tmp_path / "jingge.db")
    copy = sqlite3.connect(tmp_path / "backup.db")
    source.backup(copy)
    copy.close()
    source.close()

    raw = (tmp_path / "backup.db").read_bytes()
    assert HARMLESS.encode() in raw
    assert _found(raw) == []


def test_no_other_file_beside_the_database_holds_anything_personal(
    planted: Database, tmp_path: Path
) -> None:
    files = sorted(tmp_path.iterdir())

    assert [file.name for file in files] == ["jingge.db", "jingge.db-shm", "jingge.db-wal"]
    assert [_found(file.read_bytes()) for file in files] == [[], [], []]


def test_dump_of_postgresql_holds_nothing_personal(
    postgres: PostgresServer, postgres_database: Database
) -> None:
    with postgres_database.writer_engine.begin() as conn:
        _plant(Db(conn, SEAL))
        where = conn.execute(text("SELECT current_database()")).scalar_one()
    programs = find_postgres()
    assert programs is not None

    dump = subprocess.run(
        [
            *(str(programs / "pg_dump"), "--host", "127.0.0.1", "--port", str(postgres.port)),
            *("--username", "jingge", "--inserts", where),
        ],
        env={"PGPASSWORD": postgres.password},
        capture_output=True,
        check=True,
    ).stdout

    assert HARMLESS.encode() in dump
    assert _found(dump) == []
