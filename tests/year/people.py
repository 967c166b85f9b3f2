"""Residents of the year (群众): they report, add, hurry, judge, come again; and talk."""

import random
from datetime import datetime, timedelta

from bot.engine.clock import ZONE
from config.vocabulary import Stage
from storage.tickets import Ticket
from tests.year import sayings
from tests.year.station import Said, Station

RESIDENTS = [f"res{number:03d}" for number in range(120)]


class Residents:
    """Everybody outside the station; ``seed`` decides what they do."""

    def __init__(self, station: Station, seed: int) -> None:
        self.station = station
        self.dice = random.Random(seed)  # noqa: S311  # the same year for the same seed
        self.groups = list(sayings.GROUPS)
        station.unreachable = self.unreachable

    def unreachable(self, said: Said) -> bool:
        """Some residents have shut the chat: words to them find no way."""
        door, _, user = said.chat.partition(":")
        return (door == "bot" and user.endswith("7")) or (door == "app" and user.startswith("res"))

    def year(self, start: datetime, days: int, matters: int) -> None:
        """Spread so many matters over the days, a few of them as one wave."""
        for _ in range(matters):
            day = start + timedelta(days=self.dice.randrange(days))
            self.station.plan(self.hour(day), self.reports)
        for _ in range(matters // 8):
            day = start + timedelta(days=self.dice.randrange(days))
            self.station.plan(self.hour(day), self.talks)
        for dark in (40, 200):
            if dark < days:
                self.station.plan(start + timedelta(days=dark, hours=3), self.goes_dark)

    def hour(self, day: datetime) -> datetime:
        """A moment of that day: mostly by day, sometimes at night."""
        local = day.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        hour = self.dice.choice((3, 23)) if self.dice.random() < 0.06 else self.dice.randint(7, 21)
        return local + timedelta(hours=hour, minutes=self.dice.randrange(60))

    def reports(self) -> None:
        """One matter, through one of the doors; sometimes more words, sometimes a neighbour."""
        user, chat = self.dice.choice(RESIDENTS), self.dice.choice(self.groups)
        is_private = self.dice.random() < 0.3
        said = sayings.matter(self.dice, private=is_private)
        if is_private:
            self.station.says(user, f"{sayings.GROUPS[chat]}{said}")
        else:
            self.aloud(user, said, chat)
        if self.dice.random() < 0.08:
            more = self.dice.choice(sayings.MORE)
            self.after(minutes=1, do=lambda: self.aloud(user, more, chat))
        if self.dice.random() < 0.05:
            other = self.dice.choice(RESIDENTS)
            self.after(minutes=20, do=lambda: self.aloud(other, said, chat))
        if self.dice.random() < 0.04:
            self.after(minutes=60 * 24 * 12, do=lambda: self.station.says(user, said))
        if self.dice.random() < 0.03:
            self.after(minutes=60 * 26, do=lambda: self.station.says(user, "催一下"))
            self.after(minutes=60 * 50, do=lambda: self.station.says(user, "催一下"))

    def talks(self) -> None:
        """Words that are no report."""
        user, chat = self.dice.choice(RESIDENTS), self.dice.choice(self.groups)
        if self.dice.random() < 0.05:
            self.station.says(user, "我的数据")
            return
        self.aloud(user, self.dice.choice(sayings.TALK), chat)

    def goes_dark(self) -> None:
        """Six houses without light: one event, many voices."""
        for number in range(1, 7):
            words = sayings.WIDE.format(n=number)
            user = RESIDENTS[number]
            self.after(minutes=number, do=lambda u=user, w=words: self.aloud(u, w, "wrHUAIAN01"))

    def aloud(self, user: str, words: str, chat: str) -> None:
        """In a group: to the robot, or where no robot stands, overheard."""
        self.station.says(user, words, chat, overheard=chat == "wrGUIHUA01")

    def after(self, *, minutes: float, do: object) -> None:
        """A while later."""
        assert callable(do)
        self.station.plan(self.station.now + timedelta(minutes=minutes), do)

    # -- what a ticket asks of her ---------------------------------------------------------------

    def answers(self, ticket: Ticket) -> None:
        """She was asked something, or for her judgement."""
        if not ticket.voices:
            return
        user = ticket.voices[0].user
        if ticket.stage is Stage.WAITING and self.dice.random() < 0.7:
            self.station.says(user, self.dice.choice(("就在门口右边", "是的，还没有好")))
        elif ticket.stage is Stage.EVALUATION and ticket.rating is not None:
            self.station.says(user, self.dice.choice(("没解决", "解决了")))
        elif ticket.stage is Stage.EVALUATION and self.dice.random() < 0.75:
            self.station.says(user, self.dice.choice(("5", "5", "4", "满意", "3", "2", "1")))
        elif ticket.stage is Stage.CLOSED and self.dice.random() < 0.04:
            self.station.says(user, "没解决，又坏了")
        elif ticket.stage in (Stage.REJECTED, Stage.VOID) and self.dice.random() < 0.3:
            self.station.says(user, f"申诉 {ticket.number} 明明就是这样的")
