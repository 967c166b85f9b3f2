"""What the engine asks of the behaviour (插头): a few plain functions, nothing else.

``run_bot.py`` plugs ``handlers`` in; tests may plug in something smaller.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.events import Event
from bot.turn import Turn
from config.faults import Refused
from config.rules import Rules


def nothing_ahead(_event: Event, _rules: Rules) -> Callable[[Turn], object] | None:
    """For a behaviour whose Turns read nothing long."""
    return None


@dataclass(frozen=True, slots=True)
class Plug:
    """``handle`` does the work, ``refused`` answers kindly, ``dead`` tells the operator.

    ``unsent`` is called when an outgoing row found no way: chat, ticket id and the packed words.
    ``ahead`` names what the Turn of an event reads for long, by ``Turn.known`` alone: the worker
    runs it on a read-only connection before the Turn, so that nobody waits for the writer.
    ``jobs`` names cron jobs with their five-field expressions in the site's zone.
    """

    handle: Callable[[Turn, Event], None]
    refused: Callable[[Turn, Event, Refused], None]
    dead: Callable[[Turn, Event], None]
    unsent: Callable[[Turn, str, int, str], None]
    jobs: Mapping[str, str]
    ahead: Callable[[Event, Rules], Callable[[Turn], object] | None] = nothing_ahead
