"""Which tickets a command is about (找单): by number, by quote, or the only one he has open.

Called by ``orders`` and ``field``. A wrong number is a sentence of the answer and stops nothing.
"""

from bot.domain import rights
from bot.domain import ticket_numbers as numbers
from bot.domain.commands import Command, Order
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger, Stage
from handlers import loop
from storage import tickets
from storage.tickets import Ticket

_NEEDS_OPEN = frozenset({Act.ACCEPT, Act.VERIFY, Act.RESOLVE, Act.SEND_BACK, Act.TRANSFER, Act.ASK})
_MOST = 12


def meant(
    turn: Turn, event: Heard, person: Person, command: Command
) -> tuple[list[Ticket], list[str]]:
    """The tickets a command is about, and a line for each number that is none.

    Raises: Refused with what to write instead, when no number was given and none can be guessed.
    """
    named = command.numbers or tuple(numbers.found_in(event.quote))
    if named:
        return _named(turn, person, named)
    mine = _candidates(turn, person, command)
    if len(mine) == 1:
        return mine, []
    if not mine:
        raise Refused("no_open_ticket")
    raise Refused("ambiguous_ticket", numbers="、".join(t.serial for t in mine[:_MOST]))


def _named(turn: Turn, person: Person, named: tuple[str, ...]) -> tuple[list[Ticket], list[str]]:
    found, lines = [], []
    for number in named:
        try:
            found.append(_by_number(turn, person, number))
        except Refused as why:
            lines.append(turn.text(why.text_key, **why.values))
    return found, lines


def _candidates(turn: Turn, person: Person, command: Command) -> list[Ticket]:
    """Open tickets of this person that fit the command; those shown to him count for 签收."""
    own = tickets.open_of_owner(turn.db, person.id)
    if command.what in (Act.ACCEPT, Act.FALSE_ALARM, Act.CONFIRM):
        shown = tickets.shown_to(turn.db, person.id)
        own = list({t.id: t for t in (*own, *shown) if t.is_open}.values())
    if command.what is Act.ACCEPT:
        return [t for t in own if t.stage is Stage.ASSIGNED]
    if command.what in (Act.FALSE_ALARM, Act.CONFIRM):
        return [t for t in own if t.danger is not Danger.NONE]
    if command.what is Act.FEEDBACK or command.what is Order.WORDING:
        return [t for t in own if t.stage is Stage.RESOLVED]
    if command.what in _NEEDS_OPEN:
        return [t for t in own if t.stage not in (Stage.RESOLVED, Stage.EVALUATION)]
    return own


def _by_number(turn: Turn, person: Person, number: str) -> Ticket:
    """The newest ticket of that number that exists for this person."""
    full = tickets.by_number(turn.db, number) if numbers.is_full(number) else None
    found = [full] if full else tickets.by_serial(turn.db, number)
    visible = [t for t in found if rights.may_see(person, loop.matter_of(t), turn.rules)]
    if visible:
        return next((t for t in visible if t.is_open), visible[0])
    near = _near(turn, person, number)
    if near:
        raise Refused("wrong_number", number=number, near=near)
    raise Refused("not_found", number=number)


def visible(turn: Turn, person: Person, number: str) -> Ticket | None:
    """The ticket of that number, when it exists for this person."""
    try:
        return _by_number(turn, person, number) if number else None
    except Refused:
        return None


def _near(turn: Turn, person: Person, number: str) -> str:
    """One of this person's numbers that differs in one digit, or the only one he has."""
    mine = [t.serial for t in tickets.open_of_owner(turn.db, person.id)]
    close = [s for s in mine if sum(a != b for a, b in zip(s, number, strict=False)) == 1]
    return close[0] if close else mine[0] if len(mine) == 1 else ""
