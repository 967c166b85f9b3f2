"""Staff of the year (民警、网格员、部门): each ticket is visited until it has ended.

At a visit whoever has it does what fits its stage; now and then something else than the straight
road (a twist): silence, return, transfer, question, hold, extension, sub-task, mediation, …
"""

import random
from datetime import datetime, timedelta
from functools import partial

from bot.engine.clock import ZONE
from config.vocabulary import Danger, Stage
from storage.tickets import Ticket
from tests.year import deeds
from tests.year.people import Residents
from tests.year.station import Said, Station

TWISTS = (
    "silent", "return", "transfer", "ask", "suspend", "extend", "part", "mediate", "hard",
    "reject", "void", "unreached", "divert", "meet", "regrade", "reclass", "merge", "unmask",
    "recuse", "chat", "explained", "link", "preserve",
)  # fmt: skip


class Staff:
    """Everybody inside; ``seed`` decides who is late and who asks."""

    def __init__(self, station: Station, residents: Residents, seed: int) -> None:
        self.station = station
        self.residents = residents
        self.dice = random.Random(seed + 1)  # noqa: S311  # the same year for the same seed
        self.twist: dict[int, str] = {}
        self.visits: dict[int, int] = {}
        self.silent: set[int] = set()
        self.done: dict[str, int] = {}
        station.sees.append(self.sees)
        station.hears.append(self.hears)

    def sees(self, ticket_id: int) -> None:
        """A new ticket: it will be visited."""
        ticket = self.station.ticket(ticket_id)
        is_danger = ticket is not None and ticket.danger is not Danger.NONE
        if self.dice.random() < 0.5:
            # A danger that nobody signs rings every minute: that much silence fills no book.
            self.twist[ticket_id] = self.dice.choice(TWISTS[1 if is_danger else 0 :])
        self.again(ticket_id, timedelta(minutes=2 if is_danger else self.dice.randint(4, 90)))

    def hears(self, said: Said) -> None:
        """Cards that want a press: a second person's yes, a draft for a group, a drill."""
        message = said.message
        if message["_"] != "card" or not said.chat.startswith("app:"):
            return
        user, buttons = said.chat[4:], message["buttons"]
        wanted = {"同意": 0.8, "已发": 0.8, "已发出": 0.8, "醒了": 0.7, "双方都愿意": 0.6}
        for button in buttons:
            chance = wanted.get(button["text"])
            if chance is not None and self.dice.random() < chance:
                at = self.by_day(self.station.now + timedelta(minutes=self.dice.randint(1, 6)))
                press = partial(self.station.presses, user, message["task_id"], button["key"])
                self.station.plan(at, press)
                return

    def again(self, ticket_id: int, wait: timedelta) -> None:
        """Visit it once more after a while; staff are there by day."""
        at = self.station.now + wait
        ticket = self.station.ticket(ticket_id)
        if ticket is None or ticket.danger is Danger.NONE:
            at = self.by_day(at)
        self.station.plan(at, lambda: self.visit(ticket_id))

    def by_day(self, at: datetime) -> datetime:
        """The moment itself, or the next morning."""
        local = at.astimezone(ZONE)
        if local.hour >= 21:
            local = (local + timedelta(days=1)).replace(hour=8)
        return local.replace(hour=8) if local.hour < 8 else local

    def visit(self, ticket_id: int) -> None:
        """Do what fits, and come again unless it has ended."""
        ticket = self.station.ticket(ticket_id)
        count = self.visits[ticket_id] = self.visits.get(ticket_id, 0) + 1
        if ticket is None or count > 60 or ticket_id in self.silent:
            return
        if ticket.stage in (Stage.EVALUATION, Stage.WAITING, Stage.REJECTED):
            self.residents.answers(ticket)
        if (deed := deeds.BY_STAGE.get(ticket.stage)) is not None:
            deed(self, ticket)
        if ticket.is_open:
            rings = ticket.danger is not Danger.NONE and ticket.stage is Stage.ASSIGNED
            minutes = 3 if rings else self.dice.randint(20, 60 * 9)
            self.again(ticket_id, timedelta(minutes=minutes))
        elif ticket.stage is Stage.CLOSED:
            self.residents.answers(ticket)
            self.again(ticket_id, timedelta(days=8))
        elif ticket.stage is Stage.REVIEW and count < 40:
            self.again(ticket_id, timedelta(days=1))

    def speaks_again(self, ticket_id: int) -> None:
        """The silent owner is back, and perhaps sends it away."""
        self.silent.discard(ticket_id)
        self.twist[ticket_id] = self.dice.choice(("return", "chat", "extend"))
        self.visit(ticket_id)

    def orders(self, user: str, words: str) -> None:
        """A text command in private."""
        self.done[words.split()[0]] = self.done.get(words.split()[0], 0) + 1
        self.station.says(user, words)

    def takes_twist(self, ticket: Ticket, *names: str) -> str:
        """The twist of this ticket, once, if it is one of these."""
        twist = self.twist.get(ticket.id, "")
        if twist not in names:
            return ""
        del self.twist[ticket.id]
        self.done[twist] = self.done.get(twist, 0) + 1
        return twist
