"""What is said of what comes late (迟到的话): after an outage no group is surprised by old words.

Words older than times.yaml's ``outage`` when they are handled are answered in private alone, with
an apology and the number to call; no group and no draft speaks of them. Reminders that fell due
that long ago are put aside by recipient, and ``handlers.late`` says them as one. Danger that a
clock brings is as loud as ever. Between ``bot.speech`` and ``bot.turn``.
"""

from datetime import datetime, timedelta

from bot.domain import clocks, drafting
from bot.events import OVERHEARD, Due, Heard
from bot.messages import Text, Weight
from bot.speech import Choices, Speech
from storage import inbox

LIST = "late_list"
"""The timer that says the one list; itself it is never put aside."""
# So long a reminder waits for the others; it leaves by itself if nobody gathered it.
PUT_ASIDE = timedelta(minutes=2)


class LateSpeech(Speech):
    """Speech that knows how old its event is."""

    put_aside: tuple[tuple[str, str], ...] = ()
    """Account and outgoing key of each reminder that waits for the others."""
    _is_sorry = False
    _lag: timedelta | None = None

    @property
    def is_late(self) -> bool:
        """True for words that were said longer ago than people wait for an answer in a group."""
        event = self.event
        if not isinstance(event, Heard) or not self._is_old(event.at):
            return False
        return self._is_old(event.at + self._usual_lag())

    @property
    def is_overdue(self) -> bool:
        """True for a clock that should have rung long ago: nobody was there to hear it."""
        event = self.event
        return isinstance(event, Due) and event.kind != LIST and self._is_old(event.at)

    @property
    def said_when(self) -> str:
        """The moment of the event as people say it: 今天10:05."""
        return clocks.moment_words(self.event.at, self.now)

    def _usual_lag(self) -> timedelta:
        """How far this machine's clock seems to be ahead; looked up once, and seldom at all.

        Else a clock that is four minutes fast would keep every group silent, in danger too.
        """
        if self._lag is None:
            self._lag = inbox.usual_lag(self.db, self.now)
        return self._lag

    def _is_old(self, at: datetime) -> bool:
        return self.now - at > self.rules.times.outage

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
        """As ``Speech.answer``; late words are answered in private, where there is a way."""
        event = self.event
        if not (isinstance(event, Heard) and self.is_late):
            super().answer(
                text, danger=danger, after=after, otherwise=otherwise,
                quiet_quote=quiet_quote, choices=choices,
            )  # fmt: skip
            return
        words = self._sorry(event.by, text)
        if ":" in event.chat:
            super().answer(words, danger=danger, after=after, otherwise=otherwise, choices=choices)
            return
        self.answered = True
        if danger or self._has_own_way(event):
            message = Text(text=words, choices=choices)
            chat = self.private_chat(event.by)
            self._put(chat, message, None, danger=danger, after=after, otherwise=otherwise)

    def _sorry(self, user: str, text: str) -> str:
        """The apology goes before the first words to a resident, once."""
        if self._is_sorry or self.rules.person(user) is not None:
            return text
        self._is_sorry = True
        return f"{self.text('late_after_outage', time=self.said_when)}\n{text}"

    def _has_own_way(self, event: Heard) -> bool:
        """False for a neighbour whom only the archive heard, and who never wrote to us."""
        is_colleague = self.rules.person(event.by) is not None
        own = not self.private_chat(event.by).startswith("app:")
        return event.door != OVERHEARD or is_colleague or own

    def say_group(
        self, chat: str, text: str, *, danger: bool = False, may_wait: bool = True
    ) -> str:
        """As ``Speech.say_group``; of late words a group hears nothing."""
        if self.is_late:
            return ""
        return super().say_group(chat, text, danger=danger, may_wait=may_wait)

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
        """As ``Speech.draft``; of late words a human says nothing in the group either."""
        if self.is_late and kind != drafting.NOTICE:
            return ""
        return super().draft(chat, text, danger=danger, kind=kind, may_wait=may_wait, until=until)

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
        """As ``Speech.tell``; what a late clock reminds a colleague of is put aside."""
        is_reminder = self.is_overdue and self.rules.person(user) is not None
        if danger or ring or not is_reminder:
            return super().tell(
                user, text, danger=danger, ticket=ticket, ring=ring, weight=weight, choices=choices
            )
        message, at = Text(text=text, choices=choices), self.now + PUT_ASIDE
        chat = self.private_chat(user)
        key = self._put(chat, message, None, ticket=ticket, weight=weight, due_at=at)
        self.put_aside = (*self.put_aside, (user, key))
        return key
