"""What the desk of a test house does at an event: says, answers, puts a row of its own."""

from datetime import timedelta

from bot.events import Event
from bot.lines import line_of
from bot.messages import Message, pack
from bot.turn import Turn
from storage import outbox
from storage.outbox import Parcel
from tests.engine.house import GROUP, NOW, Script, handle_of

BOT_CHAT = "bot:wang"
REPLY = handle_of("req", NOW + timedelta(hours=24))


def says(*sentences: str, chat: str = GROUP, danger: bool = False) -> Script:
    """Say these in a group, one after the other."""

    def script(turn: Turn, event: Event) -> None:
        for sentence in sentences:
            turn.say_group(chat, sentence, danger=danger)

    return script


def answers(text: str, **more: object) -> Script:
    """Answer where it came from."""

    def script(turn: Turn, event: Event) -> None:
        turn.answer(text, **more)  # type: ignore[arg-type]  # the test's own words

    return script


def puts(message: Message, chat: str = "app:lin", **more: object) -> Script:
    """Put a row of one's own into the outbox."""

    def script(turn: Turn, event: Event) -> None:
        handle = more.pop("handle", None)
        reply = {"kind": "code", "token": "c", "until": NOW.isoformat()} if handle else None
        parcel = Parcel(
            key=f"{event.key}:own",
            lane="app",
            line=line_of(chat),
            body=outbox.body(chat, pack(message), reply),
            due_at=turn.now,
            **more,  # type: ignore[arg-type]  # the test's own words
        )
        outbox.add(turn.db, parcel, turn.now)

    return script


def told_then(otherwise: str = "还在想办法") -> Script:
    """Tell the officer; answer the resident only when that has left."""

    def script(turn: Turn, event: Event) -> None:
        key = turn.tell("lin", "有新任务")
        turn.answer("已转给警务室", after=key, otherwise=otherwise)

    return script
