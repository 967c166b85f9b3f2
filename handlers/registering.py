"""登记 and 已办 (登记): matters that came by phone, over the counter, or were settled on the spot.

A registered matter goes the road of every other; one that is 已办 is opened, handled and closed by
the same person in one message. Called by ``orders``.
"""

from bot.domain.commands import Command, Order
from bot.domain.reading import read
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode
from handlers import danger, loop, opening, rechecking, results
from storage.tickets import Ticket


def registered(turn: Turn, event: Heard, person: Person, command: Command, grid: str) -> str:
    """登记 (by phone, over the counter) opens a ticket; 已办 opens and closes it in one message."""
    if not command.words:
        raise Refused("needs_words")
    names = turn.rules.grid(grid)
    view = opening.grid_view(names)
    reading = read(command.words, event.at, view, turn.rules.reading)
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=grid,
        chat="",
        text=command.words,
        voice=None,
        carrier=person.id,
        origin="counter" if command.what is Order.REGISTER else "settled",
        by=person.id,
    )
    if command.what is Order.REGISTER:
        return _opened(turn, person, seed)
    ticket, _ = opening.open_ticket(turn, seed, owner=person)
    return _settled(turn, person, ticket, command.words)


def _opened(turn: Turn, person: Person, seed: opening.Seed) -> str:
    ticket, route = opening.open_ticket(turn, seed)
    if loop.is_danger(ticket):
        danger.alarm(turn, ticket)
    else:
        opening.show_to_staff(turn, ticket, route)
    return turn.text("registered_ok", number=ticket.number, unit=ticket.unit)


def _settled(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """Sign, handle, result and close in one go; the journal shows each step."""
    code = results.code_of(words) or ClosingCode.SOLVED
    for act in (Act.ACCEPT, Act.HANDLE):
        ticket = loop.step(turn, ticket, act, person.role, by=person.id)
    ticket = loop.step(
        turn,
        ticket,
        Act.RESOLVE,
        person.role,
        by=person.id,
        reason=words[:200],
        closing_code=code,
        result_internal=words,
    )
    if rechecking.asked(turn, ticket, person.id, person.role) is not None:
        return turn.text("recheck_asked", number=ticket.number)
    closed = loop.step(turn, ticket, Act.CLOSE, "system", reason="本人已办结", closed_at=turn.now)
    turn.clear_timers(closed)
    return turn.text("done_ok", number=closed.number, result=code.label)
