"""Check of the customer groups (客户群): may the app see them, and is there one at all.

One harmless question. Source: https://developer.work.weixin.qq.com/document/path/92120
(groupchat/list), read 2026-11.
"""

from bot.wecom.errors import NotAllowed, Refusal, TooManyOwners
from commands.doctor.findings import Finding, Patient, skipped, to_do, well

_PAGE = "管理后台→“客户联系”"
_LIST = "externalcontact/groupchat/list"


async def customer_groups(patient: Patient) -> list[Finding]:
    """客户群: the app may list them; without the setting it is skipped with a word."""
    if not patient.settings.customer_groups:
        return [skipped("没有打开客户群（JINGGE_CUSTOMER_GROUPS）。")]
    if not await patient.can_ask():
        return [skipped("调用不了接口，先办“企业”那几条。")]
    try:
        answer = await patient.corp.post(_LIST, {"status_filter": 0, "cursor": "", "limit": 1})
    except TooManyOwners:
        return [well("客户群看得到，群主很多，按群主分批看。")]
    except (NotAllowed, Refusal):
        return [
            to_do(
                f"应用看不了客户群：{_PAGE}→“可调用接口的应用”里勾上自建应用，"
                "再到应用的“可见范围”把群主加进去。"
            )
        ]
    if not answer.get("group_chat_list"):
        return [
            to_do(
                "一个客户群也看不到：还没有建群，或群主不在应用的可见范围里"
                "（“应用管理”→自建应用→“可见范围”）。"
            )
        ]
    return [well("客户群看得到。还没认领的群，私聊小警回“客户群”看清单。")]
