"""Which of our grids an order belongs to (单子归哪格): by id, by name, by people, by words.

WeCom's grid ids are its own and its grids get renamed, so an id that was once matched by name
stays matched; the administrator hears of the new name once. An order may have no grid at all.
Called by ``order_sheets``.
"""

from bot.domain.orders import Order
from bot.turn import Turn
from config.vocabulary import Role
from storage import orders


def grid_of(turn: Turn, order: Order) -> str:
    """The id of our grid; empty when nothing tells."""
    return _listed(turn, order) or _of_words(turn, order) or _of_people(turn, order)


def _listed(turn: Turn, order: Order) -> str:
    """By WeCom's id, remembered under its first name."""
    if not order.grid:
        return _named(turn, order.grid_name)
    known = orders.grid_known(turn.db, order.grid)
    kept = known[1] if known and turn.rules.grid(known[1]) else ""
    ours = kept or _named(turn, order.grid_name) or _same_id(turn, order.grid)
    if known != (order.grid_name, ours):
        orders.keep_grid(turn.db, order.grid, order.grid_name, ours)
    if kept and known and known[0] != order.grid_name:
        _tell_renamed(turn, known[0], order.grid_name)
    return ours


def _tell_renamed(turn: Turn, before: str, after: str) -> None:
    words = turn.text("order_grid_renamed", **{"from": before or "无名", "to": after or "无名"})
    for person in turn.rules.people_with(Role.ADMIN):
        turn.tell(person.id, words)


def _named(turn: Turn, name: str) -> str:
    found = [grid.id for grid in turn.rules.grids.grids if name and grid.name == name]
    return found[0] if len(found) == 1 else ""


def _same_id(turn: Turn, grid_id: str) -> str:
    grid = turn.rules.grid(grid_id)
    return grid.id if grid else ""


def _of_words(turn: Turn, order: Order) -> str:
    """The grid of the longest estate or village name that is said."""
    said = f"{order.text} {order.place} {order.address}"
    found = [
        (len(name), grid.id)
        for grid in turn.rules.grids.grids
        for estate in grid.estates
        for name in (estate.name, *estate.aliases)
        if name in said
    ]
    return max(found, default=(0, ""))[1]


def _of_people(turn: Turn, order: Order) -> str:
    """Where everybody who handles it works, when that is one grid."""
    people = [turn.rules.person(user) for user in order.processors]
    grids = {grid for person in people if person for grid in person.grids}
    return grids.pop() if len(grids) == 1 else ""
