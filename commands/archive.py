"""Opens the archive's door (会话内容存档): library, keys, loop and bell, or one sentence why not.

A missing library or key closes this door only; everything else of the bot goes on. ``house`` calls
``build`` before the engine starts, ``open_door`` after.
"""

import asyncio
import contextlib
import logging
from typing import Any

import aiohttp

from bot import way_out
from bot.engine.app import Engine
from bot.engine.archive import LEASE, Archive, Plan
from bot.engine.keepsakes import Keepsakes
from bot.events import OVERHEARD, Media
from bot.wecom.app import App
from bot.wecom.archive_agree import Agreements
from bot.wecom.archive_bell import NOTIFY, ArchiveBell
from bot.wecom.archive_keys import Keys
from bot.wecom.archive_sdk import ArchiveConfig, NoLibrary, SdkSource
from bot.wecom.channel import Tokens
from bot.wecom.client import Api
from bot.wecom.crypto import Envelope
from bot.wecom.media import MEDIA_LIMIT
from bot.wecom.places import AppConfig
from config.settings import Settings

log = logging.getLogger(__name__)
ARCHIVE_PATH = "/wecom/archive"
_END_S = 2.0
_NO_APP = 0


class ArchiveDoor:
    """An archive that can be pulled, and whom to ask for its files."""

    def __init__(
        self, settings: Settings, engine: Engine, source: SdkSource, keys: Keys, api: Api
    ) -> None:
        plan = Plan(
            corp_id=settings.corp_id,
            robots=frozenset({settings.socket_bot_id, settings.robot_bot_id} - {""}),
            reads_singles=settings.archive_singles,
            needs_consent=settings.archive_needs_consent,
            poll_s=settings.archive_poll_s,
            backoff_first_s=settings.backoff_first_s,
            backoff_last_s=settings.backoff_last_s,
        )
        self.archive = Archive(engine, source, keys, plan, Agreements(api).of_room)
        self._engine = engine
        self._settings = settings
        self._source = source

    async def fetch(self, medium: Media, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of a file that came through the archive. Raises: WeComFault."""
        return await self.archive.fetch(medium, limit_bytes)

    def bell(self) -> ArchiveBell | None:
        """Its own callback address, where the settings give it a token."""
        given = self._settings
        token = given.archive_token.get_secret_value()
        aes_key = given.archive_aes_key.get_secret_value()
        if not token or not aes_key:
            return None
        envelope = Envelope(token, aes_key, given.corp_id)
        clock = self._engine.clock
        return ArchiveBell(envelope, self.archive.wake, clock.now, clock.machine)

    def plug(self, kept: Keepsakes, app: App | None) -> None:
        """Files of the archive are kept; a ring at the app's address counts too."""
        kept.plug(OVERHEARD, self.fetch)
        if app is not None:
            app.hooks[NOTIFY] = self._rang

    async def _rang(self, _letter: dict[str, Any]) -> None:
        self.archive.wake()

    async def open_door(self, stack: contextlib.AsyncExitStack) -> None:
        """Begin to pull, under the lease; closed with ``stack``."""
        assert self._engine.keeper is not None  # the engine has started  # noqa: S101
        self._engine.keeper.also(LEASE)
        task = asyncio.create_task(self.archive.run())
        task.add_done_callback(_ended)
        stack.push_async_callback(self._close, task)

    async def _close(self, task: asyncio.Task[None]) -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self._source.close()
        await asyncio.to_thread(self._source.join, _END_S)


def build(
    settings: Settings, engine: Engine, session: aiohttp.ClientSession, tokens: Tokens
) -> ArchiveDoor | None:
    """The door, or None with one sentence in the log: not configured, or not to be had."""
    if not settings.has_archive:
        return None
    keys = Keys(settings.archive_keys)
    if not keys.versions():
        log.error("会话内容存档没有打开：私钥文件夹 %s 里没有“版本号.pem”。", settings.archive_keys)
        return None
    proxy, account = way_out.apart(settings)
    if settings.archive_proxy:
        proxy = settings.archive_proxy
        account = settings.archive_proxy_password.get_secret_value()
    config = ArchiveConfig(
        library=settings.archive_sdk,
        corp_id=settings.corp_id,
        secret=settings.archive_secret.get_secret_value(),
        proxy=proxy,
        proxy_password=account,
        timeout_s=settings.archive_timeout_s,
    )
    try:
        source = SdkSource(config)
    except NoLibrary:
        log.error(
            "会话内容存档没有打开：%s 不存在，或不是这台机器能用的会话存档 SDK（.so）。"
            "请从企业微信后台下载对应系统的版本。",
            settings.archive_sdk,
        )
        return None
    own = AppConfig(  # the archive has a secret, and so a token, of its own; it is no app
        corpid=settings.corp_id,
        agentid=_NO_APP,
        secret=settings.archive_secret.get_secret_value(),
        api_base=settings.api_base,
        timeout_s=settings.http_timeout_s,
    )
    api = Api(own, session, tokens, engine.clock.now)
    return ArchiveDoor(settings, engine, source, keys, api)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("the archive's loop ended", exc_info=task.exception())
