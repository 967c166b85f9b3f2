"""基础防控岗: the analyst gets what the night has found, as far as rights.yaml lets him see it.

Called by ``routine`` right after the nightly look at what repeats.
"""

from datetime import timedelta

from bot.domain import rights
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Role
from handlers import focus, loop, shown
from storage import findings, tickets
from storage.findings import Finding
from storage.tickets import Ticket

_SINCE = timedelta(days=1)
_MOST = 12


def nightly(turn: Turn) -> None:
    """Each analyst who is there hears of yesterday's findings; nothing found, nothing said.

    A finding of the last night carries that night's hour, so that none is told on two mornings.
    """
    since = turn.event.at - _SINCE
    fresh = [one for one in findings.found_since(turn.db, since) if one.found_at > since]
    found = [(one, tickets.get(turn.db, one.ticket_id)) for one in fresh]
    for person in focus.on_duty(turn, Role.ANALYST):
        _tell(turn, person, found)


def _tell(turn: Turn, person: Person, found: list[tuple[Finding, Ticket]]) -> None:
    seen = [
        _line(turn, person, finding, ticket)
        for finding, ticket in found
        if rights.may_see(person, loop.matter_of(ticket), turn.rules)
    ]
    if seen:
        head = turn.text("analyst_head", count=len(seen))
        turn.tell(person.id, "\n".join([head, *seen[:_MOST]]))


def _line(turn: Turn, person: Person, finding: Finding, ticket: Ticket) -> str:
    what, level = turn.text(f"what_{finding.kind}"), turn.text(f"level_{finding.level}")
    reason = shown.quoted(turn, ticket, person, 80)
    return turn.text("analyst_line", number=ticket.number, what=what, level=level, reason=reason)
