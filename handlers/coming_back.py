"""没解决, said when the days of a reopening are over: a new matter, tied to the old one (过期重来).

Category, place and what it was about come from the earlier ticket; the two are linked, so that
whoever works the new one sees the other. Called by ``report`` when the words are no report of
their own.
"""

from bot.domain import commands
from bot.turn import Turn
from config.vocabulary import Danger, Kind
from handlers import hers, intake
from handlers.intake import Hearing
from storage import links


def late(turn: Turn, hearing: Hearing) -> bool:
    """True when it was that, in private, about a matter of hers that was closed long ago."""
    reading = hearing.reading
    own_matter = reading.kind is Kind.REPORT or reading.danger is not Danger.NONE
    if hearing.is_group or own_matter or not commands.says_unsolved(hearing.said):
        return False
    before = hers.closed_before(turn, hearing.person_key)
    if before is None:
        return False
    opened = intake.open_new(turn, hearing, before)
    links.link(turn.db, opened.id, before.id, turn.now)
    return True
