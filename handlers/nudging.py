"""催办 by a person: who leads or dispatches asks the one who works it to hurry, with a word of his.

Private, never in a group, and no mark on the ticket: what counts as 催办 and 督办 stays with the
ladder and the reporter. Once for each ticket and hour, whoever says it. What can wait is said in
the morning, unless something was done meanwhile. Called by ``acts`` and, in the morning,
``overdue``.
"""

from datetime import timedelta

from bot.domain import clocks, lifecycle, rights
from bot.turn import SYSTEM, Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import ladder, loop, shown
from storage import journal
from storage.journal import Entry
from storage.tickets import Ticket

TIMER = "nudge"
AGAIN = timedelta(hours=1)
_LONGEST = 80
_SAID = "："
_NOBODY = (SYSTEM, lifecycle.REPORTER)


def nudge(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """催办 0012 今天能去看看吗: who hears of it. Raises: Refused."""
    asked = _asked(turn, ticket)
    if asked is None:
        raise Refused("nudge_nobody", number=ticket.number)
    if asked.id == person.id:
        raise Refused("nudge_own", number=ticket.number)
    if (last := _last(turn, ticket)) and last.at > turn.now - AGAIN:
        at = clocks.moment_words(last.at, turn.now)
        raise Refused("nudge_again", number=ticket.number, at=at)
    said = words.strip()[:_LONGEST]
    saved = loop.step(
        turn, ticket, Act.CHASE, person.role, by=person.id, reason=_written(asked, said)
    )
    if ladder.may_not_now(turn, ticket) and not loop.is_danger(ticket):
        return _later(turn, saved, asked)
    _tell(turn, saved, asked, person.name, said)
    return turn.text("nudge_ok", number=saved.number, name=asked.name)


def due(turn: Turn, ticket: Ticket) -> None:
    """The night is over: say it, unless whoever works it did something meanwhile."""
    last, asked = _last(turn, ticket), _asked(turn, ticket)
    if last is None or asked is None or (ticket.stage, Act.CHASE) not in lifecycle.TABLE:
        return
    since = [one.actor for one in journal.of_ticket(turn.db, ticket.id) if one.at > last.at]
    if asked.id not in since:
        _tell(turn, ticket, asked, loop.name_of(turn, last.actor), last.reason.partition(_SAID)[2])


def _written(asked: Person, said: str) -> str:
    """On the story: who was asked, and with which words."""
    return f"{asked.name}{_SAID}{said}" if said else asked.name


def _later(turn: Turn, ticket: Ticket, asked: Person) -> str:
    at = loop.by_day(turn, turn.now)
    turn.clear_timers(ticket, TIMER)
    turn.set_timer(ticket, TIMER, at)
    when = clocks.moment_words(at, turn.now)
    return turn.text("nudge_later", number=ticket.number, name=asked.name, at=when)


def _asked(turn: Turn, ticket: Ticket) -> Person | None:
    """Who works it or stands in for him; before anybody does, the command room.

    Nobody who must not go there: what became violent in a department's hands is no haste of theirs.
    """
    found = ladder.whom(turn, ticket, "owner" if ticket.owner else "command_room")
    matter = loop.matter_of(ticket)
    if found is None or not rights.may_see(found, matter, turn.rules):
        return None
    goes = rights.may_act(found, Act.VERIFY, matter, turn.rules) != rights.POLICE_ONLY
    return found if goes else None


def _last(turn: Turn, ticket: Ticket) -> Entry | None:
    """The newest nudge by a person; what the ladder and the reporter say is none."""
    story = journal.of_ticket(turn.db, ticket.id)
    return next((e for e in reversed(story) if e.act == Act.CHASE and e.actor not in _NOBODY), None)


def _tell(turn: Turn, ticket: Ticket, asked: Person, name: str, said: str) -> None:
    text = turn.text(
        "nudge_staff",
        name=name,
        number=ticket.number,
        category=loop.matter_name(turn, ticket),
        place=shown.place(turn, ticket, asked) or "地点不详",
        left=loop.left_words(turn, ticket),
        reason=f"“{said}”。" if said else "",
    )
    turn.tell(asked.id, text, danger=loop.is_danger(ticket), ticket=ticket.id)
