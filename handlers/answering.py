"""Questions that a human answers (请人答): who is asked, and how the answer reaches the asker.

The officer of the grid, else the command room, gets the masked question in one private line with
the two likeliest entries of faq.yaml and their figures. ``回 2 …`` goes to the asker in private, in
the bot's words; neither side learns who the other is. Unanswered for two hours it goes to the
command room as well. Called by ``questions``, ``asking`` and ``overdue``.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot import shortening
from bot.domain import outbound, routing
from bot.domain.reading import Reading
from bot.domain.routing import Question
from bot.events import Due, Heard
from bot.lines import line_of
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Danger, Role
from handlers import loop, opening
from storage import people, timers
from storage.people import Ask
from storage.timers import Timer

KIND = "question"
TIMER = "question_wait"
_WAIT = timedelta(hours=2)
_LIFE = timedelta(days=7)
_LONGEST = 200
_OTHER = "N15"
_SPECIAL = frozenset({"P08", "P23"})
_REPLY = re.compile(r"回[复答]?(?:\s*(\d{1,2})(?!\d)[\s:：,，、]+|[\s:：]+)(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Open:
    """A question that waits for a human: who asked, in which event, the words for the human."""

    asker_key: str
    event_key: str
    summary: str
    near: str


def whom(turn: Turn, reading: Reading, grid: str, asker: str) -> Person | None:
    """Who answers: those of a special class, the officer of the grid, else the command room."""
    question = Question(
        category=reading.category or _OTHER,
        text=reading.masked,
        grid=grid,
        danger=Danger.NONE,
        danger_class="",
        protected=reading.protected,
        at=turn.now,
        away=opening.away_now(turn),
        not_again=(asker,),
        stand_ins=opening.stand_ins(turn),
    )
    if question.category in _SPECIAL:
        return routing.route(question, turn.rules).owner
    local = routing.on_duty(Role.OFFICER, question, turn.rules) if grid else []
    return local[0] if local else routing.room(question, turn.rules).owner


def hand_over(turn: Turn, person: Person, question: Open, *, again: bool = False) -> None:
    """Show the question to ``person`` and wait for 回 N."""
    key = turn.person_key(person.id)
    count = max((_count(ask) for ask in _waiting(turn, key)), default=0) + 1
    text = turn.text("question_staff", count=count, summary=question.summary, near=question.near)
    turn.tell(person.id, text)
    data = {"count": count, "asker": question.asker_key, "event": question.event_key}
    people.ask(
        turn.db,
        Ask(
            key=f"{question.event_key}:{KIND}:{line_of(person.id)}",
            kind=KIND,
            person_key=key,
            ticket_id=0,
            asked_at=turn.now,
            until=turn.now + _LIFE,
            data=data,
        ),
    )
    if not again:
        _remember(turn, person, question)


def _remember(turn: Turn, person: Person, question: Open) -> None:
    timers.set_timer(
        turn.db,
        Timer(
            key=f"{question.event_key}:{TIMER}",
            line=line_of(turn.private_chat(person.id)),
            kind=TIMER,
            due_at=loop.by_day(turn, turn.now + _WAIT),
            data={"by": turn.person_key(person.id), "event": question.event_key},
        ),
    )


def overdue(turn: Turn, event: Due) -> None:
    """Nobody answered for two hours: the command room gets the question too."""
    asks = _waiting(turn, str(event.data["by"]))
    ask = next((a for a in asks if a.data["event"] == event.data["event"]), None)
    said = people.heard_as(turn.db, str(event.data["event"]))
    there = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, opening.away_now(turn))
    other = next((p for p in there if turn.person_key(p.id) != event.data["by"]), None)
    if ask is None or said is None or other is None:
        return
    near = turn.text("question_late")
    question = Open(
        str(ask.data["asker"]), said.event_key, shortening.short(said.masked, _LONGEST), near
    )
    hand_over(turn, other, question, again=True)


def replied(turn: Turn, event: Heard, person: Person, said: str) -> bool:
    """True when ``said`` is 回 N and answers a question that waits for this person."""
    found = _REPLY.fullmatch(said.strip()) if ":" in event.chat else None
    waiting = _waiting(turn, turn.person_key(person.id)) if found else []
    if found is None or not waiting:
        return False
    meant = [a for a in waiting if found[1] is None or _count(a) == int(found[1])]
    if len(meant) != 1:
        numbers = "、".join(str(count) for count in sorted(map(_count, waiting)))
        turn.answer(turn.text("question_which", numbers=numbers))
        return True
    _pass_on(turn, person, meant[0], found[2])
    return True


def _pass_on(turn: Turn, person: Person, ask: Ask, words: str) -> None:
    """The answer goes to the asker in private, without numbers of persons or rooms."""
    people.answered(turn.db, ask.id, turn.now)
    asker = people.user_of(turn.db, str(ask.data["asker"]))
    answer = outbound.for_public_result(words.strip(), outbound.published(turn.rules))
    turn.tell(asker, turn.text("question_answered", unit=person.unit, answer=answer))
    turn.answer(turn.text("question_replied_ok", count=_count(ask)))


def _waiting(turn: Turn, person_key: str) -> list[Ask]:
    """Questions that wait for this member of staff, newest first."""
    return [a for a in people.open_asks(turn.db, person_key, turn.now) if a.kind == KIND]


def _count(ask: Ask) -> int:
    return int(ask.data["count"])
