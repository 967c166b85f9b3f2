"""What people see on their phones: messages, cards and their versions, chat by chat.

History is never shortened; a stream's text and an updated card change in place. Doors write here,
the control API reads.
"""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.clock import iso
from simulator.world import Json

BOT = "bot"


@dataclass(frozen=True)
class CardFace:
    """One version of a card; ``greyed`` is the text that replaced its buttons."""

    raw: Json
    greyed: str | None = None

    @property
    def title(self) -> str:
        """The card's heading."""
        return str((self.raw.get("main_title") or {}).get("title", ""))

    @property
    def text(self) -> str:
        """Everything below the heading that is not a field."""
        main = self.raw.get("main_title") or {}
        quote = self.raw.get("quote_area") or {}
        emphasis = self.raw.get("emphasis_content") or {}
        parts = [
            main.get("desc"),
            self.raw.get("sub_title_text"),
            emphasis.get("title"),
            emphasis.get("desc"),
            quote.get("title"),
            quote.get("quote_text"),
        ]
        return "\n".join(str(part) for part in parts if part)

    def callbacks(self) -> list[Json]:
        """The buttons of this version that call back: ``{key, text, menu}``."""
        found = [
            {"key": str(one.get("key", "")), "text": str(one.get("text", "")), "menu": False}
            for one in self.raw.get("button_list") or []
            if not one.get("type")
        ]
        submit = self.raw.get("submit_button")
        if submit:
            found.append({"key": submit.get("key"), "text": submit.get("text"), "menu": False})
        menu = (self.raw.get("action_menu") or {}).get("action_list") or []
        found += [{"key": one.get("key"), "text": one.get("text"), "menu": True} for one in menu]
        return found

    def questions(self) -> list[Json]:
        """Choices of the card: ``{key, title, multiple, options: [{id, text}]}``."""
        asked = [self.raw.get("button_selection"), self.raw.get("checkbox")]
        asked += self.raw.get("select_list") or []
        return [
            {
                "key": str(one.get("question_key", "")),
                "title": str(one.get("title", "")),
                "multiple": one.get("mode") == 1,
                "options": [
                    {"id": str(option.get("id")), "text": str(option.get("text"))}
                    for option in one.get("option_list") or []
                ],
            }
            for one in asked
            if one
        ]

    def as_json(self, task_id: str | None) -> Json:
        """The card as the control API shows it."""
        fields = {
            str(one.get("keyname")): str(one.get("value", ""))
            for one in self.raw.get("horizontal_content_list") or []
        }
        live = self.greyed is None
        buttons = [{"key": one["key"], "text": one["text"]} for one in self.callbacks()]
        return {
            "task_id": task_id,
            "title": self.title,
            "text": self.text,
            "fields": fields,
            "buttons": buttons if live else [{"key": "", "text": self.greyed}],
            "live": live and bool(buttons),
            "type": self.raw.get("card_type"),
            "questions": self.questions() if live else [],
        }


@dataclass
class Card:
    """One card in one chat, with every version and who saw it (None: everybody there)."""

    door: str
    task_id: str | None
    chat: str
    versions: list[tuple[str | None, CardFace]]

    def seen_by(self, user: str | None) -> list[CardFace]:
        """The versions ``user`` has seen, oldest first; None sees only what all see."""
        return [face for who, face in self.versions if who is None or who == user]

    def replace(self, face: CardFace, user: str | None = None) -> None:
        """Show ``face`` from now on, to ``user`` only or to everybody."""
        self.versions.append((user, face))


@dataclass
class Message:
    """One line in one chat; ``sender`` is a person's id or ``bot``."""

    msgid: str
    chat: str
    sender: str
    at: datetime
    text: str
    kind: str = "text"
    door: str = ""
    card: Card | None = None
    image: str | None = None
    quote: str | None = None
    voice: bool = False
    recalled: bool = False

    def as_json(self, viewer: str | None = None) -> Json:
        """The message as ``viewer`` sees it."""
        face = self.card.seen_by(viewer)[-1] if self.card else None
        text = f"{face.title}\n{face.text}".strip() if face else self.text
        if self.voice:
            text = f"[语音] {text}".rstrip()
        return {
            "msgid": self.msgid,
            "chat": self.chat,
            "from": self.sender,
            "at": iso(self.at),
            "text": text,
            "card": face.as_json(self.card.task_id) if face and self.card else None,
            "kind": self.kind,
            "door": self.door,
            "image": self.image,
            "quote": self.quote,
        }


@dataclass
class Timeline:
    """All messages of all chats, and the cards among them."""

    messages: list[Message] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    def add(self, message: Message) -> Message:
        """Append ``message``."""
        self.messages.append(message)
        if message.card:
            self.cards.append(message.card)
        return message

    def find(self, msgid: str) -> Message | None:
        """The message with that id."""
        return next((one for one in self.messages if one.msgid == msgid), None)

    def of_chat(self, chat: str) -> list[Message]:
        """The messages of one chat, oldest first."""
        return [one for one in self.messages if one.chat == chat and not one.recalled]

    def cards_of(self, task_id: str, door: str | None = None) -> list[Card]:
        """The cards with that task_id, newest last, of one door or of all."""
        return [
            card
            for card in self.cards
            if card.task_id == task_id and (door is None or card.door == door)
        ]
