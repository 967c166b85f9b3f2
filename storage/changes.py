"""Changes of the site's rules (改规则): proposed, tried, decided, written; read by the pages.

Written by ``handlers.rule_changes`` within its Turn. The newest row that is ``DONE`` names the
version that every process of the station should have in force.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update

from storage.change_tables import RuleChangeRow
from storage.database import insert_new, table_of
from storage.session import Db

_TABLE = table_of(RuleChangeRow)
_C = _TABLE.c
_SEALED = ("why", "before", "text", "report")


class Kind(StrEnum):
    """What is wanted."""

    EDIT = "edit"  # 改一个文件
    RESTORE = "restore"  # 恢复上一版
    RELOAD = "reload"  # 重读规则


class State(StrEnum):
    """How far a change has come."""

    NEW = "new"  # 正在试
    WAITING = "waiting"  # 等第二个人
    APPROVED = "approved"  # 正在写
    DONE = "done"  # 已生效
    REFUSED = "refused"  # 没同意
    FAULTY = "faulty"  # 检查没通过
    STALE = "stale"  # 文件已变


OPEN = (State.NEW, State.WAITING, State.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row in plain words; ``report`` is JSON of the trial, or what was wrong."""

    id: int = 0
    key: str
    kind: Kind
    file: str = ""
    by: str
    at: datetime
    base: str = ""
    state: State
    grave: bool = False
    why: str = ""
    before: str = ""
    text: str = ""
    report: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    done_at: datetime | None = None
    version: str = ""


_PLAIN = tuple(name for name in Change.__slots__ if name not in (*_SEALED, "id"))


def add(db: Db, change: Change) -> int | None:
    """Its id; None when the key is known already."""
    values = {name: getattr(change, name) for name in _PLAIN}
    values |= {f"{name}_sealed": _close(db, change.key, getattr(change, name)) for name in _SEALED}
    insert_new(db.conn, RuleChangeRow, values)
    return db.conn.execute(select(_C.id).where(_C.key == change.key)).scalar_one_or_none()


def get(db: Db, number: int) -> Change | None:
    """The change with this number."""
    row = db.conn.execute(select(_TABLE).where(_C.id == number)).first()
    return _value(db, row) if row else None


def step(db: Db, number: int, was: Collection[State], **values: Any) -> bool:
    """True when the change stood in one of ``was`` and was moved; ``report`` is sealed here."""
    if "report" in values:
        found = get(db, number)
        values["report_sealed"] = _close(db, found.key, values.pop("report")) if found else ""
    statement = update(RuleChangeRow).where(_C.id == number, _C.state.in_(list(was)))
    return bool(db.conn.execute(statement.values(**values)).rowcount)


def in_state(db: Db, *states: State, most: int = 20) -> list[Change]:
    """What stands there, oldest first."""
    return _found(db, select(_TABLE).where(_C.state.in_(states)).order_by(_C.id).limit(most))


def newest(db: Db, most: int, before: int = 0) -> list[Change]:
    """Changes that people decide on, newest first; ``before`` an id for the next page."""
    where: list[ColumnElement[bool]] = [or_(_C.kind != Kind.RELOAD, _C.grave)]
    where += [_C.id < before] if before else []
    return _found(db, select(_TABLE).where(*where).order_by(_C.id.desc()).limit(most))


def last_of(db: Db, file: str) -> Change | None:
    """The newest change of that file that is in force."""
    where = (_C.file == file, _C.state == State.DONE, _C.kind != Kind.RELOAD)
    found = _found(db, select(_TABLE).where(*where).order_by(_C.id.desc()).limit(1))
    return found[0] if found else None


def in_force(db: Db) -> tuple[int, str]:
    """Id and version of the newest change that is done; (0, "") when there is none."""
    row = db.conn.execute(
        select(_C.id, _C.version)
        .where(_C.state == State.DONE, _C.version != "")
        .order_by(_C.done_at.desc(), _C.id.desc())
        .limit(1)
    ).first()
    return (row.id, row.version) if row else (0, "")


def _found(db: Db, statement: Select[Any]) -> list[Change]:
    return [_value(db, row) for row in db.conn.execute(statement)]


def _value(db: Db, row: Any) -> Change:
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    plain |= {"id": row.id, "kind": Kind(row.kind), "state": State(row.state)}
    plain |= {name: _open(db, row.key, getattr(row, f"{name}_sealed")) for name in _SEALED}
    return Change(**plain)


def _close(db: Db, key: str, words: str) -> str:
    return db.seal.close(words, _about(key)) if words else ""


def _open(db: Db, key: str, sealed: str) -> str:
    return db.seal.open(sealed, _about(key)) if sealed else ""


def _about(key: str) -> str:
    return f"rule_change:{key}"
