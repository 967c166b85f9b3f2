"""Which tickets are hers (她的事): what she reported and what she spoke of, under any account.

A protected matter is shown only to the account that told it: whoever holds her other telephone
must not learn of it. Called by ``report`` and ``wishes``.
"""

from datetime import timedelta

from bot.turn import Turn
from handlers import merging
from storage import said, tickets
from storage.tickets import Ticket

_SPOKE_SINCE = timedelta(days=7)


def of_person(turn: Turn, person_key: str, since: timedelta) -> list[Ticket]:
    """Tickets she reported since then or spoke of lately, newest first; merged ones as one."""
    found = tickets.of_reporter(turn.db, person_key, turn.now - since)
    spoken = said.tickets_of(turn.db, person_key, turn.now - _SPOKE_SINCE)
    known = {t.id for t in found}
    found += [tickets.get(turn.db, one) for one in spoken if one not in known]
    return goes_on(turn, found)


def goes_on(turn: Turn, found: list[Ticket]) -> list[Ticket]:
    """The tickets that these go on in, each once, newest first."""
    kept = {t.id: t for t in (merging.goes_on_in(turn, one) for one in found)}
    return sorted(kept.values(), key=lambda t: -t.id)


def may_be_shown(turn: Turn, ticket: Ticket, person_key: str) -> bool:
    """True unless it is protected and this very account never told it."""
    if not ticket.protected or ticket.reporter_key == person_key:
        return True
    return said.has_spoken_on(turn.db, person_key, ticket.id)
