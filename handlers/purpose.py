"""The purpose note (用途告知): what her words are used for, at first contact and again every year.

Who opens a conversation is greeted with it; who writes without opening one hears it before the
answer, once for each account and so once for each door. Not while somebody is in danger, and of a
protected matter nothing is pushed: then it waits for her next words. A group has its notice; a
mention there is followed by the note in private, where that way is open. Called by ``report`` and
``desk``.
"""

from datetime import timedelta

from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.vocabulary import Danger
from storage import notes, people, tickets

_LATELY = timedelta(days=90)


def greeted(turn: Turn, person_key: str) -> None:
    """The greeting said it: nothing more for a year."""
    notes.due(turn.db, person_key, turn.now, turn.now)


def told(turn: Turn, event: Heard, person_key: str) -> None:
    """Say it if it is due and may be said now."""
    reading = turn.reading
    if turn.rules.person(event.by) is not None or event.door == OVERHEARD or reading is None:
        return
    if reading.danger is not Danger.NONE or reading.protected or _has_grave(turn, person_key):
        return
    way = _way(turn, event, person_key)
    since = turn.now - turn.rules.retention.note_again
    if way and notes.due(turn.db, person_key, turn.now, since):
        turn.tell(event.by, turn.text("purpose_note"))


def _has_grave(turn: Turn, person_key: str) -> bool:
    """While such a matter runs her telephone may be in other hands: nothing is pushed to it."""
    mine = tickets.of_reporter(turn.db, person_key, turn.now - _LATELY)
    return any(t.is_open and (t.protected or t.danger is not Danger.NONE) for t in mine)


def _way(turn: Turn, event: Heard, person_key: str) -> bool:
    """True where it reaches her: in her own conversation, or from a group when she has one."""
    if event.reply is not None and event.reply.kind == "passive":
        return False  # the one answer of this door belongs to what she said
    return ":" in event.chat or bool(people.own_chat(turn.db, person_key))
