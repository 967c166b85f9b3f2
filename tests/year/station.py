"""The station in one process: real handlers, real storage, a clock that jumps.

What is planned (people), timers and cron hours happen in order of time, each as one event with its
Turn, as the worker does it. Many events share one commit; each has its savepoint.
"""

import heapq
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection, bindparam, insert, select, update

import handlers
from bot import events
from bot.domain.reading import Reading
from bot.engine.clock import ZONE, due_event
from bot.engine.plug import Plug
from bot.engine.sender import next_way
from bot.engine.worker import reading_of, take_turn
from bot.events import OVERHEARD, ButtonKey, Clicked, Event, Heard, ReplyHandle, Scheduled
from bot.turn import Turn
from config.rules import Rules
from config.vocabulary import Act
from storage import inbox, outbox, tickets, timers
from storage.database import Database, table_of
from storage.sealed import Seal
from storage.session import Db
from storage.tables import InboxRow, OutgoingRow, ReceiptRow, TicketRow
from storage.tickets import Ticket

SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
_PER_COMMIT = 400
_NUMBER = re.compile(r"XH\d{6}-\d{4,6}[A-Z]")
_OUT, _IN, _T = table_of(OutgoingRow).c, table_of(InboxRow).c, table_of(TicketRow).c


@dataclass(frozen=True, slots=True)
class Said:
    """One outgoing row as it left: to whom, what, why, at what moment."""

    at: datetime
    chat: str
    message: dict[str, Any]
    ticket: int
    danger: bool
    cause: str
    lane: str

    @property
    def words(self) -> str:
        """What is read, of a card its whole face."""
        m = self.message
        if m["_"] == "update":
            m = m["card"]
        fields = " ".join(value for _, value in m.get("fields", ()))
        parts = (m.get("title", ""), m.get("desc", ""), m.get("text", ""), fields)
        return " ".join(part for part in parts if part)


class Station:
    """``run`` lets the time pass; ``plan`` adds what people will do."""

    def __init__(self, database: Database, rules: Rules, start: datetime) -> None:
        self.rules = rules
        self.now = start
        self.hears: list[Callable[[Said], None]] = []
        self.sees: list[Callable[[int], None]] = []
        self.unreachable: Callable[[Said], bool] = lambda _said: False
        self.events = 0
        self.opened = 0
        self.event: Event | None = None
        self._database = database
        self._plug = Plug(
            handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={}
        )
        self._plans: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0
        self._readings: dict[tuple[str, str, str], Reading | None] = {}
        self._open()
        self._newest = 0
        jobs = handlers.jobs(rules)
        self._crons = {n: CronTrigger.from_crontab(e, timezone=ZONE) for n, e in jobs.items()}
        self._next = {name: self._hour_after(name, start) for name in jobs}

    # -- time -----------------------------------------------------------------------------------

    def plan(self, at: datetime, do: Callable[[], None]) -> None:
        """Do it at that moment."""
        self._count += 1
        heapq.heappush(self._plans, (max(at, self.now), self._count, do))

    def run(self, until: datetime) -> None:
        """Let everything happen that is due until then."""
        while True:
            timer = next(iter(timers.due(self.db, until, 1)), None)
            job = min(self._next, key=lambda name: (self._next[name], name))
            plan = self._plans[0][0] if self._plans else until + timedelta(days=1)
            due = timer.due_at if timer else until + timedelta(days=1)
            at = min(plan, due, self._next[job])
            if at > until:
                break
            self.now = max(self.now, at)
            if timer is not None and due == at:
                timers.posted(self.db, [timer.id], self.now)
                self.handle(due_event(timer))
            elif self._next[job] == at:
                self._next[job] = self._hour_after(job, at)
                local = at.astimezone(ZONE)
                self.handle(Scheduled(key=f"cron:{job}:{local:%Y%m%d%H%M}", at=at, job=job))
            else:
                heapq.heappop(self._plans)[2]()
        self.now = until
        self.commit()

    def _hour_after(self, name: str, moment: datetime) -> datetime:
        found: datetime = self._crons[name].get_next_fire_time(
            moment, moment + timedelta(seconds=1)
        )
        return found.astimezone(UTC)

    # -- events ---------------------------------------------------------------------------------

    def says(self, user: str, text: str, chat: str = "", *, overheard: bool = False) -> None:
        """Somebody says it: in private, in a group with a mention, or overheard."""
        self._count += 1
        chat = chat or f"bot:{user}"
        words = text if overheard or ":" in chat else f"@小警 {text}"
        until = self.now + timedelta(days=1)
        reply = None if overheard else ReplyHandle(kind="req", token=f"r{self._count}", until=until)
        door = OVERHEARD if overheard else "socket"
        key = f"{'archive' if overheard else 'aibot'}:m{self._count}"
        self.handle(
            Heard(key=key, at=self.now, chat=chat, by=user, door=door, text=words, reply=reply)
        )

    def presses(self, user: str, task_id: str, button: str) -> None:
        """Somebody presses a button."""
        self._count += 1
        until = self.now + timedelta(hours=72)
        code = ReplyHandle(kind="code", token=f"code{self._count}", until=until)
        self.handle(
            Clicked(
                key=f"app:c{self._count}", at=self.now, chat=f"app:{user}", by=user, door="app",
                task_id=task_id, button=button, reply=code,
            )
        )  # fmt: skip

    def presses_on(self, user: str, ticket: Ticket, act: Act) -> bool:
        """Presses that act on his newest card of the ticket; False when he was shown none."""
        cards = [c for c in outbox.cards_of(self.db, ticket.id) if c.user == user]
        if not cards:
            return False
        key = ButtonKey(act, ticket.number, ticket.version, ticket.line).pack()
        self.presses(user, cards[-1].task_id, key)
        return True

    def handle(self, event: Event) -> None:
        """Accept it and give it its Turn, as the worker does; then what is due leaves."""
        self.events += 1
        self.event = event
        arrival = inbox.Arrival(
            key=event.key, line=event.line, partition=0, kind=type(event).__name__.lower(),
            payload=events.pack(event), event_at=event.at,
        )  # fmt: skip
        assert inbox.accept(self.db, arrival, self.now), event.key
        turn = take_turn(self._plug, self.db, self.rules, event, self.now, self._read(event))
        row = self.conn.execute(select(_IN.id).where(_IN.key == event.key)).scalar_one()
        inbox.done(self.db, row, self.now, turn.passive, event.key)
        self._leave()
        self._look()
        if self.events % _PER_COMMIT == 0:
            self.commit()

    def _read(self, event: Event) -> Reading | None:
        """What the sentence says; the same sentence in the same place is read once a year."""
        if not isinstance(event, Heard):
            return reading_of(event, self.rules)
        sentence = (_NUMBER.sub("", event.text), event.chat.partition(":")[0], event.door)
        if sentence not in self._readings:
            self._readings[sentence] = reading_of(event, self.rules)
        return self._readings[sentence]

    def _leave(self) -> None:
        """The senders' work: every pending row that may go now leaves and has its receipt.

        One by one: who hears it may answer at once, and then the next has left already.
        """
        while row := self.conn.execute(_WAITING, {"now": self.now}).first():
            self._send(row)

    def _send(self, row: Any) -> None:
        body = json.loads(SEAL.open(row.body_sealed, f"outgoing:{row.key}"))
        said = Said(
            self.now, body["chat"], json.loads(body["message"]), row.ticket_id, row.danger,
            row.key.rsplit(":", 1)[0], row.lane,
        )  # fmt: skip
        parcel = outbox.Parcel(
            id=row.id, key=row.key, lane=row.lane, line=row.line, body="", due_at=row.due_at,
            ticket_id=row.ticket_id,
        )  # fmt: skip
        if self.unreachable(said):
            self._unsent(parcel, said, body)
            return
        self.conn.execute(update(OutgoingRow).where(_OUT.id == row.id).values(state="sent"))
        values = {"outgoing_id": row.id, "at": self.now, "msgid": f"s{row.id}", "note": ""}
        self.conn.execute(insert(ReceiptRow).values(values))
        for hear in self.hears:
            hear(said)

    def _unsent(self, parcel: outbox.Parcel, said: Said, body: dict[str, str]) -> None:
        """As the sender does it: another way, else parked and a human is asked."""
        moved = next_way(parcel.lane, body)
        if moved is not None and moved != (parcel.lane, json.dumps(body, ensure_ascii=False)):
            outbox.reroute(self.db, parcel, *moved, "gone")
            return
        outbox.park(self.db, parcel, "gone")
        event = Scheduled(key=f"unsent:{parcel.key}", at=self.now, job="unsent")
        turn = Turn(self.db, self.rules, event, self.now)
        self._plug.unsent(turn, said.chat, parcel.ticket_id, body["message"])

    def _look(self) -> None:
        """Tell who wants to know which tickets are new."""
        for ticket_id in self.conn.execute(_NEW, {"newest": self._newest}).scalars().all():
            self._newest = ticket_id
            self.opened += 1
            for see in self.sees:
                see(ticket_id)

    # -- storage --------------------------------------------------------------------------------

    def ticket(self, ticket_id: int) -> Ticket | None:
        """The ticket as it stands; None when retention took it."""
        try:
            return tickets.get(self.db, ticket_id)
        except LookupError:
            return None

    def commit(self) -> None:
        """Write what gathered."""
        self.conn.commit()

    def close(self) -> None:
        """Write and give the connection back."""
        self.conn.commit()
        self.conn.close()

    def _open(self) -> None:
        self.conn: Connection = self._database.writer_engine.connect()
        self.db = Db(self.conn, SEAL)


def _waiting() -> Any:
    columns = (_OUT.id, _OUT.key, _OUT.lane, _OUT.line, _OUT.body_sealed, _OUT.due_at)
    return (
        select(*columns, _OUT.ticket_id, _OUT.danger)
        .where(_OUT.state == "pending", _OUT.due_at <= bindparam("now"))
        .order_by(_OUT.id + 0)  # else SQLite walks the whole year by id
    )


def _new() -> Any:
    return select(_T.id).where(_T.id > bindparam("newest")).order_by(_T.id)


_WAITING, _NEW = _waiting(), _new()
