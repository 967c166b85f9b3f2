"""Silent groups (试听群): read and count, say nothing, open nothing; danger is never silenced.

A message of a group with ``shadow: true`` is handled like any other inside a savepoint. What
concerns danger or a protected matter stays as it is. Everything else is rolled back: what would
have been done becomes a sample row. Orders, answers and news of somebody's own open ticket are
done, and answered in private. Called by ``handlers.handle`` for everything that is heard.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain import commands
from bot.domain.deciding import Move
from bot.events import Heard
from bot.turn import Turn
from config.people_rules import Chat
from config.vocabulary import ChatKind, Danger
from handlers import report
from storage import keeping, people, samples, tickets
from storage.people import Said
from storage.samples import Sample

# WeCom delivers nothing of a person with three unanswered mentions, for six minutes: not even a
# cry for help. So the third in that time gets one honest sentence.
_UNANSWERED_LIFE = timedelta(minutes=6)
_MOST_UNANSWERED = 2
_DANGER_LIFE = timedelta(hours=24)
_OWN_NEWS = (Move.JOIN, Move.UPDATE, Move.STATUS, Move.PRAISE)


def heard(turn: Turn, event: Heard) -> None:
    """Do what the station does when somebody speaks, silently where the group is on trial."""
    group = turn.rules.chat(event.chat)
    if group is not None and group.shadow:
        _in_silence(turn, event, group)
    else:
        report.heard(turn, event)
    if not turn.rules.times.talk_kept:
        keeping.forget_event(turn.db, event.key)


def is_silent(turn: Turn, chat: str) -> bool:
    """True when that group is on trial: nothing is said in it but what danger demands."""
    group = turn.rules.chat(chat)
    return group is not None and group.shadow


def _in_silence(turn: Turn, event: Heard, group: Chat) -> None:
    if turn.rules.person(event.by) is not None and _is_order(turn, event):
        _privately(turn, event)
        return
    if _is_in_danger(turn, event):
        report.heard(turn, event)
        return
    with turn.db.conn.begin_nested() as trial:
        report.heard(turn, event)
        said = people.heard_as(turn.db, event.key)
        if said is not None and _is_grave(turn, said):
            return
        trial.rollback()
    turn.passive, turn.answered = "", False
    if said is None or (said.ticket_id and said.kind in _OWN_NEWS):
        _privately(turn, event)
    else:
        _noted(turn, event, group, said)


def _is_order(turn: Turn, event: Heard) -> bool:
    return commands.parse(report.words_of(turn, event)) is not None


def _privately(turn: Turn, event: Heard) -> None:
    """Handle it as if it had been said in private: the group hears nothing of it."""
    aside = replace(event, chat=turn.private_chat(event.by), reply=None)
    turn.event = aside
    try:
        report.heard(turn, aside)
    finally:
        turn.event = event


def _is_in_danger(turn: Turn, event: Heard) -> bool:
    """True when this person has cried for help here lately: all she says belongs to it."""
    key = turn.person_key(event.by)
    mine = tickets.of_reporter(turn.db, key, turn.now - _DANGER_LIFE)
    return any(t.is_open and t.danger is not Danger.NONE and t.chat == event.chat for t in mine)


def _is_grave(turn: Turn, said: Said) -> bool:
    """Danger and protected matters are no trial."""
    if turn.reading is not None and turn.reading.danger is not Danger.NONE:
        return True
    if not said.ticket_id:
        return False
    ticket = tickets.get(turn.db, said.ticket_id)
    return ticket.protected or ticket.danger is not Danger.NONE


def _noted(turn: Turn, event: Heard, group: Chat, said: Said) -> None:
    """Remember what would have been done, and the words as context; open nothing."""
    kind = ChatKind.INTERNAL_GROUP
    people.spoke_in(turn.db, event.line, kind, event.door, event.chat, turn.now)
    people.met(turn.db, said.person_key, turn.now, user=event.by)
    _keep_hearing(turn, event, group, said.person_key)
    people.note_heard(turn.db, replace(said, ticket_id=0))
    samples.keep(
        turn.db,
        Sample(
            key=samples.key_of(event.key),
            kind=samples.SHADOW,
            at=turn.now,
            chat=event.chat,
            move=said.kind,
            category=said.category,
            rules_version=turn.rules.version,
            masked=said.masked,
        ),
    )


def _keep_hearing(turn: Turn, event: Heard, group: Chat, person_key: str) -> None:
    """Finish a mention before WeCom stops delivering what this person says."""
    if group.hears != "mention":
        return
    before = people.heard_lately(turn.db, person_key, event.line, turn.now - _UNANSWERED_LIFE)
    if len(before) >= _MOST_UNANSWERED:
        turn.answer(turn.text("shadow_listening"))
