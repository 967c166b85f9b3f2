"""How long a cry for help waits for its first words (险情第一句话要多久), in real time.

Starts the demo (bot and simulator as processes, SQLite with FULL sync), says dangerous sentences
in three groups, one after the other, and takes the time from the moment the words are said until
the answer stands in the group. Run by ``run_bot.py bench``; prints a Markdown table.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[1]
GROUPS = (("wrGUIHUA01", "chen_shu"), ("wrHUAIAN01", "zhao_daye"), ("wrSHIQIAO1", "wu_laosan"))
CRIES = ("{n}号楼着火了，楼道全是烟", "{n}号楼有人拿着刀追人", "{n}号楼好大的煤气味")
ROUNDS = 20
POLL_S = 0.004
LONGEST_S = 10.0


async def measure(rounds: int) -> list[float]:
    """Seconds from cry to first words, one per cry."""
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
        demo = await asyncio.create_subprocess_exec(
            sys.executable,
            "run_bot.py",
            "demo",
            "--serve",
            "--data",
            folder,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert demo.stdout is not None  # it is a pipe  # noqa: S101
        ready = (await demo.stdout.readline()).decode()
        sim = next(word[4:] for word in ready.split() if word.startswith("sim="))
        try:
            async with aiohttp.ClientSession() as http:
                return [await _one(http, sim, number) for number in range(rounds * len(GROUPS))]
        finally:
            demo.terminate()
            await demo.wait()


async def _one(http: aiohttp.ClientSession, sim: str, number: int) -> float:
    chat, user = GROUPS[number % len(GROUPS)]
    text = CRIES[number // len(GROUPS) % len(CRIES)].format(n=number + 1)
    before = await _answers(http, sim, chat)
    began = time.perf_counter()
    body = {"chat": chat, "user": user, "text": text, "mention": True, "wait": False}
    async with http.post(f"{sim}/sim/say", json=body) as response:
        response.raise_for_status()
    while await _answers(http, sim, chat) == before:
        if time.perf_counter() - began > LONGEST_S:
            raise TimeoutError(f"no answer to cry {number} within {LONGEST_S} s")
        await asyncio.sleep(POLL_S)
    spent = time.perf_counter() - began
    async with http.post(f"{sim}/sim/clock", json={"advance_s": 3}) as response:
        await response.read()
    return spent


async def _answers(http: aiohttp.ClientSession, sim: str, chat: str) -> int:
    async with http.get(f"{sim}/sim/chats/{chat}") as response:
        messages = (await response.json())["messages"]
    return sum(1 for message in messages if message["from"] == "bot")


def main() -> int:
    """Measure and print."""
    spent = sorted(asyncio.run(measure(ROUNDS)))
    p99 = spent[min(len(spent) - 1, round(len(spent) * 0.99))]
    sys.stdout.write(
        f"| measure | n | median | p99 | worst | limit |\n|---|---|---|---|---|---|\n"
        f"| cry in a group → first words in the group | {len(spent)} | "
        f"{statistics.median(spent) * 1000:.0f} ms | {p99 * 1000:.0f} ms | "
        f"{spent[-1] * 1000:.0f} ms | 2000 ms |\n\n"
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, "
        f"SQLite FULL, bot and simulator on one machine; polling adds {POLL_S * 1000:.0f} ms.\n"
    )
    return 0
