"""From start to ready (启动到就绪) with a million tickets: seconds, and memory at that moment.

The real program is started over the county of ``bench.scale`` and asked ``/readyz`` every ten
milliseconds; beside it the same over the village. Loading the program itself is part of it. Line of
``run_bot.py bench table --only beginning``.
"""

import contextlib
import statistics
from collections.abc import Iterator

from bench import private_postgres, scale
from bench.county import COUNTY, VILLAGE
from bench.fleet import Ground, One
from bench.lines import Asked, Found, Measure, Round, Side
from bench.pages import NOW

_ALL = "hear,work,send,tick,web"
_READY = Measure(
    "beginning", "start to ready, county", 5, 2, "s", less_is_better=True, value_unit=" s"
)


def run(asked: Asked) -> Iterator[Found]:
    """Both databases."""
    big, small = scale.station(COUNTY, asked.scale), scale.station(VILLAGE)
    yield _begun("SQLite", (big.url, big), (small.url, small), asked.rounds)
    if (programs := private_postgres.programs()) is not None:
        with contextlib.ExitStack() as stack:
            urls = [stack.enter_context(private_postgres.server(programs)) for _ in range(2)]
            for url, one in zip(urls, (big, small), strict=True):
                scale.poured(url, one.url)
            yield _begun("PostgreSQL", (urls[0], big), (urls[1], small), asked.rounds)


def _begun(
    where: str, big: tuple[str, scale.Station], small: tuple[str, scale.Station], rounds: int
) -> Found:
    """The village's seconds and both memories are notes: the line is a number of seconds."""
    found = []
    for number in range(rounds):
        pair = [_one(*one) for one in ((big, small) if number % 2 else (small, big))]
        found.append(pair if number % 2 else pair[::-1])
    county, village = ([pair[side] for pair in found] for side in (0, 1))
    notes = [f"{name}: {_words(side)}" for name, side in (("county", county), ("village", village))]
    return Found(_READY, where, [Round(Side(seconds)) for seconds, _ in county], notes)


def _words(side: list[tuple[float, float]]) -> str:
    seconds, memory = (statistics.median(one) for one in zip(*side, strict=True))
    return f"{seconds:.1f} s, {memory:.0f} MB"


def _one(url: str, station: scale.Station) -> tuple[float, float]:
    """(seconds until ready, MB then) of one start."""
    ground = Ground(url, station.folder, station.folder / "site", NOW)
    one = One(ground, _ALL)
    one.start()
    try:
        return one.until_ready(), one.memory_mb
    finally:
        one.kill()
