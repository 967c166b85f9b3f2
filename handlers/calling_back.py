"""The call on the day after a low rating (回访): a named person, by day, done or not reached.

Whoever had no part in the work is asked: the command room's desk, else a leader. What she said, or
that nobody was reached, is written on the ticket; where nothing is written by the evening a leader
hears it, and another day somebody tries again. The clock hangs on the rating, not on the stage:
the rework that goes on meanwhile does not end it. Called by ``feedback``.
"""

from datetime import datetime, time, timedelta

from bot.domain import clocks, rights
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import closing, loop, opening, shown
from storage import journal, ratings, ticket_facts, tickets, timers
from storage.ticket_facts import Fact, Known
from storage.tickets import Ticket
from storage.timers import Timer

ASK, LOOK = "call_back", "call_back_look"
TIMERS = (ASK, LOOK)
LOW = 2
_WORK = (Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.RECHECK)
_ABOVE = (Role.COMMAND_ROOM, Role.LEADER, Role.INSPECTOR)
_NOBODY = ("没打通", "没接", "打不通", "没人接", "关机", "空号")


def planned(turn: Turn, ticket: Ticket) -> None:
    """Somebody is asked tomorrow by day; a lower score said twice is one call."""
    _set(turn, ticket, ASK, _tomorrow(turn, turn.rules.times.call_back.at), user="", day=1)


def due(turn: Turn, event: Due) -> None:
    """The morning of a call, or the evening on which it should have been written down."""
    ticket = tickets.get(turn.db, int(event.data["about"]))
    score = _waits(turn, ticket, datetime.fromisoformat(str(event.data["since"])))
    if not score:
        return
    day = int(event.data["day"])
    if event.kind == ASK:
        _ask(turn, ticket, score, day)
    else:
        _look(turn, ticket, str(event.data["user"]), day)


def _waits(turn: Turn, ticket: Ticket, rated_at: datetime) -> int:
    """The low score, where it stands and nobody has spoken with her since; else 0."""
    found = ratings.newest(turn.db, ticket.id)
    if found is None or found[0] > LOW or found[1] != rated_at:
        return 0
    spoke = any(one.kind is Fact.CALLED_BACK for one in _since(turn, ticket, rated_at))
    return 0 if spoke else found[0]


def _since(turn: Turn, ticket: Ticket, at: datetime) -> list[Known]:
    return [one for one in ticket_facts.of_ticket(turn.db, ticket.id) if one.at >= at]


def _ask(turn: Turn, ticket: Ticket, score: int, day: int) -> None:
    person = _caller(turn, ticket)
    if person is None:
        turn.note(ticket, Act.NOTE, reason="评分低，没有没经手的人可以回访")
        return
    until = _today(turn, turn.rules.times.call_back.until)
    turn.note(ticket, Act.NOTE, reason=f"评分低，请{person.name}今天回访")
    text = turn.text(
        "call_back_staff",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, person),
        score=score,
        count=day,
        due=clocks.moment_words(until, turn.now),
    )
    turn.tell(person.id, text, ticket=ticket.id)
    _set(turn, ticket, LOOK, max(until, turn.now), user=person.id, day=day)


def _look(turn: Turn, ticket: Ticket, user: str, day: int) -> None:
    """Evening: tried and not reached, or nothing written; tomorrow again, or enough."""
    tried = _tries(turn, ticket)
    if not any(at.date() == turn.now.astimezone(clocks.ZONE).date() for at in tried):
        _tell_above(turn, ticket, user)
    if day >= turn.rules.times.call_back.tries:
        turn.note(ticket, Act.NOTE, reason=f"回访：{day}天都没有联系上反映人")
        return
    at = _tomorrow(turn, turn.rules.times.call_back.at)
    _set(turn, ticket, ASK, at, user="", day=day + 1)


def _tries(turn: Turn, ticket: Ticket) -> list[datetime]:
    found = ratings.newest(turn.db, ticket.id)
    known = _since(turn, ticket, found[1]) if found else []
    return [one.at.astimezone(clocks.ZONE) for one in known if one.kind is Fact.NOT_REACHED]


def _tell_above(turn: Turn, ticket: Ticket, user: str) -> None:
    matter = loop.matter_of(ticket)
    there = turn.rules.duty(Role.LEADER, turn.now, None, opening.away_now(turn))
    leader = next((p for p in there if rights.may_see(p, matter, turn.rules)), None)
    if leader is not None and leader.id != user:
        name = loop.name_of(turn, user)
        today = turn.now.astimezone(clocks.ZONE)
        day = f"{today.month}月{today.day}日"
        text = turn.text("call_back_late", number=ticket.number, name=name, day=day)
        turn.tell(leader.id, text, ticket=ticket.id)


def said(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """回访 0012 …: the answer; the ticket keeps what was said, who works it now hears it.

    Raises: Refused where no low score waits, for who worked on it, and without words.
    """
    found = ratings.newest(turn.db, ticket.id)
    if found is None or not _waits(turn, ticket, found[1]):
        raise Refused("call_back_none", number=ticket.number)
    if person.id in _worked(turn, ticket):
        raise Refused("call_back_own", number=ticket.number)
    if rights.wearing(person, _ABOVE) is None:
        raise Refused("role_refused", act=closing.LABELS[Fact.CALLED_BACK])
    words = words.strip()
    if not words:
        raise Refused("needs_words")
    if words.startswith(_NOBODY):
        return _missed(turn, person, ticket, words)
    closing.note(turn, ticket, Fact.CALLED_BACK, person.id, words)
    if ticket.is_open and ticket.owner and ticket.owner != person.id:
        values = {"number": ticket.number, "name": person.name, "answer": words[:200]}
        turn.tell(ticket.owner, turn.text("call_back_told", **values), ticket=ticket.id)
    return turn.text("call_back_ok", number=ticket.number)


def _missed(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    closing.note(turn, ticket, Fact.NOT_REACHED, person.id, words)
    days = len({at.date() for at in _tries(turn, ticket)})
    if days >= turn.rules.times.call_back.tries:
        return turn.text("call_back_unreached", number=ticket.number, count=days)
    at = _tomorrow(turn, turn.rules.times.call_back.at)
    return turn.text("call_back_again", number=ticket.number, due=clocks.moment_words(at, turn.now))


def _caller(turn: Turn, ticket: Ticket) -> Person | None:
    """Who calls: on duty, may see it, had no part in the work and is not barred."""
    matter, not_he = loop.matter_of(ticket), {*_worked(turn, ticket), *ticket.barred}
    for role in _ABOVE:
        for person in turn.rules.duty(role, turn.now, None, opening.away_now(turn)):
            if person.id not in not_he and rights.may_see(person, matter, turn.rules):
                return person
    return None


def _worked(turn: Turn, ticket: Ticket) -> set[str]:
    return {ticket.owner, *ticket.past_owners, *journal.who_did(turn.db, ticket.id, _WORK)}


def _set(turn: Turn, ticket: Ticket, kind: str, at: datetime, *, user: str, day: int) -> None:
    """A timer of its own: clearing the ticket's clocks leaves it."""
    found = ratings.newest(turn.db, ticket.id)
    since = found[1] if found else turn.now
    data = {"about": ticket.id, "since": since.isoformat(), "user": user, "day": day}
    key = f"{turn.event.key}:{kind}:{ticket.id}"
    timers.set_timer(turn.db, Timer(key=key, line=ticket.line, kind=kind, due_at=at, data=data))


def _tomorrow(turn: Turn, hour: time) -> datetime:
    return _today(turn, hour) + timedelta(days=1)


def _today(turn: Turn, hour: time) -> datetime:
    return datetime.combine(turn.now.astimezone(clocks.ZONE).date(), hour, clocks.ZONE)
