"""Opens the doors of conversations (开门): app, robots by socket and by URL, 微信客服.

Which are there is said by the settings alone. Called by ``commands.house``; what is no
conversation (phones, webhooks) is in ``commands.side_lanes``.
"""

import logging
from typing import Any

import aiohttp

from bot import way_out
from bot.engine.app import Engine
from bot.wecom.aibot import Socket
from bot.wecom.app import App
from bot.wecom.channel import Ears
from bot.wecom.identity import Identities, KnownEars
from bot.wecom.places import AppConfig, RobotConfig, SocketConfig
from bot.wecom.reach import guarded_session, media_reach
from bot.wecom.robot import Robot
from commands import kf_door
from commands.side_lanes import app_api
from config.settings import Settings

log = logging.getLogger(__name__)


def doors_of(
    settings: Settings,
    engine: Engine,
    session: aiohttp.ClientSession,
    outer: aiohttp.ClientSession,
    bells: Any,
) -> dict[str, Any]:
    """The doors that these settings open, by name; None where one stays shut.

    ``outer`` calls what messages name (pictures, response_url), ``session`` the settings' bases.
    """
    doors: dict[str, Any] = {"app": None, "socket": None, "robot": None, "kf": None}
    ears, now = engine.listener, engine.clock.now
    machine = engine.clock.machine
    robot_ears: Ears = ears
    if settings.corp_id:
        config = AppConfig(
            corpid=settings.corp_id,
            agentid=settings.app_agentid,
            secret=settings.app_secret.get_secret_value(),
            token=settings.app_token.get_secret_value(),
            aes_key=settings.app_aes_key.get_secret_value(),
            api_base=settings.api_base,
            public_url=settings.public_url,
            timeout_s=settings.http_timeout_s,
        )
        api = app_api(config, session, bells, ears, now)
        doors["app"] = App(config, api, ears, bells, now, machine=machine)
        robot_ears = KnownEars(ears, Identities(api))
    if settings.has_socket:
        doors["socket"] = Socket(
            _socket_config(settings), outer, robot_ears, bells, now, alarm=_alarm
        )
    if settings.has_robot:
        robot = RobotConfig(
            bot_id=settings.robot_bot_id,
            token=settings.robot_token.get_secret_value(),
            aes_key=settings.robot_aes_key.get_secret_value(),
            name=settings.robot_name,
            public_url=settings.public_url,
            timeout_s=settings.http_timeout_s,
        )
        doors["robot"] = Robot(robot, outer, robot_ears, bells, now, machine=machine)
    if doors["app"] is not None and settings.has_kf:
        doors["kf"] = kf_door.open_kf(settings, engine, doors["app"], api)
    return doors


def outer_session(settings: Settings) -> aiohttp.ClientSession:
    """The session for addresses that others wrote; close it."""
    reach = media_reach(settings.media_hosts, settings.api_base, settings.socket_url)
    way_out.follow(settings)
    return guarded_session(reach, proxied=True, tls=way_out.trusted(settings))


def _socket_config(settings: Settings) -> SocketConfig:
    return SocketConfig(
        bot_id=settings.socket_bot_id,
        secret=settings.socket_secret.get_secret_value(),
        url=settings.socket_url,
        name=settings.socket_name,
        public_url=settings.public_url,
        ping_s=settings.ping_s,
        ack_timeout_s=settings.ack_timeout_s,
        backoff_first_s=settings.backoff_first_s,
        backoff_last_s=settings.backoff_last_s,
        drain_s=settings.drain_s,
    )


def _alarm(what: str, detail: str) -> None:
    log.error("door alarm %s: %s", what, detail)
