"""Talk that opens no ticket (闲聊、咨询、进度): short, kind, and quiet.

A mention that is only chat gets one help line per person and day and after that a word, because
WeCom stops delivering while three of a person's messages are unfinished. Progress is told in
private only.
"""

from datetime import timedelta

from bot.domain.deciding import Move
from bot.domain.reading import Reading
from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.vocabulary import Act
from handlers import ladder, loop, praising, publicity_reach, questions, voices
from storage import journal, people
from storage.tickets import Ticket


def spoken(turn: Turn, event: Heard, reading: Reading, move: Move, person_key: str) -> None:
    """Answer chat, questions and praise."""
    is_group = ":" not in event.chat
    if event.door == OVERHEARD:
        _under_a_line(turn, event, reading, move)
        return
    if voices.is_bare(event):
        voices.to_an_ear(turn, event, reading, person_key)
    elif move is Move.PRAISE:
        praising.carried(turn, event, reading, person_key)
    elif questions.is_known(turn, event, reading):
        return
    elif reading.is_status_question:
        _no_ticket(turn, event, is_group)
    elif move is Move.ANSWER:
        questions.asked(turn, event, reading, person_key)
    elif people.may_help(turn.db, person_key, loop.local_day(turn.now)):
        staff = turn.rules.person(event.by) is not None and not is_group
        turn.answer(turn.text("help_staff" if staff else "chat_hint"))
    else:
        turn.answer(_short(turn, event, is_group))


def _under_a_line(turn: Turn, event: Heard, reading: Reading, move: Move) -> None:
    """Where nobody spoke to us, only a question on the day of a line is answered, if surely."""
    asks = move is Move.ANSWER and turn.rules.person(event.by) is None
    if asks and publicity_reach.is_fresh(turn, event.chat):
        questions.is_known(turn, event, reading)


def _short(turn: Turn, event: Heard, is_group: bool) -> str:
    if turn.rules.person(event.by) is not None and not is_group:
        return turn.text("unknown_command_staff", said=event.text.strip()[:20])
    return turn.text("here_short")


def _no_ticket(turn: Turn, event: Heard, is_group: bool) -> None:
    words = turn.text("status_none_private")
    if is_group:
        turn.answer(turn.text("status_none_group"))
    else:
        turn.answer(words)


def status(turn: Turn, event: Heard, ticket: Ticket) -> None:
    """How far it is, in private; the owner hears 群众催 at most once an hour."""
    is_group = ":" not in event.chat
    words = turn.text(
        "status_chased_private",
        number=ticket.number,
        stage_plain=turn.text(f"plain_{ticket.stage}"),
        unit=ticket.unit,
        due=loop.promise_words(turn, ticket),
    )
    if is_group:
        turn.answer(turn.text("status_group"), quiet_quote=True)
        turn.tell(event.by, words, ticket=ticket.id)
    else:
        turn.answer(words)
    _urge(turn, ticket)


def _urge(turn: Turn, ticket: Ticket) -> None:
    """The owner hears 群众催 at most once an hour."""
    hour_ago = turn.now - timedelta(hours=1)
    story = journal.of_ticket(turn.db, ticket.id)
    urges = [e for e in story if e.actor == "reporter" and e.act == Act.CHASE]
    if any(e.at > hour_ago for e in urges) or not ticket.owner:
        return
    saved = loop.change(
        turn, ticket, Act.CHASE, by="reporter", reason="群众催", urged_count=ticket.urged_count + 1
    )
    ladder.urged(turn, saved, len(urges) + 1)
