"""What the last life said within the hour (说过的): put back into the buckets of a new one.

Without Redis the buckets lie in memory. A program that died and began anew would say thirty things
more to somebody within the same minute, and WeCom drops what is over thirty without a word. Called
by ``commands.house`` before anything is sent.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.engine.app import Engine
from bot.wecom.limits import WINDOWS, bucket_of
from storage import outbox
from storage.coordination import InProcess

_LIMITED = ("socket", "robot", "app")
_BACK = timedelta(seconds=max(seconds for _, seconds in WINDOWS))


async def recall(engine: Engine, buckets: InProcess, doors: Mapping[str, Any]) -> None:
    """Every word that has a receipt of the last hour has taken its token."""
    since = engine.clock.now() - _BACK
    said = await engine.database.read(lambda conn: outbox.said_since(engine.db_of(conn), since))
    named = {lane: doors[lane].limited_as for lane in _LIMITED if doors.get(lane) is not None}
    for lane, line, at in said:
        if lane in named:
            buckets.remember(bucket_of(named[lane], line), WINDOWS, at)
