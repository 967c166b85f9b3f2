"""The senders (发件): one loop for each lane takes what is due, sends it, writes the receipt.

Within a conversation the order is kept, except that danger goes first. Sending is at least once:
a send of unknown outcome is repeated in a form that WeCom recognises (same stream id, same
task_id), or left when the row says so. What finds no way goes another way, then to a human.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.bells import Bell
from bot.engine.keeper import Keeper
from bot.engine.plug import Plug
from bot.events import ReplyHandle, Scheduled
from bot.messages import (
    Card,
    CardUpdate,
    Errand,
    Message,
    Outgoing,
    Post,
    Receipt,
    Text,
    Weight,
    pack,
    unpack,
)
from bot.turn import Turn
from bot.wecom.channel import Lane
from bot.wecom.errors import Gone, Limited, NotAllowed, Refusal, Unreachable
from config.rules import Rules
from storage import outbox
from storage.database import Database
from storage.outbox import Parcel
from storage.session import Db
from storage.writer import Writer

log = logging.getLogger(__name__)
POLL_S = 1.0
MOST_AT_ONCE = 16
MOST_ROWS = 100
MOST_STUMBLES = 5
CODE_LIFE = timedelta(hours=72)
_SIDE_DOORS = ("voice", "contacts", "hook", "appchat")
BACKOFF_S = (0.3, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


class Sender:
    """Sends the rows of one lane."""

    def __init__(
        self,
        lane: Lane,
        database: Database,
        writer: Writer,
        db_of: Callable[..., Db],
        now: Callable[[], datetime],
        rules: Callable[[], Rules],
        plug: Plug,
        keeper: Keeper,
        bell: Bell,
        sent: Bell,
    ) -> None:
        self.lane = lane
        self._database = database
        self._writer = writer
        self._db_of = db_of
        self._now = now
        self._rules = rules
        self._plug = plug
        self._keeper = keeper
        self._bell = bell
        self._sent_bell = sent
        self._just_tried: set[int] = set()
        self._no_receipt: dict[int, Receipt] = {}
        self._busy_lines: set[str] = set()
        self._wait: dict[int, float] = {}
        self.sending = 0
        self.refused: Callable[[str], None] = lambda _lane: None
        """Hears of every send that WeCom refused for good."""

    async def run(self) -> None:
        """Send for ever; cancelled at a clean stop, when started sends still finish."""
        async with asyncio.TaskGroup() as group:
            while True:
                if not await self._round(group):
                    await self._bell.wait(self._nap_s())

    async def _round(self, group: asyncio.TaskGroup) -> bool:
        if self._keeper.epoch(f"lane:{self.lane.name}") is None or self.sending >= MOST_AT_ONCE:
            return False
        self._just_tried.clear()  # a row that ends while we read would look unsent
        try:
            rows = await self._database.read(
                lambda conn: outbox.due(self._db_of(conn), self.lane.name, self._now(), MOST_ROWS)
            )
        except Exception as fault:
            log.warning("lane %s waits for the database: %s", self.lane.name, type(fault).__name__)
            await asyncio.sleep(POLL_S)
            return False
        ready = self._ready(rows)
        for parcel in ready:
            self._busy_lines.add(parcel.line)
            self.sending += 1
            group.create_task(self._one(parcel))
        return bool(ready)

    def _ready(self, rows: list[Parcel]) -> list[Parcel]:
        """The first row of each conversation that may go now; danger passes one that waits."""
        clock = asyncio.get_running_loop().time()
        chosen: dict[str, Parcel] = {}
        waiting: set[str] = set()
        for row in rows:
            if row.line in self._busy_lines or row.line in chosen:
                continue
            if row.line in waiting and not row.danger:
                continue
            if self._wait.get(row.id, 0.0) > clock or row.id in self._just_tried:
                waiting.add(row.line)
                continue
            chosen[row.line] = row
        return list(chosen.values())[: MOST_AT_ONCE - self.sending]

    def _nap_s(self) -> float:
        clock = asyncio.get_running_loop().time()
        return min([POLL_S, *(max(0.01, t - clock) for t in self._wait.values() if t > clock)])

    async def _one(self, parcel: Parcel) -> None:
        try:
            await self._guarded(parcel)
        except SQLAlchemyError as fault:
            log.warning("id=%s waits for the database: %s", parcel.key, type(fault).__name__)
            self._later(parcel, POLL_S)
        finally:
            self._just_tried.add(parcel.id)
            self._busy_lines.discard(parcel.line)
            self.sending -= 1
            self._bell.ring()
            self._sent_bell.ring()  # a row of another lane may have waited for this one

    async def _guarded(self, parcel: Parcel) -> None:
        """Send; a bug is tried a few times and then parked, so that younger rows may go."""
        try:
            await self._send(parcel)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("bug in sending id=%s", parcel.key)
            if parcel.tries >= MOST_STUMBLES:
                await self._writer.do(lambda conn: outbox.park(self._db_of(conn), parcel, "bug"))
                return
            self._later(parcel, POLL_S)
            await self._writer.do(
                lambda conn: outbox.postpone(self._db_of(conn), parcel, parcel.due_at, "bug")
            )

    async def _send(self, parcel: Parcel) -> None:
        self._wait.pop(parcel.id, None)
        out = outgoing_of(parcel)
        try:
            receipt = self._no_receipt.get(parcel.id) or await self.lane.send(out)
        except Limited as limit:
            await self._postpone(parcel, limit.retry_after_s)
        except Gone as gone:
            await self._another_way(parcel, str(gone))
        except Unreachable as fault:
            await self._again(parcel, fault)
        except (Refusal, NotAllowed) as refusal:
            log.warning("lane %s refused id=%s: %s", self.lane.name, parcel.key, refusal)
            self.refused(self.lane.name)
            await self._another_way(parcel, str(refusal))
        else:
            self._no_receipt[parcel.id] = receipt  # said; a database that is away changes nothing
            await self._writer.do(lambda conn: self._sent(conn, parcel, out.message, receipt))
            del self._no_receipt[parcel.id]

    def _sent(self, conn: Connection, parcel: Parcel, message: Message, receipt: Receipt) -> None:
        db = self._db_of(conn)
        outbox.sent(db, parcel, receipt.at, receipt.msgid, receipt.note)
        if isinstance(message, Card) and receipt.code:
            outbox.keep_code(db, message.task_id, receipt.code, receipt.at + CODE_LIFE)

    async def _postpone(self, parcel: Parcel, seconds: float) -> None:
        due_at = self._now() + timedelta(seconds=max(seconds, 0.2))
        log.info("lane %s limited id=%s for %.0fs", self.lane.name, parcel.key, seconds)
        await self._writer.do(
            lambda conn: outbox.postpone(self._db_of(conn), parcel, due_at, "limited", counts=False)
        )

    async def _again(self, parcel: Parcel, fault: Unreachable) -> None:
        """The wire failed: again after a back-off in transport time.

        The row stays due, so that a read that is under way still sees it before younger ones.
        """
        if fault.unknown and parcel.if_in_doubt == "leave":
            await self._writer.do(lambda conn: outbox.park(self._db_of(conn), parcel, "in doubt"))
            return
        delay = BACKOFF_S[min(parcel.tries, len(BACKOFF_S) - 1)]
        log.info("lane %s cannot reach id=%s, again in %.1fs", self.lane.name, parcel.key, delay)
        self._later(parcel, delay)
        await self._writer.do(
            lambda conn: outbox.postpone(self._db_of(conn), parcel, parcel.due_at, "unreachable")
        )

    def _later(self, parcel: Parcel, delay_s: float) -> None:
        self._wait[parcel.id] = asyncio.get_running_loop().time() + delay_s

    async def _another_way(self, parcel: Parcel, why: str) -> None:
        """Without its reply handle, then through the app, then to a human."""
        body = json.loads(parcel.body)
        moved = next_way(parcel.lane, body)
        if moved is not None:
            lane, words = moved
            await self._writer.do(
                lambda conn: outbox.reroute(self._db_of(conn), parcel, lane, words, why)
            )
            return
        await self._writer.do(lambda conn: self._unsent(conn, parcel, body, why))

    def _unsent(self, conn: Connection, parcel: Parcel, body: dict[str, str], why: str) -> None:
        db = self._db_of(conn)
        outbox.park(db, parcel, why)
        if isinstance(unpack(body["message"]), CardUpdate | Errand):
            return
        event = Scheduled(key=f"unsent:{parcel.key}", at=self._now(), job="unsent")
        turn = Turn(db, self._rules(), event, self._now())
        self._plug.unsent(turn, body["chat"], parcel.ticket_id, body["message"])


def outgoing_of(parcel: Parcel) -> Outgoing:
    """The row as its lane sees it; says the other words when what it waited for never left."""
    body = json.loads(parcel.body)
    words = body["message"] if parcel.after_sent else body.get("else", body["message"])
    reply = body["reply"]
    handle = (
        ReplyHandle(
            kind=reply["kind"], token=reply["token"], until=datetime.fromisoformat(reply["until"])
        )
        if reply
        else None
    )
    return Outgoing(
        id=parcel.id,
        key=parcel.key,
        lane=parcel.lane,
        chat=body["chat"],
        message=unpack(words),
        reply=handle,
        danger=parcel.danger,
        if_in_doubt=parcel.if_in_doubt,
        weight=Weight(body.get("weight", Weight.WORD)),
        tries=parcel.tries,
    )


def next_way(lane: str, body: dict[str, str]) -> tuple[str, str] | None:
    """The next lane and body for words that found no way, or None when no program may say them."""
    chat = str(body["chat"])
    door, _, user = chat.partition(":")
    if door in _SIDE_DOORS:
        message = unpack(body["message"])
        if not isinstance(message, Post):
            return None
        words = pack(Text(text=message.plain))  # a robot may say it, but calls nobody
        return "socket", outbox.body(user, words, None)
    if body["reply"] and lane == "socket":
        return lane, json.dumps({**body, "reply": None}, ensure_ascii=False)
    # A WeChat customer is no member: no app reaches her.
    if user and door not in ("app", "mass", "kf"):
        moved = {**body, "chat": f"app:{user}", "reply": None}
        return "app", json.dumps(moved, ensure_ascii=False)
    return None
