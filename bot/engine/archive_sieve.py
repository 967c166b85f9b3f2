"""What of the archive may be read (存档的筛子): groups of chats.yaml, and residents who agree.

A licensed member's archive holds all his chats; only those are read that the station has listed
with ``hears: all``, and, where the site wants it, 1:1 chats between a resident and staff. Robots
are never heard (that would be ourselves), nor is who refused. Everything else is counted and gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.door_events import Recalled
from bot.events import OVERHEARD, Heard
from bot.wecom.archive_rows import Consent, Line, Nothing, Recall, Said
from config.rules import Rules

_ROBOT = "wb"
SINGLE = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """``consents`` says by account who agreed or refused; ``begin`` is the bot's first look."""

    rules: Rules
    begin: datetime
    robots: frozenset[str] = frozenset()
    reads_singles: bool = True
    needs_consent: bool = False
    consents: Mapping[str, bool] = field(default_factory=dict)

    def passed(self, line: Line) -> Heard | Recalled | Consent | Nothing:
        """The event that goes on, the consent to keep, or why there is nothing to do."""
        match line:
            case Consent() | Nothing():
                return line
            case Said() | Recall():
                return self._placed(line)

    def _placed(self, line: Said | Recall) -> Heard | Recalled | Nothing:
        by = self._account(line.by)
        is_staff = self.rules.person(by) is not None
        if by in self.robots or (line.by.startswith(_ROBOT) and not is_staff):
            return Nothing("robot")
        if line.at < self.begin:
            return Nothing("before_begin")
        chat = self._chat(line, by, is_staff=is_staff)
        if isinstance(chat, Nothing):
            return chat
        key = f"{OVERHEARD}:{line.msgid}"
        if isinstance(line, Recall):
            of = f"{OVERHEARD}:{line.of}"
            return Recalled(key=key, at=line.at, chat=chat, by=by, door=OVERHEARD, of=of)
        if not is_staff and not self.consents.get(line.by, not self.needs_consent):
            return Nothing("refused")
        return Heard(
            key=key,
            at=line.at,
            chat=chat,
            by=by,
            door=OVERHEARD,
            text=line.text,
            quote=line.quote,
            media=line.media,
        )

    def _chat(self, line: Said | Recall, by: str, *, is_staff: bool) -> str | Nothing:
        if line.room:
            group = self.rules.chat(line.room)
            listed = group is not None and group.hears == "all"
            return line.room if listed else Nothing("room_not_listed")
        if not self.reads_singles or len(line.to) != 1:
            return Nothing("single_not_read")
        other = self._account(line.to[0])
        if is_staff == (self.rules.person(other) is not None):
            return Nothing("single_not_read")  # colleagues among themselves, or two strangers
        staff, resident = (by, other) if is_staff else (other, by)
        return f"{SINGLE}:{resident}:{staff}"

    def _account(self, user: str) -> str:
        """WeCom's account names know no case: staff are called as the roster calls them."""
        if self.rules.person(user) is not None:
            return user
        folded = user.casefold()
        return next((p.id for p in self.rules.people if p.id.casefold() == folded), user)
