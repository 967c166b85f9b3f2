"""Coordination over Redis (协同): the bells, buckets and cache that several processes share.

Redis may vanish at any moment: then bells are heard in this process only (everybody polls
anyway), each process takes its share of every bucket, and the cache is its own. That is logged
once, costs nobody more than ``patience_s``, and ends by itself. Names reach Redis only as HMACs,
values only sealed, so that a dump tells nothing. Called by ``bot.engine`` when Redis is configured.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.maint_notifications import MaintNotificationsConfig

from config.faults import StartupFault
from storage.coordination import (
    BellBoard,
    Limits,
    Now,
    SmallCache,
    TakenTokens,
    microseconds,
    windows_of,
)
from storage.sealed import Seal, SealBroken

logger = logging.getLogger(__name__)

T = TypeVar("T")

_CONNECTIONS = 16
_QUIET_S = 5.0

# KEYS: bucket. ARGV: now, name of the new token, "take" or "look", then (free, span) per window.
# Moments are whole microseconds: exact in Lua's doubles. The key outlives its longest window by a
# minute of real time; business time never runs slower than that.
_TAKE = """
local now, longest, wait = tonumber(ARGV[1]), 0, 0
for i = 4, #ARGV, 2 do
  local free, span = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local taken = redis.call('ZREVRANGE', KEYS[1], free - 1, free - 1, 'WITHSCORES')
  if taken[2] then wait = math.max(wait, tonumber(taken[2]) + span - now) end
  longest = math.max(longest, span)
end
if wait == 0 and ARGV[3] == 'take' then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - longest))
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', longest / 1000 + 60000))
end
return wait
"""


class OverRedis:
    """Coordination of all processes of one ``site``; the methods are those of ``InProcess``.

    ``share`` is the part of a bucket that this process may use while Redis is away (1/processes).
    No call waits longer than ``patience_s`` for Redis; after a failure it is left alone for
    ``retry_s``. Both are transport time.

    Raises: StartupFault, if ``url`` is no Redis address.
    """

    def __init__(
        self,
        url: str,
        now: Now,
        *,
        site: str,
        seal: Seal,
        share: float = 1.0,
        patience_s: float = 0.3,
        retry_s: float = 1.0,
    ) -> None:
        self._now, self._seal, self._share, self._retry_s = now, seal, share, retry_s
        self._redis = _client(url, patience_s)
        self._take_script = self._redis.register_script(_TAKE)
        self._link = _Link(patience_s, retry_s)
        self._deafness = _Outage("bells of other processes are heard at the next poll")
        self._prefix = f"jingge:{site}:"
        self._me = secrets.token_hex(8)
        self._tokens = itertools.count()
        self._board, self._taken, self._cache = BellBoard(), TakenTokens(), SmallCache()
        self._listener: asyncio.Task[None] | None = None
        self._tried_to_listen = asyncio.Event()
        self.is_there = False
        """Whether Redis is heard now."""

    async def start(self) -> None:
        """Begin to hear the other processes; returns once that works or Redis is known away."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="redis bells")
        await self._tried_to_listen.wait()
        if self._listener.done():
            self._listener.result()  # it ends only by a bug of ours: let it be seen

    async def ring(self, bell: str) -> None:
        """Wake who waits for ``bell`` here and, while Redis is there, in the other processes."""
        digest = self._seal.text_key(bell)
        self._board.ring(digest)
        with contextlib.suppress(_Away):
            await self._link.ask(
                lambda: self._redis.publish(f"{self._prefix}bells", f"{self._me} {digest}")
            )

    def mark(self) -> int:
        """A mark of this moment for ``wait(since=…)``."""
        return self._board.mark()

    async def wait(self, bell: str, timeout_s: float, since: int | None = None) -> bool:
        """True as soon as ``bell`` rang, False after ``timeout_s``; begins to listen if need be."""
        await self.start()
        return await self._board.wait(self._seal.text_key(bell), timeout_s, since)

    async def take(self, name: str, limits: Limits, reserve: int = 0) -> float:
        """0.0 when a token was taken, else business seconds to wait.

        What this process took itself counts always, also after Redis came back empty.
        """
        windows, at = windows_of(limits, reserve), microseconds(self._now())
        own_wait = self._taken.wait_us(name, windows, at)
        mode = "look" if own_wait else "take"
        arguments: list[str | int] = [at, f"{self._me}:{next(self._tokens)}", mode]
        for window in windows:
            arguments += [window.free, window.span_us]
        try:
            shared_wait = await self._link.ask(
                lambda: self._take_script([self._key("bucket", name)], arguments)
            )
        except _Away:
            windows = windows_of(*_part_of(self._share, limits, reserve))
            own_wait, shared_wait = self._taken.wait_us(name, windows, at), 0
        wait = max(own_wait, int(shared_wait))
        if wait == 0:
            self._taken.add(name, windows_of(limits, reserve), at)
        return wait / 1e6

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The value kept under ``name`` and its end, or None."""
        key = self._key("kept", name)
        try:
            sealed = await self._link.ask(lambda: self._redis.get(key))
        except _Away:
            return self._cache.get(name, self._now())
        return None if sealed is None else self._opened(key, str(sealed))

    async def put(self, name: str, token: str, until: datetime) -> None:
        """Keep ``token`` until then, for all processes while Redis is there."""
        self._cache.put(name, token, until)
        key = self._key("kept", name)
        sealed = self._seal.close(json.dumps([token, until.isoformat()]), key)
        lifetime_ms = max(1, (microseconds(until) - microseconds(self._now())) // 1000)
        with contextlib.suppress(_Away):
            await self._link.ask(lambda: self._redis.set(key, sealed, px=lifetime_ms))

    async def drop(self, name: str) -> None:
        """Forget it."""
        self._cache.drop(name)
        with contextlib.suppress(_Away):
            await self._link.ask(lambda: self._redis.delete(self._key("kept", name)))

    async def close(self) -> None:
        """Stop listening and give the connections back."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait([self._listener])
        await self._redis.aclose()

    def _key(self, kind: str, name: str) -> str:
        return f"{self._prefix}{kind}:{self._seal.text_key(name)}"

    def _opened(self, key: str, sealed: str) -> tuple[str, datetime] | None:
        try:
            value, until = json.loads(self._seal.open(sealed, key))
        except SealBroken as broken:
            logger.warning("a cached value was put in by a process with other keys: %s", broken)
            return None
        end = datetime.fromisoformat(until)
        return (value, end) if self._now() < end else None

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(f"{self._prefix}bells")
                    await self._hear(pubsub)
            except (RedisError, OSError, TimeoutError) as error:
                self.is_there = False
                self._deafness.begin(error)
            finally:
                self._tried_to_listen.set()
            await asyncio.sleep(self._retry_s)

    async def _hear(self, pubsub: PubSub) -> None:
        """Hand on what other processes ring. Raises: TimeoutError, if Redis answers no ping."""
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=_QUIET_S)
            if message is None:
                if is_asked:
                    raise TimeoutError("no answer to a ping")
                await pubsub.ping()
            elif message["type"] == "subscribe":
                self.is_there = True
                self._deafness.end()
                self._board.ring_all()  # what rang while nobody listened
                self._tried_to_listen.set()
            elif message["type"] == "message":
                sender, _, digest = message["data"].partition(" ")
                if sender != self._me:
                    self._board.ring(digest)
            is_asked = message is None


def _client(url: str, patience_s: float) -> "Redis":
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=patience_s,
            socket_timeout=patience_s,
            socket_connect_timeout=patience_s,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            encoding_errors="replace",  # a foreigner's noise on our channel must not stop us
            protocol=2,
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
    except ValueError:
        raise StartupFault(
            "Redis 地址写得不对：应以 redis://、rediss:// 或 unix:// 开头，例如 redis://127.0.0.1:6379/0。"
        ) from None
    return Redis.from_pool(pool)


def _part_of(share: float, limits: Limits, reserve: int) -> tuple[Limits, int]:
    """Limits and reserve of one process; everybody keeps at least one token to go on with."""
    part = tuple((max(1, int(count * share)), seconds) for count, seconds in limits)
    fewest = min((count for count, _ in part), default=1)
    return part, min(math.ceil(reserve * share), fewest - 1)


class _Away(Exception):
    """Redis gives no answer now."""


class _Outage:
    """Says once when Redis goes and once when it comes back."""

    def __init__(self, consequence: str) -> None:
        self._consequence = consequence
        self._is_on = False

    def begin(self, error: Exception) -> None:
        if not self._is_on:
            name = type(error).__name__
            logger.warning("redis is away (%s: %s): %s", name, error, self._consequence)
        self._is_on = True

    def end(self) -> None:
        if self._is_on:
            logger.info("redis is back; no longer: %s", self._consequence)
        self._is_on = False


class _Link:
    """The way to Redis: gives up early, leaves it alone for a while after a failure."""

    def __init__(self, patience_s: float, retry_s: float) -> None:
        self._patience_s, self._retry_s = patience_s, retry_s
        self._rests_until = 0.0
        self._outage = _Outage("each process takes its share of the buckets and its own cache")

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer of Redis. Raises: _Away."""
        if time.monotonic() < self._rests_until:
            raise _Away
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._rests_until = time.monotonic() + self._retry_s
            self._outage.begin(error)
            raise _Away from error
        self._outage.end()
        return answer
