"""One event, one transaction (一回合): what a handler reads with and what it leaves.

A Turn lives in the writer thread inside one savepoint. Handlers say *what* to tell *whom*; the
Turn picks the way (``bot:`` chat, app message, group, passive answer) and writes outgoing rows,
journal rows and timers with keys made of the event's key, so that trying again changes nothing.
Made by ``bot.engine.worker``; used by everything in ``handlers``.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.domain import drafting, outbound, ticket_numbers
from bot.domain.reading import Reading
from bot.events import OVERHEARD, Clicked, Event, Heard, Joined, ReplyHandle
from bot.lines import line_of
from bot.messages import Card, CardUpdate, Errand, Message, Post, Text, Weight, pack
from config.people_rules import Chat
from config.rules import Rules
from config.vocabulary import Act, ChatKind
from storage import bindings, drafts, journal, outbox, people, tickets, timers
from storage.session import Db
from storage.tickets import Ticket

SYSTEM = "system"
Choices = tuple[tuple[str, str], ...]
_WHOLE_NUMBER = frozenset({"card_desc", "ticket_detail", "my_data"})
# What a reporter hears of a ticket, by what it weighs where only a few words may be said.
_PROGRESS = frozenset({"rating_reminder", "split_private"})
_CLOSING = frozenset({"result_told"})


class Turn:
    """Everything a handler may touch while it handles ``event``."""

    def __init__(
        self, db: Db, rules: Rules, event: Event, now: datetime, reading: Reading | None = None
    ) -> None:
        self.db = db
        self.rules = rules
        self.event = event
        self.now = now
        self.reading = reading
        self.passive = ""
        self.answered = False
        self.drafted: list[str] = []
        self.cards_made = 0
        self.called: set[tuple[int, str]] = set()
        self._named: dict[str, str] = {}
        self._said = 0
        self._noted = 0

    # -- speaking -------------------------------------------------------------------------

    def text(self, key: str, /, **values: object) -> str:
        """The sentence ``key`` of texts.yaml, filled; a number is said as people say it."""
        number = values.get("number")
        if isinstance(number, str) and key not in _WHOLE_NUMBER:
            values["number"] = self._spoken(number)
        text = self.rules.text(key, **values)
        self._named[text] = key
        return text

    def _spoken(self, number: str) -> str:
        """``0012`` while only one open ticket is called that, else the whole number."""
        serial = ticket_numbers.serial_in(number)
        if serial == number or tickets.open_with_serial(self.db, serial) > 1:
            return number
        return serial

    def answer(
        self,
        text: str,
        *,
        danger: bool = False,
        after: str = "",
        otherwise: str = "",
        quiet_quote: bool = False,
        choices: Choices = (),
    ) -> None:
        """Answer the event where it came from, by its own reply handle; finishes a mention.

        ``quiet_quote``: the words must not be quoted, so a response_url answer in a group is left.
        """
        event = self.event
        if not isinstance(event, Heard | Joined | Clicked):
            return
        self.answered = True
        if self.is_mute(event.chat):
            self._answer_mute(event, text, danger=danger, after=after)
            return
        if event.door == OVERHEARD:  # nobody spoke to the bot: it answers only where it may speak
            self.say_group(event.chat, text, danger=danger)
            return
        if event.reply and event.reply.kind == "passive":
            self.passive = pack(Text(text=self._filtered(event.chat, text)))
            return
        handle = (
            event.reply if event.reply and event.reply.kind in ("req", "url", "welcome") else None
        )
        if handle and handle.kind == "url" and quiet_quote and ":" not in event.chat:
            return
        self._put(
            event.chat,
            Text(text=self._filtered(event.chat, text), choices=choices),
            handle,
            danger=danger,
            after=after,
            otherwise=otherwise,
            weight=Weight.ANSWER,
        )

    def say_group(self, chat: str, text: str, *, danger: bool = False) -> None:
        """Say it in a group; where no program may speak, a named human gets a draft."""
        group = self.rules.chat(chat)
        if group is not None and self.is_mute(chat):
            self.draft(chat, text, danger=danger)
        elif group is not None:
            self._put(chat, text, None, danger=danger)

    def is_mute(self, chat: str) -> bool:
        """True where no program may speak: groups with residents, groups without a robot."""
        event = self.event
        if ":" in chat or (isinstance(event, Heard) and event.chat == chat and event.reply):
            return False
        group = self.rules.chat(chat)
        if group is None:
            return isinstance(event, Heard) and event.door == OVERHEARD
        return group.kind is ChatKind.CUSTOMER_GROUP or not group.robots

    def draft(self, chat: str, text: str, *, danger: bool = False, kind: str = "") -> None:
        """Leave it as a draft for who may speak in that group; not what is not worth a human."""
        kind = kind or drafting.kind_of(self._named.get(text, ""), danger=danger)
        words = drafting.as_spoken(self._filtered(chat, text))
        if not kind or not words:
            return
        self._said += 1
        key = f"{self.event.key}:draft:{self._said}"
        draft = drafts.Draft(
            key=key,
            chat=chat,
            line=line_of(chat),
            kind=kind,
            danger=kind == drafting.DANGER,
            door=getattr(self.event, "door", ""),
            text=words,
            said_at=self.event.at,
            made_at=self.now,
            expires_at=self.now + drafting.LIVES[kind],
        )
        drafts.add(self.db, draft)
        self.drafted.append(key)

    def _answer_mute(
        self, event: Heard | Joined | Clicked, text: str, *, danger: bool, after: str
    ) -> None:
        """Staff hear it in private; for residents it is a draft, elsewhere only if grave."""
        if self.rules.person(event.by) is not None and not danger:
            self._put(self.private_chat(event.by), text, None, after=after)
        elif danger or self.rules.chat(event.chat) is not None:
            self.draft(event.chat, text, danger=danger)

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

    def tell(
        self,
        user: str,
        text: str,
        *,
        danger: bool = False,
        ticket: int = 0,
        ring: bool = False,
        weight: Weight = Weight.WORD,
        choices: Choices = (),
    ) -> str:
        """Tell one person privately; returns the outgoing key. Bot chat, own chat, then the app."""
        message = Text(text=text, choices=choices)
        chat = self.private_chat(user)
        return self._put(
            chat, message, None, danger=danger, ticket=ticket, ring=ring, weight=weight
        )

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

    def private_chat(self, user: str) -> str:
        """The best way to one person: the bot chat when it was ever used, else the app.

        Who is no member of the corp is told in her own conversation, when there is one.
        """
        chat = f"bot:{user}"
        if people.has_spoken(self.db, line_of(chat)):
            return chat
        own = "" if self.rules.person(user) else people.own_chat(self.db, self.person_key(user))
        return own or f"app:{user}"

    def _put(
        self,
        chat: str,
        what: str | Message,
        reply: ReplyHandle | None,
        *,
        danger: bool = False,
        ticket: int = 0,
        ring: bool = False,
        after: str = "",
        otherwise: str = "",
        weight: Weight = Weight.WORD,
    ) -> str:
        self._said += 1
        key = f"{self.event.key}:{'ring:' if ring else ''}{self._said}"
        message = Text(text=self._filtered(chat, what)) if isinstance(what, str) else what
        handle = {k: str(v) for k, v in asdict(reply).items()} if reply else None
        body = json.loads(outbox.body(chat, pack(message), handle)) | {"weight": weight}
        if otherwise:
            body["else"] = pack(Text(text=self._filtered(chat, otherwise)))
        parcel = outbox.Parcel(
            key=key,
            lane=_lane(chat, reply),
            line=line_of(chat),
            body=json.dumps(body, ensure_ascii=False),
            due_at=self.now,
            ticket_id=ticket,
            danger=danger,
            after_key=after,
        )
        outbox.add(self.db, parcel, self.now)
        return key

    def _filtered(self, chat: str, text: str) -> str:
        if ":" in chat:
            return text
        group = self.rules.chat(chat)
        if group is not None and not group.public:
            return text
        return outbound.for_group(text, outbound.published(self.rules))

    # -- remembering ----------------------------------------------------------------------

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
        self._noted += 1
        timers.set_timer(
            self.db,
            timers.Timer(
                key=f"{self.event.key}:{kind}:{self._noted}",
                line=ticket.line,
                kind=kind,
                due_at=due_at,
                ticket_id=ticket.id,
                data=data,
            ),
        )

    def clear_timers(self, ticket: Ticket, *kinds: str) -> None:
        """Forget the ticket's waiting timers of these kinds (all, when none is named)."""
        timers.clear(self.db, ticket.id, kinds, self.now)

    def person_key(self, user: str) -> str:
        """The keyed name under which a person is remembered."""
        return self.db.seal.person_key(user)


def _lane(chat: str, reply: ReplyHandle | None) -> str:
    if reply and reply.kind == "url":
        return "robot"
    door = chat.split(":", 1)[0] if ":" in chat else ""
    if door in ("app", "voice", "hook", "contacts", "appchat", "mass", "kf"):
        return door
    return "robot" if door == "ge" else "socket"


def _weight(key: str) -> Weight:
    if key in _CLOSING:
        return Weight.CLOSING
    return Weight.PROGRESS if key in _PROGRESS or key.startswith("stage_") else Weight.WORD
