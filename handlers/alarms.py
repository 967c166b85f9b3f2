"""A door found something that the operator must know (告警): said once to every administrator."""

from datetime import datetime

from bot.domain import clocks
from bot.events import Alarmed
from bot.turn import Turn
from config.vocabulary import Role

_MOMENTS = ("from", "to", "at", "until")


def alarmed(turn: Turn, event: Alarmed) -> None:
    """Tell every administrator, in the words of texts.yaml; moments are said as people say them."""
    values = {
        name: clocks.moment_words(datetime.fromisoformat(value), turn.now)
        if name in _MOMENTS
        else value
        for name, value in event.values.items()
    }
    for person in turn.rules.people_with(Role.ADMIN):
        turn.tell(person.id, turn.text(event.text, **values))
