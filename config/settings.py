"""Addresses, secrets and transport times (设置): from the environment, .env or credential files.

What clerks edit stands in YAML (``config.rules``); what differs from machine to machine or must
stay secret stands here. ``load_settings`` is called once at start by ``run_bot.py``; ``demo`` and
tests give their values as arguments. No secret ever appears in a sentence or in ``repr``.
"""

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.fault_lines import in_words
from config.faults import StartupFault

_PREFIX = "JINGGE_"
_AES_KEY = r"^[0-9A-Za-z+/]{43}$"
_TOKEN = r"^[0-9A-Za-z]{1,32}$"  # noqa: S105 a pattern, not a token
_KF = r"^wk[0-9A-Za-z_-]+(,wk[0-9A-Za-z_-]+)*$"
_CONSOLE = "企业微信管理后台 work.weixin.qq.com"


class Settings(BaseSettings):
    """Everything a machine must know; fields are read as ``JINGGE_<NAME>``.

    ``DATABASE_URL`` and ``REDIS_URL`` also count without the prefix. Times end in ``_s`` (seconds)
    or ``_ms``; they are transport times, tests shorten them.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    site: Path = Path("config/site")
    data_dir: Path = Path("data")
    backup_dir: Path = Path()
    backup_keep_days: int = Field(default=14, ge=1, le=400)
    database_url: str = Field(  # may hold a password, as the next one
        default="", repr=False, validation_alias=AliasChoices("JINGGE_DATABASE_URL", "DATABASE_URL")
    )
    redis_url: str = Field(
        default="", repr=False, validation_alias=AliasChoices("JINGGE_REDIS_URL", "REDIS_URL")
    )
    log_format: Literal["text", "json"] = "text"

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = "https://work.weixin.qq.com/"
    api_base: str = Field(default="https://qyapi.weixin.qq.com", pattern="^https?://.+[^/]$")
    socket_url: str = Field(default="wss://openws.work.weixin.qq.com", pattern="^wss?://")

    http_proxy: SecretStr = SecretStr("")
    no_proxy: str = ""
    ca_file: Path = Path()

    oauth_base: str = Field(default="https://open.weixin.qq.com", pattern="^https?://.+[^/]$")
    qr_base: str = Field(default="https://login.work.weixin.qq.com", pattern="^https?://.+[^/]$")

    corp_id: str = ""
    app_agentid: int = Field(default=0, ge=0)
    app_secret: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    app_aes_key: SecretStr = SecretStr("")
    socket_name: str = "小警"
    socket_bot_id: str = ""
    socket_secret: SecretStr = SecretStr("")
    robot_name: str = "小格"
    robot_bot_id: str = ""
    robot_token: SecretStr = SecretStr("")
    robot_aes_key: SecretStr = SecretStr("")

    archive_sdk: Path = Path()
    archive_secret: SecretStr = SecretStr("")
    archive_keys: Path = Path()
    archive_token: SecretStr = SecretStr("")
    archive_aes_key: SecretStr = SecretStr("")
    archive_proxy: str = Field(default="", repr=False)
    archive_proxy_password: SecretStr = SecretStr("")
    archive_poll_s: float = Field(default=5.0, gt=0, le=600)
    archive_timeout_s: int = Field(default=10, ge=1, le=60)
    archive_singles: bool = True
    archive_needs_consent: bool = False
    kf_accounts: str = ""
    kf_poll_s: float = Field(default=60.0, gt=0, le=3600)
    customer_groups: bool = False
    customer_groups_walk_s: float = Field(default=3600.0, gt=0, le=86400)
    voice: bool = False
    hooks: SecretStr = SecretStr("")
    contacts_secret: SecretStr = SecretStr("")
    report_agentid: int = Field(default=0, ge=0)
    report_secret: SecretStr = SecretStr("")
    orders_poll_s: float = Field(default=30.0, gt=0, le=3600)
    orders_overlap_s: float = Field(default=120.0, ge=0, le=86400)

    seal_keys: SecretStr = SecretStr("")
    seal_current: str = ""
    hmac_key: SecretStr = SecretStr("")
    api_key: SecretStr = SecretStr("")
    metrics_token: SecretStr = SecretStr("")
    outside_command: Path = Path()
    outside_url: str = Field(default="", repr=False, pattern="^(https?://.+)?$")

    partner_keys: str = ""
    hook_hosts: str = ""
    media_hosts: str = ""

    commit_window_ms: float = Field(default=2.0, ge=0, le=100)
    http_timeout_s: float = Field(default=10.0, gt=0, le=120)
    ack_timeout_s: float = Field(default=5.0, gt=0, le=60)
    ping_s: float = Field(default=30.0, gt=0, le=300)
    backoff_first_s: float = Field(default=1.0, gt=0, le=60)
    backoff_last_s: float = Field(default=30.0, gt=0, le=600)
    drain_s: float = Field(default=10.0, ge=0, le=120)

    @property
    def database(self) -> str:
        """The database's URL; without ``DATABASE_URL`` an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'jingge.db'}"

    @property
    def has_socket(self) -> bool:
        """True when a robot on the long connection is configured."""
        return bool(self.socket_bot_id)

    @property
    def has_robot(self) -> bool:
        """True when a robot with URL callback is configured."""
        return bool(self.robot_bot_id)

    @property
    def has_archive(self) -> bool:
        """True when the archive of conversations is configured."""
        return bool(self.archive_secret.get_secret_value())

    @property
    def has_kf(self) -> bool:
        """True when accounts of 微信客服 are configured; their calls go with the app's token."""
        return bool(self.kf_accounts)

    @property
    def has_voice(self) -> bool:
        """True when 紧急通知 was bought and may ring phones; else danger is messages only."""
        return self.voice and bool(self.corp_id)

    @property
    def hook_keys(self) -> dict[str, str]:
        """Keys of the group webhooks by the name that chats.yaml calls them.

        ``JINGGE_HOOKS`` is ``name=key,name=key``; a part without ``=`` is left out.
        """
        parts = (part.partition("=") for part in self.hooks.get_secret_value().split(","))
        return {name.strip(): key.strip() for name, _, key in parts if name.strip() and key.strip()}

    @property
    def has_orders(self) -> bool:
        """True when orders of 政民沟通 are read."""
        return bool(self.report_secret.get_secret_value())


# Field → where in the console its value is found.
_PAGES = {
    "corp_id": "“我的企业”→“企业信息”最下面的企业 ID",
    "app_agentid": "“应用管理”→自建应用页面上的 AgentId",
    "app_secret": "“应用管理”→自建应用页面上的 Secret",
    "app_token": "“应用管理”→自建应用→“接收消息”→“设置 API 接收”里的 Token",
    "app_aes_key": "“应用管理”→自建应用→“接收消息”→“设置 API 接收”里的 EncodingAESKey",
    "socket_bot_id": "“智能机器人”→“API 模式”→“使用长连接”里的 BotID",
    "socket_secret": "“智能机器人”→“API 模式”→“使用长连接”里的 Secret",
    "kf_accounts": "“应用管理”→“微信客服”→“通过 API 管理微信客服账号”里的客服账号 ID（wk 开头，"
    "多个用英文逗号隔开；并把自建应用加进“可调用接口的应用”）",
    "robot_bot_id": "“智能机器人”→“API 模式”页面上的 BotID",
    "robot_token": "“智能机器人”→“API 模式”→“URL 回调”里的 Token",
    "robot_aes_key": "“智能机器人”→“API 模式”→“URL 回调”里的 EncodingAESKey",
    "archive_sdk": "“管理工具”→“会话内容存档”下载的 SDK，写它的 .so 文件的路径",
    "archive_secret": "“管理工具”→“会话内容存档”页面上的 Secret",
    "archive_keys": "“管理工具”→“会话内容存档”→“消息加密公钥”对应的私钥，"
    "按版本号存成 1.pem、2.pem，写它们所在的文件夹",
    "archive_token": "“管理工具”→“会话内容存档”→“接收事件服务器”里的 Token",
    "archive_aes_key": "“管理工具”→“会话内容存档”→“接收事件服务器”里的 EncodingAESKey",
    "report_agentid": "“应用管理”→已加进“居民上报、巡查上报→可调用接口的应用”的自建应用→AgentId",
    "report_secret": "“应用管理”→已加进“居民上报、巡查上报→可调用接口的应用”的自建应用→Secret",
}
_APP = ("corp_id", "app_agentid", "app_secret", "app_token", "app_aes_key")
_SOCKET = ("socket_bot_id", "socket_secret")
_ROBOT = ("robot_bot_id", "robot_token", "robot_aes_key")
_ARCHIVE = ("archive_sdk", "archive_secret", "archive_keys")
_ARCHIVE_BELL = ("archive_token", "archive_aes_key")
_REPORT = ("report_agentid", "report_secret")
_SEAL = ("seal_keys", "seal_current", "hmac_key")


def load_settings(env_file: Path | None = Path(".env"), **given: Any) -> Settings:
    """The settings; what is ``given`` wins over environment, .env and credential files.

    Credential files lie in ``$CREDENTIALS_DIRECTORY`` (systemd) or ``$JINGGE_CREDENTIALS_DIR``,
    one per setting, named ``jingge_app_secret``.
    Raises: StartupFault, one sentence per value that is no good. Missing secrets are no fault
    here; ``require_doors`` asks for them.
    """
    try:
        return Settings(_env_file=env_file, _secrets_dir=_credentials(), **given)
    except ValidationError as error:
        raise StartupFault(*map(_sentence, error.errors(include_input=False))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StartupFault(f"设置读不出来：{error}。请看 .env 和密钥文件夹的权限和编码。") from None


def require_doors(settings: Settings) -> None:
    """Return when everything that ``run`` needs to reach WeCom is there.

    Raises: StartupFault, with a sentence per missing or misshapen value that names the variable
    and the console page which gives it.
    """
    faults = [*_missing(settings, _APP)]
    if not settings.has_socket and not settings.has_robot:
        faults += _missing(settings, _SOCKET)
    for group in (_SOCKET, _ROBOT, _ARCHIVE, _ARCHIVE_BELL, _REPORT):
        if any(_value(settings, name) for name in group):
            faults += _missing(settings, group)
    faults += _misshapen(settings)
    if any(_value(settings, name) for name in _SEAL):
        faults += [
            f"缺少设置 {_PREFIX}{name.upper()}：三项密封密钥要一起给，"
            "或者都不给（程序用数据目录里的密钥文件）。"
            for name in _SEAL
            if not _value(settings, name)
        ]
    if faults:
        raise StartupFault(*dict.fromkeys(faults))


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return str(plain) if plain and plain != Path() else ""


def _missing(settings: Settings, names: tuple[str, ...]) -> list[str]:
    return [
        f"缺少设置 {_PREFIX}{name.upper()}：请到{_CONSOLE}，{_PAGES[name]}，"
        f"写进环境变量、.env 或密钥文件夹里的 jingge_{name}。"
        for name in names
        if not _value(settings, name)
    ]


def _misshapen(settings: Settings) -> list[str]:
    """Keys of the wrong length are the commonest slip when copying from the console."""
    shapes = {
        "app_token": (_TOKEN, "1 到 32 个字母数字"),
        "app_aes_key": (_AES_KEY, "43 个字母数字"),
        "robot_token": (_TOKEN, "1 到 32 个字母数字"),
        "robot_aes_key": (_AES_KEY, "43 个字母数字"),
        "archive_token": (_TOKEN, "1 到 32 个字母数字"),
        "archive_aes_key": (_AES_KEY, "43 个字母数字"),
        "kf_accounts": (_KF, "wk 开头的客服账号 ID，多个用英文逗号隔开"),
    }
    return [
        f"设置 {_PREFIX}{name.upper()} 不对：应当是{shape}，"
        f"请到{_CONSOLE}，{_PAGES[name]}，重新复制。"
        for name, (pattern, shape) in shapes.items()
        if (value := _value(settings, name)) and not re.fullmatch(pattern, value)
    ]


def _credentials() -> Path | None:
    named = os.environ.get("CREDENTIALS_DIRECTORY") or os.environ.get("JINGGE_CREDENTIALS_DIR")
    return Path(named) if named and Path(named).is_dir() else None


def _sentence(error: Any) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    variable = name if name.isupper() else f"{_PREFIX}{name.upper()}"
    return f"设置 {variable} 不对：{in_words(dict(error))}。"
