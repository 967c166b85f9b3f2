"""One event, one transaction (一回合): what a handler reads with and what it leaves.

A Turn lives in the writer thread inside one savepoint. Handlers say *what* to tell *whom*; the
Turn picks the way (``bot:`` chat, app message, group, passive answer) and writes outgoing rows,
journal rows and timers with keys made of the event's key, so that trying again changes nothing.
Made by ``bot.engine.worker``; used by everything in ``handlers``.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar, cast

from bot.domain import outbound
from bot.domain.reading import Reading
from bot.events import Event, ReplyHandle
from bot.late_speech import LateSpeech
from bot.lines import line_of
from bot.messages import Attachment, Card, CardUpdate, Errand, Paper, Post, Weight
from config.people_rules import Chat
from config.rules import Rules
from config.vocabulary import Act
from storage import bindings, journal, outbox, timers
from storage.session import Db
from storage.tickets import Ticket

T = TypeVar("T")
SYSTEM = "system"
# What a reporter hears of a ticket, by what it weighs where only a few words may be said.
_PROGRESS = frozenset({"rating_reminder", "split_private"})
_CLOSING = frozenset({"result_told"})


class Turn(LateSpeech):
    """Everything a handler may touch while it handles ``event``."""

    def __init__(
        self,
        db: Db,
        rules: Rules,
        event: Event,
        now: datetime,
        reading: Reading | None = None,
        known: dict[Hashable, object] | None = None,
    ) -> None:
        super().__init__(db, rules, event, now, reading)
        self.read_ahead = {} if known is None else known

    def known(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` reads: before the Turn where its event reads ahead, else here and now.

        ``make`` writes nothing, and ``key`` names all that it depends on besides the database.
        """
        if key not in self.read_ahead:
            self.read_ahead[key] = make()
        return cast(T, self.read_ahead[key])

    def teams(self) -> list[Chat]:
        """The teams' own groups that words can be posted into."""
        return [group for group in self.rules.chats.chats if self._board(group)]

    def _board(self, group: Chat) -> str:
        """The lane that posts into a team's group; empty where none does."""
        ways = {"hook": bool(group.hook), "appchat": group.appchat}
        lanes = [lane for lane, way in ways.items() if way and lane in self.rules.lanes]
        return lanes[0] if lanes and not group.public else ""

    def tell_team(
        self, grid: str, text: str, mentions: tuple[str, ...] = (), *, danger: bool = False
    ) -> None:
        """Say it in the groups of the teams of this grid and of the station; calls by @."""
        for group in self.teams():
            if group.grid in (None, grid):
                self.post(group, text, mentions, danger=danger)

    def post(
        self,
        group: Chat,
        text: str,
        mentions: tuple[str, ...] = (),
        table: tuple[tuple[str, ...], ...] = (),
        *,
        danger: bool = False,
    ) -> None:
        """Post into one team's group by webhook or app; a table cannot call anybody."""
        words = Post(text=text, mentions=mentions, table=table)
        self._put(f"{self._board(group)}:{group.id}", words, None, danger=danger)

    def tell_reporter(self, ticket: Ticket, key: str, **values: object) -> None:
        """Tell whoever reported it, privately; a carrier is told instead of an unknown reporter."""
        text = self.text(key, **{"number": ticket.number, "unit": ticket.unit, **values})
        text = outbound.for_reporter(text, outbound.published(self.rules))
        for voice in bindings.each_once(self.db, ticket.voices):
            self.tell(voice.user, text, ticket=ticket.id, weight=_weight(key))
        if not ticket.voices and ticket.carrier:
            self.tell(ticket.carrier, text, ticket=ticket.id)

    def mass_send(self, wish: str, text: str = "") -> str:
        """Ask a member to send ``text`` to groups, remind or cancel; ``wish`` as ``wecom.mass``."""
        return self._put(f"mass:{wish}", text, None)

    def show_card(
        self, user: str, ticket: Ticket, card: Card, *, danger: bool = False, ring: bool = False
    ) -> str:
        """Show a ticket card to a member through the app; returns the outgoing key."""
        outbox.show_card(self.db, card.task_id, ticket.id, user, self.now)
        return self._put(f"app:{user}", card, None, danger=danger, ticket=ticket.id, ring=ring)

    def show_plain_card(
        self, user: str, card: Card, *, danger: bool = False, ring: bool = False
    ) -> str:
        """Show a card that belongs to no ticket; returns the outgoing key."""
        outbox.show_card(self.db, card.task_id, 0, user, self.now)
        return self._put(f"app:{user}", card, None, danger=danger, ring=ring)

    def hand_paper(self, user: str, paper: Paper, ticket: Ticket) -> str:
        """Hand a document of this ticket to a member through the app; returns the outgoing key."""
        return self._put(f"app:{user}", paper, None, ticket=ticket.id)

    def hand_picture(self, user: str, name: str, kept: str, ticket: Ticket) -> str:
        """Hand a kept picture of this ticket to a member through the app."""
        picture = Attachment(kind="image", name=name, kept=kept)
        return self._put(f"app:{user}", picture, None, ticket=ticket.id)

    def errand(
        self,
        lane: str,
        user: str,
        what: str,
        ticket: Ticket | None = None,
        data: dict[str, Any] | None = None,
        *,
        ring: bool = False,
    ) -> None:
        """Do something that is no message; nothing where this machine has no such lane.

        What became of it comes back as ``Learned``.
        """
        if lane not in self.rules.lanes:
            return
        about = {"line": ticket.line} if ticket else {}
        number = ticket.id if ticket else 0
        message = Errand(what=what, ticket=number, data={**(data or {}), **about})
        chat = f"{lane}:{user}"
        self._put(chat, message, None, danger=ticket is not None, ticket=number, ring=ring)

    def change_card(self, shown: outbox.ShownCard, card: Card, greyed: str = "") -> None:
        """Replace a card that somebody sees, as long as there is a code for it."""
        if not shown.code or shown.code_until is None or shown.code_until <= self.now:
            return
        handle = ReplyHandle(kind="code", token=shown.code, until=shown.code_until)
        outbox.keep_code(self.db, shown.task_id, "", None)
        self._put(f"app:{shown.user}", CardUpdate(card=card, replace_text=greyed), handle)

    def task_id(self, ticket: Ticket, user: str) -> str:
        """A card id that was never used: number, person and this event."""
        self._noted += 1
        return f"{ticket.number}-{line_of(user + self.event.key)[:8]}-{self._noted}"

    def note(
        self, ticket: Ticket, act: Act, *, by: str = SYSTEM, before: str = "", reason: str = ""
    ) -> None:
        """Write one journal row; ``before`` is the stage it came from."""
        self._noted += 1
        journal.add(
            self.db,
            journal.Entry(
                key=f"{self.event.key}:{self._noted}",
                ticket_id=ticket.id,
                at=self.now,
                actor=by,
                act=act,
                from_stage=before or ticket.stage,
                to_stage=ticket.stage,
                reason=reason,
                rules_version=self.rules.version,
            ),
        )

    @property
    def note_keys(self) -> list[str]:
        """The keys under which this Turn may have written journal rows."""
        return [f"{self.event.key}:{count}" for count in range(1, self._noted + 1)]

    def set_timer(self, ticket: Ticket, kind: str, due_at: datetime, **data: Any) -> None:
        """Remember ``kind`` of this ticket at ``due_at``."""
        self.set_timers(ticket, kind, [(due_at, data)])

    def set_timers(self, ticket: Ticket, kind: str, dues: list[tuple[datetime, Any]]) -> None:
        """Remember ``kind`` of this ticket at each of these moments, with its data."""
        first = self._noted + 1
        self._noted += len(dues)
        timers.set_timers(
            self.db,
            [
                timers.Timer(
                    key=f"{self.event.key}:{kind}:{number}",
                    line=ticket.line,
                    kind=kind,
                    due_at=due_at,
                    ticket_id=ticket.id,
                    data=data,
                )
                for number, (due_at, data) in enumerate(dues, first)
            ],
        )

    def clear_timers(self, ticket: Ticket, *kinds: str) -> None:
        """Forget the ticket's waiting timers of these kinds (all, when none is named)."""
        timers.clear(self.db, ticket.id, kinds, self.now)


def _weight(key: str) -> Weight:
    if key in _CLOSING:
        return Weight.CLOSING
    return Weight.PROGRESS if key in _PROGRESS or key.startswith("stage_") else Weight.WORD
