"""After an outage (停机以后): one list instead of a storm of cards and reminders.

What people said while nobody listened opens its ticket as ever; ``bot.late_speech`` answers them in
private. The command room gets one list of it, danger first, to be phoned before anybody goes;
clocks that rang into the void are said as one message to each colleague. Each Turn that came late
leaves a timer with what it brought; the first that rings when all is handled takes the others
along. Called at the end of every Turn, by the clock, and where somebody is rung.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.domain import clocks, rights
from bot.events import Due, Heard
from bot.late_speech import LIST
from bot.lines import line_of
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import loop, opening, shown
from storage import gathered, inbox, journal, tickets, timers
from storage.tickets import Ticket
from storage.timers import Timer

TIMER = LIST
_GATHER = timedelta(seconds=15)
_LONGEST = timedelta(seconds=60)
_MOST_LINES = 20
_LINE = line_of("late:")
_ROLES = (Role.COMMAND_ROOM, Role.LEADER)
Rows = list[dict[str, Any]]


def call_first(turn: Turn, text: str) -> str:
    """``text`` to who is called; what was said long ago is to be phoned first."""
    return f"{text}\n{turn.text('late_call_first', at=turn.said_when)}" if turn.is_late else text


def after(turn: Turn) -> None:
    """Remember what this Turn brought, when it came late."""
    if turn.put_aside:
        _remember(turn, [{"aside": list(one)} for one in turn.put_aside])
    elif turn.is_late and (ticket := _ticket(turn)) is not None:
        turn.note(ticket, Act.NOTE, reason=f"系统中断，{turn.said_when}说的，现在才看到")
        _remember(turn, [{"ticket": ticket.id, "at": turn.event.at.isoformat()}])


def _ticket(turn: Turn) -> Ticket | None:
    """What the words opened or were added to; an order of a colleague is none of the list."""
    number = journal.ticket_of(turn.db, turn.event.key)
    if not number or not isinstance(turn.event, Heard):
        return None
    ticket = tickets.get(turn.db, number)
    by = turn.event.by
    is_order = turn.rules.person(by) is not None and ticket.carrier != by
    return None if is_order else ticket


def _remember(turn: Turn, rows: Rows, until: datetime | None = None) -> None:
    data = {"rows": rows, "until": (until or turn.now + _LONGEST).isoformat()}
    key, due_at = f"{turn.event.key}:{TIMER}", turn.now + _GATHER
    timers.set_timer(turn.db, Timer(key=key, line=_LINE, kind=TIMER, due_at=due_at, data=data))


def due(turn: Turn, event: Due) -> None:
    """Say all that came late, or wait a little longer while more of it is being handled."""
    others = timers.take(turn.db, TIMER, turn.now)
    rows: Rows = [row for data in (event.data, *(t.data for t in others)) for row in data["rows"]]
    until = datetime.fromisoformat(event.data["until"])
    before = turn.now - turn.rules.times.outage
    if turn.now < until and inbox.is_behind(turn.db, before):
        _remember(turn, rows, until)
        return
    _list(turn, {row["ticket"]: row["at"] for row in reversed(rows) if "ticket" in row})
    _remind(turn, [row["aside"] for row in rows if "aside" in row])


def _list(turn: Turn, said_at: dict[int, str]) -> None:
    """The one list: danger first, then as it was said."""
    there = turn.rules.first_of(_ROLES, turn.now, opening.away_now(turn))
    found = [tickets.get(turn.db, number) for number in sorted(said_at)]
    news = [one for one in found if one.is_open and there and _may_see(turn, there[0], one)]
    if not news:
        return
    news.sort(key=lambda one: not loop.is_danger(one))
    lines = [_line(turn, there[0], one, said_at[one.id]) for one in news]
    text = "\n".join((turn.text("late_list_head", count=len(news)), *_shortened(turn, lines)))
    turn.tell(there[0].id, text, danger=loop.is_danger(news[0]))


def _may_see(turn: Turn, person: Person, ticket: Ticket) -> bool:
    return rights.may_see(person, loop.matter_of(ticket), turn.rules)


def _line(turn: Turn, person: Person, ticket: Ticket, at: str) -> str:
    values = {
        "number": ticket.number,
        "category": loop.matter_name(turn, ticket),
        "place": shown.place(turn, ticket, person),
        "at": clocks.moment_words(datetime.fromisoformat(at), turn.now),
    }
    if loop.is_danger(ticket):
        summary = shown.quoted(turn, ticket, person, 40)
        return turn.text("late_list_danger", **values, summary=summary)
    return turn.text("late_list_line", **values)


def _shortened(turn: Turn, lines: list[str]) -> Iterable[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    rest = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], turn.text("late_list_more", count=rest)]


def _remind(turn: Turn, aside: list[list[str]]) -> None:
    """One message to each colleague; a single reminder leaves as it is."""
    for user in dict.fromkeys(user for user, _ in aside):
        keys = [key for one, key in aside if one == user]
        if len(keys) == 1:
            gathered.hasten(turn.db, keys[0], turn.now)
        elif texts := gathered.take_back(turn.db, keys):
            head = turn.text("late_reminders_head", count=len(texts))
            turn.tell(user, "\n".join((head, *_shortened(turn, texts))))
