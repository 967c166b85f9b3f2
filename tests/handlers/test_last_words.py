"""A message that no try could handle: the operator hears of it, a cry for help is answered."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import handlers
from bot.events import Heard, ReplyHandle
from bot.turn import Turn
from config.load import load_rules
from storage import outbox
from storage.database import Database
from storage.sealed import Seal
from storage.session import Db

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SITE = Path(__file__).parents[2] / "config" / "site"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Db]:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    database.create_all()
    with database.writer_engine.begin() as conn:
        yield Db(conn, Seal.generate())
    database.close()


def _said(db: Db, text: str) -> list[tuple[str, str]]:
    """(chat, words) of everything that was left to be said when ``text`` could not be handled."""
    event = Heard(
        key="aibot:1",
        at=NOW,
        chat="wrGUIHUA01",
        by="chen_shu",
        door="socket",
        text=f"@小警 {text}",
        reply=ReplyHandle(kind="req", token="r1", until=NOW + timedelta(hours=1)),
    )
    handlers.dead(Turn(db, load_rules(SITE), event, NOW), event)
    rows = [*outbox.due(db, "socket", NOW, 20), *outbox.due(db, "app", NOW, 20)]
    bodies = [json.loads(row.body) for row in rows]
    return [(body["chat"], json.loads(body["message"])["text"]) for body in bodies]


def test_cry_that_could_not_be_handled_gets_its_first_words(db: Db) -> None:
    said = _said(db, "5号楼着火了，楼道全是烟")

    assert any(chat == "wrGUIHUA01" and "119" in words for chat, words in said)
    assert any("aibot:1" in words for _, words in said)


def test_everyday_words_that_could_not_be_handled_are_only_told_to_the_operator(db: Db) -> None:
    said = _said(db, "路灯不亮")

    assert [chat for chat, _ in said] == ["app:zuo_mingkai"]
    assert "路灯" not in said[0][1]
