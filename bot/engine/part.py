"""What one process does among those that live (分工中的一份). Given to ``Engine.start``."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.belfry import Bells
from config.vocabulary import Loop


def _every(_lane: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """Its loops, and which lanes it may send on; all of them where nothing is said.

    ``bells`` wake the other processes, where there may be some; ``head`` is the newest revision of
    the schema that this program knows.
    """

    loops: frozenset[Loop] = frozenset(Loop)
    serves: Callable[[str], bool] = _every
    bells: Bells | None = None
    head: str = ""
