"""Who is the same person (绑定): accounts that she has bound herself, and the codes for it.

Every row of the house keeps the key of the account it came from; whoever looks for a *person*
asks for all her keys (``hers``), so that unbinding leaves nothing behind. There is no list of
persons and no way from one account to another but through this module. Called by the other
modules of this floor, ``handlers.binding`` and ``bot.turn``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, String, bindparam, delete, func, literal, select, union_all

from storage.binding_tables import BindCodeRow, BindTryRow, SamePersonRow
from storage.database import insert_new, table_of, upsert
from storage.ready import Ready
from storage.session import Db

_T = table_of(SamePersonRow).c
_ME = table_of(SamePersonRow).alias("me").c
_CODES = table_of(BindCodeRow).c
_TRIES = table_of(BindTryRow).c


class Speaks(Protocol):
    """Whatever carries the account of who spoke."""

    @property
    def user(self) -> str:
        """The account."""


_V = TypeVar("_V", bound=Speaks)


def hers(person_key: str | ColumnElement[str]) -> Any:
    """A select of every key of that person, to be used as ``column.in_(hers(key))``.

    A statement that is built once takes ``hers(PERSON)`` and names ``person`` when it is run.
    """
    whole = select(_ME.whole).where(_ME.person_key == person_key).scalar_subquery()
    own = literal(person_key) if isinstance(person_key, str) else person_key
    return union_all(select(own), select(_T.person_key).where(_T.whole == whole))


PERSON: ColumnElement[str] = bindparam("person", type_=String())
_HERS = Ready(hers(PERSON))


def keys_of(db: Db, person_key: str) -> set[str]:
    """Every key of that person, her own among them."""
    return set(_HERS.scalars(db.conn, {"person": person_key}))


def name_of(db: Db, person_key: str) -> str:
    """One name for all accounts of a person: what counts persons counts these."""
    whole = _WHOLE.scalar(db.conn, {"person": person_key})
    return person_key if whole is None else str(whole)


_WHOLE = Ready(select(_T.whole).where(_T.person_key == bindparam("person")))


def each_once(db: Db, voices: Sequence[_V]) -> tuple[_V, ...]:
    """The voices, each person once, under the account that spoke first."""
    if len(voices) < 2:
        return tuple(voices)
    found: dict[str, _V] = {}
    for voice in voices:
        found.setdefault(name_of(db, db.seal.person_key(voice.user)), voice)
    return tuple(found.values())


def bind(db: Db, one: str, other: str, fresh: str, now: datetime) -> None:
    """Both keys, and all that were bound to either, are one person; ``fresh`` is a new name."""
    for key in sorted(keys_of(db, one) | keys_of(db, other)):
        values = {"whole": fresh, "bound_at": now}
        upsert(db.conn, SamePersonRow, {"person_key": key, **values}, values)


def unbind(db: Db, person_key: str) -> bool:
    """The account stands alone again; False when it did. A last one left over does so as well."""
    whole = name_of(db, person_key)
    if not db.conn.execute(delete(SamePersonRow).where(_T.person_key == person_key)).rowcount:
        return False
    left = db.conn.execute(select(func.count()).where(_T.whole == whole)).scalar_one()
    if left < 2:
        db.conn.execute(delete(SamePersonRow).where(_T.whole == whole))
    return True


def give_code(db: Db, person_key: str, code: str, until: datetime, now: datetime) -> bool:
    """That account's only code from now on; False when somebody else's is the same."""
    db.conn.execute(delete(BindCodeRow).where(_CODES.until <= now))
    burn(db, person_key)
    values = {"person_key": person_key, "code_key": _code_key(db, code), "until": until}
    return insert_new(db.conn, BindCodeRow, values) is not None


def asker_of(db: Db, code: str, now: datetime) -> str:
    """The key of the account that waits for this code; empty when nobody does."""
    where = (_CODES.code_key == _code_key(db, code), _CODES.until > now)
    row = db.conn.execute(select(_CODES.person_key).where(*where)).first()
    return str(row.person_key) if row else ""


def burn(db: Db, person_key: str) -> None:
    """That account's code is worth nothing any more."""
    db.conn.execute(delete(BindCodeRow).where(_CODES.person_key == person_key))


def tried(db: Db, line: str, now: datetime) -> None:
    """A wrong code was said in that conversation."""
    insert_new(db.conn, BindTryRow, {"line": line, "at": now})


def tries(db: Db, line: str, since: datetime) -> int:
    """How many wrong codes were said there since then; older ones are forgotten."""
    db.conn.execute(delete(BindTryRow).where(_TRIES.line == line, _TRIES.at < since))
    count = select(func.count(_TRIES.id)).where(_TRIES.line == line)
    return int(db.conn.execute(count).scalar_one())


def forget(db: Db, before: datetime) -> None:
    """Codes and wrong tries from before then are gone."""
    db.conn.execute(delete(BindCodeRow).where(_CODES.until < before))
    db.conn.execute(delete(BindTryRow).where(_TRIES.at < before))


def _code_key(db: Db, code: str) -> str:
    return db.seal.text_key(f"bind {code}")
