"""Mass send to groups of residents (群发): asked for by program, sent only when a member confirms.

A lane whose "conversation" names what is wanted: ``mass:ask:<sender>:<group>,<group>``,
``mass:remind:<msgid>``, ``mass:cancel:<msgid>``. The receipt of an asking carries WeCom's msgid;
groups that the sender cannot reach stand in its note. What became of it is read by ``results``.
Source: https://developer.work.weixin.qq.com/document/path/92135, 93338, 97610, 97611.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bot.messages import Outgoing, Receipt, Text
from bot.wecom.channel import Now
from bot.wecom.client import Api
from bot.wecom.cuts import clean, cut_bytes
from bot.wecom.errors import Refusal

MOST_GROUPS = 2000
_TEXT_BYTES = 4000
_PAGE = 500
_MOST_PAGES = 10


class Outcome(IntEnum):
    """What became of one group: nobody confirmed, sent, no friend, no more room this month."""

    UNSENT = 0
    SENT = 1
    NO_FRIEND = 2
    QUOTA = 3


@dataclass(frozen=True, slots=True)
class Delivered:
    """One group of a mass send."""

    chat: str
    outcome: Outcome


class MassLane:
    """Asks members to send something to their groups."""

    name = "mass"

    def __init__(self, api: Api, now: Now) -> None:
        self._api = api
        self._now = now

    async def send(self, out: Outgoing) -> Receipt:
        """Ask, remind or cancel. Raises: as ``Lane.send``; Refusal when no group is left."""
        _, verb, rest = out.chat.split(":", 2)
        match verb:
            case "ask":
                return await self._ask(rest, out)
            case "remind":
                await self._api.call("externalcontact/remind_groupmsg_send", {"msgid": rest})
            case "cancel":
                await self._api.call("externalcontact/cancel_groupmsg_send", {"msgid": rest})
            case _:
                raise Refusal("unknown wish")
        return Receipt(at=self._now(), msgid=rest)

    async def _ask(self, rest: str, out: Outgoing) -> Receipt:
        sender, _, named = rest.partition(":")
        chats = named.split(",")
        if not isinstance(out.message, Text) or not named or len(chats) > MOST_GROUPS:
            raise Refusal("a mass send needs words and 1 to 2000 groups")
        body = {
            "chat_type": "group",
            "sender": sender,
            "chat_id_list": chats,
            "text": {"content": cut_bytes(clean(out.message.text), _TEXT_BYTES)},
        }
        answer = await self._api.call("externalcontact/add_msg_template", body)
        failed = [str(one) for one in answer.get("fail_list") or []]
        if set(chats) <= set(failed):
            raise Refusal("the sender owns none of these groups")
        note = ",".join(failed)
        return Receipt(at=self._now(), msgid=str(answer["msgid"]), note=note)

    async def results(self, msgid: str, sender: str) -> list[Delivered]:
        """What became of every group of that mass send. Raises: as ``Api.call``."""
        found: list[Delivered] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            body = {"msgid": msgid, "userid": sender, "limit": _PAGE, "cursor": cursor}
            answer = await self._api.call("externalcontact/get_groupmsg_send_result", body)
            found += [_delivered(row) for row in answer.get("send_list") or []]
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                break
        return found


def _delivered(row: dict[str, Any]) -> Delivered:
    status = row.get("status", 0)
    known = status if status in {int(one) for one in Outcome} else Outcome.UNSENT
    return Delivered(str(row.get("chat_id", "")), Outcome(known))
