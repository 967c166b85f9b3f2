"""Whether the process lives, and whether it is of use (健康): reasons in words, none when well.

``alive``: the loop answers and the writing thread moves; if not, only a restart helps. ``ready``:
database, schema, leases, lag, lanes; a restart would change nothing. Asked by ``bot.web.health``
and by the watch of ``commands.watch``.
"""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.domain import clocks
from bot.engine.app import Engine
from bot.lines import PARTITIONS
from config.faults import StartupFault
from config.watch_rules import Watch
from storage import migrate, pulse
from storage.pulse import Pulse

STUCK_S = 30.0
LINE_AWAY = "机器人和企业微信的长连接断了"
UNREACHABLE = "连不上企业微信，有话发不出去"
READ_S = 5.0
LABELS = {
    "socket": "智能机器人（长连接）",
    "robot": "智能机器人（回调）",
    "app": "自建应用",
    "kf": "微信客服",
    "mass": "客户群群发",
    "hook": "工作群消息推送",
    "appchat": "应用群聊",
    "voice": "紧急通知电话",
    "contacts": "通讯录核对",
    "archive": "会话存档",
    "orders": "政民沟通",
    "groups": "客户群变动",
}


def label(lane: str) -> str:
    """The lane as people call it."""
    return LABELS.get(lane) or ("另一个系统" if lane.startswith("hookout:") else lane)


def alive(engine: Engine) -> list[str]:
    """Why only a restart helps; that this answers shows that the loop moves."""
    faults = []
    if engine.failed() is not None:
        faults.append("有一个循环停了，程序正要退出")
    if not engine.writer.is_running:
        faults.append("写库的线程没有了")
    elif engine.writer.busy_s > STUCK_S:
        faults.append(f"写库的线程 {engine.writer.busy_s:.0f} 秒没有动")
    return faults


async def ready(engine: Engine) -> list[str]:
    """Why it is of no use now, for the operator."""
    if engine.stopping:
        return ["正在停机"]
    try:
        async with asyncio.timeout(READ_S):
            seen = await look(engine)
            await asyncio.to_thread(migrate.looked_at, engine.database)
    except (SQLAlchemyError, OSError) as fault:  # TimeoutError is an OSError
        return [*alive(engine), f"数据库读不了（{type(fault).__name__}）"]
    except StartupFault as fault:
        return [*alive(engine), *fault.sentences]
    rules = engine.current_rules()
    limits = rules.times.watch
    away = cut_off(engine, seen, limits)
    return [
        *alive(engine),
        *([away] if away else []),
        *_unheld(seen, rules.lanes),
        *late(seen, limits),
    ]


def cut_off(engine: Engine, seen: Pulse, limits: Watch) -> str:
    """Why nothing can be said by WeCom, without minutes that move on; empty when it can."""
    if engine.offline_s() > limits.cut_off.total_seconds():
        return LINE_AWAY
    late_ones = (one for one in seen.lanes if _is_over(one.oldest, seen.at, limits.cut_off))
    return UNREACHABLE if any(one.unreachable for one in late_ones) else ""


async def look(engine: Engine) -> Pulse:
    """How the work stands now. Raises: SQLAlchemyError."""
    now = engine.clock.now()
    return await engine.database.read(lambda conn: pulse.look(engine.db_of(conn), now))


def late(seen: Pulse, limits: Watch) -> list[str]:
    """What waits too long."""
    faults = []
    if _is_over(seen.oldest, seen.at, limits.events_wait):
        faults.append(f"{seen.waiting} 条消息等着处理，最早的等了{_since(seen.oldest, seen.at)}")
    faults += [
        f"{label(lane.name)}有 {lane.waiting} 条话等着发，最早的等了{_since(lane.oldest, seen.at)}"
        for lane in seen.lanes
        if _is_over(lane.oldest, seen.at, limits.words_wait)
    ]
    return faults


def _unheld(seen: Pulse, lanes: frozenset[str]) -> list[str]:
    """Work that no process does, after everybody has had time to take it."""
    faults = []
    if missing := [n for n in range(PARTITIONS) if f"p{n}" not in seen.held]:
        faults.append(f"{len(missing)} 个分区没有进程在管，消息收了没人办")
    if "clock" not in seen.held:
        faults.append("催办的钟没有进程在管")
    faults += [
        f"{label(lane)}没有进程在管" for lane in sorted(lanes) if f"lane:{lane}" not in seen.held
    ]
    return faults


def _is_over(since: datetime | None, now: datetime, limit: timedelta) -> bool:
    return since is not None and now - since > limit


def _since(since: datetime | None, now: datetime) -> str:
    return clocks.span_words(now - since) if since else ""
