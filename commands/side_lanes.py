"""The ways out that are no chats (旁门): phones, group webhooks, the roster check.

Built beside the doors in ``commands.house``; what is not configured is not there, and the rules'
``lanes`` tell the Turn so. What chats.yaml names follows the rules in force (``team_lanes``).
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import aiohttp

from bot.engine.app import Engine
from bot.engine.lanes import Plan, Recipe
from bot.wecom.app import App
from bot.wecom.appchat import AppChat
from bot.wecom.channel import Ears, Lane, Tokens
from bot.wecom.client import Api
from bot.wecom.contacts import Contacts
from bot.wecom.hooks import Hook, Hooks
from bot.wecom.places import AppConfig
from bot.wecom.voice import Voice
from commands.alarms import Alarms
from config.people_rules import Chat
from config.rules import Rules
from config.settings import Settings

log = logging.getLogger(__name__)
CONTACTS_AGENT = -1  # names its token; 通讯录同步 has no agentid


def side_lanes(
    settings: Settings,
    app: App | None,
    session: aiohttp.ClientSession,
    bells: Any,
    engine: Engine,
) -> list[Lane]:
    """Every lane besides the chats that these settings allow; ``bells`` has tokens and buckets."""
    if app is None:
        return []
    ears, now, api = engine.listener, engine.clock.now, app.api
    found: list[Lane] = [Contacts(api, _directory(settings, session, bells, now), ears, now)]
    if settings.has_voice:
        found.append(Voice(api, ears, bells, now))
    return found


def team_lanes(
    settings: Settings,
    app: App | None,
    session: aiohttp.ClientSession,
    bells: Any,
    engine: Engine,
    read: Callable[[str], Awaitable[bytes]],
) -> Plan:
    """The ways into groups of teams that chats.yaml names: by webhook, or a group of the app."""
    ears, now = engine.listener, engine.clock.now
    base, timeout_s = settings.api_base, settings.http_timeout_s

    def plan(rules: Rules) -> Mapping[str, Recipe]:
        found: dict[str, Recipe] = {}
        if app is not None and any(group.appchat for group in rules.chats.chats):
            chat = AppChat(app.api, bells, now)
            found[AppChat.name] = Recipe(None, lambda: contextlib.nullcontext(chat))
        if hooks := _hooks(settings, rules.chats.chats):
            hook = Hooks(hooks, base, session, ears, bells, now, read, timeout_s)
            found[Hooks.name] = Recipe(hooks, lambda: contextlib.nullcontext(hook))
        return found

    return plan


def app_api(
    config: AppConfig,
    session: aiohttp.ClientSession,
    tokens: Tokens,
    ears: Ears,
    now: Callable[[], datetime],
) -> Api:
    """The server API as the app sees it; what WeCom refuses for good is told."""
    api = Api(config, session, tokens, now)
    api.on_refused = Alarms(ears, now).refused
    return api


def _directory(
    settings: Settings, session: aiohttp.ClientSession, tokens: Tokens, now: Callable[[], datetime]
) -> Api | None:
    """The API as 通讯录同步 sees it, where a site has that secret."""
    secret = settings.contacts_secret.get_secret_value()
    if not secret:
        return None
    config = AppConfig(
        corpid=settings.corp_id,
        agentid=CONTACTS_AGENT,
        secret=secret,
        api_base=settings.api_base,
        timeout_s=settings.http_timeout_s,
    )
    return Api(config, session, tokens, now)


def _hooks(settings: Settings, groups: Iterable[Chat]) -> dict[str, Hook]:
    """The webhook of each group whose key is known; a missing key is worth one line."""
    keys, found = settings.hook_keys, {}
    for group in groups:
        if group.hook and group.hook in keys:
            found[group.id] = Hook(group.hook, keys[group.hook])
        elif group.hook:
            log.warning("no key for webhook %s in JINGGE_HOOKS", group.hook)
    return found
