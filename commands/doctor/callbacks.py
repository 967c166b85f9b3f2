"""Checks of the addresses where WeCom knocks (回调): we knock ourselves, with our own signature.

From this machine one sees name, certificate, redirect, proxy and keys; whether the way in from
outside is open only somebody outside can tell, and the sentence says so.
Source: https://developer.work.weixin.qq.com/document/path/90238.
"""

import asyncio
import ipaddress
import secrets
import socket
from urllib.parse import urlsplit

from bot.wecom.crypto import Envelope
from bot.wecom.probe import NoAnswer, Page, Way, look_at
from commands.doctor import words
from commands.doctor.findings import Finding, Patient, skipped, to_do, well
from config.settings import Settings

APP_PATH, ROBOT_PATH = "/wecom/app", "/wecom/robot"
_ECHO_S = 1.0
_WAIT_S = 5.0
_NOBODY = frozenset({502, 503, 504})


async def app_address(patient: Patient) -> list[Finding]:
    """The app's address: ``/wecom/app``."""
    settings = patient.settings
    if not settings.app_aes_key.get_secret_value():
        return [skipped("没有自建应用的回调密钥。")]
    token, key = settings.app_token.get_secret_value(), settings.app_aes_key.get_secret_value()
    return await _knock(patient, APP_PATH, token, key, settings.corp_id)


async def robot_address(patient: Patient) -> list[Finding]:
    """The URL robot's address: ``/wecom/robot``; the receiver of its letters is empty."""
    settings = patient.settings
    if not settings.has_robot:
        return [skipped("没有配置回调机器人。")]
    token = settings.robot_token.get_secret_value()
    return await _knock(patient, ROBOT_PATH, token, settings.robot_aes_key.get_secret_value(), "")


async def _knock(patient: Patient, path: str, token: str, key: str, receiver: str) -> list[Finding]:
    if patient.settings.public_url == Settings.model_fields["public_url"].default:
        return [
            skipped(
                "没有设置 JINGGE_PUBLIC_URL（https://您的域名/），回调地址无从查起；"
                "只用长连接机器人的可以不设，但应用里的卡片就按不动。"
            )
        ]
    try:
        envelope = Envelope(token, key, receiver)
    except ValueError:
        return [to_do("EncodingAESKey 不是 43 个字母数字：请到管理后台重新复制。", stops=True)]
    url = f"{patient.settings.public_url.rstrip('/')}{path}"
    findings = await _address_faults(url)
    echo = secrets.token_hex(8)
    sealed = envelope.close(echo, str(int(patient.now().timestamp())), secrets.token_hex(8))
    query = {
        "msg_signature": str(sealed["msgsignature"]),
        "timestamp": str(sealed["timestamp"]),
        "nonce": str(sealed["nonce"]),
        "echostr": str(sealed["encrypt"]),
    }
    try:
        page = await look_at(patient.session, url, query, _WAIT_S)
    except NoAnswer as fault:
        return [*findings, to_do(_silence(fault, url))]
    fault_found = _page_fault(page, echo, url)
    if fault_found:
        return [*findings, to_do(fault_found)]
    return findings or [
        well(f"{url} 答对了（从这台机器看；外网是否进得来，到管理后台点一次“保存”就知道）。")
    ]


async def _address_faults(url: str) -> list[Finding]:
    parts = urlsplit(url)
    found = []
    if parts.scheme != "https":
        found.append(
            to_do(f"{url} 不是 https：请给域名配证书，把 JINGGE_PUBLIC_URL 改成 https://…")
        )
    if await asyncio.to_thread(_is_inside, parts.hostname or ""):
        found.append(
            to_do(
                f"{parts.hostname} 是内网地址，企业微信从外面进不来：请把域名解析到公网，"
                "由反向代理转进来；不能开公网入口的，改用长连接机器人。"
            )
        )
    return found


def _is_inside(host: str) -> bool:
    """True when every address of ``host`` is a private one; False while it has none."""
    try:
        rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    return bool(addresses) and all(address.is_private for address in addresses)


def _silence(fault: NoAnswer, url: str) -> str:
    if fault.way in (Way.CONNECTION, Way.BROKEN):
        return f"{url} 没人应门：程序要在跑（run_bot.py run），反向代理要把这个路径转给它。"
    return f"{url}：{words.of_silence(fault)}"


def _page_fault(page: Page, echo: str, url: str) -> str:
    """What is wrong with the answer to our knock; empty when nothing is."""
    match page.status:
        case 200 if page.body == echo.encode():
            slow = page.took_s > _ECHO_S
            return f"{url} 答对了，但用了 {page.took_s:.1f} 秒，企业微信只等 1 秒。" if slow else ""
        case 200:
            return f"{url} 答的内容不对：这个路径要原样转给程序，中间不能有登录页、改写或加换行。"
        case 301 | 302 | 303 | 307 | 308:
            return f"{url} 被转到别处（{page.status}），企业微信不跟着走：请在反向代理去掉跳转。"
        case 403:
            return (
                f"{url} 说签名不对：正在跑的程序用的 Token、EncodingAESKey 和这里的设置不一样，"
                "请用同一份设置重启程序；也可能是两台机器的时钟差了十分钟以上。"
            )
        case 404:
            return f"{url} 找不到（404）：请看反向代理有没有转这个路径，程序里有没有配置这扇门。"
        case status if status in _NOBODY:
            return f"{url} 后面没有程序（{status}）：请启动 run_bot.py run，看反向代理转到的端口。"
        case status:
            return f"{url} 回了 HTTP {status}：请看反向代理的日志，这个路径不能要登录。"
