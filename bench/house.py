"""The house that is measured (被测的一方): the real program over a made-up station, as a process.

``bench.pages`` starts it with the data folder and the database's URL as arguments. It has the
custom app's door and no other, so that it calls nobody. On stdin it is told what happens (``say``,
``hour``, ``reload``) and asked, by any other line, what the event loop and the writer were held up
for; on stdout it answers each in a JSON line, the first with its address and the cookies of the
people who look. Not a part of the product.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.door_events import Deed
from bot.events import Event, Heard, Scheduled
from commands.demo_processes import free_port
from commands.house import Demo, House, open_house
from commands.remembering import remember
from commands.rule_desk import RuleDesk
from commands.run import settle
from config.settings import Settings

_LOOK_S = 0.001
_ASK_S = 0.01
_WHOLE_S = 600.0


class Watch:
    """The longest wait since somebody asked: of the event loop, and of an empty write."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.stall_s = 0.0
        self.write_s = 0.0

    async def loop(self) -> None:
        """Sleep a little, see how much longer it was."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            await asyncio.sleep(_LOOK_S)
            self.stall_s = max(self.stall_s, clock() - began - _LOOK_S)

    async def writer(self) -> None:
        """What a callback waits for until it is acknowledged: one commit of the writer."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            await self._house.engine.writer.do(lambda _conn: None)
            self.write_s = max(self.write_s, clock() - began)
            await asyncio.sleep(_ASK_S)

    def taken(self) -> dict[str, float]:
        """Both in milliseconds; counting begins anew."""
        found = {"stall_ms": self.stall_s * 1000, "write_ms": self.write_s * 1000}
        self.stall_s = self.write_s = 0.0
        return found


class Day:
    """What happens in a day: words of the first of the people, cron hours, rules read again."""

    def __init__(self, house: House, user: str) -> None:
        self._engine = house.engine
        self._user = user
        self._count = 0

    async def does(self, line: str) -> None:
        """One thing, until its Turn is over; nothing for a line that only asks."""
        what, _, words = line.strip().partition(" ")
        self._count += 1
        key, at = f"bench:{time.time_ns()}:{self._count}", self._engine.clock.now()
        match what:
            case "say":
                chat = f"bot:{self._user}"
                said = Heard(
                    key=f"aibot:{key}", at=at, chat=chat, by=self._user, door="socket", text=words
                )
                await self._until_done(said)
            case "hour":
                await self._until_done(Scheduled(key=f"cron:{key}", at=at, job=words))
            case "reload":
                await self._reloaded(Path(words))

    async def _until_done(self, event: Event) -> None:
        await self._engine.listener.hear(event)
        await self._engine.listener.answer(event.key, _WHOLE_S)

    async def _reloaded(self, site: Path) -> None:
        file = site / "categories.yaml"
        text = file.read_text("utf-8").replace("[路灯, ", f"[路灯, 景观灯杆{self._count}, ")
        file.write_text(text, "utf-8")
        await RuleDesk(self._engine, site, site.parent).reload()


def settings_of(folder: Path, url: str) -> Settings:
    """The least that the house needs: the custom app's door, which nobody rings."""
    given: dict[str, Any] = {
        "data_dir": folder,
        "database_url": url,
        "web_port": free_port(0),
        "corp_id": "wwbench",
        "app_agentid": 1000002,
        "app_secret": "bench",
        "app_token": "bench",
        "app_aes_key": "a" * 43,
        "api_base": "http://127.0.0.1:9",
        "redis_url": "",
    }
    return Settings(_env_file=None, **given)


async def serve(folder: Path, url: str, now: datetime, people: list[str]) -> None:
    """Run until stdin ends."""
    async with open_house(settings_of(folder, url), Demo.at(now, spoken=False)) as house:
        await asyncio.to_thread(settle)
        await remember(house.engine)
        watch = Watch(house)
        works: list[Callable[[], Coroutine[Any, Any, None]]] = [watch.loop, watch.writer]
        tasks = [asyncio.create_task(work()) for work in works]
        cookies = {user: await _login(house, user) for user in people}
        _say({"url": house.web_url, "cookies": cookies})
        day = Day(house, people[0])
        while line := await asyncio.to_thread(sys.stdin.readline):
            await day.does(line)
            _say(watch.taken())
        for task in tasks:
            task.cancel()


async def _login(house: House, user: str) -> str:
    assert house.entry is not None  # noqa: S101 all loops run here
    session = house.entry.sessions.issue(user)
    await house.entry.book(Deed.IN, session)
    return session.cookie


def _say(found: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(
        serve(Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3]), sys.argv[4:])
    )
