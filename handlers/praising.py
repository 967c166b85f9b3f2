"""Kind words (感谢、锦旗): carried to whom they are for, kept with the ticket they speak of.

The leader reads them by ``表扬``, of a banner he hears at once. Who said them is not kept, and
nobody counts them: this is no ranking. Called by ``talk`` and ``order_rows``.
"""

import re
from datetime import timedelta

from bot.domain.clocks import ZONE
from bot.domain.reading import Reading
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import focus, hers, loop
from storage import praises, tickets
from storage.praises import Praise
from storage.tickets import Ticket

_TITLED = re.compile(r"[\u4e00-\u9fff](?:警官|所长|队长|主任|师傅|老师)")
_READERS = (Role.LEADER, Role.COMMAND_ROOM)
_LATELY = timedelta(days=60)
_LONGEST = 60


def carried(turn: Turn, event: Heard, reading: Reading, person_key: str) -> None:
    """The words go to whoever is named, to who worked her matter, else to the grid's officer."""
    ticket, user = _meant(turn, event, person_key)
    words = " ".join(reading.masked.split())[:_LONGEST]
    if user and ticket is not None:
        turn.tell(user, turn.text("praise_about", number=ticket.number, summary=words))
        turn.note(ticket, Act.NOTE, by="reporter", reason=f"群众表扬：{words}")
    elif user:
        turn.tell(user, turn.text("praise_staff", summary=words))
    if user and turn.rules.person(event.by) is None:
        number = ticket.id if ticket else 0
        praises.add(turn.db, event.key, Praise(user, number, turn.now, words))
        _banner(turn, user, words)
    turn.answer(turn.text("praise" if user else "praise_noted"))


def _meant(turn: Turn, event: Heard, person_key: str) -> tuple[Ticket | None, str]:
    """The ticket that the words speak of and whom they are for."""
    named = [m.group() for m in _TITLED.finditer(event.text)]
    people = [p for name in named for p in turn.rules.named(name)]
    people += [p for p in turn.rules.people if p.name in event.text]
    grid = turn.rules.grid_of(event.chat)
    local = [p.id for p in people if grid is None or grid.id in p.grids]
    users = local or [p.id for p in people]
    ticket = _worked_by(turn, person_key, users)
    if users:
        return ticket, users[0] if ticket is None else _worker(ticket, users)
    if ticket is not None:
        return ticket, ticket.owner
    return None, grid.officer if grid else ""


def _worked_by(turn: Turn, person_key: str, users: list[str]) -> Ticket | None:
    """Her newest matter that one of them worked (anybody, where nobody is named).

    One whose result she has heard of lately goes before one that has just begun.
    """
    since = turn.now - turn.rules.times.reopen_grace
    mine = hers.of_person(turn, person_key, _LATELY)
    mine.sort(key=lambda one: not (one.stage in hers.TOLD and one.stage_at >= since))
    for ticket in mine:
        workers = {ticket.owner, *ticket.past_owners} - {""}
        if not ticket.protected and workers & set(users or workers):
            return ticket if users or ticket.owner else None
    return None


def _worker(ticket: Ticket, users: list[str]) -> str:
    return next(user for user in users if user in (ticket.owner, *ticket.past_owners))


def _banner(turn: Turn, user: str, words: str) -> None:
    """锦旗: the leader on duty hears it at once."""
    if not any(word in words for word in turn.rules.everyday.banners):
        return
    text = turn.text("praise_banner", name=loop.name_of(turn, user), summary=words)
    for leader in focus.on_duty(turn, Role.LEADER)[:1]:
        if leader.id != user:
            turn.tell(leader.id, text)


def shown(turn: Turn, person: Person) -> str:
    """表扬: this month's kind words, oldest first. Raises: Refused for who does not lead."""
    if person.role not in _READERS:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    local = turn.now.astimezone(ZONE)
    begin = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = praises.since(turn.db, begin)
    if not found:
        return turn.text("praises_none")
    head = turn.text("praises_head", count=len(found))
    return "\n".join([head, *(_line(turn, one) for one in found)])


def _line(turn: Turn, one: Praise) -> str:
    about = f"（{tickets.get(turn.db, one.ticket_id).serial}）" if one.ticket_id else ""
    name = loop.name_of(turn, one.user)
    return turn.text("praises_line", name=name, summary=one.words) + about
