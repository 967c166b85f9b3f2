"""Nothing that knows a person or a ticket stays for ever: every table is walked, none by name."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select
from sqlmodel import SQLModel

from config.vocabulary import Stage
from storage import retention, tickets
from storage.session import Db
from tests.handlers.office import MORNING, Office
from tests.storage.rows import ticket

LONG_AGO = MORNING - timedelta(days=2500)
WHO = "somebody"
NUMBER = 900_000  # of every row and of every row it leads to; no sequence comes so far
KEPT = {
    "tickets": "made by the test itself and looked at apart",
    "leases": "processes, no persons",
    "processes": "machines, no persons",
    "meta": "marks of the program, no persons",
    "serials": "the last number of a day",
    "deletions": "the record of what went, never whose",
    "audit_links": "digests over ranges of rows, nobody's",
    "audit_gone": "digests of rows that went; folded when a whole link has gone",
    "archive_consents": "her own yes or no to the archive, a keyed hash; holds until she says else",
    "archive_parked": "goes by storage.archive, by the listener that tries it again",
    "customer_groups": "a group, not a person; it is there as long as the group",
    "order_grids": "names of grids",
    "publicity_outs": "a group that wants no publicity; goes when that has ended, see leftovers",
    "opinions": "how many in a grid and a month, neither words nor whose",
    "staff_changes": "an account that left or was renamed; the rules need it to know its tickets",
}
NEWEST = {"journal"}  # the newest step of all stays till another comes: ids never come again
LET_GO = {
    "filed_requests": "its key makes a repeated report harmless",
    "orders": "its key makes a repeated order harmless",
}


def every_table() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in KEPT]


def _row(table: Table, ticket_id: int, at: datetime) -> dict[str, Any]:
    """Something in every column: an old moment, this ticket, one and the same person."""
    return {column.name: _value(table, column, ticket_id, at) for column in table.c}


def _value(table: Table, column: Any, ticket_id: int, at: datetime) -> Any:
    kind = column.type.__class__.__name__
    if kind == "Moment":
        return at
    if kind == "Boolean":
        return False
    if "Integer" in kind:
        return ticket_id if column.name.endswith("ticket_id") else NUMBER
    if column.name == "person_key":
        return WHO
    if column.name in ("answers", "results", "data"):
        return "{}"
    return f"{table.name}-{WHO}"


@pytest.fixture
def old(office: Office) -> Office:
    """A matter that ended seven years ago, and a row of that time in every table."""

    def fill(db: Db) -> None:
        made = ticket("GH190304-0001K", stage=Stage.ARCHIVED, closed_at=LONG_AGO)
        made = tickets.create(db, made)
        for table in every_table():
            db.conn.execute(insert(table).values(_row(table, made.id, LONG_AGO)))

    office.looks(fill)
    return office


def _left(db: Db) -> dict[str, list[Any]]:
    found = {t.name: list(db.conn.execute(select(t)).mappings()) for t in every_table()}
    return {name: rows for name, rows in found.items() if rows}


def _is_bare(row: Any) -> bool:
    """No ticket, and nothing sealed."""
    tied = [row[n] for n in row if n.endswith("ticket_id")]
    sealed = [row[n] for n in row if n.endswith("_sealed")]
    return not any(tied) and not any(sealed)


@pytest.mark.timeout(90)  # sixty tables, two nights, on a busy machine
def test_nothing_old_is_left_of_a_person_or_a_ticket(old: Office) -> None:
    for _ in range(2):  # what was let go by its ticket goes the night after
        old.hour("forget")
        old.now += timedelta(days=1)

    left = old.looks(_left)

    fresh = {"inbox"}  # the two nights themselves
    assert set(left) - fresh == set(LET_GO) | NEWEST
    assert all(row["received_at"] > LONG_AGO for row in left["inbox"])
    assert all(_is_bare(row) for name in LET_GO for row in left[name])
    assert old.tickets() == []


def test_every_row_that_leads_to_a_row_of_a_ticket_is_known() -> None:
    tied = {table.name for table in retention.hanging()}
    singular = {name.removesuffix("s") for name in tied} - {"draft"}  # draft_cards: group drafts
    found = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.c
        if column.name.removesuffix("_id") in singular and column.name.endswith("_id")
    }

    found.discard(("receipts", "outgoing_id"))  # goes with its outgoing row
    assert found == {(name, column) for name, (column, _) in retention.BELOW.items()}
