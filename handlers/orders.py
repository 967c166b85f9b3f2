"""Text commands of staff (文字口令): the same acts as the buttons, and what needs no ticket.

A number may be short, missing when it is quoted or when one ticket is open, or several at once;
each one is done under its own savepoint, so that one refusal does not undo the others.
"""

from collections.abc import Callable

from bot.domain import rights
from bot.domain.commands import Command, Order
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Stage
from handlers import acts, lookups, loop, ticket_finding
from handlers.order_rows import AT_LARGE, ON_TICKET, Given
from storage.tickets import Ticket

_OPENING = (Order.REGISTER, Order.MISSED)
# What the ticket tells of a refusal, where there is one.
_FROM_TICKET = {"stage_refused": "number", "role_refused": "who"}


def ordered(turn: Turn, event: Heard, person: Person, command: Command, grid: str) -> None:
    """Carry a command out and answer once."""
    given = Given(event, person, command, grid)
    if isinstance(command.what, Order) and (at_large := AT_LARGE.get(command.what)) is not None:
        said = at_large(turn, given)
    elif command.what is Order.LOOK and not command.numbers and command.words:
        said = lookups.found(turn, person, command.words)
    else:
        found, lines = ticket_finding.meant(turn, event, person, command)
        lines = [_on_one(turn, given, ticket) for ticket in found] + lines
        said = "\n".join(line for line in lines if line)
    _answered(turn, given, said or turn.text("here_short"))


def _answered(turn: Turn, given: Given, said: str) -> None:
    """Where it was said; of what goes on, residents who read along read only that it was heard.

    What opens a matter is acknowledged in the group, as a resident's own words are.
    """
    group, person = turn.rules.chat(given.event.chat), given.person
    if group is None or not group.public or given.command.what in _OPENING:
        turn.answer(said)
    else:
        turn.answer(turn.text("short_ack"))
        turn.tell(person.id, said)


def _on_one(turn: Turn, given: Given, ticket: Ticket) -> str:
    what, person = given.command.what, given.person
    if isinstance(what, Act):
        return _acted(turn, ticket, what, person, given.words)
    return _guarded(turn, ticket, lambda: ON_TICKET[what](turn, given, ticket))


def _guarded(turn: Turn, ticket: Ticket, do: Callable[[], str]) -> str:
    """One order under its own savepoint; a refusal is a line of the answer."""
    try:
        with turn.db.conn.begin_nested():
            return do()
    except Refused as why:
        return refusal(turn, ticket, why)


def _acted(turn: Turn, ticket: Ticket, what: Act, person: Person, words: str) -> str:
    """One act under its own savepoint; a refusal is a line of the answer, and journalled."""
    try:
        with turn.db.conn.begin_nested():
            return acts.act(turn, ticket, what, person, words)
    except Refused as why:
        if rights.may_see(person, loop.matter_of(ticket), turn.rules):
            turn.note(ticket, Act.REFUSE, by=person.id, reason=f"{what.label}:{why.text_key}")
        return refusal(turn, ticket, why)


def refusal(turn: Turn, ticket: Ticket, why: Refused) -> str:
    """The kind sentence of a refusal."""
    if why.text_key == "stage_refused":
        return turn.text(
            "stage_refused", **why.values, number=ticket.number, next=_next(turn, ticket)
        )
    if why.text_key == "already_taken":
        values = {**why.values, "name": loop.name_of(turn, str(why.values["name"]))}
        return turn.text("already_taken", **values)
    if why.text_key == "role_refused":
        return turn.text("role_refused", who=ticket.unit or turn.rules.station.room_name)
    return turn.text(why.text_key, **why.values)


def refusal_of_none(turn: Turn, why: Refused) -> str:
    """The sentence when no ticket is named; what needs one to be said becomes a plain one."""
    wanting = _FROM_TICKET.get(why.text_key, "")
    if wanting and wanting not in why.values:
        return turn.text("refused_plain")
    return turn.text(why.text_key, **why.values)


def _next(turn: Turn, ticket: Ticket) -> str:
    words = {
        Stage.DRAFT: f"同意就回“报民警 {ticket.serial}”，不同意回“不报 {ticket.serial} 理由”。",
        Stage.NEW: f"定级回“研判 {ticket.serial} 一般”。",
        Stage.ASSIGNED: f"先回“签收 {ticket.serial}”。",
        Stage.ACCEPTED: f"到场回“到场 {ticket.serial}”。",
        Stage.VERIFYING: f"办好回“处置 {ticket.serial} 结果”。",
        Stage.HANDLING: f"办好回“处置 {ticket.serial} 结果”。",
    }
    return words.get(ticket.stage, f"回“查 {ticket.serial}”看看。")
