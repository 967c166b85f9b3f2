"""What every crash test asks: is the bot back, is all settled, is each report there, and once."""

from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from tests.crash.books import Books
from tests.crash.stream import Poured, Report
from tests.servers.polling import until
from tests.stories.world import Json, World

# How a try of WeCom may end when the bot is dead, still beginning, or out of the machine's time.
# Anything else is a living bot that refuses a sound letter.
_OF_A_DEATH = frozenset({"refused", "late", "line ended"})


async def alive(world: World) -> bool:
    """True when the bot answers."""
    try:
        async with world.session.get(f"{world.demo.web}/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def settled(world: World) -> None:
    """Both sides quiet, and every full rate bucket empty again."""
    await until(lambda: alive(world), "the bot is back", within_s=20)
    await world.pass_seconds(130)


def opened_once(books: Books, poured: Poured) -> list[str]:
    """Sentences that were accepted and did not become exactly one ticket."""
    wrong = []
    for report in poured.reports:
        keys = books.accepted(report.text)
        made = [ticket for key in keys for ticket in books.tickets_of(key)]
        if len(keys) > 1 or len(made) != len(keys):
            wrong.append(f"{report.text}: {len(keys)} events, {len(made)} tickets")
    return wrong


@dataclass(frozen=True)
class Missing:
    """The sentences that are not there: those that WeCom never handed over, and the others."""

    lawful: list[Report] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def told(self) -> str:
        """The lawful ones by door, for a line of docs/soak.md."""
        doors = Counter(one.chat for one in self.lawful)
        return ", ".join(f"{count} {chat}" for chat, count in sorted(doors.items())) or "none"


async def missing(world: World, books: Books, poured: Poured) -> Missing:
    """What was said and is not there; ``lost`` must be empty."""
    given_up = {row["msgid"]: row for row in await world.get("/sim/lost")}
    found = Missing()
    for one in poured.reports:
        if books.accepted(one.text):
            continue
        row = given_up.get(poured.msgids[one.text])
        if row is not None and _OF_A_DEATH.issuperset(row["ends"]):
            found.lawful.append(one)
        else:
            found.lost.append(_story(one, row))
    return found


def _story(report: Report, row: Json | None) -> str:
    said = f"{report.text} in {report.chat}"
    return f"{said}: taken, and not there" if row is None else f"{said}: {row['ends']}"


def starts(world: World) -> int:
    """How often the bot has started on this data."""
    return (world.demo.data / "bot.log").read_text(encoding="utf-8").count(" ready web=")
