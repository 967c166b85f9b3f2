"""A made-up station: a small corpus, a model of it, a site, and a database of worked tickets."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.domain.second import SecondReader, packed, unpacked
from config.load import load_rules
from config.model_file import MODEL, REPORT
from config.settings import Settings
from config.vocabulary import ClosingCode, Stage, Urgency
from storage import corrections, tickets
from storage.corrections import Correction
from storage.database import Database
from storage.sealed import Seal
from storage.session import Db
from storage.tickets import Ticket
from tests.servers.schema import with_tables
from training import pair
from training.corpus import Row
from training.fit import fitted
from training.site import Sources, main
from training.space import seen

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
WORD = "咕噜板"
"""Means nothing to any reader, so only the tickets can say what it is."""
SPOTS = ("前街", "后街", "河沿", "桥头", "学校旁", "菜场口", "加油站", "小卖部", "祠堂边", "码头")
_SAID = {
    "P10": ("咚咚咚又开始了", "大半夜还在蹦", "楼上拖椅子", "音响震天响"),
    "N03": ("路灯又瞎了", "井盖哪去了", "坑里能养鱼", "灯杆歪得厉害"),
    "P21": ("仓库里冒黑烟", "有人喊救命", "墙要塌下来了", "煤气味呛人"),
    "": ("晚饭吃啥", "笑死我了", "早安各位", "明天去爬山"),
}


def corpus_rows() -> list[Row]:
    """Eighty messages of four writers."""
    texts = [
        (f"{text}{end}", code)
        for code, said in _SAID.items()
        for text in said
        for end in ("", "啊", "呢", "了", "吧")
    ]
    return [_row(number, text, code) for number, (text, code) in enumerate(texts)]


def _row(number: int, text: str, category: str) -> Row:
    writer = ("w01", "w02", "w03", "w04")[number % 4]
    return Row(
        id=f"{writer}-{number}",
        writer=writer,
        text=text,
        kind="report" if category else "chat",
        category=category,
        also=(),
        danger=category == "P21",
        danger_class="fire" if category == "P21" else "",
        place={},
        when="",
    )


@cache
def base_model() -> tuple[bytes, str]:
    """The model of the small corpus, and its factors as JSON."""
    rules = load_rules(ROOT / "config" / "site").reading
    reader, factors = fitted(corpus_rows(), rules, lambda text: seen(text, rules))
    return packed(reader, {"version": 1}), json.dumps({k: float(v) for k, v in factors.items()})


@dataclass
class Station:
    """A site folder, a corpus, a shipped model and a database in which things were done."""

    folder: Path
    _count: int = 0

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def model(self) -> Path:
        return self.site / MODEL

    @property
    def sentences(self) -> Path:
        return self.folder / "sentences.jsonl"

    @property
    def settings(self) -> Settings:
        keys, current, hmac = SEAL.env_form()
        return Settings(
            site=self.site,
            data_dir=self.folder / "data",
            seal_keys=keys,
            seal_current=current,
            hmac_key=hmac,
        )

    def trains(self, *, anyway: bool = False, least: int = 20) -> int:
        """The exit code of ``--site``."""
        sources = Sources(
            self.folder / "corpus", self.folder / "base", (self.sentences,), least=least
        )
        return main(self.site, self.settings, anyway=anyway, sources=sources)

    def installed(self) -> SecondReader:
        """The model that the site has of its own."""
        return unpacked(self.model.read_bytes())

    def base(self) -> SecondReader:
        """The shipped model."""
        return unpacked(base_model()[0])

    def says(self, *rows: dict[str, object]) -> None:
        """Write the regression sentences."""
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        self.sentences.write_text("\n".join(lines) + "\n", "utf-8")

    def has_own(self, raw: bytes) -> None:
        """Put a model into the site, as an earlier training left it."""
        pair.put(self.site, raw, {})

    def worked(self, db: Db, text: str, **more: object) -> Ticket:
        """A ticket that was worked to its end, a minute after the last one, by somebody new."""
        self._count += 1
        at = NOW + timedelta(minutes=self._count)
        made = Ticket(
            number=f"XH260304-{self._count:04}K",
            serial=f"{self._count:04}",
            stage=Stage.CLOSED,
            category="N03",
            urgency=Urgency.U3,
            line="line-a",
            opened_at=at,
            stage_at=at,
            closing_code=ClosingCode.SOLVED,
            masked=text,
            original=f"原话{text}",
            reporter_key=f"person-{self._count}",
        )
        return tickets.create(db, replace(made, **more))  # type: ignore[arg-type]  # a sample

    def corrected(self, db: Db, ticket: Ticket, read_as: str, to: str) -> None:
        """Staff corrected how it was read."""
        made = Correction(
            key=f"c:{ticket.id}:{read_as}:{to}",
            ticket_id=ticket.id,
            at=NOW,
            read_as=read_as,
            corrected_to=to,
            rules_version="v",
            masked=ticket.masked,
        )
        corrections.keep(db, made)


class Opened:
    """The station's database, in one transaction."""

    def __init__(self, station: Station) -> None:
        self._database = Database(station.settings.database)
        self._transaction = self._database.writer_engine.begin()

    def __enter__(self) -> Db:
        return Db(self._transaction.__enter__(), SEAL)

    def __exit__(self, *why: object) -> None:
        self._transaction.__exit__(*why)  # type: ignore[arg-type]  # passed on as it came
        self._database.close()


def copied(of: Station, folder: Path) -> Station:
    """The same station in another folder."""
    shutil.copytree(of.folder, folder, dirs_exist_ok=True)
    return Station(folder, of._count)


def build(folder: Path) -> Station:
    """A station with forty tickets, of which half hold ``WORD``; ten are of noise."""
    shutil.copytree(ROOT / "config" / "site", folder / "site")
    for name in ("data", "corpus", "base"):
        (folder / name).mkdir()
    raw, factors = base_model()
    (folder / "base" / MODEL).write_bytes(raw)
    (folder / "base" / REPORT).write_text(json.dumps({"factors": json.loads(factors)}), "utf-8")
    (folder / "corpus" / "w.jsonl").write_text(_jsonl(), "utf-8")
    made = Station(folder)
    made.says({"text": "路灯又瞎了", "kind": ["report"], "category": ["N03"], "danger": "none"})
    with_tables(made.settings.database)
    with Opened(made) as db:
        for number in range(40):
            spot = SPOTS[number % len(SPOTS)]
            if number % 4 == 3:
                made.worked(db, f"{spot}楼上拖椅子", category="P10")
            else:
                made.worked(db, f"{spot}{WORD}在那儿")
    return made


def _jsonl() -> str:
    lines = []
    for row in corpus_rows():
        said = {name: getattr(row, name) for name in Row.__slots__ if name != "writer"}
        lines.append(json.dumps(said, ensure_ascii=False))
    return "\n".join(lines) + "\n"
