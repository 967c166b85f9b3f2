"""Which tickets are hers (她的事): what she reported and what she spoke of, under any account.

A protected matter is shown only to the account that told it: whoever holds her other telephone
must not learn of it. Called by ``report`` and ``wishes``.
"""

from datetime import timedelta

from bot.turn import Turn
from config.vocabulary import Stage
from handlers import merging
from storage import said, tickets
from storage.tickets import Ticket

_SPOKE_SINCE = timedelta(days=7)
REMEMBERED = timedelta(days=60)
TOLD = (Stage.EVALUATION, Stage.CLOSED, Stage.REVIEW)


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


def just_closed(turn: Turn, person_key: str) -> Ticket | None:
    """The newest matter of hers whose result came within the grace of a reopening (重办期)."""
    return _closed_since(turn, person_key, turn.rules.times.reopen_grace, TOLD)


def closed_before(turn: Turn, person_key: str) -> Ticket | None:
    """The newest matter of hers that was closed at all, as far back as anybody remembers."""
    return _closed_since(turn, person_key, REMEMBERED, (*TOLD, Stage.ARCHIVED))


def _closed_since(
    turn: Turn, person_key: str, within: timedelta, stages: tuple[Stage, ...]
) -> Ticket | None:
    """Merged ones count as the one they went into."""
    mine = tickets.of_reporter(turn.db, person_key, turn.now - REMEMBERED - within)
    for ticket in goes_on(turn, mine):
        ended = ticket.closed_at or ticket.stage_at
        fits = ticket.stage in stages and ended >= turn.now - within
        if fits and may_be_shown(turn, ticket, person_key):
            return ticket
    return None
