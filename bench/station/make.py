"""Makes a station of many years (造一个所): so many tickets up to now, in order of time, seeded.

``run_bot.py bench station`` calls ``make``; the measuring run of ``bench.pages`` does as well. What
it does not imitate is said in docs/performance.md: no Turn decides anything here.
"""

import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.station import lives
from bench.station.around import Around
from bench.station.bulk import Bulk
from bench.station.matter import Matter
from bench.station.matters import Matters
from bot.domain.repeats import What
from config.rules import Rules
from storage import migrate
from storage.database import Database
from storage.repeats_tables import FindingRow
from storage.sealed import Seal
from storage.station_tables import LinkRow

_FINDING_EVERY = 250
_MEMBERS = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How big, how long, from which seed."""

    tickets: int
    days: int
    now: datetime
    seed: int = 1
    people: int = 30_000


def make(database: Database, seal: Seal, rules: Rules, wanted: Wanted) -> None:
    """Fill the empty ``database``; the schema is brought up to date first."""
    migrate.upgrade(database)
    rng, bulk = Random(wanted.seed), Bulk(database)  # made-up data, no secrets  # noqa: S311
    begin = wanted.now - wanted.days * _DAY
    matters = Matters(bulk, seal, rules, rng, wanted.now, wanted.people)
    around = Around(bulk, seal, rules, rng, wanted.now)
    around.people(matters.keys, begin)
    day, lately, began = begin, list[Matter](), time.monotonic()
    for at in lives.moments(rng, begin, wanted.now - timedelta(hours=1), wanted.tickets):
        while day <= at:
            around.day(day, matters.count)
            day += _DAY
            bulk.flush()
        lately = [*lately[-40:], matters.make(at)]
        _tell(matters.count, wanted.tickets, began)
        if matters.count % _FINDING_EVERY == 0:
            _finding(bulk, rng, matters, at, lately)
    matters.done()
    bulk.done()


def _finding(bulk: Bulk, rng: Random, matters: Matters, at: datetime, lately: list[Matter]) -> None:
    """Something that repeats: a focus ticket with a few of the last ones attached."""
    what = rng.choice(list(What))
    focus = matters.make(at, is_focus=True)
    bulk.add(
        FindingRow,
        ticket_id=focus.id, kind=what, level=rng.choice(("yellow", "red")),
        subject=f"made-{focus.id}", grid=focus.grid.id if focus.grid else "",
        category=focus.category, found_at=at,
    )  # fmt: skip
    for member in rng.sample(lately, min(_MEMBERS, len(lately))):
        bulk.add(LinkRow, ticket_id=focus.id, other_id=member.id, kind=what, made_at=at)


def _tell(count: int, whole: int, began: float) -> None:
    if count % 20_000 == 0:
        spent = time.monotonic() - began
        sys.stderr.write(f"{count} of {whole} tickets, {spent:.0f} s\n")
