"""One message in a county and in a village (规模): CPU and statements by the size of the station.

The county has a million tickets, a hundred thousand people and two thousand groups, the village a
thousandth of the tickets. By turns a report that opens a ticket, a word that follows it, the click
that takes it on, and talk that is only overheard. Lines of ``run_bot.py bench table --only scale``;
stations are kept in ``data/bench`` (``BENCH_DATA``), PostgreSQL's is filled from SQLite's.
"""

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from bench import county, private_postgres
from bench.county import COUNTY, VILLAGE, Size
from bench.lines import Asked, Found, Measure, Round, Side
from bench.pages import NOW, ROOT
from bench.road import Cost, Road
from bench.station import older
from bench.station.bulk import put_all
from bench.station.make import Wanted, make
from bot.events import OVERHEARD, ButtonKey, Clicked, Event, Heard
from config.load import load_rules
from config.rules import Rules
from storage import journal, migrate, tickets
from storage.database import Database, table_of
from storage.key_file import load_or_create_keys
from storage.sealed import Seal
from storage.session import Db
from storage.tables import CardRow

MADE, DAYS = 100_000, 400
EACH_ROUND = 12
_SAYS = {
    "report": "CPU of a report that opens a ticket",
    "follow": "CPU of a word that follows it",
    "click": "CPU of the click that takes it on",
    "talk": "CPU of talk that is overheard",
}
_FLOOR, _GOAL = 1.5, 1.1


@dataclass(frozen=True, slots=True)
class Station:
    """A folder with keys, site and SQLite file."""

    folder: Path
    seal: Seal
    rules: Rules

    @property
    def url(self) -> str:
        """Of the SQLite station."""
        return f"sqlite:///{self.folder / 'jingge.db'}"


def station(size: Size, scale: float = 1.0) -> Station:
    """The station of that size, made where it is not there yet."""
    size = size if size is VILLAGE else replace(size, tickets=round(size.tickets * scale))
    folder = (
        Path(os.environ.get("BENCH_DATA", ROOT / "data" / "bench")) / f"{size.tickets}-{size.grids}"
    )
    folder.mkdir(parents=True, exist_ok=True)
    site = county.write(folder / "site", size)
    keys = folder / "keys.json"
    found = Station(folder, load_or_create_keys(keys, must_exist=keys.exists()), load_rules(site))
    if not (folder / "jingge.db").exists():
        _make(found, size)
    return found


def _make(wanted: Station, size: Size) -> None:
    """Under another name until it is whole."""
    began, file = time.monotonic(), wanted.folder / "unfinished.db"
    file.unlink(missing_ok=True)
    database = Database(f"sqlite:///{file}")
    first = min(size.tickets, MADE)
    make(database, wanted.seal, wanted.rules, Wanted(first, DAYS, NOW, people=size.people))
    count = older.copy(database, size.tickets // first - 1, DAYS)
    database.close()
    file.rename(wanted.folder / "jingge.db")
    sys.stderr.write(f"{count} tickets made in {time.monotonic() - began:.0f} s\n")


def poured(url: str, source: str) -> None:
    """Fill the empty PostgreSQL at ``url`` with the SQLite station ``source``."""
    old, new = Database(source), Database(url)
    migrate.upgrade(new)
    raw = new.writer_engine.raw_connection()
    with old.writer_engine.connect() as conn:
        for table in table_of(CardRow).metadata.sorted_tables:
            names = [column.name for column in table.columns]
            rows = conn.execution_options(yield_per=5000).execute(select(table))
            put_all(raw.driver_connection, table.name, names, (tuple(row) for row in rows))
    raw.close()
    with new.writer_engine.connect() as conn:
        older.settle(conn)
    old.close()
    new.close()


class Talk:
    """Makes the messages of one station: the same words in both, at places that it has."""

    def __init__(self, road: Road, people: int, run: str) -> None:
        self._road = road
        self._dice = Random(7)  # which house; no secret  # noqa: S311
        self._people = people
        self._run = run
        self._now = NOW
        self._count = 0
        self._groups = [chat for chat in road.rules.chats.chats if chat.public and chat.grid]

    def four(self) -> dict[str, Cost]:
        """What each of the four kinds cost, one of each."""
        group, user = self._dice.choice(self._groups), f"bench-{self._dice.randrange(self._people)}"
        house = f"{self._dice.randrange(1, 10)}号楼{self._dice.randrange(1, 4)}单元"
        report = self._said(group.id, user, f"@小警 {house}门口路灯不亮，晚上黑，老人不敢走")
        found = {"report": self._handled(report)}
        follow = self._said(group.id, user, "@小警 路灯还是不亮，什么时候来修")
        found["follow"] = self._handled(follow)
        found["click"] = self._handled(self._click(report))
        talk = self._said(group.id, user, "今天菜场的白菜真新鲜", OVERHEARD)
        found["talk"] = self._handled(talk)
        return found

    def _handled(self, event: Event) -> Cost:
        return self._road.handle(event, self._now)

    def _key(self) -> str:
        self._count += 1
        self._now += timedelta(seconds=20)
        return f"aibot:{self._run}:{self._count}"

    def _said(self, chat: str, user: str, text: str, door: str = "socket") -> Heard:
        key = self._key()
        return Heard(key=key, at=self._now, chat=chat, by=user, door=door, text=text)

    def _click(self, report: Event) -> Clicked:
        """Who has the report's ticket takes it on."""
        key = self._key()

        def read(conn: object) -> Clicked:
            db = Db(conn, self._road.seal)  # type: ignore[arg-type]  # a connection
            ticket = tickets.get(db, journal.ticket_of(db, report.key))
            c = table_of(CardRow).c
            wanted = select(c.task_id, c.user).where(c.ticket_id == ticket.id)
            card = db.conn.execute(wanted.where(c.user == ticket.owner)).one()
            button = ButtonKey("accept", ticket.number, ticket.version, ticket.line).pack()
            return Clicked(
                key=key, at=self._now, chat=f"app:{card.user}", by=card.user, door="app",
                task_id=card.task_id, button=button,
            )  # fmt: skip

        return self._road.database.read_now(read)


def run(asked: Asked) -> Iterator[Found]:
    """Both databases, the county beside the village."""
    big, small = station(COUNTY, asked.scale), station(VILLAGE)
    yield from _beside("SQLite", (big.url, big), (small.url, small), asked.rounds)
    programs = private_postgres.programs()
    if programs is None:
        return
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(private_postgres.server(programs)) for _ in range(2)]
        for url, one in zip(urls, (big, small), strict=True):
            poured(url, one.url)
        yield from _beside("PostgreSQL", (urls[0], big), (urls[1], small), asked.rounds)


def _beside(
    where: str, big: tuple[str, Station], small: tuple[str, Station], rounds: int
) -> Iterator[Found]:
    roads = [Road(url, one.seal, one.rules) for url, one in (big, small)]
    run = f"{time.time_ns():x}"
    people = (COUNTY.people, VILLAGE.people)
    talks = [Talk(road, count, run) for road, count in zip(roads, people, strict=True)]
    for talk in talks:
        talk.four()  # connections, caches of statements
    found = [_round(talks, number) for number in range(rounds)]
    for road in roads:
        road.database.close()
    for kind, says in _SAYS.items():
        measure = Measure("scale", says, _FLOOR, _GOAL, less_is_better=True, value_unit=" µs")
        both = [[one[kind] for one in side] for pair in found for side in pair]
        asks = [statistics.median(c.statements for c in side) for side in both[:2]]
        rows = [Round(_side(pair[0], kind), _side(pair[1], kind)) for pair in found]
        yield Found(measure, where, rows, [f"{kind}: statements {asks[0]:.0f}, {asks[1]:.0f}"])


Costs = list[dict[str, Cost]]


def _round(talks: list[Talk], number: int) -> tuple[Costs, Costs]:
    """Both sides message by message, who begins changes."""
    found: tuple[Costs, Costs] = ([], [])
    for each in range(EACH_ROUND):
        order = (0, 1) if (number + each) % 2 else (1, 0)
        for side in order:
            found[side].append(talks[side].four())
    return found


def _side(costs: Costs, kind: str) -> Side:
    """Of one round: the mean, for a rare dear message is a cost as well."""
    mean = statistics.mean(one[kind].cpu_us for one in costs)
    return Side(mean, mean)
