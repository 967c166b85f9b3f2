"""登记 and 已办 (登记): matters that came by phone, over the counter, or were settled on the spot.

A registered matter goes the road of every other; one that is 已办 is opened, handled and closed by
the same person in one message. Called by ``orders``.
"""

from dataclasses import replace

from bot.domain import origins
from bot.domain.commands import Command, Order
from bot.domain.reading import read
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, Role
from handlers import danger, loop, opening, rechecking, results
from storage.tickets import Ticket


def registered(turn: Turn, event: Heard, person: Person, command: Command, grid: str) -> str:
    """登记 (by phone, over the counter) opens a ticket; 已办 opens and closes it in one message."""
    if not command.words:
        raise Refused("needs_words")
    names = turn.rules.grid(grid)
    view = opening.grid_view(names)
    is_new = command.what is Order.REGISTER
    origin, words = origins.typed(command.words) if is_new else ("settled", command.words)
    if origin == origins.SLIP and person.role not in (Role.COMMAND_ROOM, Role.LEADER):
        raise Refused("slip_refused")
    reading = read(words, event.at, view, turn.rules.reading)
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=grid,
        chat="",
        text=words,
        voice=None,
        carrier=person.id,
        origin=origin,
        by=person.id,
    )
    if origin == origins.SLIP:
        seed = _slip(turn, seed, words)
    if is_new:
        return _opened(turn, person, seed)
    ticket, _ = opening.open_ticket(turn, seed, owner=person)
    return _settled(turn, person, ticket, command.words)


def _slip(turn: Turn, seed: opening.Seed, words: str) -> opening.Seed:
    """警单: class, place and time; what else was typed is not kept, nor unit, floor and room."""
    spot = replace(seed.place, unit="", floor="", room="")
    name = loop.category_name(turn, seed.category)
    kept = origins.slip_words(name, spot, words)
    return replace(seed, place=spot, text=kept, masked=kept)


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
