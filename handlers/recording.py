"""Formal reports (正式报案、接报案系统): where they are made, and whether ours were recorded there.

Our ticket is no formal report; the reporter of a crime hears where it is made. The card says
whether the matter was put into the police's own system (number), or why not: ``已录入 0012 编号``,
``没录入 0012 原因``. ``录入情况`` shows the leader what the morning audit counts.
"""

from datetime import datetime, time, timedelta

from bot.domain import rights
from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger, Role
from handlers import cards, closing, facts_words, loop
from storage import recording as stored
from storage import tickets
from storage.recording import Figures
from storage.ticket_facts import Fact
from storage.tickets import Ticket

_READERS = (Role.LEADER, Role.COMMAND_ROOM, Role.LEGAL_OFFICER)
_DAYS = 2
_LONGEST = 80


def with_words(turn: Turn, ticket: Ticket, said: str, *, group: bool) -> str:
    """What the reporter hears in private, and where a crime is formally reported besides."""
    if group or not is_crime(turn, ticket):
        return said
    return f"{said}\n{turn.text('formal_report')}"


def told(turn: Turn, ticket: Ticket, user: str) -> None:
    """Who told a crime in a group hears in private where it is formally reported."""
    if is_crime(turn, ticket) and ticket.danger is Danger.NONE:
        turn.tell(user, turn.text("formal_report"), ticket=ticket.id)


def is_crime(turn: Turn, ticket: Ticket) -> bool:
    """True for a matter whose formal report is made at 110 or the station."""
    return ticket.category in turn.rules.everyday.crimes


def noted(turn: Turn, person: Person, ticket: Ticket, fact: Fact, words: str) -> str:
    """The answer to 已录入 and 没录入; the last word counts, also after the end.

    Raises: Refused for other matters, for who is no police or does not work it, without words.
    """
    if not is_crime(turn, ticket):
        raise Refused("record_no_crime", number=ticket.number)
    key = rights.may_act(person, Act.SUPPLEMENT, loop.matter_of(ticket), turn.rules)
    if key or not person.role.is_police:
        raise Refused(key or "not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    if not words.strip():
        raise Refused("record_words", number=ticket.number)
    closing.note(turn, ticket, fact, person.id, words.strip()[:_LONGEST])
    cards.refresh(turn, tickets.get(turn.db, ticket.id))
    return turn.text("record_ok", number=ticket.number, what=facts_words.recorded(turn, ticket))


def figures(turn: Turn, since: datetime, until: datetime) -> Figures:
    """What the morning audit counts: crimes opened from ``since`` up to ``until``."""
    return stored.figures(turn.db, turn.rules.everyday.crimes, since, until)


def asked(turn: Turn, person: Person) -> str:
    """录入情况: yesterday's and today's. Raises: Refused for who does not audit."""
    if rights.wearing(person, _READERS) is None:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    today = datetime.combine(turn.now.astimezone(ZONE).date(), time.min, ZONE)
    found = figures(turn, today - timedelta(days=_DAYS - 1), today + timedelta(days=1))
    said = turn.text(
        "records_told",
        days=_DAYS,
        count=found.crimes,
        times=found.recorded,
        people=found.explained,
        over=len(found.missing),
    )
    missing = [tickets.get(turn.db, one) for one in found.missing]
    seen = [t.serial for t in missing if rights.may_see(person, loop.matter_of(t), turn.rules)]
    return f"{said}\n{turn.text('records_missing', numbers='、'.join(seen))}" if seen else said
