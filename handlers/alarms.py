"""A door found something that only the administrator can mend (告警): said once a day per cause.

A door that is refused would otherwise tell it with every message. What was told stands in the
small facts of the database, so that restarts and several processes tell it once, too.
"""

from datetime import datetime

from bot.domain import clocks
from bot.door_events import Alarmed
from bot.turn import Turn
from config.vocabulary import Role
from handlers import loop
from storage import facts

_MOMENTS = ("from", "to", "at", "until")


def alarmed(turn: Turn, event: Alarmed) -> None:
    """Tell every administrator, in the words of texts.yaml; moments are said as people say them."""
    values = {
        name: clocks.moment_words(datetime.fromisoformat(value), turn.now)
        if name in _MOMENTS
        else value
        for name, value in event.values.items()
    }
    tell(turn, event.text, ":".join(event.values.values()), **values)


def tell(turn: Turn, key: str, cause: str, **values: object) -> None:
    """Tell every administrator ``key``, the first time today that ``cause`` shows itself."""
    if facts.once(turn.db, f"alarm:{key}:{cause}"[:200], loop.local_day(turn.now)):
        for person in turn.rules.people_with(Role.ADMIN):
            turn.tell(person.id, turn.text(key, **values))
