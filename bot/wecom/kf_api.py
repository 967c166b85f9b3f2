"""The smaller calls of 微信客服: who holds a session, handing it over, links for posters.

State 0 new · 1 the program · 2 waiting in the pool · 3 a human · 4 ended. Called by
``bot.wecom.kf`` and ``commands.posters``.
Source: https://developer.work.weixin.qq.com/document/path/94669 and 94665.
"""

from urllib.parse import quote

from bot.wecom.client import Api
from bot.wecom.errors import Refusal

SCENE_BYTES = 128


async def state_of(api: Api, account: str, customer: str) -> int:
    """Who holds the session now. Raises: as ``Api.call``."""
    body = {"open_kfid": account, "external_userid": customer}
    answer = await api.call("kf/service_state/get", body)
    return int(answer.get("service_state", 0))


async def hand_over(api: Api, account: str, customer: str, state: int, servicer: str = "") -> str:
    """The msg_code of the change (for one line of farewell). Raises: as ``Api.call``."""
    body: dict[str, object] = {
        "open_kfid": account,
        "external_userid": customer,
        "service_state": state,
    }
    if servicer:
        body["servicer_userid"] = servicer
    answer = await api.call("kf/service_state/trans", body)
    return str(answer.get("msg_code", ""))


async def contact_link(api: Api, account: str, scene: str) -> str:
    """The account's link; ``scene`` (at most 32 letters, digits, _ or -) comes back at entering.

    Raises: as ``Api.call``.
    """
    body = {"open_kfid": account, "scene": scene}
    return str((await api.call("kf/add_contact_way", body))["url"])


def link_for(link: str, place: str) -> str:
    """The link that says at entering which poster was scanned.

    Raises: Refusal, when the place is too long to be carried.
    """
    param = quote(place, safe="")
    if len(param) > SCENE_BYTES:
        raise Refusal(f"scene_param of {len(param)} bytes")
    return f"{link}{'&' if '?' in link else '?'}scene_param={param}"
