"""Decrypted callbacks of the app, as WeCom writes them."""

from tests.wecom.fakes import NOON


def letter(msgtype: str, inner: str, user: str = "officer_lin") -> str:
    stamp = int(NOON.timestamp())
    return (
        f"<xml><ToUserName><![CDATA[wwcorp1]]></ToUserName>"
        f"<FromUserName><![CDATA[{user}]]></FromUserName><CreateTime>{stamp}</CreateTime>"
        f"<MsgType><![CDATA[{msgtype}]]></MsgType>{inner}<AgentID>7</AgentID></xml>"
    )
