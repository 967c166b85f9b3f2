"""Looks whether last night's backup went well (看备份): else the administrator hears of it.

The backup is a process of its own, so it may fail, or never be started, without anybody noticing;
this looks at its ``state.json`` once an hour and says so once a day. Started by ``house`` where a
backup folder is configured; ``doctor`` uses the same sentence.
"""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.door_events import Alarmed
from bot.engine.app import Engine
from storage import backup_files
from storage.backup_files import State

log = logging.getLogger(__name__)
LATE = timedelta(hours=30)
_HOUR_S = 3600.0


def fault_of(state: State, now: datetime) -> str:
    """What is wrong, in words; empty when the last backup is good and young enough."""
    if state.fault:
        return state.fault.rstrip("。")
    if state.good_at is None:
        return "还没有做成过一次"
    hours = int((now - state.good_at).total_seconds() // 3600)
    return f"最近一次做成是 {hours} 小时以前" if now - state.good_at > LATE else ""


def works(engine: Engine, out: Path) -> list[Coroutine[Any, Any, None]]:
    """What runs beside the bot; nothing where no backup folder is configured."""
    return [watch(engine, out)] if out != Path() else []


async def watch(engine: Engine, out: Path, every_s: float = _HOUR_S) -> None:
    """Look for ever; the first time after ``every_s``, so that a new station is not scolded."""
    while True:
        await asyncio.sleep(every_s)
        await look(engine, await asyncio.to_thread(backup_files.state, out))


async def look(engine: Engine, state: State) -> None:
    """Tell the administrator when something is wrong."""
    why = fault_of(state, datetime.now(UTC))
    if not why:
        return
    at = engine.clock.now()
    key = f"alarm:backup:{at:%Y%m%d}"
    event = Alarmed(key=key, at=at, door="backup", text="operator_backup", values={"why": why})
    try:
        await engine.listener.hear(event)
    except OSError as fault:
        log.warning("an alarm cannot be kept now: %s", fault)
