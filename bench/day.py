"""The longest stall of the event loop in a day's work (一天里最长的停顿).

The real program over a town of 200,000 tickets beats every millisecond while somebody says 日报
and 周研判 in chat, an Excel and a Word report are fetched, the morning's cron hours run and the
rules are read again; the notes name the worst pauses. Line ``run_bot.py bench table --only day``.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import private_postgres, scale
from bench.county import Size
from bench.lines import Asked, Found, Measure, Round, Side
from bench.page_list import Ask
from bench.pages import House

TOWN = Size(200_000, 30_000, 400, 100)
_SAID = ("日报", "周研判", "我的")
_HOURS = (
    "archive", "repeats", "roster", "digest_day", "digest_audit", "rounds", "hard", "coverage",
    "visits", "shift:0830", "department_letters", "team_table", "sample", "publicity_evening",
    "digest_evening",
)  # fmt: skip
_FILES = (
    Ask("日报", "/reports?kind=day"),
    Ask("月通报 Excel", "/reports/file?kind=month&form=xlsx"),
    Ask("月通报 Word", "/reports/file?kind=month&form=docx"),
    Ask("工单 Excel", "/tickets/export?kind=all&form=xlsx"),
)
_QUIET_S = 5.0
_MOST_NAMED = 6
_STALL = Measure(
    "day", "longest stall of the loop in a day's work", 100, 30, "ms",
    less_is_better=True, value_unit=" ms",
)  # fmt: skip


def run(asked: Asked) -> Iterator[Found]:
    """Both databases; each round is a day."""
    town = scale.station(TOWN, asked.scale)
    yield _days("SQLite", town, town.url, asked.rounds)
    if (programs := private_postgres.programs()) is not None:
        with private_postgres.server(programs) as url:
            scale.poured(url, town.url)
            yield _days("PostgreSQL", town, url, asked.rounds)


def _days(where: str, town: scale.Station, url: str, rounds: int) -> Found:
    days = [_day(town, url) for _ in range(rounds)]
    notes = []
    for day in days:
        worst = sorted(day, key=day.__getitem__, reverse=True)[:_MOST_NAMED]
        notes.append("；".join(f"{name} {day[name]:.0f} ms" for name in (*worst, "nothing")))
    rounds_of = [Round(Side(max(day.values()))) for day in days]
    return Found(_STALL, where, rounds_of, notes)


def _day(town: scale.Station, url: str) -> dict[str, float]:
    """The worst pause in each thing that is done, in milliseconds."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jingge-bench-")))
        site = Path(shutil.copytree(town.folder / "site", folder / "site"))
        shutil.copyfile(town.folder / "keys.json", folder / "keys.json")
        house = House(folder, url, JINGGE_SITE=str(site))
        stack.callback(house.close)
        house.held_up()
        found = {f"说{one}": house.held_up(f"say {one}")["stall_ms"] for one in _SAID}
        found |= {one: house.held_up(f"hour {one}")["stall_ms"] for one in _HOURS}
        for ask in _FILES:
            status, _, _ = house.get(ask)
            found[f"{ask.name} ({status})"] = house.held_up()["stall_ms"]
        found["重读规则"] = house.held_up(f"reload {site}")["stall_ms"]
        time.sleep(_QUIET_S)
        found["nothing"] = house.held_up()["stall_ms"]
    return found
