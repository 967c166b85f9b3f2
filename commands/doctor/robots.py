"""Checks of the robots (机器人): the long connection's secret, the URL robot's keys.

A robot has one connection: who subscribes takes it from the bot that runs. So nobody subscribes
while the lease of that lane is in somebody's hands.
"""

from sqlalchemy import Connection

from bot.wecom.crypto import Envelope
from bot.wecom.errors import Limited, NotAllowed, Refusal
from bot.wecom.places import SocketConfig
from bot.wecom.probe import subscribe_once
from commands.doctor.findings import Finding, Patient, skipped, to_do, well
from storage import leases

_PAGE = "管理后台→“智能机器人”→“API 模式”"


async def long_connection(patient: Patient) -> list[Finding]:
    """Subscribe with the secret and leave at once, if nobody is connected."""
    settings = patient.settings
    if not settings.has_socket:
        return [skipped("没有配置长连接机器人。")]
    if patient.blind:
        return [skipped("数据库读不到，不知道程序是不是正连着，先不去连。")]
    if patient.memory and patient.memory.database.read_now(_is_held):
        return [skipped("程序正在跑，机器人由它连着，不去抢它的连接（在不在线看它的日志）。")]
    config = SocketConfig(
        bot_id=settings.socket_bot_id,
        secret=settings.socket_secret.get_secret_value(),
        url=settings.socket_url,
        ack_timeout_s=settings.ack_timeout_s,
    )
    try:
        await subscribe_once(config, patient.session)
    except Limited:
        return [to_do("机器人连得太频繁，被限住了：过几分钟再运行一次。")]
    except (NotAllowed, Refusal):
        return [
            to_do(
                f"机器人的 BotID 或长连接 Secret 不对：{_PAGE}→“使用长连接”，重新复制两个值；"
                "它和应用的 Secret 不是一个。"
            )
        ]
    return [well("机器人的 BotID 和 Secret 都对，长连接连得上（已退出）。")]


def _is_held(conn: Connection) -> bool:
    return leases.is_held(conn, "lane:socket")


async def url_robot(patient: Patient) -> list[Finding]:
    """The keys can open letters; only WeCom's first letter proves that they are the right ones."""
    settings = patient.settings
    if not settings.has_robot:
        return [skipped("没有配置回调机器人。")]
    try:
        Envelope(
            settings.robot_token.get_secret_value(), settings.robot_aes_key.get_secret_value(), ""
        )
    except ValueError:
        return [
            to_do(f"回调机器人的 EncodingAESKey 不对：{_PAGE}→“URL 回调”，重新复制。", stops=True)
        ]
    return [well("回调机器人的 Token 和 EncodingAESKey 形状都对。")]
