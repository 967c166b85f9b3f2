"""What of all tickets somebody may see, in words that SQL understands (可见范围).

``bot.domain.rights`` has the last word on each ticket; this only keeps the database from handing
out what would be dropped anyhow. Called by the pages that list tickets.
"""

from collections.abc import Sequence

from bot.domain import rights
from config.people_rules import Person
from config.rules import Rules
from handlers import loop
from storage import ticket_list
from storage.session import Db
from storage.ticket_list import Filter, Reach
from storage.tickets import Ticket


def of(person: Person, rules: Rules) -> tuple[Reach, ...]:
    """One ``Reach`` for each row of the rights table that speaks of him."""
    return tuple(
        Reach(
            scope=row.scope,
            classes=row.classes,
            user=office.id,
            grids=rights.grids_of(office, rules),
            department=office.department or "",
            disputes=rules.rights.disputes,
        )
        for office, row in rights.rows_of(person, rules)
    )


def seen(db: Db, person: Person, rules: Rules, wanted: Filter, most: int) -> list[Ticket]:
    """At most ``most`` tickets that exist for this person, newest first."""
    found = ticket_list.found(db, of(person, rules), wanted, most)
    return visible(found, person, rules)


def visible(found: Sequence[Ticket], person: Person, rules: Rules) -> list[Ticket]:
    """Those of them that exist for this person."""
    return [t for t in found if rights.may_see(person, loop.matter_of(t), rules)]
