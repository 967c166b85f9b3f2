"""Customer groups (客户群): which there are, how each stands, and the letters about changes.

Only reading: no program may speak in a group with residents. What WeCom hands out may lag seconds
behind its own letter. Members are counted; of residents neither id nor name leaves this module.
Called by ``bot.engine.group_watch``; the letters reach the app's address without AgentID.
Source: https://developer.work.weixin.qq.com/document/path/92120 (list), 92122 (get), 92130 (event).
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.door_events import GroupChange, Regrouped
from bot.lines import line_of
from bot.wecom.client import Api
from bot.wecom.cuts import clean
from bot.wecom.errors import TooManyOwners
from bot.wecom.frames import many, moment_of

log = logging.getLogger(__name__)
EVENT = "change_external_chat"
MOST_OWNERS = 100
PAGE = 1000
_MOST_PAGES = 200
_COLLEAGUE = 1
_OWNER_GONE = (1, 2)
_UPDATES = {
    "add_member": GroupChange.JOINED,
    "del_member": GroupChange.LEFT,
    "change_owner": GroupChange.OWNER,
    "change_name": GroupChange.NAME,
    "change_notice": GroupChange.NOTICE,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A group as the list names it; ``owner_left``: its owner is no colleague any more."""

    chat: str
    owner_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a group stands: colleagues by account, residents as a number; ``name`` may be empty."""

    chat: str
    name: str
    owner: str
    colleagues: tuple[str, ...]
    residents: int
    version: str


class CustomerGroups:
    """Asks WeCom with the app's rights."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def listed(self, owners: Sequence[str]) -> list[Listed]:
        """Every customer group; where there are too many owners, those of ``owners``.

        Raises: as ``Api.call``.
        """
        try:
            return [one async for one in self._pages({})]
        except TooManyOwners:
            log.info("customer groups are listed by owner")
        found: dict[str, Listed] = {}
        for begin in range(0, len(owners), MOST_OWNERS):
            some = {"userid_list": list(owners[begin : begin + MOST_OWNERS])}
            async for one in self._pages({"owner_filter": some}):
                found[one.chat] = one
        return list(found.values())

    async def _pages(self, narrowed: dict[str, Any]) -> Any:
        cursor = ""
        for _ in range(_MOST_PAGES):
            body = {"status_filter": 0, **narrowed, "cursor": cursor, "limit": PAGE}
            answer = await self._api.call("externalcontact/groupchat/list", body)
            for row in answer.get("group_chat_list") or []:
                if chat := _text(row, "chat_id"):
                    yield Listed(chat, row.get("status") in _OWNER_GONE)
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                return

    async def view(self, chat: str) -> View:
        """How that group stands now, or stood seconds ago.

        Raises: NoCustomerGroup, and as ``Api.call``.
        """
        body = {"chat_id": chat, "need_name": 0}
        answer = await self._api.call("externalcontact/groupchat/get", body)
        group = answer.get("group_chat") or {}
        members = [one for one in group.get("member_list") or [] if isinstance(one, dict)]
        own = [_text(one, "userid") for one in members if one.get("type") == _COLLEAGUE]
        return View(
            chat=chat,
            name=_text(group, "name"),
            owner=_text(group, "owner"),
            colleagues=tuple(filter(None, own)),
            residents=len(members) - len(own),
            version=_text(group, "member_version"),
        )


def letter_in(letter: dict[str, Any], now: datetime) -> Regrouped | None:
    """The change that a letter tells of; None, with one line in the log, when it tells of none."""
    chat, kind = _text(letter, "ChatId"), _text(letter, "ChangeType")
    change = _change(kind, _text(letter, "UpdateDetail"))
    if not chat or change is None:
        log.warning("letter about a group ignored change=%.40s", kind)
        return None
    version = _text(letter, "CurMemVer")
    members = list(_members(letter.get("MemChangeList")))
    mark = hashlib.sha256("|".join((version, *members)).encode()).hexdigest()[:12]
    stamp = _text(letter, "CreateTime")
    joined = _outsiders(letter, members) if change is GroupChange.JOINED else 0
    return Regrouped(
        key=f"group:{line_of(chat)}:{stamp}:{change}:{mark}",
        at=moment_of(stamp, now),
        chat=chat,
        change=change,
        joined=joined,
        version=version,
    )


def _change(kind: str, detail: str) -> GroupChange | None:
    match kind:
        case "create":
            return GroupChange.CREATED
        case "dismiss":
            return GroupChange.DISMISSED
        case "update":
            return _UPDATES.get(detail)
        case _:
            return None


def _members(value: Any) -> Iterator[str]:
    """Accounts in either shape: ``a,b`` or ``<Item>a</Item><Item>b</Item>``, one or many."""
    for one in many(value.get("Item") if isinstance(value, dict) else value):
        if isinstance(one, str):
            yield from (part.strip() for part in clean(one).split(",") if part.strip())


def _outsiders(letter: dict[str, Any], members: list[str]) -> int:
    """How many residents are meant; the letter's own count where it names nobody."""
    if members:
        return sum(one.startswith(("wm", "wo")) for one in members)
    count = _text(letter, "MemChangeCnt")
    return int(count) if count.isdecimal() and len(count) < 7 else 0


def _text(parent: dict[str, Any], name: str) -> str:
    value = parent.get(name)
    return clean(value).strip() if isinstance(value, str) else ""
