"""What stood open before somebody spoke (前情): her matters, those of the place, what ended.

Called by ``report``; ``domain.deciding`` compares the new words with it.
"""

from datetime import timedelta

from bot.domain.deciding import Context
from bot.events import OVERHEARD
from bot.turn import Turn
from config.vocabulary import Stage
from handlers import hers, joining, questions
from handlers.intake import Hearing
from storage import tickets
from storage.tickets import Ticket

_OWN_SINCE = timedelta(days=30)
_ENDED = (Stage.CLOSED, Stage.REVIEW)


def context(turn: Turn, hearing: Hearing, place_key: str) -> Context:
    """What stands open here and what this sender spoke of before."""
    own = _own(turn, hearing)
    running = [t for t in own if t.is_open]
    known = [joining.known(t, is_own=True) for t in running]
    own_ids = {one.id for one in running}
    near = joining.near(turn, hearing.grid)
    known += [joining.known(t, is_own=False) for t in near if t.id not in own_ids]
    rules = turn.rules.alike
    ended_since = turn.now - rules.again_window
    ended = [t for t in own if t.stage in _ENDED and t.closed_at and t.closed_at >= ended_since]
    return Context(
        now=turn.now,
        window=turn.rules.times.supplement_window,
        known=known,
        has_media=bool(hearing.event.media),
        place_key=place_key,
        closed=[joining.known(t, is_own=True) for t in ended],
        is_answered=bool(running) and questions.knows(turn, hearing.event, hearing.reading),
        is_overheard=hearing.event.door == OVERHEARD,
        alike=rules,
    )


def _own(turn: Turn, hearing: Hearing) -> list[Ticket]:
    """Tickets this sender reported, carried or spoke of, newest first; merged ones as one."""
    since = turn.now - _OWN_SINCE
    if hearing.person is not None:
        return hers.goes_on(turn, tickets.of_carrier(turn.db, hearing.event.by, since))
    return hers.of_person(turn, hearing.person_key, _OWN_SINCE)
