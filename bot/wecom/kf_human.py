"""Handing a session of 微信客服 to a human (转人工): into the pool, else to one servicer.

Nobody on duty, or WeCom refusing both, is an answer like the other: it is told as an event, and
the handlers find somebody else. A session that a human has already stays where it is, so a
repeated errand does nothing twice. Called by ``bot.wecom.kf``.
Source: https://developer.work.weixin.qq.com/document/path/94669 (trans), 94645 (servicer/list).
"""

import logging

from bot.messages import Text
from bot.wecom import kf_api, kf_words
from bot.wecom.client import Api
from bot.wecom.errors import Gone, NotAllowed, Refusal
from bot.wecom.kf_budget import ENDED, HUMAN, NEW, POOL

_log = logging.getLogger(__name__)
_ON_DUTY = 0


async def servicers(api: Api, account: str) -> list[str]:
    """Who receives customers of that account now. Raises: as ``Api.ask``."""
    answer = await api.ask("kf/servicer/list", {"open_kfid": account})
    rows = answer.get("servicer_list") or []
    found = [row for row in rows if isinstance(row, dict) and row.get("status") == _ON_DUTY]
    return [str(row["userid"]) for row in found if row.get("userid")]


async def hand_over(api: Api, account: str, customer: str) -> tuple[int, str]:
    """Who holds the session now, and the code for one line to her (empty for none).

    Raises: Limited, Unreachable.
    """
    try:
        state = await kf_api.state_of(api, account, customer)
        there = [] if state in (POOL, HUMAN) else await servicers(api, account)
    except (Refusal, Gone, NotAllowed) as fault:
        _log.warning("kf cannot tell who is on duty: %s", type(fault).__name__)
        return NEW, ""
    if not there:
        return state if state in (POOL, HUMAN) else NEW, ""
    for wanted, servicer in ((POOL, ""), (HUMAN, there[0])):
        try:
            return wanted, await kf_api.hand_over(api, account, customer, wanted, servicer)
        except (Refusal, Gone, NotAllowed) as fault:
            _log.warning("kf state %s refused: %s", wanted, fault.errcode)
    return NEW, ""


async def say_once(api: Api, code: str, key: str, words: str) -> bool:
    """True when WeCom took the one line that a code allows. Raises: Limited, Unreachable."""
    head = {"code": code, "msgid": kf_words.msgid_of(key)}
    try:
        await api.call("kf/send_msg_on_event", head | kf_words.body_of(Text(text=words)))
    except (Refusal, Gone, NotAllowed):
        return False
    return True


async def out_of_the_pool(api: Api, account: str, customer: str) -> str:
    """The code for a last line, when she waited for a human in vain; empty when it is refused.

    Danger only: while she waits no program may speak, and ending the wait is the one way to tell
    her the emergency numbers now. Raises: Limited, Unreachable.
    """
    try:
        if await kf_api.state_of(api, account, customer) != POOL:
            return ""  # a human has taken it meanwhile
        return await kf_api.hand_over(api, account, customer, ENDED)
    except (Refusal, Gone, NotAllowed):
        return ""
