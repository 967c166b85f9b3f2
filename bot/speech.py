"""What a Turn says in words (说话): where it goes, who may hear it, what becomes a draft.

Handlers say *what* to tell *whom*; the way (``bot:`` chat, app message, group, passive answer, a
draft for a named human) is found here, and outgoing rows get keys made of the event's key, so that
trying again changes nothing. The lowest part of ``bot.turn``.
"""

import json
from dataclasses import asdict
from datetime import datetime

from bot.domain import drafting, outbound, sparing, ticket_numbers
from bot.domain.reading import Reading
from bot.events import OVERHEARD, Clicked, Event, Heard, Joined, ReplyHandle
from bot.lines import line_of
from bot.messages import Message, Text, Weight, pack
from config.rules import Rules
from config.vocabulary import ChatKind
from storage import drafts, group_words, outbox, people, serials
from storage.session import Db

Choices = tuple[tuple[str, str], ...]
_WHOLE_NUMBER = frozenset({"card_desc", "ticket_detail", "my_data"})
_MOST_TOGETHER = 600  # characters of one message to a group that waited for its moment


class Speech:
    """What a Turn knows, and everything it can say in words."""

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
        if serial == number or serials.count_open(self.db, serial) > 1:
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
            self.say_group(event.chat, text, danger=danger, may_wait=False)
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

    def say_group(
        self, chat: str, text: str, *, danger: bool = False, may_wait: bool = True
    ) -> str:
        """Say it in a group; where no program may speak, a named human gets a draft.

        Returns the outgoing key or that of the draft; empty where nothing is said. What belongs to
        no report is said sparingly in public groups (``domain.sparing``): later, or not at all
        where it would come too late (``may_wait`` false).
        """
        group = self.rules.chat(chat)
        if group is None:
            return ""
        if self.is_mute(chat):
            return self.draft(chat, text, danger=danger, may_wait=may_wait)
        if danger or not group.public or sparing.is_owed(self._named.get(text, "")):
            return self._put(chat, text, None, danger=danger)
        return self._sparingly(chat, text, may_wait=may_wait)

    def _sparingly(self, chat: str, text: str, *, may_wait: bool) -> str:
        """At its moment, or along with what waits for that group already."""
        line, words = line_of(chat), self._filtered(chat, text)
        waits = group_words.waiting(self.db, line, self.now)
        if waits is not None and may_wait:
            group_words.reword(self.db, waits[0], sparing.joined(waits[1], words, _MOST_TOGETHER))
            return waits[0]
        said = group_words.moments(self.db, line, self.now)
        at = sparing.moment(self.now, said, self.rules.times)
        if at is None or (at > self.now and not may_wait):
            return ""
        key = self._put(chat, text, None, due_at=at)
        group_words.note(self.db, key, line, at)
        return key

    def is_mute(self, chat: str) -> bool:
        """True where no program may speak: groups with residents, groups without a robot."""
        event = self.event
        if ":" in chat or (isinstance(event, Heard) and event.chat == chat and event.reply):
            return False
        group = self.rules.chat(chat)
        if group is None:
            return isinstance(event, Heard) and event.door == OVERHEARD
        return group.kind is ChatKind.CUSTOMER_GROUP or not group.robots

    def draft(
        self,
        chat: str,
        text: str,
        *,
        danger: bool = False,
        kind: str = "",
        may_wait: bool = True,
        until: datetime | None = None,
    ) -> str:
        """Leave it as a draft for who may speak in that group; not what is not worth a human.

        Returns its key, empty where none is left; it lives to ``until`` at most. In a public group
        what belongs to no report is one of the day's few messages: one too many waits for a morning
        with room, or is left where it would come too late.
        """
        name = self._named.get(text, "")
        kind = kind or drafting.kind_of(name, danger=danger)
        words = drafting.as_spoken(self._filtered(chat, text))
        if not kind or not words:
            return ""
        group, line = self.rules.chat(chat), line_of(chat)
        is_public = group is not None and group.public
        counts = is_public and not danger and sparing.is_counted(kind, name)
        at = self._draft_at(line) if counts else self.now
        if at is None or (at > self.now and not may_wait):
            return ""
        self._said += 1
        key = f"{self.event.key}:draft:{self._said}"
        if counts:
            group_words.note(self.db, key, line, at)
        ends_at = at + self.rules.times.drafts.life(kind)
        draft = drafts.Draft(
            key=key,
            chat=chat,
            line=line,
            kind=kind,
            danger=kind == drafting.DANGER,
            door=getattr(self.event, "door", ""),
            text=words,
            said_at=self.event.at,
            made_at=self.now,
            expires_at=min(ends_at, until or ends_at),
            state=drafts.LATER if at > self.now else drafts.OPEN,
        )
        drafts.add(self.db, draft)
        self.drafted.append(key)
        return key

    def _draft_at(self, line: str) -> datetime | None:
        said = group_words.moments(self.db, line, self.now)
        return sparing.draft_moment(self.now, said, self.rules.times)

    def _answer_mute(
        self, event: Heard | Joined | Clicked, text: str, *, danger: bool, after: str
    ) -> None:
        """Staff hear it in private; for residents it is a draft, elsewhere only if grave."""
        if self.rules.person(event.by) is not None and not danger:
            self._put(self.private_chat(event.by), text, None, after=after)
        elif danger or self.rules.chat(event.chat) is not None:
            self.draft(event.chat, text, danger=danger, may_wait=False)

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
        due_at: datetime | None = None,
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
            due_at=due_at or self.now,
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
