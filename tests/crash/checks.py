"""What every crash test asks: is the bot back, is all settled, did each report open one ticket."""

import aiohttp

from tests.crash.books import Books
from tests.crash.stream import Poured
from tests.servers.polling import until
from tests.stories.world import World


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


def starts(world: World) -> int:
    """How often the bot has started on this data."""
    return (world.demo.data / "bot.log").read_text(encoding="utf-8").count(" ready web=")
