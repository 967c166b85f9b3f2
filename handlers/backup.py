"""求助 (增援): who stands there calls for help, in one word, and it reaches those who can come.

His leader and the command room always hear of it, the officer of the grid too; into violence only
police are called, and a phone rings where somebody is in danger. Nobody is promised: the answer
says who was told. Once for each ticket in ten minutes. Called by ``orders``.
"""

from datetime import timedelta

from bot.domain import rights
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import calling, loop, opening, shown
from storage import journal
from storage.tickets import Ticket

_AGAIN = timedelta(minutes=10)
_MOST = 4
_LONGEST = 80
_CALLED = "求助："


def wanted(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """求助 0012 人手不够: who was told. Raises: Refused where it is over, or asked just now.

    A ticket that does not exist for this person never comes here.
    """
    if not ticket.is_open:
        raise Refused("already_done", number=ticket.number, stage=ticket.stage.label)
    asked = _whom(turn, person, ticket)
    if not asked or _has_just_asked(turn, person, ticket):
        raise Refused("backup_asked", number=ticket.number)
    grave = _is_grave(turn, ticket)
    values = {
        "name": person.name,
        "unit": person.unit,
        "number": ticket.number,
        "category": loop.category_name(turn, ticket.category),
        "said": words.strip()[:_LONGEST] or turn.text("backup_no_words"),
    }
    for one in asked:
        text = turn.text("backup_staff", **values, place=shown.place(turn, ticket, one))
        turn.tell(one.id, text, danger=grave, ticket=ticket.id)
        if grave:
            calling.call(turn, ticket, one)
    turn.note(ticket, Act.CALL, by=person.id, reason=f"{_CALLED}{words.strip()[:_LONGEST]}")
    who = "、".join(one.unit for one in _each_unit(asked))
    return turn.text("backup_told", number=ticket.number, who=who)


def _has_just_asked(turn: Turn, person: Person, ticket: Ticket) -> bool:
    since = turn.now - _AGAIN
    return any(
        one.actor == person.id and one.at > since and one.reason.startswith(_CALLED)
        for one in journal.of_ticket(turn.db, ticket.id)
    )


def _whom(turn: Turn, person: Person, ticket: Ticket) -> list[Person]:
    """Those who may know of it, nearest first; nobody unarmed where somebody may be hurt."""
    away = opening.away_now(turn)
    asked = turn.rules.duty(Role.OFFICER, turn.now, ticket.grid or None, away)[:1]
    asked += turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, away)[:1]
    if leader := turn.rules.unit_leader(person):
        asked.append(leader)
    if not _is_grave(turn, ticket) and ticket.grid:
        asked += turn.rules.duty(Role.GRID_WORKER, turn.now, ticket.grid, away)[:1]
    matter = loop.matter_of(ticket)
    known = {p.id: p for p in asked if p.id != person.id and rights.may_see(p, matter, turn.rules)}
    if _is_grave(turn, ticket):
        known = {one: p for one, p in known.items() if p.role.is_police}
    return list(known.values())[:_MOST]


def _is_grave(turn: Turn, ticket: Ticket) -> bool:
    """True where somebody may be hurt: danger, or what is the police's alone."""
    is_police_only = turn.rules.is_police_only(ticket.category, ticket.danger_class)
    return loop.is_danger(ticket) or is_police_only


def _each_unit(people: list[Person]) -> list[Person]:
    return list({one.unit: one for one in people}.values())
