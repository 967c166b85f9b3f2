"""What goes to a department outside (转办函): the letter, its number, and reminding our own minder.

The bot writes to nobody outside: a named person of ours (盯办人) sends the letter, types in the
department's number and answer, and is reminded. After some reminders the matter stands in the
list for the street, which decides. Called by ``opening`` and by the clock.
"""

import re
from dataclasses import replace
from datetime import datetime

from bot.domain import transfer_letters
from bot.domain.clocks import ZONE
from bot.domain.routing import Route
from bot.domain.transfer_letters import Letter
from bot.events import Due
from bot.turn import SYSTEM, Turn
from config.faults import Refused
from config.rules import Rules
from config.vocabulary import Act, Stage
from handlers import loop, shown
from storage import diversions, journal, serials
from storage.diversions import Diversion
from storage.session import Db
from storage.tickets import Ticket

TIMER = "divert_reminder"
_MOST_PHOTOS = 9
_LONGEST = 2000
_NAMED = re.compile(r"\[图片 ([^\]]*)\]")
_NAME = re.compile(r"[0-9a-f]{24}")


def sent(turn: Turn, ticket: Ticket, route: Route) -> None:
    """Number the letter and give it to our minder; nothing where the department is inside."""
    one = diversions.current(turn.db, ticket.id) if route.is_outside else None
    if one is None or route.owner is None:
        return
    year = turn.now.astimezone(ZONE).year
    serial = serials.next_serial(turn.db, f"letter-{year}")
    number = transfer_letters.number_of(turn.rules.station.prefix, year, serial)
    diversions.lettered(turn.db, one.id, number)
    turn.note(ticket, Act.NOTE, reason=f"转办函 {number}")
    words = turn.text(
        "minder_staff",
        number=ticket.number,
        department=route.unit,
        letter=words_of(turn, ticket, route.owner.id),
    )
    turn.tell(route.owner.id, words, ticket=ticket.id)
    handed(turn, ticket, route.owner.id)
    _remind_later(turn, ticket, one)


def handed(turn: Turn, ticket: Ticket, user: str) -> None:
    """The letter as a Word file with its photos. Raises: Refused as ``letter_of``."""
    turn.hand_paper(user, transfer_letters.paper(letter_of(turn, ticket, user)), ticket)


def pictures_to(turn: Turn, ticket: Ticket, kept: str | None = None) -> None:
    """The photos that came with the report go to whoever has it at a department, after the card.

    ``kept``: only those that these words of the journal name, because they came just now. A letter
    carries its own; what comes after it goes to our minder, who sends it on.
    """
    owner = turn.rules.person(ticket.owner)
    if owner is None or not ticket.department or ticket.protected:
        return
    if kept is None and ticket.stage is Stage.DIVERTED:
        return
    names = photos(turn.db, ticket) if kept is None else _names(kept)
    for number, name in enumerate(names[:_MOST_PHOTOS], 1):
        turn.hand_picture(owner.id, f"{ticket.serial}照片{number}.jpg", name, ticket)


def _remind_later(turn: Turn, ticket: Ticket, one: Diversion) -> None:
    at = loop.by_day(turn, turn.now + turn.rules.divert.remind_every)
    turn.set_timer(ticket, TIMER, at, diversion=one.id)


def words_of(turn: Turn, ticket: Ticket, user: str) -> str:
    """The letter of the ticket as plain words. Raises: Refused where it is with nobody outside."""
    return transfer_letters.plain(letter_of(turn, ticket, user))


def letter_of(turn: Turn, ticket: Ticket, user: str) -> Letter:
    """The letter of the ticket; without the room for a ``user`` of ours who may not read it.

    Raises: Refused where it is with nobody outside.
    """
    found = letter_from(turn.db, turn.rules, ticket)
    if found is None:
        raise Refused("not_outside", number=ticket.number)
    asked = shown.said(turn, ticket, user, found.asked, _LONGEST)
    return replace(found, place=shown.place(turn, ticket, user), asked=asked)


def letter_from(db: Db, rules: Rules, ticket: Ticket) -> Letter | None:
    """The letter of the ticket; None where it is with nobody outside, or is protected."""
    one = diversions.current(db, ticket.id)
    named = rules.department(one.department) if one else None
    if one is None or named is None or not one.letter or ticket.protected:
        return None
    minder = rules.person(one.minder)
    category = rules.reading.category(ticket.category)
    return Letter(
        number=one.letter,
        ticket=ticket.number,
        department=named.name,
        station=rules.station.name,
        category=category.name,
        place=loop.place_of(rules, ticket),
        said_at=_day(ticket.opened_at),
        asked=_NAMED.sub("", ticket.masked),
        photos=photos(db, ticket),
        due=_day(one.due_at) if one.due_at else "近期",
        minder=minder.name if minder else rules.station.room_name,
        phone=rules.station.room_phone,
        day=_day(one.at),
        reason=one.reason,
    )


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


def photos(db: Db, ticket: Ticket) -> tuple[str, ...]:
    """Names of the photos that came with the report, each once; none that staff took."""
    hers = ("reporter", SYSTEM, ticket.carrier)
    story = journal.of_ticket(db, ticket.id)
    found = (name for e in story if e.actor in hers for name in _names(e.reason))
    return tuple(dict.fromkeys(found))[:_MOST_PHOTOS]


def _names(reason: str) -> list[str]:
    return [name for named in _NAMED.findall(reason) for name in _NAME.findall(named)]


def reminder_due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Fourteen days without an answer: our minder hears of it, and nobody else."""
    one = diversions.current(turn.db, ticket.id)
    if one is None or one.id != event.data["diversion"] or ticket.stage is not Stage.DIVERTED:
        return
    times = one.reminded + 1
    diversions.reminded(turn.db, one.id, times)
    saved = loop.change(turn, ticket, Act.CHASE, by=SYSTEM, reason=f"提醒盯办人第{times}次")
    words = turn.text(
        "minder_reminder",
        number=saved.number,
        department=saved.unit,
        times=times,
        days=(turn.now - one.at).days,
    )
    turn.tell(ticket.owner, words, ticket=saved.id)
    if times >= turn.rules.divert.list_after and one.listed_at is None:
        diversions.listed(turn.db, one.id, turn.now)
    _remind_later(turn, saved, one)
