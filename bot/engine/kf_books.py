"""What the door of 微信客服 remembers (客服的账本), kept in the database.

A page of ``sync_msg`` is stored row by row, each event with what it tells of its session; the
cursor moves in the transaction of the last row. A death in between reads the page again, and known
keys change nothing. Implements ``bot.wecom.kf_budget.KfBooks``.
"""

from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.engine.app import Engine
from bot.lines import line_of
from bot.wecom.kf_budget import Found, Standing
from storage import kf
from storage.session import Db


class Books:
    """The books of all accounts of this corp."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def cursor(self, account: str) -> str:
        """Where reading goes on. Raises: OSError."""
        try:
            return await self._engine.database.read(
                lambda conn: kf.cursor(self._engine.db_of(conn), account)
            )
        except SQLAlchemyError as fault:
            raise OSError("no cursor now") from fault

    async def keep(self, account: str, found: Sequence[Found], cursor: str) -> None:
        """Store a page, its cursor with the last row. Raises: OSError."""
        for one in found[:-1]:
            await self._keep(one, _notes(one))
        last = found[-1] if found else None
        notes = _notes(last) if last else _nothing

        def with_cursor(db: Db) -> None:
            notes(db)
            kf.keep_cursor(db, account, cursor)

        await self._keep(last, with_cursor)

    async def _keep(self, found: Found | None, notes: Callable[[Db], None]) -> None:
        if found is not None and found.event is not None:
            await self._engine.listener.hear(found.event, also=notes)
            return
        try:
            await self._write(notes)
        except SQLAlchemyError as fault:
            raise OSError("the page cannot be kept now") from fault

    async def learned(self, found: Found) -> None:
        """Store what the door found out by itself. Raises: OSError."""
        await self._keep(found, _notes(found))

    async def standing(self, chat: str) -> Standing:
        """How that customer's session stands. Raises: SQLAlchemyError."""
        found = await self._engine.database.read(
            lambda conn: kf.session(self._engine.db_of(conn), line_of(chat))
        )
        return Standing(heard_at=found.heard_at, said=found.said, state=found.state)

    async def said(self, chat: str) -> None:
        """One message fewer. Raises: SQLAlchemyError."""
        await self._write(lambda db: kf.said(db, line_of(chat)))

    async def shut(self, chat: str) -> None:
        """None until she speaks again. Raises: SQLAlchemyError."""
        await self._write(lambda db: kf.shut(db, line_of(chat)))

    async def stands(self, chat: str, state: int) -> None:
        """WeCom says who holds the session now. Raises: SQLAlchemyError."""
        now = self._engine.clock.now()
        await self._write(lambda db: kf.stands(db, line_of(chat), state, now))

    async def _write(self, change: Callable[[Db], None]) -> None:
        await self._engine.writer.do(lambda conn: change(self._engine.db_of(conn)))


def _notes(found: Found) -> Callable[[Db], None]:
    """What a row tells of its session."""
    line = line_of(found.chat)

    def write(db: Db) -> None:
        if found.spoke:
            kf.spoke(db, line, found.at)
        if found.state is not None:
            kf.stands(db, line, found.state, found.at)
        if found.shut:
            kf.shut(db, line)

    return write


def _nothing(_db: Db) -> None:
    return None
