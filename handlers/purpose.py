"""The purpose note (用途告知): what her words are used for, at first contact and again every year.

Who opens a conversation is greeted with it; who writes without opening one hears it before the
answer, once for each account and so once for each door. Not while somebody is in danger, and of a
protected matter nothing is pushed: then it waits for her next words. A group has its notice; a
mention there is followed by the note in private, where that way is open. Who reported by an order
of 政民沟通 is known to WeCom alone: there the note goes with the first words that its handler
pastes, once for each order, and again after a year. Called by ``report``, ``desk`` and
``order_sheets``, ``order_drafts``.
"""

from datetime import timedelta

from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.vocabulary import Act, Danger
from handlers import loop
from storage import journal, notes, people, tickets
from storage.tickets import Ticket

_RESIDENTS = "resident:"
_TOLD = "用途说明交给上报单处理人"
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


def for_order(turn: Turn, ticket: Ticket, order: str) -> str:
    """The note for whoever reported the order ``resident:o1``; empty when it is not due.

    Whoever asks hands it over: it counts as told from now on. Not for what staff found on patrol.
    """
    if not order.startswith(_RESIDENTS) or ticket.protected or loop.is_danger(ticket):
        return ""
    mark, since = f"{_TOLD} {order}", turn.now - turn.rules.retention.note_again
    story = journal.of_ticket(turn.db, ticket.id)
    if any(entry.reason == mark and entry.at >= since for entry in story):
        return ""
    turn.note(ticket, Act.NOTE, reason=mark)
    return turn.text("purpose_order")


def _has_grave(turn: Turn, person_key: str) -> bool:
    """While such a matter runs her telephone may be in other hands: nothing is pushed to it."""
    mine = tickets.of_reporter(turn.db, person_key, turn.now - _LATELY)
    return any(t.is_open and (t.protected or t.danger is not Danger.NONE) for t in mine)


def _way(turn: Turn, event: Heard, person_key: str) -> bool:
    """True where it reaches her: in her own conversation, or from a group when she has one."""
    if event.reply is not None and event.reply.kind == "passive":
        return False  # the one answer of this door belongs to what she said
    return ":" in event.chat or bool(people.own_chat(turn.db, person_key))
