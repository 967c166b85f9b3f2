"""Groups that our app makes itself (应用群): a team's one-way board where there is no webhook.

Only an app whose visible range is the whole corp may make them; they hold members only and nothing
is heard from them. The errand ``team`` makes a group or brings its members up to date; posts are
texts that call by @. Lane ``appchat``; a conversation is ``appchat:<chat id>``.
Source: https://developer.work.weixin.qq.com/document/path/90245 (create), 98913, 98914, 90248.
"""

from typing import Any

from bot.lines import line_of
from bot.messages import Errand, Outgoing, Post, Receipt, Text
from bot.wecom.channel import Buckets, Now
from bot.wecom.client import Api
from bot.wecom.cuts import clean, no_tags, parts_of
from bot.wecom.doubts import Doubts
from bot.wecom.errors import Limited, Refusal

TEXT_BYTES = 2048
WINDOWS = ((200, 60), (10_000, 86400))
_RESERVE = 20
_MOST_PARTS = 3
_LEAST_MEMBERS, _MOST_MEMBERS, _NAME = 2, 2000, 50


class AppChat:
    """Makes and feeds the app's own groups."""

    name = "appchat"

    def __init__(self, api: Api, buckets: Buckets, now: Now) -> None:
        self._api = api
        self._buckets = buckets
        self._now = now
        self._doubts = Doubts()

    async def send(self, out: Outgoing) -> Receipt:
        """Say it in that group, or bring its members up to date. Raises: as ``Lane.send``."""
        chat = out.chat.removeprefix("appchat:")
        match out.message:
            case Errand(what="team", data=data):
                users = [str(user) for user in data["users"]]
                note = await self.ensure(chat, str(data["name"]), users)
                return Receipt(at=self._now(), note=note)
            case Post() | Text():
                await self._say(out, chat)
                return Receipt(at=self._now())
            case _:
                raise Refusal("an app's group cannot show this")

    async def ensure(self, chat: str, name: str, users: list[str]) -> str:
        """``created``, ``updated`` or ``unchanged``: afterwards exactly ``users`` are in it.

        Raises: Refusal for fewer than two or more than 2000 people, and as ``Api.call``.
        """
        if not _LEAST_MEMBERS <= len(users) <= _MOST_MEMBERS:
            raise Refusal(f"a group of {len(users)}")
        known = await self._known(chat)
        if known is None:
            body = {"chatid": chat, "name": name[:_NAME], "owner": users[0], "userlist": users}
            await self._api.call("appchat/create", body)
            return "created"
        there = {str(user).lower() for user in known.get("userlist") or []}
        wanted = {user.lower() for user in users}
        added = [user for user in users if user.lower() not in there]
        gone = sorted(there - wanted)
        if not added and not gone and known.get("name") == name[:_NAME]:
            return "unchanged"
        change: dict[str, Any] = {"chatid": chat, "name": name[:_NAME], "owner": users[0]}
        change |= {"add_user_list": added, "del_user_list": gone}
        await self._api.call("appchat/update", change)
        return "updated"

    async def _known(self, chat: str) -> dict[str, Any] | None:
        try:
            answer = await self._api.ask("appchat/get", {"chatid": chat})
        except Refusal:
            return None
        info = answer.get("chat_info")
        return info if isinstance(info, dict) else None

    async def _say(self, out: Outgoing, chat: str) -> None:
        message = out.message
        words = message.plain if isinstance(message, Post) else getattr(message, "text", "")
        mentions = list(message.mentions) if isinstance(message, Post) else []
        parts = parts_of(no_tags(clean(words)) or "…", TEXT_BYTES, _MOST_PARTS)
        with self._doubts.watching(out.key):
            for number in range(self._doubts.parts_said(out.key), len(parts)):
                await self._take(chat, out.danger)
                text: dict[str, Any] = {"content": parts[number]}
                if mentions and number == 0:
                    text["mentioned_list"] = mentions
                body = {"chatid": chat, "msgtype": "text", "text": text, "safe": 0}
                await self._api.call("appchat/send", body)
                self._doubts.part_said(out.key)
        self._doubts.forget(out.key)

    async def _take(self, chat: str, danger: bool) -> None:
        """WeCom drops what a member hears beyond 200 a minute without a word. Raises: Limited."""
        reserve = 0 if danger else _RESERVE
        wait_s = await self._buckets.take(f"appchat:{line_of(chat)}", WINDOWS, reserve)
        if wait_s > 0:
            raise Limited("our own limit for this group", retry_after_s=wait_s)
