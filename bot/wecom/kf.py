"""微信客服: hears WeChat customers one to one, and answers within WeCom's budget.

A callback only knocks: what was said is read by ``sync_msg``, page by page, and the cursor moves
with what it brought. Without a knock it is read now and then all the same; a lost cursor reads
three days again, which the keys make harmless. As lane ``kf`` it asks ``kf_budget`` first.
Source: https://developer.work.weixin.qq.com/document/path/94670, 94677 and 95122.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.door_events import Learned
from bot.events import Media
from bot.lines import line_of
from bot.messages import Errand, Outgoing, Receipt, Text
from bot.wecom import kf_api, kf_human, kf_words
from bot.wecom.channel import Now
from bot.wecom.client import Api
from bot.wecom.doubts import Doubts
from bot.wecom.errors import (
    BadParameter,
    Gone,
    Limited,
    Refusal,
    SessionHeld,
    StaleKnock,
    Unreachable,
    WeComFault,
    WindowShut,
)
from bot.wecom.kf_budget import ENDED, OURS, POOL, Found, KfBooks, Verdict, verdict
from bot.wecom.kf_letters import DOOR, found_of
from bot.wecom.media import MEDIA_LIMIT
from bot.wecom.places import KfConfig

_log = logging.getLogger(__name__)
EVENT = "kf_msg_or_event"
_PAGE = 1000
_MOST_EMPTY = 200


class Kf:
    """The customer-service accounts of one corp, ears and lane."""

    def __init__(
        self, config: KfConfig, api: Api, books: KfBooks, now: Now, *, name: str = DOOR
    ) -> None:
        self.name = name
        self._config = config
        self._api = api
        self._books = books
        self._now = now
        self._doubts = Doubts()
        self._knocks: dict[str, str] = {}
        self._knocked = asyncio.Event()
        self._reading = 0
        self.read_at: datetime | None = None
        """When everything of an account was last read to its end."""

    # ------------------------------------------------------------ hearing

    @property
    def unread(self) -> int:
        """Accounts that have something we have not read yet."""
        return len(self._knocks) + self._reading

    async def knock(self, letter: dict[str, Any]) -> None:
        """A callback says that there is something; ``run`` reads it."""
        account, token = str(letter.get("OpenKfId", "")), str(letter.get("Token", ""))
        if account not in self._config.accounts:
            _log.warning("kf event of an account that is not in our settings")
            return
        self._knocks[account] = token
        self._knocked.set()

    async def run(self, is_ours: Callable[[], bool]) -> None:
        """Read for ever: at a knock at once, and every ``poll_s`` while ``is_ours``."""
        while True:
            if not self._knocked.is_set() and is_ours():
                for account in self._config.accounts:
                    self._knocks.setdefault(account, "")
            self._knocked.clear()
            read = [await self._read(account) for account in list(self._knocks)]
            if all(read):
                await self._nap()
            else:
                await asyncio.sleep(self._config.backoff_s)
                self._knocked.set()  # again what was left, and nothing besides

    async def _nap(self) -> None:
        """Until the next knock, or until it is time to look without one."""
        try:
            async with asyncio.timeout(self._config.poll_s):
                await self._knocked.wait()
        except TimeoutError:
            return

    async def _read(self, account: str) -> bool:
        """True when everything was read or reading makes no sense; else it is tried again."""
        token = self._knocks.pop(account)
        self._reading += 1
        try:
            await self.sync(account, token)
            self.read_at = self._now()
        except (Unreachable, Limited, OSError) as fault:
            _log.warning("kf cannot read now: %s", type(fault).__name__)
            self._knocks.setdefault(account, token)
            return False
        except WeComFault as fault:
            _log.error("kf cannot read: %s", fault)
        finally:
            self._reading -= 1
        return True

    async def sync(self, account: str, token: str = "") -> int:
        """How many rows were read: everything since the cursor, until WeCom says that is all.

        Raises: classes of ``bot.wecom.errors``; OSError when a page cannot be stored.
        """
        cursor, count, empty = await self._books.cursor(account), 0, 0
        while True:
            page, token, cursor = await self._page(account, token, cursor)
            rows = [row for row in page.get("msg_list") or [] if isinstance(row, dict)]
            found = [found_of(row, account, self._now()) for row in rows]
            following = str(page.get("next_cursor") or cursor)
            await self._books.keep(account, [one for one in found if one], following)
            empty = 0 if rows or following != cursor else empty + 1
            cursor, count = following, count + len(rows)
            if page.get("has_more") != 1:
                return count
            if empty > _MOST_EMPTY:
                _log.warning("kf says there is more and gives nothing; later again")
                return count

    async def _page(self, account: str, token: str, cursor: str) -> tuple[dict[str, Any], str, str]:
        """One page, with the token and the cursor that were still good for it."""
        body: dict[str, Any] = {"limit": _PAGE, "voice_format": 0, "open_kfid": account}
        if cursor:
            body["cursor"] = cursor
        try:
            page = await self._api.call("kf/sync_msg", body | ({"token": token} if token else {}))
        except StaleKnock:
            if not token:
                raise
            return await self._page(account, "", cursor)
        except BadParameter:
            if not cursor:
                raise
            _log.warning("kf cursor was refused; three days are read again")
            return await self._page(account, token, "")
        return page, token, cursor

    async def fetch(self, medium: Media, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of a medium, within three days. Raises: as ``Api.fetch``."""
        return await self._api.fetch(medium.media_id, limit_bytes)

    # ------------------------------------------------------------ speaking

    async def send(self, out: Outgoing) -> Receipt:
        """Say it to one customer, as far as WeCom and the plan of the budget allow.

        Raises: as ``Lane.send``; Gone when another way must be found.
        """
        account, customer = _address(out.chat)
        if isinstance(out.message, Errand):
            return await self._fetch_human(out, out.message, account, customer)
        if not isinstance(out.message, Text):
            raise Refusal("no cards for WeChat customers")
        if out.reply and out.reply.kind == "welcome":
            return await self._welcome(out, out.message)
        judged = await self._judged(out)
        if judged is not Verdict.SEND:
            said = await self._said_out_of_the_pool(out, out.message, account, customer)
            return said or self._unsaid(judged, "the budget is kept, or a human answers")
        head = {"touser": customer, "open_kfid": account, "msgid": kf_words.msgid_of(out.key)}
        try:
            await self._post(out, head | kf_words.body_of(out.message))
        except WindowShut:
            await self._books.shut(out.chat)
            return self._unsaid(await self._judged(out), "the window is shut")
        except SessionHeld:
            return await self._held(out, account, customer)
        await self._books.said(out.chat)
        return Receipt(at=self._now(), msgid=str(head["msgid"]))

    async def _judged(self, out: Outgoing) -> Verdict:
        standing = await self._books.standing(out.chat)
        return verdict(standing, out.weight, out.danger, self._now())

    def _unsaid(self, judged: Verdict, why: str) -> Receipt:
        """A receipt that says that it was left unsaid. Raises: Gone when it must be said."""
        if judged is Verdict.DROP:
            return Receipt(at=self._now(), note=why)
        raise Gone(why)

    async def _post(self, out: Outgoing, body: dict[str, Any]) -> None:
        """One message; a repeated id that WeCom refuses has arrived before."""
        try:
            with self._doubts.watching(out.key):
                await self._api.call("kf/send_msg", body)
        except BadParameter:
            if not self._doubts.is_doubtful(out.key):
                raise
        self._doubts.forget(out.key)

    async def _held(self, out: Outgoing, account: str, customer: str) -> Receipt:
        """WeCom says that the session is not ours: ask whose it is, and remember it."""
        state = await kf_api.state_of(self._api, account, customer)
        await self._books.stands(out.chat, state)
        if state in OURS:
            raise Limited("the session changed hands just now", 95018, retry_after_s=1.0)
        return self._unsaid(await self._judged(out), "a human holds the session")

    async def _fetch_human(
        self, out: Outgoing, errand: Errand, account: str, customer: str
    ) -> Receipt:
        """Hand the session over; what came of it is told as an event. Raises: as ``send``."""
        if errand.what != "human":
            raise Refusal("微信客服 does no such errand")
        state, code = await kf_human.hand_over(self._api, account, customer)
        if code:
            await kf_human.say_once(self._api, code, out.key, str(errand.data["told"]))
        event = Learned(
            key=f"kf:{out.key}",
            at=self._now(),
            line=line_of(out.chat),
            what="human",
            data={**errand.data, "state": state, "fresh": bool(code)},
        )
        try:
            held = None if state in OURS else state
            await self._books.learned(Found(chat=out.chat, at=self._now(), event=event, state=held))
        except OSError as fault:
            raise Unreachable("the inbox cannot keep who has the session") from fault
        return Receipt(at=self._now(), note=f"state {state}")

    async def _said_out_of_the_pool(
        self, out: Outgoing, message: Text, account: str, customer: str
    ) -> Receipt | None:
        """Danger while she waits for a human whom she has not got: said, and the wait is over."""
        standing = await self._books.standing(out.chat)
        if not out.danger or standing.state != POOL:
            return None
        code = await kf_human.out_of_the_pool(self._api, account, customer)
        if not code or not await kf_human.say_once(self._api, code, out.key, message.text):
            return None
        await self._books.stands(out.chat, ENDED)
        return Receipt(at=self._now(), msgid=kf_words.msgid_of(out.key))

    async def _welcome(self, out: Outgoing, message: Text) -> Receipt:
        """The greeting, once, within twenty seconds; a late one is left unsaid."""
        assert out.reply is not None  # send looked  # noqa: S101
        late = Receipt(at=self._now(), note="too late to greet")
        if out.reply.until <= self._now():
            return late
        head = {"code": out.reply.token, "msgid": kf_words.msgid_of(out.key)}
        try:
            await self._api.call("kf/send_msg_on_event", head | kf_words.body_of(message))
        except (Gone, Refusal):
            return late
        return Receipt(at=self._now(), msgid=head["msgid"])


def _address(chat: str) -> tuple[str, str]:
    """Account and customer of a conversation. Raises: Refusal when it is not one of ours."""
    door, account, customer = (*chat.split(":", 2), "", "")[:3]
    if door != DOOR or not account or not customer:
        raise Refusal("this conversation belongs to another door")
    return account, customer
