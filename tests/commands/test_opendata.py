"""``opendata``: three tables and their dictionary; a month once, and only when it is over."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import run_bot
from commands import opendata
from config.faults import StartupFault
from config.load import load_rules
from storage import tickets
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.session import Db
from tests.storage.rows import ticket

SITE = Path(__file__).parents[2] / "config" / "site"
NOW = datetime(2026, 4, 2, tzinfo=UTC)
OPENED = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


@pytest.fixture
def station(tmp_path: Path, new_sqlite: object, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station with 7 street lamps of 7 people in one grid and 2 in another, and 9 beaten."""
    url = new_sqlite(tmp_path / "jingge.db")  # type: ignore[operator]
    monkeypatch.setenv("JINGGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("JINGGE_SITE", str(SITE))
    seal = load_or_create_keys(tmp_path / "keys.json", must_exist=False)
    database = Database(url)
    with database.writer_engine.begin() as conn:
        for number, (category, grid) in enumerate(
            [("N03", "g01")] * 7 + [("N03", "g02")] * 2 + [("P04", "g01")] * 9
        ):
            made = ticket(
                f"XH260304-00{number:02d}A",
                category=category,
                grid=grid,
                opened_at=OPENED + timedelta(hours=number % 3),
                closed_at=OPENED + timedelta(days=2),
                reporter_key=f"r{number}",
                protected=category == "P04",
            )
            tickets.create(Db(conn, seal), made)
    database.close()
    return tmp_path


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_month_goes_out_as_tables_with_a_dictionary(
    station: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = station / "open"

    assert run_bot.main(["opendata", "--month", "2026-03", str(out)]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 4
    assert rows(out / "2026-03-按网格.csv") == [
        ["月份", "类别", "网格", "件数"],
        ["2026-03", "市政设施", "其余合并", "9"],
        ["2026-03", "市政设施", "合计", "9"],
        ["2026-03", "全部", "合计", "9"],
    ]
    assert ["2026-03", "市政设施", "三天以内", "9"] in rows(out / "2026-03-按办理用时.csv")
    assert ["2026-03", "工作日", "6–12时", "9"] in rows(out / "2026-03-按时段.csv")
    everything = "".join(file.read_text("utf-8-sig") for file in out.iterdir())
    assert "2026-03-04" not in everything
    assert "家庭暴力" not in "".join(f.read_text("utf-8-sig") for f in out.glob("*.csv"))
    assert "不少于 5 件" in everything


def test_a_month_is_given_out_once(station: Path) -> None:
    out = station / "open"
    assert run_bot.main(["opendata", "--month", "2026-03", str(out)]) == 0

    assert run_bot.main(["opendata", "--month", "2026-03", str(out)]) == 2


@pytest.mark.parametrize(("said", "words"), [("2026-04", "还没过完"), ("三月", "没看懂")])
def test_month_must_be_over_and_be_one(said: str, words: str) -> None:
    with pytest.raises(StartupFault, match=words):
        opendata.month_of(said, NOW)


def test_dictionary_names_every_class_that_is_left_out() -> None:
    rules = load_rules(SITE)
    about = opendata._about("2026-03", {}, rules)

    names = {one.code: one.name for one in rules.reading.categories}
    assert all(names[code][:2] in about for code in opendata.LEFT_OUT)
