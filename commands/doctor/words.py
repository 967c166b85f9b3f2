"""What a fault means and what to do about it (怎么办): faults of wire and WeCom in Chinese.

WeCom's errcodes are explained by ``bot.wecom.explain``; this adds the two that need more words
on the first day, and the ways an HTTP exchange may end.
"""

from bot.wecom.errors import Limited, WeComFault
from bot.wecom.explain import in_words, ip_of
from bot.wecom.probe import NoAnswer, Way

_APP = "管理后台→“应用管理”→自建应用"
UNTRUSTED = 60020
_WAYS = {
    Way.NAME: "域名 {host} 解析不出来：请检查这台机器的 DNS。",
    Way.PROXY: "代理不通：请检查 JINGGE_HTTP_PROXY（没写就是 HTTPS_PROXY）写的地址和端口，"
    "代理要放行 {host}。",
    Way.CERTIFICATE: "{host} 的证书不受信任或已过期：请检查证书链、本机时钟，"
    "以及出口上是否有设备在拆解 TLS（是就把它的 CA 证书写进 JINGGE_CA_FILE）。",
    Way.CONNECTION: "连不上 {host}：请在出口放行它的 443 端口；"
    "要经代理的，设置 JINGGE_HTTP_PROXY。",
    Way.TIME: "{host} 一直没有回答：请检查出口网络和代理。",
    Way.BROKEN: "和 {host} 的连接中途断了：请检查出口网络和代理，过一会儿再运行一次。",
}


def of_fault(fault: WeComFault) -> str:
    """What to click because of a refusal."""
    if fault.errcode == UNTRUSTED:
        return of_untrusted(fault)
    if isinstance(fault, Limited):
        return (
            "企业微信暂时封住了这个地址（45009，多半是 Secret 连续写错）：先改对 Secret，"
            "一小时后再运行，这之间不要重试。"
        )
    if not fault.errcode:
        return "企业微信的回答读不懂：请检查 JINGGE_API_BASE 和代理，是不是有登录页挡在中间。"
    return in_words(fault)


def of_untrusted(fault: WeComFault) -> str:
    """Which address must be trusted."""
    address = ip_of(fault) or "这台机器的出口地址（企业微信没说是哪个，请问网管）"
    return f"把这个 IP 加进“企业可信IP”：{address}。{_APP}→“企业可信IP”→“配置”，约一分钟后生效。"


def of_silence(fault: NoAnswer) -> str:
    """What to look at because nobody answered."""
    return _WAYS[fault.way].format(host=fault.host)
