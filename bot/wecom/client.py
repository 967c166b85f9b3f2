"""Calls to WeCom's server API (接口): one token, few repeats, every failure has a class.

wechatpy's own client is synchronous, has no timeout and fetches tokens without end, so this one
is ours. A token is fetched by one task for all and shared through ``Tokens``; a refused token is
fetched anew once per call at most. Used by ``bot.wecom.app`` and whoever reads WeCom's tables.
"""

import asyncio
import io
import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp

from bot.wecom.channel import Now, Tokens
from bot.wecom.errors import Busy, NotAllowed, Refusal, StaleToken, Unreachable
from bot.wecom.media import MEDIA_LIMIT, UPLOAD_LIMITS, read_limited
from bot.wecom.places import AppConfig
from bot.wecom.wire import jittered, outcome_known, payload_of, raise_for_errcode

_log = logging.getLogger(__name__)
_EARLY = timedelta(seconds=300)
_DYING = timedelta(seconds=1)
_TRIES = 3
_BAN_S = 60.0


class Api:
    """The server API as one app sees it.

    ``session`` belongs to the caller, as do ``tokens``; ``now`` is business time (token expiry),
    waits are transport time.
    """

    def __init__(
        self, config: AppConfig, session: aiohttp.ClientSession, tokens: Tokens, now: Now
    ) -> None:
        self._config = config
        self._session = session
        self._tokens = tokens
        self._now = now
        self._name = f"token:{config.corpid}:{config.agentid}"
        self._lock = asyncio.Lock()
        self._fetches = 0
        self._refused: tuple[float, NotAllowed] | None = None
        self.on_refused: Callable[[NotAllowed], None] | None = None

    async def call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What WeCom answered to a POST of ``body``; errcode is 0.

        A refused token is fetched anew and the call repeated, once; a busy WeCom is asked at
        most three times.

        Raises: any class of ``bot.wecom.errors`` but Gone.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._with_token(path, body)
            except Busy:
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(jittered(self._config.backoff_s * attempt))
        raise AssertionError("the loop returns or raises")

    async def ask(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """What WeCom answered to a GET of ``path``; errcode is 0. Raises: as ``call``."""
        token = await self._token()
        seen = self._fetches
        try:
            return await self._get_json(path, {"access_token": token, **query})
        except StaleToken:
            fresh = await self._renewed(token, seen)
            return await self._get_json(path, {"access_token": fresh, **query})

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """media_id of a file that lives three days; ``kind``: image, voice, video or file.

        Raises: Refusal (empty or too big), and what ``call`` raises.
        Source: https://developer.work.weixin.qq.com/document/path/90253.
        """
        if not 5 < len(data) <= UPLOAD_LIMITS[kind]:
            raise Refusal(f"a {kind} of {len(data)} bytes")

        def form() -> aiohttp.FormData:
            built = aiohttp.FormData(quote_fields=False)  # a Chinese name stays readable
            built.add_field("media", io.BytesIO(data), filename=name)
            return built

        answer = await self._with_token("media/upload", form, {"type": kind})
        return str(answer["media_id"])

    async def fetch(self, media_id: str, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of a temporary medium, at most ``limit_bytes``.

        Raises: Refusal (too old, unknown, too big), and what ``call`` raises.
        Source: https://developer.work.weixin.qq.com/document/path/90254.
        """
        token = await self._token()
        seen = self._fetches
        try:
            return await self._fetch_once(token, media_id, limit_bytes)
        except StaleToken:
            fresh = await self._renewed(token, seen)
            return await self._fetch_once(fresh, media_id, limit_bytes)

    async def _with_token(
        self, path: str, body: Any, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        token = await self._token()
        seen = self._fetches
        try:
            return await self._post(path, token, body, params)
        except StaleToken as stale:
            _log.info("token refused errcode=%s path=%s", stale.errcode, path)
            fresh = await self._renewed(token, seen)
            return await self._post(path, fresh, body, params)

    async def _token(self) -> str:
        known = await self._tokens.get(self._name)
        if known and known[1] - self._now() > _EARLY:
            return known[0]
        async with self._lock:
            known = await self._tokens.get(self._name)
            if known and known[1] - self._now() > _EARLY:
                return known[0]
            return await self._fetch_token()

    async def _renewed(self, refused: str, seen: int) -> str:
        """Another token than ``refused``; fetched by one of all who were refused together."""
        async with self._lock:
            known = await self._tokens.get(self._name)
            if known and (known[0] != refused or self._fetches != seen):
                return known[0]
            await self._tokens.drop(self._name)
            return await self._fetch_token()

    async def _fetch_token(self) -> str:
        self._raise_if_banned()
        token, life = await self._given_token()
        if life < _DYING:  # WeCom gives the same token until its last second: the next is new
            await asyncio.sleep(_DYING.total_seconds())
            token, life = await self._given_token()
        # One that ends soon is asked for again at half of its life, not with every call.
        until = self._now() + max(life, life / 2 + _EARLY)
        await self._tokens.put(self._name, token, until)
        self._fetches += 1
        return token

    async def _given_token(self) -> tuple[str, timedelta]:
        """What WeCom gives now, and how long it lives."""
        query = {"corpid": self._config.corpid, "corpsecret": self._config.secret}
        try:
            answer = await self._get_json("gettoken", query)
        except Unreachable as fault:
            fault.unknown = False  # the call itself was not made
            raise
        except NotAllowed as fault:
            # Wrong secrets are counted by WeCom and end in a ban of our address.
            self._refused = (time.monotonic() + _BAN_S, fault)
            raise
        return str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"]))

    def _raise_if_banned(self) -> None:
        if self._refused and time.monotonic() < self._refused[0]:
            fault = self._refused[1]
            raise NotAllowed(fault.detail, fault.errcode)
        self._refused = None

    async def _get_json(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        with outcome_known(path):
            async with self._session.get(self._url(path), params=query, **self._ways()) as answer:
                return self._judged(await payload_of(answer))

    def _judged(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload, if its errcode is 0; what the operator must mend is told besides."""
        try:
            return raise_for_errcode(payload)
        except NotAllowed as fault:
            if self.on_refused is not None:
                self.on_refused(fault)
            raise

    async def _post(
        self, path: str, token: str, body: Any, params: Mapping[str, str] | None
    ) -> dict[str, Any]:
        query = {"access_token": token, **(params or {})}
        content = {"data": body()} if callable(body) else {"json": body}
        with outcome_known(path):
            async with self._session.post(
                self._url(path), params=query, **content, **self._ways()
            ) as answer:
                return self._judged(await payload_of(answer))

    async def _fetch_once(self, token: str, media_id: str, limit_bytes: int) -> bytes:
        query = {"access_token": token, "media_id": media_id}
        with outcome_known("media/get"):
            async with self._session.get(
                self._url("media/get"), params=query, **self._ways()
            ) as answer:
                if "Content-Disposition" not in answer.headers:
                    raise_for_errcode(await payload_of(answer))
                    raise Unreachable("media/get answered without a file")
                return await read_limited(answer, limit_bytes)

    def _url(self, path: str) -> str:
        return f"{self._config.api_base.rstrip('/')}/cgi-bin/{path}"

    def _ways(self) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=self._config.timeout_s)
        return {"timeout": timeout, "allow_redirects": False}
