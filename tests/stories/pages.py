"""What a story reads: lines of a chat, cards with buttons, tickets of ``/api/tickets``.

Frozen views of the control API's JSON, so that a story reads ``card.title`` and ``ticket.stage``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.stories.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One message of a chat."""

    msgid: str
    chat: str
    sender: str
    at: datetime
    text: str
    card: Json | None
    quote: str

    @property
    def is_bot(self) -> bool:
        """True for every door of ours."""
        return self.sender == "bot"

    @classmethod
    def of(cls, found: Json) -> "Line":
        """The line as the control API gives it."""
        at = datetime.fromisoformat(found["at"])
        quote = found.get("quote") or ""
        who = found["from"]
        return cls(found["msgid"], found["chat"], who, at, found["text"], found["card"], quote)


@dataclass(frozen=True)
class ShownCard:
    """A card in somebody's hand."""

    world: "World"
    user: str
    task_id: str
    title: str
    text: str
    fields: dict[str, str]
    buttons: list[str]
    live: bool

    @classmethod
    def of(cls, world: "World", user: str, line: Line) -> "ShownCard":
        """The card of a line."""
        card = line.card or {}
        buttons = [one["text"] for one in card["buttons"]]
        text = f"{line.text}\n{card['text']}"
        return cls(
            world, user, card["task_id"], card["title"], text, card["fields"], buttons, card["live"]
        )

    async def press(self, button: str, **more: object) -> Json:
        """Press ``button`` (its text)."""
        return await self.world.post(
            "/sim/press", user=self.user, card=self.task_id, button=button, **more
        )


@dataclass(frozen=True)
class Step:
    """A journal row."""

    at: datetime
    actor: str
    act: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Ticket:
    """A ticket as ``/api/tickets`` shows it."""

    number: str
    stage: str
    category: str
    urgency: str
    danger: bool
    protected: bool
    chat: str
    owner: str
    department: str
    opened_at: datetime
    closed_at: datetime | None
    journal: tuple[Step, ...]
    whole: Json

    @property
    def serial(self) -> str:
        """The four digits that people type."""
        return self.number.split("-")[1][:4]

    @property
    def acts(self) -> list[str]:
        """What was done, in order."""
        return [step.act for step in self.journal]

    def steps(self, act: str) -> list[Step]:
        """The journal rows of one act."""
        return [step for step in self.journal if step.act == act]

    @classmethod
    def of(cls, found: Json) -> "Ticket":
        """The ticket as the page gives it."""
        steps = [
            Step(
                datetime.fromisoformat(row["at"]),
                row["actor"],
                row["act"],
                row["from"] or "",
                row["to"] or "",
                row["reason"] or "",
            )
            for row in found["journal"]
        ]
        closed = found["closed_at"]
        plain = ("number", "stage", "category", "urgency", "danger", "protected")
        return cls(
            **{name: found[name] for name in plain},
            chat=found["chat"] or "",
            owner=found["owner"] or "",
            department=found["department"] or "",
            opened_at=datetime.fromisoformat(found["opened_at"]),
            closed_at=datetime.fromisoformat(closed) if closed else None,
            journal=tuple(steps),
            whole=found,
        )
