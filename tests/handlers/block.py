"""A group with residents in one process (业主群): no robot stands in it, the archive hears it."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from bot.events import OVERHEARD, Due, Heard
from bot.lines import line_of
from config.people_rules import Chat, Chats
from config.rules import Rules
from config.vocabulary import ChatKind
from storage import drafts, timers
from storage.database import Database
from storage.drafts import Draft
from tests.handlers.office import GROUP, Office


class Block(Office):
    """The sample station; 桂花苑 is a group with residents, heard by the archive alone."""

    def __init__(self, database: Database, rules: Rules) -> None:
        super().__init__(database, rules)
        self.heard = 0
        self.cards: list[tuple[str, dict[str, Any]]] = []
        self.handed: list[tuple[str, dict[str, Any]]] = []

    def overhears(self, user: str, text: str, at: datetime | None = None) -> list[tuple[str, Any]]:
        """What is to be said when the archive hears ``user`` say that in the group."""
        self.heard += 1
        event = Heard(
            key=f"archive:a{self.heard}",
            at=at or self.now,
            chat=GROUP,
            by=user,
            door=OVERHEARD,
            text=text,
        )
        return self.handle(event)

    def later(self, minutes: float) -> list[tuple[str, Any]]:
        """What is to be said while so many minutes pass."""
        until = self.now + timedelta(minutes=minutes)
        said: list[tuple[str, Any]] = []
        while timer := self.looks(lambda db: next(iter(timers.due(db, until, 1)), None)):
            self.now = max(self.now, timer.due_at)
            self.looks(lambda db, t=timer: timers.posted(db, [t.id], self.now))
            said += self.handle(
                Due(
                    key=f"timer:{timer.id}",
                    at=self.now,
                    line=timer.line,
                    timer=timer.id,
                    kind=timer.kind,
                    ticket=timer.ticket_id,
                    data=timer.data,
                )
            )
        self.now = until
        return said

    def card_of(self, user: str, said: str) -> dict[str, Any]:
        """The newest card for ``user`` whose title holds ``said``."""
        found = [c for c in self.cards if c[0] == f"app:{user}" and said in c[1]["title"]]
        assert found, [(chat, card["title"]) for chat, card in self.cards]
        return dict(found[-1][1])

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """As the office; every card, document and picture is kept."""
        fresh = super().said()
        self.cards += [(chat, m) for chat, m in fresh if m["_"] == "card"]
        self.handed += [(chat, m) for chat, m in fresh if m["_"] in ("paper", "attachment")]
        return fresh

    def waiting(self) -> list[Draft]:
        """What waits to be said in the group, the notice left out."""
        found: list[Draft] = self.looks(lambda db: drafts.open_in(db, line_of(GROUP)))
        return [draft for draft in found if draft.kind != "notice"]

    def draft(self, number: int) -> Draft:
        """A draft by its id."""
        found: Draft = self.looks(lambda db: drafts.get(db, number))
        return found


def gone_to(block: Block, words: str) -> Block:
    """A matter overheard in the group that its officer has signed and gone to."""
    block.overhears("wmRESIDENT01", words)
    number = block.tickets()[0].serial
    block.says("lin_zhiyuan", f"签收 {number}", chat="")
    block.says("lin_zhiyuan", f"到场 {number}", chat="")
    return block


def block_of(office: Office) -> Block:
    """The office with 桂花苑 as a group with residents."""
    group = Chat(
        id=GROUP, name="桂花苑", kind=ChatKind.CUSTOMER_GROUP, grid="g01", public=True, hears="all"
    )
    chats = [c for c in office.rules.chats.chats if c.id != GROUP]
    rules = dataclasses.replace(office.rules, chats=Chats(chats=(group, *chats)))
    return Block(office.database, rules)


def texts_to(said: list[tuple[str, Any]], user: str) -> str:
    return "\n".join(words for chat, words in said if chat.endswith(f":{user}"))
