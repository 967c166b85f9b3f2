"""Keeps userids of the rules up to date (改账号): every process sees a rename within a second.

The Turn that heard of it has moved tickets and cards; here the rules of this process follow.
"""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.door_events import Learned
from bot.engine.app import Engine
from bot.events import Event
from bot.turn import Turn
from config.renaming import renamed
from storage import staff

log = logging.getLogger(__name__)
_LOOK_S = 1.0


def follow(engine: Engine, handle: Callable[[Turn, Event], None]) -> Callable[[Turn, Event], None]:
    """``handle``, after which this process takes over the userids that a Turn has changed.

    Should that Turn be rolled back, its next try finds the person under the new userid. Never the
    Turn's own rules: they are of one day, and a reload may have come meanwhile.
    """

    def handled(turn: Turn, event: Event) -> None:
        handle(turn, event)
        if isinstance(event, Learned) and event.what == "staff":
            engine.rules = renamed(engine.rules, staff.renames(turn.db))

    return handled


async def keep_names(engine: Engine) -> None:
    """Look for ever; a database that is away is asked again."""
    while True:
        try:
            await take_names(engine)
        except SQLAlchemyError as fault:
            log.warning("names are not looked up now: %s", type(fault).__name__)
        await asyncio.sleep(_LOOK_S)


async def take_names(engine: Engine) -> None:
    """Put every rename that is known into the rules in force."""
    known = await engine.database.read(lambda conn: staff.renames(engine.db_of(conn)))
    if known:
        engine.rules = renamed(engine.rules, known)
