"""归档: what ended a month ago is put away every night; from then on it is only read.

A night takes at most ``MOST``, so that the writer is never held up; the rest goes the next night.
What waits for 问效 waits, and a merged one as long as the ticket it went into is open. Called by
``routine``.
"""

from collections.abc import Iterator

from bot.domain.lifecycle import SYSTEM
from bot.turn import Turn
from config.vocabulary import Act
from handlers import loop, merging
from storage import archiving, tickets
from storage.tickets import Ticket

JOB = "archive"
AT = "10 4 * * *"
MOST = 300


def nightly(turn: Turn) -> None:
    """Put away what is due, the oldest first."""
    for ticket in _due(turn):
        turn.clear_timers(ticket)
        loop.step(turn, ticket, Act.ARCHIVE, SYSTEM, reason="办结已久，归档")


def _due(turn: Turn) -> Iterator[Ticket]:
    before = turn.now - turn.rules.closing.archive_after
    ids = archiving.due(turn.db, before, MOST)
    yield from (tickets.get(turn.db, one) for one in ids)
    for one in archiving.merged(turn.db, before, MOST - len(ids)):
        ticket = tickets.get(turn.db, one)
        if not merging.goes_on_in(turn, ticket).is_open:
            yield ticket
