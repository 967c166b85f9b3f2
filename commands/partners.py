"""Builds the doors for other systems (外部系统的门): Open311 inwards, one lane per hook outwards.

Called by ``commands.house`` for what partners.yaml names; nothing is opened without it.
"""

import contextlib

from bot import way_out
from bot.engine.app import Engine
from bot.web.hookout import Hookout, listed
from bot.web.open311 import Open311
from bot.wecom.channel import Buckets, Lane
from config.settings import Settings
from storage import partner_keys
from storage.partner_keys import Keyring
from storage.sealed import Seal


def hook_lanes(
    settings: Settings, engine: Engine, seal: Seal, stack: contextlib.AsyncExitStack
) -> list[Lane]:
    """A lane for each hook; closed with ``stack``."""
    hosts, tls = listed(settings.hook_hosts), way_out.trusted(settings)
    found: list[Lane] = []
    for hook in engine.rules.partners.hooks:
        secret = partner_keys.hook_secret(seal, hook.id, hook.round)
        lane = Hookout(hook, secret, hosts, engine.clock.now, settings.http_timeout_s, tls)
        stack.push_async_callback(lane.close)
        found.append(lane)
    return found


def open_door(settings: Settings, engine: Engine, seal: Seal, buckets: Buckets) -> Open311:
    """The Open311 routes, with the keys of the data folder and of the settings."""
    path = settings.data_dir / partner_keys.FILE
    return Open311(engine, Keyring(path, settings.partner_keys, seal), buckets)
