"""Which row of which table a step of a story touches (行号), and the station that it is told of.

``ROWS`` holds every row that the bot must do, as numbers of the tables in docs/seeds.md; ``LATER``
those of them that belong to another part, with the reason. A step counts when it ran to its end.
"""

from collections.abc import Callable
from typing import Any

from storage.tickets import Ticket
from tests.handlers.block import texts_to
from tests.handlers.hall import Hall

Rows = frozenset[int]
Step = Callable[["Life"], None]

IN: dict[str, Rows] = {
    "1.0": frozenset({2, 3, 4, 5, 8, 9, 11, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25}),
    "1.1": frozenset(range(1, 18)),
    "1.2": frozenset({2, 3, 5, 6, 7, 8, 9, 10, 11}),
    "1.3": frozenset({2, 4, 7, 8, 9, 10, 13, 14, 16, 17, 18, 19}),
    "1.4": frozenset({1, 2, 4, 5, 6, 7, 8, 10, 12, 13}),
}
PART: dict[str, Rows] = {  # the bot does the side of chat and ticket
    "1.0": frozenset({6, 7, 12, 13, 15}),
    "1.1": frozenset(),
    "1.2": frozenset({1, 4, 12}),
    "1.3": frozenset({1, 3, 6, 11, 12, 15}),
    "1.4": frozenset({3}),
}
LATER: dict[str, dict[int, str]] = {
    "1.0": {},
    "1.1": {17: "容量压测"},
    "1.2": {},
    "1.3": {},
    "1.4": {},
}
STEPS: dict[str, list[tuple[Rows, Step]]] = {table: [] for table in IN}


def due(table: str) -> Rows:
    """The rows of ``table`` that its story must touch."""
    return (IN[table] | PART[table]) - LATER[table].keys()


def row(table: str, *numbers: int) -> Callable[[Step], Step]:
    """The next step of that table's story, and the rows that it touches."""

    def kept(step: Step) -> Step:
        STEPS[table].append((frozenset(numbers), step))
        return step

    return kept


class Life:
    """One station through its day: who says what, what they hear of it."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def tells(self, user: str, words: str, chat: str = "", **more: Any) -> str:
        """``user`` says that (in private); the answer that comes back to the same person."""
        return texts_to(self.says(user, words, chat, **more), user)

    def says(self, user: str, words: str, chat: str = "", **more: Any) -> list[tuple[str, str]]:
        """``user`` says that; everything that is said because of it, by chat."""
        return self.hall.says(user, words, chat=chat, **more)

    def opens(self, user: str, words: str, chat: str = "") -> Ticket:
        """The ticket that comes of ``words``; there must be a new one."""
        before = len(self.hall.tickets())
        self.says(user, words, chat)
        after = self.hall.tickets()
        assert len(after) > before, words
        return after[-1]

    def now_of(self, ticket: Ticket) -> Ticket:
        """The ticket as it stands."""
        return next(one for one in self.hall.tickets() if one.id == ticket.id)

    def card(self, user: str, said: str) -> dict[str, Any]:
        """The newest card for ``user`` with that in its title."""
        return self.hall.card_of(user, said)
