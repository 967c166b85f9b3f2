"""``verify`` and ``export`` as an operator runs them, on the data folder of a station."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

import run_bot
from storage import audit_chain, journal
from storage.audit_books import BOOKS
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.session import Db
from tests.storage.rows import NOW, entry

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(
    tmp_path: Path, new_sqlite: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A data folder whose journal has three steps, sealed in one link."""
    monkeypatch.setenv("JINGGE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(new_sqlite(tmp_path / "jingge.db"))
    seal = load_or_create_keys(tmp_path / "keys.json", must_exist=False)
    with database.writer_engine.begin() as conn:
        db = Db(conn, seal)
        for n in range(3):
            journal.add(db, entry(f"e{n}", reason="双方和解"))
        link = audit_chain.next_link(db, BOOKS["journal"], 3, NOW)
        assert link is not None
        audit_chain.add(db, link)
    database.close()
    return tmp_path


def test_verify_says_that_all_is_well_and_gives_its_code(folder: Path, capsys: Said) -> None:
    assert run_bot.main(["verify"]) == 0

    said = capsys.readouterr().out
    assert "存证链完好：1 环（台账 3 行）" in said
    code = said.partition("校验码 ")[2][: audit_chain.CODE_DIGITS]
    assert run_bot.main(["verify", "--head", code]) == 0
    assert run_bot.main(["verify", "--head", "0" * 12]) == 1
    assert "不在链上" in capsys.readouterr().out


def test_verify_names_the_link_that_somebody_touched(folder: Path, capsys: Said) -> None:
    database = Database(f"sqlite:///{folder / 'jingge.db'}")
    with database.writer_engine.begin() as conn:
        conn.execute(text("DROP TRIGGER journal_no_update"))
        conn.execute(text("UPDATE journal SET actor = 'x' WHERE id = 2"))
    database.close()

    assert run_bot.main(["verify"]) == 1

    assert "存证链断了：第 1 环（台账编号 1 到 3）：行数对，内容变了" in capsys.readouterr().out


def test_export_reads_back_with_its_words_and_is_written_down(folder: Path, capsys: Said) -> None:
    out = folder / "out"

    assert run_bot.main(["export", str(out), "--by", "lin_zhiyuan"]) == 0

    steps = [json.loads(line) for line in (out / "journal.jsonl").read_text("utf-8").splitlines()]
    assert [(one["key"], one["reason"], one["at"]) for one in steps] == [
        (f"e{n}", "双方和解", NOW.isoformat()) for n in range(3)
    ]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["rows"]["journal"] == 3
    assert set(manifest["rows"]) == {path.stem for path in out.glob("*.jsonl")}
    looks = [json.loads(line) for line in (out / "views.jsonl").read_text("utf-8").splitlines()]
    assert [(one["user"], one["what"]) for one in looks] == [("lin_zhiyuan", "全所数据（导出）")]
    assert (out / "journal.jsonl").stat().st_mode & 0o077 == 0
    assert "不要带出去" in capsys.readouterr().out


def test_export_never_writes_over_something(folder: Path, capsys: Said) -> None:
    out = folder / "out"
    out.mkdir()
    (out / "x").touch()

    assert run_bot.main(["export", str(out), "--by", "lin_zhiyuan"]) == 2

    assert "不是空的" in capsys.readouterr().err
