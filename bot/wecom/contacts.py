"""The corp's address book (通讯录): is everybody of the roster there, and can the app see them.

Only looked at, never written. The app's own token tells of one member at a time and only within
its visible range; the list of all userids needs the secret of 通讯录同步, where a site has it.
Lane ``contacts``: an errand asks, the answer comes back as ``Learned``.
Source: https://developer.work.weixin.qq.com/document/path/96067 (user/list_id), 90196 (user/get),
90208 (department/list), read 2026-11.
"""

from dataclasses import dataclass, field

from bot.door_events import Learned
from bot.lines import line_of
from bot.messages import Errand, Outgoing, Receipt
from bot.wecom.channel import Ears, Now
from bot.wecom.client import Api
from bot.wecom.errors import Refusal, Unreachable

_PAGE = 10_000
_MOST_PAGES = 100
_NOT_THERE = 60111
_NOT_SEEN = frozenset({60011, 48002})


@dataclass(slots=True)
class Seen:
    """What the corp says of the userids that were asked for."""

    missing: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


class Contacts:
    """Reads members and departments; ``directory`` speaks with the secret of 通讯录同步."""

    name = "contacts"

    def __init__(self, api: Api, directory: Api | None, ears: Ears, now: Now) -> None:
        self._api = api
        self._directory = directory
        self._ears = ears
        self._now = now

    async def send(self, out: Outgoing) -> Receipt:
        """Look at every userid of the errand and tell the ears what was found.

        Raises: as ``Api.call``; Refusal for any other errand.
        """
        errand = out.message
        if not isinstance(errand, Errand) or errand.what != "roster":
            raise Refusal("the address book says nothing")
        seen = await self.look([str(user) for user in errand.data["ids"]])
        event = Learned(
            key=f"contacts:{out.key}",
            at=self._now(),
            line=line_of("cron:"),
            what="roster",
            data={"missing": seen.missing, "outside": seen.outside, "names": seen.names},
        )
        try:
            await self._ears.hear(event)
        except OSError as fault:
            raise Unreachable("the inbox cannot keep what the roster check found") from fault
        return Receipt(at=self._now())

    async def look(self, users: list[str]) -> Seen:
        """Who is missing, who is outside the app's visible range, and how the others are called."""
        everybody = await self.userids() if self._directory is not None else None
        seen = Seen()
        for user in users:
            if everybody is not None and user.lower() not in everybody:
                seen.missing.append(user)
                continue
            await self._one(user, seen, is_listed=everybody is not None)
        return seen

    async def userids(self) -> set[str]:
        """All userids of the corp, in lower case. Raises: Refusal without that secret."""
        if self._directory is None:
            raise Refusal("no secret of 通讯录同步")
        found: set[str] = set()
        cursor = ""
        for _ in range(_MOST_PAGES):
            body = {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}
            answer = await self._directory.call("user/list_id", body)
            rows = answer.get("dept_user") or []
            found |= {str(row.get("userid", "")).lower() for row in rows if isinstance(row, dict)}
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                break
        return found - {""}

    async def departments(self) -> dict[int, str]:
        """Departments that the app may see: id → name (empty for apps that may not read it)."""
        answer = await self._api.ask("department/list", {})
        rows = answer.get("department") or []
        return {int(row["id"]): str(row.get("name", "")) for row in rows if isinstance(row, dict)}

    async def _one(self, user: str, seen: Seen, *, is_listed: bool) -> None:
        try:
            answer = await self._api.ask("user/get", {"userid": user})
        except Refusal as fault:
            if fault.errcode == _NOT_THERE and not is_listed:
                seen.missing.append(user)
            elif fault.errcode in _NOT_SEEN or fault.errcode == _NOT_THERE:
                seen.outside.append(user)
            else:
                raise
        else:
            seen.names[user] = str(answer.get("name") or "")
