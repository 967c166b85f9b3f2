"""Addresses and secrets of the doors (门牌): frozen values that the settings fill.

One small class per door. Every URL and every transport time is here, so that tests point a door
at a server of their own and shorten its waits. Secrets never appear in ``repr``.
"""

from dataclasses import dataclass, field

API_BASE = "https://qyapi.weixin.qq.com"
SOCKET_URL = "wss://openws.work.weixin.qq.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppConfig:
    """The self-built app (自建应用). ``public_url`` opens when a card without buttons is tapped."""

    corpid: str
    agentid: int
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    api_base: str = API_BASE
    public_url: str = "https://work.weixin.qq.com/"
    prefix: str = "app"
    timeout_s: float = 10.0
    backoff_s: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class KfConfig:
    """The accounts of 微信客服 that the app may manage; calls go with the app's own token."""

    accounts: tuple[str, ...]
    poll_s: float = 60.0
    backoff_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotConfig:
    """A robot in URL mode (智能机器人, 回调). ``single_prefix`` names its 1:1 chats."""

    bot_id: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    name: str = ""
    single_prefix: str = "ge"
    public_url: str = "https://work.weixin.qq.com/"
    timeout_s: float = 10.0
    answer_s: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketConfig:
    """A robot on the long connection (智能机器人, 长连接); times are transport time."""

    bot_id: str
    secret: str = field(repr=False)
    url: str = SOCKET_URL
    name: str = ""
    single_prefix: str = "bot"
    public_url: str = "https://work.weixin.qq.com/"
    ping_s: float = 30.0
    ack_timeout_s: float = 5.0
    backoff_first_s: float = 1.0
    backoff_last_s: float = 30.0
    refused_pause_s: float = 60.0
    yield_pause_s: float = 60.0
    hear_backoff_s: float = 0.1
    drain_s: float = 10.0
    download_s: float = 30.0
