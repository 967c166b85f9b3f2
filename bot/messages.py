"""What the bot can say (出话): texts, cards and card updates, before any door's JSON.

Handlers build these values through ``bot.turn``; storage keeps them sealed in ``outgoing``; the
doors in ``bot.wecom`` turn them into WeCom's words. Lengths are the doors' business.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.events import ReplyHandle


class Weight(StrEnum):
    """What becomes of words where only a few may be said; ``danger`` goes before all of it.

    ``progress`` may fall away; an ``answer`` is owed only to the words it answers; a ``word``
    takes another way when this one is full; ``closing`` (result, rating) has places kept for it.
    """

    WORD = "word"
    ANSWER = "answer"
    PROGRESS = "progress"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A sentence. Resident text inside must have been escaped by ``escape`` of the door.

    ``choices`` are (what she would type, how it is shown); the sentence says them too, so a door
    without menus leaves them out.
    """

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button; ``key`` is a packed ``ButtonKey``; style 1 blue, 2 red-ish, 3 grey, 4 plain."""

    text: str
    key: str
    style: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A template card; with buttons it is a button_interaction, without a text_notice.

    ``task_id`` is unique for ever. ``fields`` are (name ≤ 5 characters, value ≤ 26). ``url`` is
    an address, or a path of our own pages (``/sidebar``).
    """

    task_id: str
    title: str
    desc: str = ""
    text: str = ""
    quote: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUpdate:
    """Replace the card ``card.task_id`` that one person sees; ``replace_text`` greys it out."""

    card: Card
    replace_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Something to do through a door that speaks no sentence: ring a phone, look at a roster.

    ``what`` names it; ``data`` is plain JSON. What became of it comes back as ``Learned``.
    """

    what: str
    ticket: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Words for a team's group that may call people by ``mentions`` (userids).

    A ``table`` (rows of cells, the first is the head) goes along as markdown; without mentions.
    """

    text: str
    mentions: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def plain(self) -> str:
        """Words and table as lines, where only text can be said."""
        return "\n".join([self.text, *("｜".join(row) for row in self.table)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A kept file: ``kind`` image or file, ``kept`` its name in the store.

    For a team's group by webhook, or for one member through the app.
    """

    kind: str
    name: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document for one member, made where it leaves the house: ``name`` ends in ``.docx``.

    ``mark`` says above the title that it is a draft; ``rows`` are (label, value), an empty value
    is left to be filled in by hand; ``signs`` are lines for names and dates; ``pictures`` are names
    of kept pictures that stand at its end.
    """

    name: str
    title: str
    number: str = ""
    mark: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


Message = Text | Card | CardUpdate | Errand | Post | Attachment | Paper
_KINDS: dict[str, type[Any]] = {
    "text": Text,
    "card": Card,
    "update": CardUpdate,
    "errand": Errand,
    "post": Post,
    "attachment": Attachment,
    "paper": Paper,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One row of the outbox as a lane sees it.

    ``key`` is stable over retries (stream id, duplicate check). ``reply`` is the right to answer
    the event that caused it, when there is one. ``danger`` rows may use the reserved tokens of a
    rate bucket. ``if_in_doubt``: ``resend`` or ``leave`` when a send's outcome is unknown.
    ``weight`` counts where a conversation has a budget.
    ``tries``: how often the wire failed before. ``inherited``: it was there before this process had
    the lane, so that somebody who died may have sent it.
    """

    id: int
    key: str
    lane: str
    chat: str
    message: Message
    reply: ReplyHandle | None = None
    danger: bool = False
    if_in_doubt: str = "resend"
    weight: Weight = Weight.WORD
    tries: int = 0
    inherited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What WeCom said to a send: its message id, and a fresh code to update the card later."""

    at: datetime
    msgid: str = ""
    code: str = ""
    note: str = ""


def pack(message: Message) -> str:
    """JSON text for the sealed body of an outgoing row."""
    kind = next(name for name, cls in _KINDS.items() if type(message) is cls)
    return json.dumps({"_": kind, **asdict(message)}, ensure_ascii=False)


def unpack(text: str) -> Message:
    """The message that ``pack`` wrote. Raises: KeyError, TypeError, ValueError."""
    body = json.loads(text)
    kind = body.pop("_")
    if kind == "update":
        return CardUpdate(card=_card(body["card"]), replace_text=body["replace_text"])
    if kind == "card":
        return _card(body)
    if kind == "post":
        table = tuple(tuple(row) for row in body["table"])
        return Post(text=body["text"], mentions=tuple(body["mentions"]), table=table)
    if kind == "text":
        choices = tuple((said, shown) for said, shown in body.get("choices", ()))
        return Text(text=body["text"], choices=choices)
    if kind == "paper":
        rows = tuple((label, value) for label, value in body.pop("rows"))
        lines, signs = tuple(body.pop("lines")), tuple(body.pop("signs"))
        return Paper(rows=rows, lines=lines, signs=signs, **body)
    message: Message = _KINDS[kind](**body)
    return message


def _card(body: dict[str, Any]) -> Card:
    body["fields"] = tuple((k, v) for k, v in body["fields"])
    body["buttons"] = tuple(Button(**b) for b in body["buttons"])
    return Card(**body)
