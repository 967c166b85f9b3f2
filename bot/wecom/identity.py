"""Plain userids for encrypted ones (账号转换): the same person, whichever robot heard her.

A robot may be told ``wo…`` where the app knows the userid; the app's token converts, a thousand at
a time. What cannot be converted stays as it is, and nobody waits long: a cry for help under a
strange name is better than a late one. Stands between the robots' doors and the engine's ears.
Source: https://developer.work.weixin.qq.com/document/path/101521, read 2026-11.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace

from bot.events import Clicked, Event, Heard, Joined, Ordered
from bot.messages import Message
from bot.wecom.channel import Ears
from bot.wecom.client import Api
from bot.wecom.errors import WeComFault

_log = logging.getLogger(__name__)
MOST_AT_ONCE = 1000
_GATHER_S = 0.01
_PATIENCE_S = 2.0
_REMEMBERED = 20_000
_SHORTEST = 18


class Identities:
    """Converts userids; many who ask together are one call, and each is asked once."""

    def __init__(self, api: Api, patience_s: float = _PATIENCE_S) -> None:
        self._api = api
        self._patience_s = patience_s
        self._known: OrderedDict[str, str] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def plain(self, userid: str) -> str:
        """The userid as the app knows it; the same one when it is plain, invalid or unknown now."""
        if not looks_encrypted(userid):
            return userid
        if userid in self._known:
            return self._known[userid]
        try:
            async with asyncio.timeout(self._patience_s):
                return await asyncio.shield(self._asked(userid))
        except TimeoutError:
            _log.warning("an encrypted userid could not be converted in time")
            return userid

    def _asked(self, userid: str) -> "asyncio.Future[str]":
        waiting = self._waiting.get(userid)
        if waiting is None:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting[userid] = waiting
            if len(self._waiting) == 1:
                task = asyncio.create_task(self._gather())
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)
        return waiting

    async def _gather(self) -> None:
        """Ask for everybody who came within a moment."""
        await asyncio.sleep(_GATHER_S)
        waiting, self._waiting = self._waiting, {}
        ids = list(waiting)
        for start in range(0, len(ids), MOST_AT_ONCE):
            found = await self._convert(ids[start : start + MOST_AT_ONCE])
            for userid in ids[start : start + MOST_AT_ONCE]:
                if not waiting[userid].done():
                    waiting[userid].set_result(found.get(userid, userid))

    async def _convert(self, ids: list[str]) -> dict[str, str]:
        """What WeCom says of these ids; invalid ones stand for themselves from now on."""
        try:
            answer = await self._api.call("batch/openuserid_to_userid", {"open_userid_list": ids})
        except WeComFault as fault:
            _log.warning("userids cannot be converted now: %s", type(fault).__name__)
            return {}
        rows = answer.get("userid_list") or []
        found = {
            str(row["open_userid"]): str(row["userid"])
            for row in rows
            if isinstance(row, dict) and row.get("open_userid") and row.get("userid")
        }
        invalid = answer.get("invalid_open_userid_list") or []
        found |= {str(one): str(one) for one in invalid if str(one) in ids}
        self._known.update(found)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found


def looks_encrypted(userid: str) -> bool:
    """True for what may be encrypted; an admin may choose such a name, so WeCom decides."""
    return userid.startswith("wo") and len(userid) >= _SHORTEST


class KnownEars:
    """Ears that hear every event under the plain userid; the conversation stays as WeCom has it."""

    def __init__(self, ears: Ears, identities: Identities) -> None:
        self._ears = ears
        self._identities = identities

    async def hear(self, event: Event) -> bool:
        """As the ears behind. Raises: OSError-like storage faults."""
        if isinstance(event, Heard | Clicked | Joined | Ordered):
            by = await self._identities.plain(event.by)
            if by != event.by:
                event = replace(event, by=by)
        return await self._ears.hear(event)

    async def answer(self, key: str, within_s: float) -> Message | None:
        """As the ears behind."""
        return await self._ears.answer(key, within_s)
