"""People who left or were renamed (人员变动): remembered until the clerk has mended the roster.

``renames`` is read at start and every second by the roof, which puts the new userids into the
rules; ``move_user`` carries tickets, cards, drafts and duties over in the Turn that heard of it.
The journal keeps the old name: it tells what was.
"""

from datetime import datetime

from sqlalchemy import or_, select, update

from storage import customer_groups, mediations, saved_views
from storage.database import insert_new, table_of
from storage.handover_tables import HandoverRow
from storage.people_tables import DraftRow, DutyRow
from storage.session import Db
from storage.staff_tables import StaffChangeRow
from storage.tables import CardRow, TicketRow

_C = table_of(StaffChangeRow).c
_T = table_of(TicketRow).c


def note(db: Db, key: str, user: str, kind: str, at: datetime, new_user: str = "") -> bool:
    """True when this change was not known."""
    values = {"key": key, "user": user, "kind": kind, "new_user": new_user, "at": at}
    return insert_new(db.conn, StaffChangeRow, values) is not None


def renames(db: Db) -> dict[str, str]:
    """Old userid → the one of today, however often it was changed."""
    rows = db.conn.execute(
        select(_C.user, _C.new_user).where(_C.kind == "renamed").order_by(_C.id)
    ).all()
    found: dict[str, str] = {}
    for user, new_user in rows:
        found = {old: new_user if new == user else new for old, new in found.items()}
        found[user] = new_user
    return {old: new for old, new in found.items() if old != new}


def move_user(db: Db, old: str, new: str) -> None:
    """Everything that is still under way for ``old`` belongs to ``new``."""
    cards, drafts = table_of(CardRow).c, table_of(DraftRow).c
    duties = table_of(DutyRow).c
    db.conn.execute(update(CardRow).where(cards.user == old).values(user=new))
    db.conn.execute(update(DraftRow).where(drafts.user == old).values(user=new))
    db.conn.execute(update(DutyRow).where(duties.user == old).values(user=new))
    db.conn.execute(update(DutyRow).where(duties.other == old).values(other=new))
    shifts = table_of(HandoverRow).c
    db.conn.execute(update(HandoverRow).where(shifts.user == old).values(user=new))
    customer_groups.move_user(db, old, new)
    mediations.move_user(db, old, new)
    saved_views.move_user(db, old, new)
    _move_tickets(db, old, new)


def _move_tickets(db: Db, old: str, new: str) -> None:
    mentions = or_(
        _T.owner == old,
        _T.carrier == old,
        _T.past_owners.contains(old, autoescape=True),
        _T.barred.contains(old, autoescape=True),
    )
    rows = db.conn.execute(
        select(_T.id, _T.owner, _T.carrier, _T.past_owners, _T.barred, _T.version).where(mentions)
    ).all()
    for row in rows:
        past = " ".join(new if user == old else user for user in row.past_owners.split())
        values = {
            "owner": new if row.owner == old else row.owner,
            "carrier": new if row.carrier == old else row.carrier,
            "past_owners": past,
            "barred": " ".join(new if user == old else user for user in row.barred.split()),
            "version": row.version + 1,
        }
        db.conn.execute(update(TicketRow).where(_T.id == row.id).values(**values))
