"""What nobody said to the bot (旁听到的): messages that only the archive brought.

A resident's words are handled like any other, only that the bot may not speak where it listened.
The same words that the bot heard itself are one message. Colleagues' words are no orders here and
open nothing, but danger is never silenced, whoever speaks of it; the station's own sentences,
which a colleague passed on for the bot, are not read back as news.
"""

import re
from datetime import timedelta
from functools import lru_cache

from bot.domain import commands
from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.vocabulary import Danger
from handlers import report, shadow
from storage import keeping, people, recalls
from storage.people import Said

_SAME_WITHIN = timedelta(minutes=10)
_WORD = re.compile(r"\{[a-z][a-z0-9_]*\}")
_LEAST_FIXED = 8
COLLEAGUE = "colleague"


def heard(turn: Turn, event: Heard) -> None:
    """Do what the station does when it overhears somebody."""
    is_danger = turn.reading is not None and turn.reading.danger is not Danger.NONE
    if not is_danger and recalls.is_recalled(turn.db, event.key):
        return
    if turn.rules.person(event.by) is not None:
        if not is_danger or _is_ours(turn, event) or _is_order(turn, event):
            _noted(turn, event)
            return
    elif _was_heard(turn, event):
        return
    shadow.heard(turn, event)


def _was_heard(turn: Turn, event: Heard) -> bool:
    """True when the bot itself heard these words of this person here a moment ago."""
    if turn.reading is None:
        return False
    key, since = turn.person_key(event.by), turn.now - _SAME_WITHIN
    words = turn.reading.masked[:500]
    lately = people.heard_lately(turn.db, key, event.line, since)
    return any(
        said.masked == words and not said.event_key.startswith(f"{OVERHEARD}:") for said in lately
    )


def _is_order(turn: Turn, event: Heard) -> bool:
    return commands.parse(report.words_of(turn, event)) is not None


def _noted(turn: Turn, event: Heard) -> None:
    """Remember that a colleague spoke there; his words open nothing."""
    key = turn.person_key(event.by)
    people.met(turn.db, key, turn.now, user=event.by)
    masked = turn.reading.masked[:500] if turn.reading is not None else ""
    people.note_heard(
        turn.db,
        Said(
            event_key=event.key,
            line=event.line,
            person_key=key,
            at=turn.now,
            kind=COLLEAGUE,
            masked=masked,
        ),
    )
    if not turn.rules.times.talk_kept:
        keeping.forget_event(turn.db, event.key)


def _is_ours(turn: Turn, event: Heard) -> bool:
    """True when the words are a sentence of texts.yaml, filled as the bot fills it."""
    words = " ".join(event.text.split())
    sentences = tuple(turn.rules.texts.sentences.values())
    return any(pattern.fullmatch(words) for pattern in _patterns(sentences))


@lru_cache(maxsize=2)
def _patterns(sentences: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Patterns of all sentences that say enough to be recognised."""
    found = []
    for sentence in sentences:
        fixed = [re.escape(part) for part in _WORD.split(" ".join(sentence.split()))]
        if sum(len(part) for part in fixed) >= _LEAST_FIXED:
            found.append(re.compile(".+?".join(fixed), re.DOTALL))
    return tuple(found)
