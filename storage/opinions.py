"""Opinions (民意): how many a month in which grid, and nothing else."""

from sqlalchemy import select, update

from storage.database import insert_new, table_of
from storage.everyday_tables import OpinionRow
from storage.session import Db

_C = table_of(OpinionRow).c


def count_one(db: Db, month: str, grid: str) -> None:
    """One more; ``month`` as ``202603``, ``grid`` empty where it is not known."""
    if insert_new(db.conn, OpinionRow, {"month": month, "grid": grid, "count": 1}) is None:
        same = (_C.month == month, _C.grid == grid)
        db.conn.execute(update(OpinionRow).where(*same).values(count=_C.count + 1))


def of_month(db: Db, month: str) -> dict[str, int]:
    """Grid → how many."""
    rows = db.conn.execute(select(_C.grid, _C.count).where(_C.month == month).order_by(_C.grid))
    return {grid: int(count) for grid, count in rows}
