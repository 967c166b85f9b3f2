"""One group that floods (刷屏), and how long the others wait meanwhile: before against during.

Starts the demo (bot and simulator as processes, SQLite with FULL sync). Two groups ask one thing
after the other, in quiet and then while everybody in a third group speaks as fast as the wire takes
it; the time runs from the words to the answer in the group. Each round does both, so the figure
compares what one machine did within a minute. A line of the performance table, and ``run_bot.py
bench flood`` alone.
"""

import asyncio
import contextlib
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import aiohttp

from bench.first_answer import ROOT
from bench.lines import HEAD, ROUNDS, Asked, Found, Measure, Round, Side, row

_FLOODED = ("wrGUIHUA01", ("wang_ayi", "chen_shu", "xu_xiaolei"))
_OTHERS = (("wrHUAIAN01", "zhao_daye"), ("wrSHIQIAO1", "wu_laosan"))
_ASKS = 12  # of a half round
_POLL_S, _LONGEST_S, _REST_S = 0.01, 60.0, 1.0
_FLOOD_PAUSE_S = 0.02
_P50 = Measure(
    "flood p50", "others' first words under a flood ÷ before, p50", 2.0, 1.5, less_is_better=True,
    value_unit=" ms",
)  # fmt: skip
_P99 = Measure(
    "flood p99", "others' first words under a flood ÷ before, p99", 2.0, 1.5, less_is_better=True,
    value_unit=" ms",
)  # fmt: skip


@dataclass
class _Demo:
    """A running demo and how many words the flood has poured."""

    http: aiohttp.ClientSession
    sim: str
    number: Iterator[int]
    poured: int = 0

    async def say(self, chat: str, user: str, text: str) -> bool:
        """Whether it was delivered."""
        body = {"chat": chat, "user": user, "text": text, "mention": True, "wait": False}
        async with self.http.post(f"{self.sim}/sim/say", json=body) as response:
            return bool((await response.json()).get("delivered"))

    async def answers(self, chat: str) -> int:
        """How often the bot has spoken there."""
        async with self.http.get(f"{self.sim}/sim/chats/{chat}") as response:
            messages = (await response.json())["messages"]
        return sum(1 for message in messages if message["from"] == "bot")

    async def asked(self, chat: str, user: str) -> float:
        """Milliseconds from a report to the first words in its group."""
        before, began = await self.answers(chat), time.perf_counter()
        await self.say(chat, user, f"{next(self.number)}号楼门口的路灯不亮")
        while await self.answers(chat) == before:
            if time.perf_counter() - began > _LONGEST_S:
                raise TimeoutError(f"no answer in {chat} within {_LONGEST_S} s")
            await asyncio.sleep(_POLL_S)
        return (time.perf_counter() - began) * 1000

    async def half(self, asks: int) -> list[float]:
        """So many questions of the others, by turns."""
        found = []
        for chat, user in itertools.islice(itertools.cycle(_OTHERS), asks):
            found.append(await self.asked(chat, user))
            await asyncio.sleep(_REST_S)
        return found

    async def flood(self) -> None:
        """Everybody in one group speaks without end."""
        chat, users = _FLOODED
        for user in itertools.cycle(users):
            words = f"{next(self.number)}号楼的楼道漏水"
            self.poured += await self.say(chat, user, words)
            await asyncio.sleep(_FLOOD_PAUSE_S)


async def _rounds(rounds: int, asks: int) -> tuple[list[list[float]], list[list[float]], int]:
    """Milliseconds in quiet and under the flood, round by round, and how much was poured."""
    quiet, flooded = [], []
    async with _demo() as demo:
        await demo.half(2)  # the first ones open what the next ones find open
        for _ in range(rounds):
            quiet.append(await demo.half(asks))
            flooding = asyncio.create_task(demo.flood())
            flooded.append(await demo.half(asks))
            flooding.cancel()
            await asyncio.gather(flooding, return_exceptions=True)
            async with demo.http.post(f"{demo.sim}/sim/clock", json={"advance_s": 60}) as response:
                await response.read()
        return quiet, flooded, demo.poured


@contextlib.asynccontextmanager
async def _demo() -> AsyncIterator[_Demo]:
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
        command = (sys.executable, "run_bot.py", "demo", "--serve", "--data", folder)
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None  # it is a pipe  # noqa: S101
        ready = (await process.stdout.readline()).decode()
        sim = next(word[4:] for word in ready.split() if word.startswith("sim="))
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as http:
                yield _Demo(http, sim, itertools.count(1))
        finally:
            process.terminate()
            await process.wait()


def run(asked: Asked) -> Iterator[Found]:
    """Both rows."""
    asks = max(4, round(_ASKS * asked.scale))
    quiet, flooded, poured = asyncio.run(_rounds(asked.rounds, asks))
    notes = (f"{poured} words poured, {asks} questions in each half round",)
    for measure, part in ((_P50, 0.5), (_P99, 0.99)):
        rounds = [
            Round(Side(_quantile(there, part)), Side(_quantile(here, part)))
            for here, there in zip(quiet, flooded, strict=True)
        ]
        yield Found(measure, "SQLite, one process", rounds, notes)


def _quantile(values: list[float], part: float) -> float:
    if part == 0.5:
        return statistics.median(values)
    return sorted(values)[min(len(values) - 1, round(len(values) * part))]


def main() -> int:
    """Measure and print."""
    sys.stdout.write(HEAD)
    for found in run(Asked(ROUNDS)):
        sys.stdout.write(row(found))
        sys.stderr.write(f"{found.notes[0]}\n")
    return 0
