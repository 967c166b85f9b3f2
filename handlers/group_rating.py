"""A judgement said in the group (在群里打分): asked in private, she says 5 in the group.

It counts where it is unmistakable, and is answered in private: a group hears nothing of how a
matter goes. Called by ``feedback``.
"""

from bot.domain import commands
from bot.events import OVERHEARD, Heard
from bot.speech import Choices
from bot.turn import Turn
from handlers import hers
from storage import tickets
from storage.people import Ask

KINDS = ("rating", "rating_confirm")


def is_meant(turn: Turn, event: Heard, asks: list[Ask], said: str) -> bool:
    """True for 5 to the robot, once it was asked; ``asks``: what she is asked, newest first.

    Not among neighbours, nor where a building was asked for since; 没解决 only where it cannot be
    another matter of hers.
    """
    newest = next((ask for ask in asks if ask.kind in ("place", *KINDS)), None)
    if event.door == OVERHEARD or newest is None or newest.kind not in KINDS:
        return False
    if commands.is_unsolved(said):
        mine = tickets.of_reporter(turn.db, newest.person_key, turn.now - hers.REMEMBERED)
        return all(one.id == newest.ticket_id or not one.is_open for one in mine)
    is_solved = newest.kind == "rating_confirm" and commands.says_solved(said)
    return is_solved or commands.score_of(said) is not None


def tell(turn: Turn, words: str, choices: Choices = ()) -> None:
    """In private, wherever she said it; a mention in a group gets its finished word."""
    event = turn.event
    if isinstance(event, Heard) and ":" not in event.chat:
        turn.answer(turn.text("short_ack"), quiet_quote=True)
        turn.tell(event.by, words, choices=choices)
    else:
        turn.answer(words, choices=choices)
