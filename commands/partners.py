"""Builds the doors for other systems (外部系统的门): Open311 inwards, one lane per hook outwards.

Called by ``commands.house``. Both follow partners.yaml as it is in force: the routes are always
there and know nobody where no client is named; a lane comes and goes with its hook.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping

from bot import way_out
from bot.engine.app import Engine
from bot.engine.lanes import Plan, Recipe
from bot.web.hookout import Hookout
from bot.web.open311 import Open311
from bot.wecom.channel import Buckets, Lane
from bot.wecom.reach import listed
from config.partner_rules import Hook
from config.rules import Rules
from config.settings import Settings
from storage import partner_keys
from storage.partner_keys import Keyring
from storage.sealed import Seal


def hook_lanes(settings: Settings, engine: Engine, seal: Seal) -> Plan:
    """A lane for each hook of the rules; hosts of the settings may be called whatever they are."""
    hosts, tls = listed(settings.hook_hosts), way_out.trusted(settings)

    def recipe(hook: Hook) -> Recipe:
        @contextlib.asynccontextmanager
        async def opened() -> AsyncIterator[Lane]:
            secret = partner_keys.hook_secret(seal, hook.id, hook.round)
            lane = Hookout(hook, secret, hosts, engine.clock.now, settings.http_timeout_s, tls)
            try:
                yield lane
            finally:
                await lane.close()

        return Recipe(hook, opened)

    def plan(rules: Rules) -> Mapping[str, Recipe]:
        return {hook.lane: recipe(hook) for hook in rules.partners.hooks}

    return plan


def open_door(settings: Settings, engine: Engine, seal: Seal, buckets: Buckets) -> Open311:
    """The Open311 routes, with the keys of the data folder and of the settings."""
    path = settings.data_dir / partner_keys.FILE
    return Open311(engine, Keyring(path, settings.partner_keys, seal), buckets)
