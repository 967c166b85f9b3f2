"""Acknowledgements on a disk that takes 2 ms more (慢盘上的确认), and how long the slowest waits.

``acks`` beside a program that commits each message; ``steady`` at a hundred a second whatever the
answers do, once while nothing is worked and once while every sentence has its Turn.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.door import databases, each, slow_disk
from bench.door.ack import Mouth
from bench.door.load import closed, steady
from bench.door.served import Served, pin, serving
from bench.door.wire import new_aes_key
from bench.lines import Asked, Found, Measure, Round, Side, alternating

_ACKS = Measure("acks", "acks/s with fsync + 2 ms ÷ a commit for each message", 6, 15)
_P99 = Measure(
    *("p99", "p99 of the ack at a steady 100/s", 25, 8), "ms", less_is_better=True, value_unit=" ms"
)
_P99_SLOW = Measure(
    *("p99", "p99 of the ack at a steady 100/s, fsync + 2 ms", 40, 15),
    *("ms",), less_is_better=True, value_unit=" ms",
)  # fmt: skip
_MESSAGES, _WARM, _RATE, _SECONDS = 3_000, 300, 100.0, 10.0
_APP = "/wecom/app"


def acks(asked: Asked) -> Iterator[Found]:
    """Both databases on a slow disk, ours beside the usual."""
    pin()
    for where, url, env in _disks(slow=True):
        key = new_aes_key()
        mouth = Mouth(key, int(_MESSAGES * asked.scale))
        with _house(url, key, "ack", env) as ours, serving(each.__name__, [key, url], **env) as one:
            for served, path in ((ours, _APP), (one, each.PATH)):
                closed(served.url, mouth.load(path, _WARM))
            rounds = alternating(
                lambda mouth=mouth, ours=ours: mouth.side(ours, _APP),  # type: ignore[misc]
                lambda mouth=mouth, one=one: mouth.side(one, each.PATH),  # type: ignore[misc]
                asked.rounds,
            )
        yield Found(_ACKS, where, rounds)


def steadily(asked: Asked) -> Iterator[Found]:
    """Both databases, a plain disk and a slow one, nothing worked and everything."""
    pin()
    for slow in (False, True):
        measure = _P99_SLOW if slow else _P99
        for how, words in (("ack", "kept only"), ("answer", "kept and worked")):
            for where, url, env in _disks(slow=slow):  # a house begins with an empty database
                key = new_aes_key()
                with _house(url, key, how, env) as ours:
                    mouth = Mouth(key, int(_RATE * _SECONDS * asked.scale))
                    closed(ours.url, mouth.load(_APP, 20))
                    rounds = [Round(_slowest(ours, mouth)) for _ in range(asked.rounds)]
                yield Found(measure, f"{where}, {words}", rounds)


def _slowest(ours: Served, mouth: Mouth) -> Side:
    requests: Sequence[bytes] = mouth.load(_APP)
    side, found = ours.round(lambda url: steady(url, requests, _RATE))
    return Side(found.p(0.99), side.cpu_us)


@contextlib.contextmanager
def _house(url: str, key: str, how: str, env: dict[str, str]) -> Iterator[Served]:
    with (
        tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder,
        serving("bench.door.house", [folder, url, key, how], **env) as served,
    ):
        yield Served(served.told["app"], served.pid, served.told)


def _disks(*, slow: bool) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, URL and environment of a fresh database on such a disk."""
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
        library = slow_disk.library(Path(folder)) if slow else ""
        if library is None:
            return
        env = {"LD_PRELOAD": library} if library else {}
        for where in databases.NAMES:
            with databases.fresh(where, env) as url:
                if url is not None:
                    yield where, url, env
