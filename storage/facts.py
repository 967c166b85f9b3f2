"""Small facts (小事): what was done when, one row of ``meta`` for each.

For things that happen once a day whatever happens in between: an alarm told, a check made. Called
by handlers within their Turn.
"""

from sqlalchemy import select

from storage.database import table_of, upsert
from storage.session import Db
from storage.tables import MetaRow

_C = table_of(MetaRow).c


def once(db: Db, name: str, value: str) -> bool:
    """True when ``name`` was not ``value`` until now, for example the day on which it was told."""
    if known(db, name) == value:
        return False
    upsert(db.conn, MetaRow, {"name": name, "value": value}, {"value": value})
    return True


def known(db: Db, name: str) -> str:
    """The value of that fact; empty when there is none."""
    return str(db.conn.execute(select(_C.value).where(_C.name == name)).scalar() or "")
