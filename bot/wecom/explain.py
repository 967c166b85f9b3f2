"""What a refusal means and where to click (讲明白): WeCom's errcodes in an operator's Chinese.

For logs, the doctor and the administrator's message; no secret is ever in it. The address that
WeCom names in 60020 is ours as it sees us from outside, which is what must be typed in.
Source: WeCom global error codes, /document/path/90313, read 2026-11.
"""

import re

from bot.wecom.errors import WeComFault
from config.calls import NOT_MADE

_IP = re.compile(r"from ip: ?([0-9a-fA-F.:]{3,45}?)(?=[,\s]|$)")
_APP = "管理后台→应用管理→自建应用"
_WORDS = {
    40001: f"应用的 Secret 不对：请到{_APP}重新复制。",
    40013: "企业 ID 不对：请到“我的企业”→“企业信息”最下面重新复制。",
    40056: f"AgentId 不对：请到{_APP}重新复制。",
    41004: f"没有写应用的 Secret：请到{_APP}复制。",
    48002: f"这个应用没有这项权限：请到{_APP}看接口权限和可见范围。",
    48009: "通讯录同步的 Secret 不许从这个地址读详情：请改用应用的 Secret。",
    50003: f"应用被停用了：请到{_APP}重新启用。",
    60011: f"这个人不在应用的可见范围里：请到{_APP}→可见范围加上。",
    60111: "企业微信里没有这个账号：请看名册 roster.yaml 的 id。",
    81013: "没有一个收件人收得到：请看应用的可见范围和名册。",
    93000: "群机器人已被移出群或密钥失效：请在群里重新添加。",
    301002: "AgentId 和 Secret 不是同一个应用的：请一起重新复制。",
    **{code: f"险情电话打不出去：{why}。" for code, why in NOT_MADE.items() if code},
}


def ip_of(fault: WeComFault) -> str:
    """Our address as WeCom sees it, from the words of a 60020; empty when it names none."""
    found = _IP.search(fault.detail)
    return found[1] if found else ""


def in_words(fault: WeComFault) -> str:
    """One Chinese sentence: what is wrong and what to click."""
    if fault.errcode == 60020:
        address = ip_of(fault) or "（企业微信没说是哪个）"
        return f"出口地址 {address} 没有列入信任：请打开{_APP}→企业可信IP，添加后一分钟左右生效。"
    known = _WORDS.get(fault.errcode)
    return known or f"企业微信回了错误码 {fault.errcode}，说明见 {fault.doc}"
