"""What is looked at while the year goes by (旁听): every word as it leaves, and every evening.

Nobody is bothered at night but for U1 and U2, nobody reads the same reminder twice in a row, no
public text tells what it must not, and what is protected reaches only those who may see it.
"""

import re
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select

from bot.domain import rights
from bot.events import Due, Scheduled
from config.people_rules import ZONE
from config.vocabulary import Danger
from handlers import drills, loop
from storage import tickets
from storage.database import table_of
from storage.draft_tables import GroupDraftRow
from storage.tickets import Ticket
from tests.year import sayings
from tests.year.station import SEAL, Said, Station

_D = table_of(GroupDraftRow).c
_NUMBER = re.compile(r"XH\d{6}-\d{4,6}[A-Z]")
_SECRET = re.compile("|".join((*sayings.NAMES, *sayings.PHONES, sayings.ROOM, r"res\d{3}")))
_NEUTRAL = "专办事项"
_OVER = re.compile(r"^\S+ ?(?:已由\S+签收，不再叫人|已按回避办，和您没关系了)。$")
_MOST = 30


class Watch:
    """``faults`` says what was seen; empty after a good year."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.faults: list[str] = []
        self.seen: Counter[str] = Counter()
        self._last: dict[str, tuple[str, bool]] = {}
        self._draft = 0
        self._officers = re.compile("|".join(p.name for p in station.rules.roster.people))
        station.hears.append(self.hears)

    def fault(self, kind: str, words: str) -> None:
        """Remember it; of each kind some, with their number."""
        self.seen[kind] += 1
        if self.seen[kind] <= _MOST:
            self.faults.append(f"{kind} {self.station.now:%m-%d %H:%M} {words}")

    def hears(self, said: Said) -> None:
        """One message as it leaves."""
        door, _, user = said.chat.partition(":")
        if not user:
            group = self.station.rules.chat(said.chat)
            if group is not None and group.public:
                self._public(said.chat, said.words)
            return
        person = self.station.rules.person(user)
        if person is None or door not in ("app", "bot"):
            return
        self._night(said)
        self._again(said)
        self._protected(said, user)

    def listen(self, do: Callable[[], None]) -> str:
        """What leaves while ``do`` happens."""
        heard: list[str] = []

        def hear(said: Said) -> None:
            heard.append(said.words)

        self.station.hears.append(hear)
        do()
        self.station.hears.remove(hear)
        return "\n".join(heard)

    def evening(self) -> None:
        """Once a day: what humans were asked to say in public."""
        rows = self.station.conn.execute(
            select(_D.id, _D.key, _D.text_sealed).where(_D.id > self._draft).order_by(_D.id)
        ).all()
        for row in rows:
            self._draft = row.id
            if row.text_sealed:
                self._public("draft", SEAL.open(row.text_sealed, f"group_draft:{row.key}"))

    def _public(self, chat: str, words: str) -> None:
        plain = _NUMBER.sub("", words)  # the day in a number may look like a room
        if _SECRET.search(plain) or self._officers.search(plain):
            self.fault("public", f"{chat}: {words}")

    def _night(self, said: Said) -> None:
        """By the clock, at night, to somebody of the station: only for what is urgent."""
        event = self.station.event
        if not isinstance(event, Due | Scheduled) or said.danger:
            return
        if not self.station.rules.times.is_night(self.station.now):
            return
        if isinstance(event, Due) and event.kind in drills.TIMERS:
            return  # the leader picked the hour
        number = said.ticket or (event.ticket if isinstance(event, Due) else 0)
        ticket = self.station.ticket(number) if number else None
        urgent = self.station.rules.times.night_urgencies
        if ticket is None or (ticket.urgency not in urgent and ticket.danger is Danger.NONE):
            kind = event.kind if isinstance(event, Due) else event.job
            self.fault("night", f"{kind} {said.chat} {said.words[:60]}")

    def _again(self, said: Said) -> None:
        """Two equal reminders in a row are one: WeCom drops the second."""
        if said.message["_"] != "text":
            return
        event = self.station.event
        # A second look asked for anew after 返工 is no reminder, whatever words its owner wrote.
        is_anew = isinstance(event, Due) and event.kind == "feedback_due"
        is_timed = isinstance(event, Due | Scheduled) and not is_anew
        before = self._last.get(said.chat)
        self._last[said.chat] = (said.words, is_timed)
        if before == (said.words, True) and is_timed:
            self.fault("twice", f"{said.chat} {said.words[:80]}")

    def _protected(self, said: Said, user: str) -> None:
        for ticket in self._meant(said):
            is_told = _NEUTRAL in said.words or ticket.carrier == user
            if not ticket.protected or is_told or ticket.origin == "focus":
                continue
            rules = self.station.rules.on(self.station.now.astimezone(ZONE).date())
            person = rules.person(user)
            if person is None or rights.may_see(person, loop.matter_of(ticket), rules):
                continue
            if _OVER.search(said.words):
                continue  # who was rung hears that it is over, and nothing else
            if said.words == rules.text("not_found", number=ticket.number):
                continue  # as for a number that never was
            self.fault(
                "protected", f"{user} {ticket.category} {said.message['_']} {said.words[:80]}"
            )

    def _meant(self, said: Said) -> list[Ticket]:
        """The tickets that it belongs to or names."""
        found = [self.station.ticket(said.ticket)] if said.ticket else []
        numbers = set(_NUMBER.findall(said.words))
        found += [tickets.by_number(self.station.db, number) for number in numbers]
        return [ticket for ticket in found if ticket is not None]
