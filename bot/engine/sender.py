"""The senders (发件): one loop for each lane takes what is due, sends it, writes the receipt.

Within a conversation the order is kept, except that danger goes first. Sending is at least once:
a send of unknown outcome is repeated in a form that WeCom recognises (same stream id, same
task_id), or left when the row says so. What finds no way goes another way, then to a human.
"""

import asyncio
import json
import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.bells import Bell
from bot.engine.ground import Ground
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
from storage import leases, outbox
from storage.outbox import Parcel
from storage.session import Db

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

    def __init__(self, lane: Lane, ground: Ground, bell: Bell) -> None:
        self.lane = lane
        self._on = ground
        self._bell = bell
        self._read: list[Parcel] = []
        self._just_tried: set[int] = set()
        self._no_receipt: dict[int, Receipt] = {}
        self._busy_lines: set[str] = set()
        self._wait: dict[int, float] = {}
        self._epoch: int | None = None
        self._newest_before = 0
        self.sending = 0
        """Rows on the wire; one more while the database is asked for the next."""
        self.is_closing = False
        """Begin nothing more; what runs is finished."""
        self._is_retired = False

    def retire(self) -> None:
        """Take up nothing more; ``run`` ends when started sends have finished."""
        self._is_retired = True
        self._bell.ring()

    async def run(self) -> None:
        """Send until retired; who cancels waits first until nothing is ``sending``."""
        async with asyncio.TaskGroup() as group:
            while not self._is_retired:
                if not await self._round(group):
                    await self._bell.wait(self._nap_s())

    async def forsake(self) -> int:
        """How many rows of this lane took another way, or none; zero when nothing waits."""
        left = await self._on.database.read(
            lambda conn: outbox.waiting(self._on.db_of(conn), self.lane.name, MOST_ROWS)
        )
        for parcel in left:
            await self._another_way(parcel, "lane retired")
        return len(left)

    async def _round(self, group: asyncio.TaskGroup) -> bool:
        if self.is_closing or self.sending >= MOST_AT_ONCE:
            return False
        if not self._on.holds(leases.lane(self.lane.name)):
            return False
        self._just_tried.clear()  # a row that ends while we read would look unsent
        self.sending += 1
        try:
            rows = await self._on.database.read(self._due)
        except Exception as fault:
            log.warning("lane %s waits for the database: %s", self.lane.name, type(fault).__name__)
            await asyncio.sleep(POLL_S)
            return False
        finally:
            self.sending -= 1
        self._read = rows
        ready = self._ready(rows)
        for parcel in ready:
            self._busy_lines.add(parcel.line)
            self.sending += 1
            group.create_task(self._one(parcel))
        return bool(ready)

    def _due(self, conn: Connection) -> list[Parcel]:
        db = self._on.db_of(conn)
        epoch = self._on.keeper.epoch(leases.lane(self.lane.name))
        if epoch != self._epoch:
            self._newest_before, self._epoch = outbox.newest(db), epoch
        return outbox.due(db, self.lane.name, self._on.now(), MOST_ROWS)

    def _ready(self, rows: list[Parcel]) -> list[Parcel]:
        """The first row of each conversation that may go now; danger passes one that waits."""
        if self.is_closing:  # said while the database was asked
            return []
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

    async def _guarded(self, parcel: Parcel) -> None:
        """Send; a bug is tried a few times and then parked, so that younger rows may go.

        What was read before the lease ran out, in a process that slept, is somebody else's to say.
        """
        if not self._on.holds(leases.lane(self.lane.name)):
            return
        try:
            await self._send(parcel)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("bug in sending id=%s", parcel.key)
            if parcel.tries >= MOST_STUMBLES:
                await self._on.write(lambda db: outbox.park(db, parcel, "bug"))
                return
            self._later(parcel, POLL_S)
            await self._on.write(lambda db: outbox.postpone(db, parcel, parcel.due_at, "bug"))

    async def _send(self, parcel: Parcel) -> None:
        self._wait.pop(parcel.id, None)
        out = outgoing_of(parcel, inherited=parcel.id <= self._newest_before)
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
            self._on.measures.refused(self.lane.name)
            await self._another_way(parcel, str(refusal))
        else:
            self._no_receipt[parcel.id] = receipt  # said; a database that is away changes nothing
            await self._on.write(lambda db: self._sent(db, parcel, out.message, receipt))
            del self._no_receipt[parcel.id]

    def _sent(self, db: Db, parcel: Parcel, message: Message, receipt: Receipt) -> None:
        outbox.sent(db, parcel, receipt.at, receipt.msgid, receipt.note)
        if isinstance(message, Card) and receipt.code:
            outbox.keep_code(db, message.task_id, receipt.code, receipt.at + CODE_LIFE)

    async def _postpone(self, parcel: Parcel, seconds: float) -> None:
        """It waits, and so does what stands behind it: the limit is the conversation's."""
        due_at = self._on.now() + timedelta(seconds=max(seconds, 0.2))
        log.info("lane %s limited id=%s for %.0fs", self.lane.name, parcel.key, seconds)
        behind = [one.id for one in self._read if _waits_behind(one, parcel)]
        await self._on.write(lambda db: outbox.limited(db, [parcel.id, *behind], due_at))

    async def _again(self, parcel: Parcel, fault: Unreachable) -> None:
        """The wire failed: again after a back-off in transport time.

        The row stays due, so that a read that is under way still sees it before younger ones.
        """
        if fault.unknown and parcel.if_in_doubt == "leave":
            await self._on.write(lambda db: outbox.park(db, parcel, "in doubt"))
            return
        delay = BACKOFF_S[min(parcel.tries, len(BACKOFF_S) - 1)]
        log.info("lane %s cannot reach id=%s, again in %.1fs", self.lane.name, parcel.key, delay)
        self._later(parcel, delay)
        await self._on.write(lambda db: outbox.postpone(db, parcel, parcel.due_at, "unreachable"))

    def _later(self, parcel: Parcel, delay_s: float) -> None:
        self._wait[parcel.id] = asyncio.get_running_loop().time() + delay_s

    async def _another_way(self, parcel: Parcel, why: str) -> None:
        """Without its reply handle, then through the app, then to a human."""
        body = json.loads(parcel.body)
        moved = next_way(parcel.lane, body)
        if moved is not None:
            lane, words = moved
            await self._on.write(lambda db: outbox.reroute(db, parcel, lane, words, why))
            return
        await self._on.write(lambda db: self._unsent(db, parcel, body, why))

    def _unsent(self, db: Db, parcel: Parcel, body: dict[str, str], why: str) -> None:
        was_parked = outbox.park(db, parcel, why)
        if not was_parked or isinstance(unpack(body["message"]), CardUpdate | Errand):
            return
        event = Scheduled(key=f"unsent:{parcel.key}", at=self._on.now(), job="unsent")
        turn = Turn(db, self._on.rules(), event, self._on.now())
        self._on.plug().unsent(turn, body["chat"], parcel.ticket_id, body["message"])


def _waits_behind(one: Parcel, parcel: Parcel) -> bool:
    """Whether the same limit holds it back; a card is changed without one, danger has a reserve."""
    if one.line != parcel.line or one.id <= parcel.id or one.danger > parcel.danger:
        return False
    return not isinstance(outgoing_of(one).message, CardUpdate)


def outgoing_of(parcel: Parcel, *, inherited: bool = False) -> Outgoing:
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
        inherited=inherited,
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
