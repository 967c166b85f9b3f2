"""``tune``: proposes from what was worked, writes what a clerk accepts, puts faulty files back."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.vocabulary import ClosingCode, Stage, Urgency
from storage import corrections, people, tickets
from storage.corrections import Correction
from storage.database import Database
from storage.people import Said
from storage.sealed import Seal
from storage.session import Db
from storage.tickets import Ticket
from tests.commands.program import ROOT, run, run_here

pytestmark = pytest.mark.timeout(120)  # a cold start on a busy machine
NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
SPOTS = ("前街", "后街", "河沿", "桥头", "学校旁", "菜场口", "加油站", "小卖部", "祠堂边", "码头")
WORD = "咕噜板"  # means nothing to any reader, so it is always read wrongly
ENDS = ("在那儿", "看见没", "又那样", "还是老样子", "说过的")


@dataclass
class Station:
    """A site folder and a database in which things were done."""

    folder: Path
    _count: int = 0

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def own(self) -> Path:
        return self.site / "own_words.yaml"

    @property
    def settings(self) -> dict[str, str]:
        keys, current, hmac = SEAL.env_form()
        return {
            "JINGGE_DATA_DIR": str(self.folder / "data"),
            "JINGGE_SEAL_KEYS": keys,
            "JINGGE_SEAL_CURRENT": current,
            "JINGGE_HMAC_KEY": hmac,
        }

    def tune(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run_here("tune", "--site", str(self.site), *words, settings=self.settings)

    def accepts(self, *lines: str) -> subprocess.CompletedProcess[str]:
        chosen = self.folder / "chosen.txt"
        chosen.write_text("\n".join(lines), encoding="utf-8")
        return self.tune("--accept", str(chosen))

    def worked(self, db: Db, text: str, **more: object) -> Ticket:
        self._count += 1
        made = Ticket(
            number=f"XH260304-{self._count:04}K",
            serial=f"{self._count:04}",
            stage=Stage.CLOSED,
            category="N03",
            urgency=Urgency.U3,
            line="line-a",
            opened_at=NOW,
            stage_at=NOW,
            closing_code=ClosingCode.SOLVED,
            masked=text,
            original=f"原话{text}",
        )
        return tickets.create(db, replace(made, **more))  # type: ignore[arg-type]

    def heard(self, db: Db, text: str) -> None:
        self._count += 1
        key = f"aibot:{self._count}"
        said = Said(event_key=key, line="line-a", person_key="x", at=NOW, kind="chat", masked=text)
        people.note_heard(db, said)


@pytest.fixture
def station(tmp_path: Path, new_sqlite: Callable[[Path], str]) -> Station:
    shutil.copytree(ROOT / "config" / "site", tmp_path / "site")
    (tmp_path / "site" / "own_words.yaml").unlink()
    (tmp_path / "data").mkdir()
    new_sqlite(tmp_path / "data" / "jingge.db")
    made = Station(tmp_path)
    with _Opened(made) as db:
        for index, spot in enumerate(SPOTS):
            made.worked(db, f"{spot}{WORD}{ENDS[index % len(ENDS)]}")
        for spot in SPOTS[:6]:
            made.worked(db, f"{spot}他又犯浑了", category="P04", protected=True)
            made.worked(db, f"{spot}瞎编乱造的", closing_code=ClosingCode.UNFOUNDED)
            made.worked(db, f"{spot}还没办完呢", stage=Stage.ASSIGNED, closing_code="")
        made.heard(db, "今晚吃啥")
    return made


class _Opened:
    """The station's database, in one transaction."""

    def __init__(self, station: Station) -> None:
        self._database = Database(f"sqlite:///{station.folder / 'data' / 'jingge.db'}")
        self._transaction = self._database.writer_engine.begin()

    def __enter__(self) -> Db:
        return Db(self._transaction.__enter__(), SEAL)

    def __exit__(self, *why: object) -> None:
        self._transaction.__exit__(*why)  # type: ignore[arg-type]
        self._database.close()


def _number(done: subprocess.CompletedProcess[str], word: str) -> str:
    """The number of the line that proposes ``word``."""
    line = next(line for line in done.stdout.splitlines() if f"：{word} →" in line)
    return line.split()[0]


def test_word_of_worked_tickets_is_proposed_and_nothing_else_is_touched(station: Station) -> None:
    done = station.tune()

    assert done.returncode == 0, done.stderr
    assert f"添“词”：{WORD} → N03市政设施  准 10/10（100%，72–100%）" in done.stdout
    assert "见于 10 件，现在读错" in done.stdout
    for hidden in ("犯浑", "瞎编", "没办完", "原话"):
        assert hidden not in done.stdout
    assert not station.own.exists()


def test_accepted_line_is_written_checked_and_shown(station: Station) -> None:
    number = _number(station.tune(), WORD)

    done = station.accepts(f"{number} {WORD}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{{word: {WORD}, category: N03, weight: 词}}" in station.own.read_text("utf-8")
    assert "没有问题" in done.stdout
    assert "回归：" in done.stdout


def test_accepted_words_are_no_longer_proposed(station: Station) -> None:
    station.accepts(_number(station.tune(), WORD))

    assert f"：{WORD} →" not in station.tune().stdout


def test_words_that_a_clerk_wrote_before_stay(station: Station) -> None:
    station.own.write_text("# 我写的\nwords:\n  - {word: 灯闪, category: N03, weight: 弱}\n")

    station.accepts(_number(station.tune(), WORD))

    text = station.own.read_text("utf-8")
    assert "# 我写的" in text
    assert "灯闪" in text
    assert WORD in text


def test_file_is_put_back_when_check_fails(station: Station) -> None:
    before = f"words:\n  - word: {WORD}\n    category: N04\n    weight: 弱\n"
    station.own.write_text(before)
    number = _number(station.tune(), WORD)

    done = station.accepts(number)

    assert done.returncode == 2
    assert "已恢复原样" in done.stdout
    assert station.own.read_text("utf-8") == before


@pytest.mark.parametrize("line", ["99", f"1 不是这个词{WORD}"])
def test_choice_that_does_not_fit_the_list_is_refused(station: Station, line: str) -> None:
    done = station.accepts(line)

    assert done.returncode == 2
    assert "对不上" in done.stderr
    assert not station.own.exists()


def test_nobody_at_the_terminal_accepts_nothing(station: Station) -> None:
    done = run("tune", "--site", str(station.site), said="y\ny\ny\n", settings=station.settings)

    assert done.returncode == 0
    assert "规则没有改" in done.stdout
    assert not station.own.exists()


def test_what_staff_called_no_report_speaks_against_a_word(station: Station) -> None:
    with _Opened(station) as db:
        for spot in SPOTS:
            void = station.worked(db, f"{spot}{WORD}真漂亮", stage=Stage.VOID, closing_code="")
            corrections.keep(
                db,
                Correction(
                    key=f"c:{void.id}", ticket_id=void.id, at=NOW, read_as="N03",
                    corrected_to="", rules_version="v", masked=void.masked,
                ),
            )  # fmt: skip

    done = station.tune()

    assert f"：{WORD} →" not in done.stdout
    assert "办结和改判的 10 件，没立单的话 11 条" in done.stdout


def test_message_that_staff_opened_is_not_counted_as_talk(station: Station) -> None:
    with _Opened(station) as db:
        station.heard(db, f"{SPOTS[0]}{WORD}{ENDS[0]}")

    assert "没立单的话 1 条" in station.tune().stdout


def test_site_without_a_database_gets_a_sentence(tmp_path: Path) -> None:
    done = run("tune", settings={"JINGGE_DATA_DIR": str(tmp_path)})

    assert done.returncode == 2
    assert "还没有数据库" in done.stderr
