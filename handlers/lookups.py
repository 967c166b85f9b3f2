"""搜 (查 路灯, 查 桂花苑3号楼): open tickets by what they are about and where, never by who.

Only kind and place are compared; the words of people are not opened, so a name or a number finds
nothing. What somebody may not see is not there for him. Called by ``orders``.
"""

from datetime import timedelta

from bot.domain import rights
from bot.domain.reading import read
from bot.turn import Turn
from config.people_rules import Person
from handlers import loop, opening, shown
from storage import tickets
from storage.tickets import Ticket

_SINCE = timedelta(days=180)
_MOST = 10
_SHORTEST = 2


def found(turn: Turn, person: Person, words: str) -> str:
    """A line for each, the newest first; a sentence where there is none."""
    said = "".join(words.split())[:40]
    if len(said) < _SHORTEST:
        return turn.text("lookup_none", said=said)
    codes = _codes(turn, said)
    fits = [
        t for t in _seen(turn, person) if t.category in codes or said in _where(turn, t, person)
    ]
    if not fits:
        return turn.text("lookup_none", said=said)
    lines = [
        turn.text(
            "mine_line",
            number=ticket.number,
            category=loop.category_name(turn, ticket.category),
            place=shown.place(turn, ticket, person),
            stage=ticket.stage.label,
            left=loop.left_words(turn, ticket),
        )
        for ticket in fits[:_MOST]
    ]
    return "\n".join([turn.text("lookup_head", said=said, count=len(fits)), *lines])


def _codes(turn: Turn, said: str) -> set[str]:
    """The categories that the word names, or that it is read as."""
    known = turn.rules.reading.categories
    view = opening.grid_view(None)
    taken = read(said, turn.now, view, turn.rules.reading, addressed=True).category
    named = {one.code for one in known if said in (one.code, one.name) or said in one.name}
    return named | ({taken} if taken else set())


def _seen(turn: Turn, person: Person) -> list[Ticket]:
    grids = person.grids or tuple(grid.id for grid in turn.rules.grids.grids)
    ids = {s.id for g in grids for s in tickets.open_in_grid(turn.db, g, turn.now - _SINCE)}
    mine = {t.id: t for t in tickets.open_of_owner(turn.db, person.id)}
    rest = {one: tickets.get(turn.db, one) for one in ids - set(mine)}
    every = sorted((mine | rest).values(), key=lambda t: -t.id)
    return [t for t in every if rights.may_see(person, loop.matter_of(t), turn.rules)]


def _where(turn: Turn, ticket: Ticket, person: Person) -> str:
    """As he may read it: who may not know the room does not find it by asking."""
    return "".join(shown.place(turn, ticket, person).split())
