"""Customer groups (客户群): what WeCom says of them, and which grid staff gave them to.

States: ``new`` (nobody was asked yet) · ``asked`` (somebody is to say which grid it is) ·
``bound`` · ``ignored`` (not ours) · ``closed`` (dismissed) · ``foreign`` (no 客户群 of this corp:
the id only). ``edition`` changes with everything that ``bot.domain.grouping`` lays over the rules.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from storage.customer_group_tables import CustomerGroupRow
from storage.database import insert_new, table_of, upsert
from storage.ready import Ready
from storage.session import Db
from storage.tables import MetaRow

NEW, ASKED, BOUND, IGNORED = "new", "asked", "bound", "ignored"
CLOSED, FOREIGN = "closed", "foreign"
_OVER = (CLOSED, FOREIGN)
_TABLE = table_of(CustomerGroupRow)
_T = _TABLE.c
_META = table_of(MetaRow).c
_EDITION = "customer_groups"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerGroup:
    """One group; ``staff`` are colleagues in it by account, ``residents`` only a number.

    ``change`` is the last change that was told, ``wanted`` the member version after it;
    ``joined`` counts residents who came and were not welcomed yet.
    """

    id: int = 0
    chat: str
    line: str
    state: str = NEW
    name: str = ""
    owner: str = ""
    owner_left: bool = False
    staff: tuple[str, ...] = ()
    members: int = 0
    residents: int = 0
    version: str = ""
    first_at: datetime
    seen_at: datetime | None = None
    change: str = ""
    wanted: str = ""
    tries: int = 0
    look_at: datetime | None = None
    grid: str = ""
    officer: str = ""
    asked_user: str = ""
    asked_at: datetime | None = None
    asked_card: str = ""
    bound_by: str = ""
    bound_at: datetime | None = None
    joined: int = 0
    heard_at: datetime | None = None
    staff_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """True when nothing more will come of it."""
        return self.state in _OVER


def known(db: Db, chat: str, line: str, at: datetime) -> CustomerGroup:
    """The group; from now on it has a row."""
    found = get(db, chat)
    if found is None:
        insert_new(db.conn, CustomerGroupRow, {"chat": chat, "line": line, "first_at": at})
        found = get(db, chat)
    assert found is not None  # it was written just now  # noqa: S101
    return found


def get(db: Db, chat: str) -> CustomerGroup | None:
    """The group with that chat_id."""
    return next(iter(_found(db, _T.chat == chat)), None)


def of_id(db: Db, group_id: int) -> CustomerGroup | None:
    """The group of that row."""
    return next(iter(_found(db, _T.id == group_id)), None)


def living(db: Db) -> list[CustomerGroup]:
    """Every group that is not dismissed and is one of ours, oldest first."""
    return _found(db, _T.state.not_in(_OVER), _T.state != IGNORED)


def every(db: Db) -> list[CustomerGroup]:
    """All rows, oldest first."""
    return _found(db)


def asked(db: Db) -> list[CustomerGroup]:
    """Groups whose grid somebody is to name, oldest first."""
    return _found(db, _T.state.in_((NEW, ASKED)), _T.seen_at.is_not(None))


def bound(db: Db) -> list[CustomerGroup]:
    """Groups of which the registry says something, oldest first."""
    return _found(db, or_(_T.state == BOUND, _T.owner != ""), _T.state.not_in(_OVER))


def due(db: Db, now: datetime) -> list[CustomerGroup]:
    """Groups of which WeCom has to be asked now."""
    return _found(db, _T.look_at.is_not(None), _T.look_at <= now)


def change(db: Db, chat: str, **values: Any) -> None:
    """Write these columns."""
    if "staff" in values:
        values["staff"] = ",".join(values["staff"])
    db.conn.execute(update(CustomerGroupRow).where(_T.chat == chat).values(**values))


def heard(db: Db, chat: str, at: datetime, *, by_staff: bool) -> bool:
    """False when the group has no row; the later moment stays."""
    column = _T.staff_at if by_staff else _T.heard_at
    row = get(db, chat)
    if row is None:
        return False
    last = row.staff_at if by_staff else row.heard_at
    if last is None or last < at:
        db.conn.execute(update(CustomerGroupRow).where(_T.chat == chat).values({column.name: at}))
    return True


def move_user(db: Db, old: str, new: str) -> None:
    """Whatever names ``old`` names ``new`` from now on."""
    for name in ("owner", "officer", "asked_user"):
        where = _TABLE.c[name] == old
        if db.conn.execute(update(CustomerGroupRow).where(where).values({name: new})).rowcount:
            new_edition(db, f"moved:{old}:{new}:{name}")
    for group in _found(db, _T.staff.contains(old, autoescape=True)):
        staff = tuple(new if user == old else user for user in group.staff)
        change(db, group.chat, staff=staff)


_EDITED = Ready(select(_META.value).where(_META.name == bindparam("name")))


def edition(db: Db) -> str:
    """Another word each time the registry says something else of a group."""
    return str(_EDITED.scalar(db.conn, {"name": _EDITION}) or "")


def new_edition(db: Db, mark: str) -> None:
    """From now on the rules have to be laid over anew; ``mark`` was never used before."""
    upsert(db.conn, MetaRow, {"name": _EDITION, "value": mark}, {"value": mark})


def _found(db: Db, *where: Any) -> list[CustomerGroup]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_T.id))
    names = [f.name for f in fields(CustomerGroup) if f.name != "staff"]
    return [
        CustomerGroup(
            staff=tuple(filter(None, row.staff.split(","))),
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]
