"""The voice call (紧急通知): rings the phone of one member, and asks whether somebody answered.

WeCom reads a fixed sentence aloud ("look at your WeCom"); what has happened stands in the messages
that go out besides. A call that cannot be made is no fault of the row: it is told as an event like
one that was made, because the ticket's journal must say both. Lane ``voice``.
Source: https://developer.work.weixin.qq.com/document/path/91627 (call), 91628 (states).
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.door_events import Learned
from bot.lines import line_of
from bot.messages import Errand, Outgoing, Receipt
from bot.wecom.channel import Buckets, Ears, Now
from bot.wecom.client import Api
from bot.wecom.errors import Gone, Limited, NotAllowed, Refusal, Unreachable
from config.calls import LIMITED, RINGING, TALKS

WINDOWS = ((3, 480), (8, 86400))
STALE = timedelta(minutes=5)
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class End:
    """What became of a call so far: ``placed`` ringing answered unanswered not_made late."""

    outcome: str
    call: str = ""
    reason: int = 0
    talk_s: int = 0


class Voice:
    """Rings phones by ``pstncc``; at most 3 calls in 8 minutes and 8 in a day for one person."""

    name = "voice"

    def __init__(self, api: Api, ears: Ears, buckets: Buckets, now: Now) -> None:
        self._api = api
        self._ears = ears
        self._buckets = buckets
        self._now = now
        self._ended: OrderedDict[str, End] = OrderedDict()
        self._paid: OrderedDict[str, bool] = OrderedDict()

    async def send(self, out: Outgoing) -> Receipt:
        """Make the call, or ask how it stands; what is found out goes to the ears.

        Raises: Unreachable; Refusal for anything but these two errands.
        """
        errand = out.message
        if not isinstance(errand, Errand) or errand.what not in ("call", "call_state"):
            raise Refusal("a phone says no words of ours")
        end = self._ended.get(out.key)
        if end is None:
            end = await self._do(out.key, errand)
            _remember(self._ended, out.key, end)
        await self._tell(out.key, errand, end)
        return Receipt(at=self._now(), msgid=end.call, note=end.outcome)

    async def _do(self, key: str, errand: Errand) -> End:
        if errand.what == "call_state":
            return await self._state(str(errand.data["user"]), str(errand.data["call"]))
        if self._now() - datetime.fromisoformat(str(errand.data["at"])) > STALE:
            return End("late")
        return await self._call(key, str(errand.data["user"]))

    async def _call(self, key: str, user: str) -> End:
        if not await self._may(key, user):
            return End("not_made")
        try:
            answer = await self._api.call("pstncc/call", {"callee_userid": [user]})
        except (NotAllowed, Refusal, Limited, Gone) as fault:
            return End("not_made", reason=fault.errcode)
        states = answer.get("states")
        state = states[0] if isinstance(states, list) and states else {}
        call = str(state.get("callid") or "") if isinstance(state, dict) else ""
        if not call or state.get("code"):
            return End("not_made", reason=_number(state.get("code")) or -1)
        return End("placed", call)

    async def _may(self, key: str, user: str) -> bool:
        """Whether this person may be called once more; a repeated try pays once."""
        if key not in self._paid:
            wait_s = await self._buckets.take(f"call:{line_of(user)}", WINDOWS)
            _remember(self._paid, key, wait_s <= 0)
        return self._paid[key]

    async def _state(self, user: str, call: str) -> End:
        body = {"callee_userid": user, "callid": call}
        try:
            answer = await self._api.call("pstncc/getstates", body)
        except (NotAllowed, Refusal, Limited, Gone):
            return End("ringing", call, RINGING)  # the next look asks again
        return end_of(answer, call)

    async def _tell(self, key: str, errand: Errand, end: End) -> None:
        found = {"outcome": end.outcome, "call": end.call, "reason": end.reason}
        event = Learned(
            key=f"voice:{key}",
            at=self._now(),
            line=str(errand.data["line"]),
            what="call",
            ticket=errand.ticket,
            data={**errand.data, **found, "talk_s": end.talk_s},
        )
        try:
            await self._ears.hear(event)
        except OSError as fault:
            raise Unreachable("the inbox cannot keep what became of the call") from fault


def end_of(answer: dict[str, Any], call: str) -> End:
    """What ``getstates`` says.

    A call that ended "normally" without a talk still counts as ringing: WeCom shows the same
    numbers before it has begun; the last look decides.
    """
    reason = _number(answer.get("reason"))
    if _number(answer.get("istalked")) == 1 or reason in TALKS:
        return End("answered", call, reason, _number(answer.get("talktime")))
    if reason in (0, RINGING):
        return End("ringing", call, reason)
    return End("not_made" if reason == LIMITED else "unanswered", call, reason)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _remember(known: OrderedDict[str, Any], key: str, value: Any) -> None:
    known[key] = value
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
