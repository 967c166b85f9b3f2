"""From a sentence in a group to the card on the officer's phone (群里一句话到民警的卡).

Twenty a second. Bot and simulator as processes over a site of many grids, so that no limit of
WeCom's holds a card back; residents speak at their moments whatever the bot does (open loop). Both
moments are the simulator's own: the line stands in the group, the card in the officer's chat. The
bot has one core, simulator and load the other. A line of ``bench.table``.
"""

import asyncio
import contextlib
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bench import county
from bench.door import databases
from bench.door.served import SERVER_CORE, pin
from bench.lines import Asked, Found, Measure, Round, Side

ROOT = Path(__file__).parents[1]
RATE, SECONDS = 20.0, 60.0
_GRIDS = _GROUPS = 120
_SPEAKERS = 3
_WARM = 40
_SETTLE_S, _LOOK_S = 120.0, 1.0
_WORDS = "{0}楼上天天半夜放音乐跳舞，吵得孩子睡不着"
_HOUSE = re.compile(r"小区[零一二三四五六七八九]{4}\d+号楼")
_TICKS = os.sysconf("SC_CLK_TCK")
_NOW = "2026-03-04T10:00:00+08:00"  # a Wednesday in working hours
_LIMITS = (400.0, 100.0)
_P99 = Measure("card", "group sentence → officer's card, p99", *_LIMITS, "ms", True, " ms")
_P50 = Measure("card", "group sentence → officer's card, p50", *_LIMITS, "ms", True, " ms")


@dataclass(frozen=True, slots=True)
class Place:
    """A group and the estate that it talks of."""

    chat: str
    estate: str
    speakers: tuple[str, ...]


def run(asked: Asked) -> Iterator[Found]:
    """Two rows for each database."""
    pin()
    for where in databases.NAMES:
        with databases.fresh(where) as url:
            if url is not None:
                rounds, notes = asyncio.run(_measured(url, asked))
                for measure, number in ((_P99, 1), (_P50, 0)):
                    yield Found(measure, where, [Round(one[number]) for one in rounds], notes)


async def _measured(url: str, asked: Asked) -> tuple[list[tuple[Side, Side]], list[str]]:
    count = int(RATE * SECONDS * asked.scale)
    rounds, notes = [], []
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
        places = _site(Path(folder) / "site")
        async with _demo(Path(folder), url) as (sim, bot), aiohttp.ClientSession() as http:
            await _round(http, sim, places, 0, _WARM)
            for number in range(asked.rounds):
                before = _cpu_s(bot)
                waits = await _round(http, sim, places, _WARM + number * count, count)
                cpu_us = (_cpu_s(bot) - before) / count * 1e6
                rounds.append((Side(_share(waits, 0.5), cpu_us), Side(_share(waits, 0.99), cpu_us)))
                notes.append(f"{count} said, {waits.count(float('inf'))} without a card")
    return rounds, notes


def _share(waits: list[float], share: float) -> float:
    """Milliseconds that this share of all did not exceed."""
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * share))]


async def _round(
    http: aiohttp.ClientSession, sim: str, places: list[Place], start: int, count: int
) -> list[float]:
    """Milliseconds from each sentence to its card; infinite where none came."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as saying:
        for number in range(start, start + count):
            await asyncio.sleep(max(0.0, began + (number - start) / RATE - loop.time()))
            saying.create_task(_say(http, sim, places, number))
    wanted = {_said(places, number)[1] for number in range(start, start + count)}
    deadline = loop.time() + _SETTLE_S
    while True:
        waits = _waits(await _messages(http, sim), wanted)
        if len(waits) == len(wanted) or loop.time() > deadline:
            return [waits.get(words, float("inf")) for words in wanted]
        await asyncio.sleep(_LOOK_S)


def _said(places: list[Place], number: int) -> tuple[Place, str]:
    """Who speaks where, and a house that nobody spoke of before."""
    place = places[number % len(places)]
    return place, f"{place.estate}{number // len(places) + 1}号楼"


async def _say(http: aiohttp.ClientSession, sim: str, places: list[Place], number: int) -> None:
    place, house = _said(places, number)
    who = place.speakers[number // len(places) % len(place.speakers)]
    text = _WORDS.format(house)
    body = {"chat": place.chat, "user": who, "text": text, "mention": True, "wait": False}
    async with http.post(f"{sim}/sim/say", json=body) as response:
        response.raise_for_status()


async def _messages(http: aiohttp.ClientSession, sim: str) -> list[dict[str, Any]]:
    async with http.get(f"{sim}/sim/messages") as response:
        found: list[dict[str, Any]] = (await response.json())["messages"]
        return found


def _waits(messages: list[dict[str, Any]], wanted: set[str]) -> dict[str, float]:
    """House → milliseconds from the first line that names it to the first card that does."""
    said: dict[str, datetime] = {}
    shown: dict[str, datetime] = {}
    for message in messages:
        kept = shown if message["card"] else said
        for house in _houses(message) & wanted:
            kept.setdefault(house, datetime.fromisoformat(message["at"]))
    return {one: (shown[one] - said[one]).total_seconds() * 1000 for one in shown if one in said}


def _houses(message: dict[str, Any]) -> set[str]:
    card = message["card"]
    text = f"{card['title']} {card['text']} {card['fields']}" if card else message["text"]
    return set(_HOUSE.findall(text))


def _site(folder: Path) -> list[Place]:
    """The site's files, and the groups of the grids that the sample does not have."""
    county.write(folder, county.Size(0, 0, _GROUPS, _GRIDS))
    known = {name: _yaml(folder / f"{name}.yaml") for name in ("chats", "grids", "demo")}
    estates = {one["id"]: one["estates"][0]["name"] for one in known["grids"]["grids"]}
    found = []
    for chat in known["chats"]["chats"]:
        if _HOUSE.match(f"{estates.get(chat['grid'])}1号楼"):
            speakers = tuple(f"{chat['id']}_{number}" for number in range(_SPEAKERS))
            known["demo"]["residents"] += [
                {"id": one, "name": "居民", "grid": chat["grid"], "chats": [chat["id"]]}
                for one in speakers
            ]
            found.append(Place(chat["id"], estates[chat["grid"]], speakers))
    text = yaml.safe_dump(known["demo"], allow_unicode=True, sort_keys=False)
    (folder / "demo.yaml").write_text(text, "utf-8")
    return found


def _yaml(file: Path) -> Any:
    return yaml.safe_load(file.read_text("utf-8"))


@contextlib.asynccontextmanager
async def _demo(folder: Path, url: str) -> AsyncIterator[tuple[str, int]]:
    """The simulator's address and the bot's process, as long as the block."""
    words = ["demo", "--serve", "--data", str(folder / "data"), "--site", str(folder / "site")]
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "run_bot.py", *words, "--now", _NOW),
        cwd=ROOT,
        env={**os.environ, **({} if url.startswith("sqlite") else {"DATABASE_URL": url})},
        stdout=asyncio.subprocess.PIPE,
    )
    assert demo.stdout is not None  # it is a pipe  # noqa: S101
    try:
        ready = (await demo.stdout.readline()).decode()
        told = dict(word.split("=", 1) for word in ready.split()[1:])
        _apart(int(told["bot"]))
        yield told["sim"], int(told["bot"])
    finally:
        demo.terminate()
        await demo.wait()


def _apart(bot: int) -> None:
    """Put the bot on the server's core, all threads that it has by now."""
    if (os.cpu_count() or 1) > 1:
        for thread in Path(f"/proc/{bot}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {SERVER_CORE})


def _cpu_s(pid: int) -> float:
    """Seconds of CPU that it has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
