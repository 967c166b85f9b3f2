"""Watches the customer groups (看客户群): letters become events, and WeCom is asked how it stands.

A letter is one event, committed before it is answered; its Turn notes what is to be looked at. One
process, under the lease ``lane:groups``, looks: ``groupchat/get`` may lag behind the letter, so
an older view than the letter's is asked for again and never kept. Now and then the whole list is
walked, which mends lost letters. What was seen goes the same road, as an event.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.door_events import Alarmed, GroupChange, Regrouped
from bot.engine.app import Engine
from bot.engine.bells import Bell
from bot.lines import line_of
from bot.wecom.customer_groups import CustomerGroups, View, letter_in
from bot.wecom.errors import Gone, NoCustomerGroup, NotAllowed, Refusal, WeComFault
from storage import customer_groups as stored
from storage import inbox
from storage.customer_groups import CustomerGroup
from storage.leases import LeaseLost
from storage.session import Db

log = logging.getLogger(__name__)
T = TypeVar("T")
LEASE = "lane:groups"
_FRESH = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often WeCom is asked; transport time. ``lags_s``: waits for a view that lags."""

    walk_s: float = 3600.0
    look_s: float = 1.0
    lags_s: tuple[float, ...] = (2.0, 5.0, 15.0, 60.0, 300.0)
    refused_pause_s: float = 600.0
    stumble_pause_s: float = 30.0


class GroupWatch:
    """Hears the letters and looks; ``under_way`` counts letters whose group is not seen yet."""

    def __init__(self, engine: Engine, groups: CustomerGroups, plan: Plan) -> None:
        self._engine = engine
        self._groups = groups
        self._plan = plan
        self._bell = Bell()
        self._pending: set[str] = set()
        self._walk_at = 0.0
        self._is_new = True

    @property
    def under_way(self) -> int:
        """Letters heard here whose groups nobody has asked about yet, and the first walk."""
        return len(self._pending) + self._is_new if self._is_ours() else 0

    async def knock(self, letter: dict[str, Any]) -> None:
        """A letter about a group, kept before it is answered. Raises: OSError."""
        event = letter_in(letter, self._engine.clock.now())
        if event is None:
            return
        self._pending.add(event.key)
        try:
            await self._engine.listener.hear(event)
        except OSError:
            self._pending.discard(event.key)
            raise
        self._bell.ring()

    async def run(self) -> None:
        """Look for ever, whenever the lease is ours."""
        while True:
            await self._bell.wait(await self._round())

    def _is_ours(self) -> bool:
        keeper = self._engine.keeper
        return keeper is not None and keeper.holds(LEASE)

    async def _round(self) -> float:
        """Look once; how long to rest, in seconds."""
        if not self._is_ours():
            self._pending.clear()
            return min(0.1, self._plan.look_s)
        try:
            await self._look()
            await self._walk_if_due()
        except NotAllowed as fault:
            return await self._refused(fault)
        except (WeComFault, OSError, SQLAlchemyError, LeaseLost) as fault:
            self._pending.clear()
            log.warning("customer groups rest: %s", fault)
            return self._plan.stumble_pause_s
        finally:
            self._is_new = False
        return 0.05 if self._pending else self._plan.look_s

    async def _refused(self, fault: NotAllowed) -> float:
        """The corp's console must be put right: the operator hears of it once a day."""
        self._pending.clear()
        now = self._engine.clock.now()
        key = f"alarm:groups:{fault.errcode}:{now:%Y%m%d}"
        text, values = "operator_groups_refused", {"why": str(fault.errcode)}
        log.warning("customer groups are refused: %s", fault.errcode)
        try:
            alarm = Alarmed(key=key, at=now, door="groups", text=text, values=values)
            await self._engine.listener.hear(alarm)
        except OSError as later:
            log.warning("the operator hears of it later: %s", later)
        return self._plan.refused_pause_s

    # -- one group --------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Ask about every group that is due; letters whose Turn is done are no longer pending."""

        def due(db: Db) -> tuple[set[str], list[CustomerGroup]]:
            done = {key for key in set(self._pending) if inbox.answer_of(db, key)[0]}
            return done, stored.due(db, self._engine.clock.now())

        done, groups = await self._read(due)
        for group in groups:
            await self._ask(group)
        self._pending -= done

    async def _ask(self, group: CustomerGroup, *, owner_left: bool | None = None) -> None:
        """Ask WeCom how it stands. Raises: WeComFault when nobody can be asked now."""
        try:
            view = await self._groups.view(group.chat)
        except NoCustomerGroup:
            change = GroupChange.DISMISSED if group.seen_at else GroupChange.FOREIGN
            await self._tell(self._event(group.chat, change), group)
            return
        except (Refusal, Gone) as fault:
            log.warning("a customer group cannot be seen: %s", fault.errcode)
            await self._later(group)
            return
        if is_behind(group, view) and group.tries < len(self._plan.lags_s):
            await self._later(group)
            return
        await self._seen(group, view, owner_left)

    async def _seen(self, group: CustomerGroup, view: View, owner_left: bool | None) -> None:
        event = self._as_event(group, view, owner_left)
        if is_same(group, event):
            await self._write(lambda db, now: _looked(db, group, seen_at=now))
        else:
            await self._tell(event, group)

    async def _later(self, group: CustomerGroup) -> None:
        """The view lags behind the letter: ask again, each time a little later."""
        waits = self._plan.lags_s

        def again(db: Db, now: datetime) -> None:
            if group.tries >= len(waits):
                _looked(db, group)  # the next walk asks again
                return
            at = now + timedelta(seconds=waits[group.tries])
            _looked(db, group, look_at=at, tries=group.tries + 1)

        await self._write(again)

    def _event(self, chat: str, change: GroupChange) -> Regrouped:
        now = self._engine.clock.now()
        key = f"group:{line_of(chat)}:{change}:{now.isoformat()}"
        return Regrouped(key=key, at=now, chat=chat, change=change)

    def _as_event(self, group: CustomerGroup, view: View, owner_left: bool | None) -> Regrouped:
        """What was seen; accounts as the roster writes them, for WeCom minds no capitals."""
        now, rules = self._engine.clock.now(), self._engine.current_rules()
        known = {person.id.casefold(): person.id for person in rules.people}
        owner = known.get(view.owner.casefold(), view.owner)
        staff = {known[u.casefold()] for u in view.colleagues if u.casefold() in known}
        kept = group.owner_left and owner == group.owner
        return Regrouped(
            key=f"group:{line_of(view.chat)}:seen:{now.isoformat()}",
            at=now,
            chat=view.chat,
            change=GroupChange.SEEN,
            version=view.version,
            name=view.name,
            owner=owner,
            owner_left=kept if owner_left is None else owner_left,
            staff=tuple(sorted(staff)),
            members=len(view.colleagues),
            residents=view.residents,
        )

    async def _tell(self, event: Regrouped, group: CustomerGroup) -> None:
        """The event, and that nobody needs to look any more, in one transaction."""

        def also(db: Db) -> None:
            self._fence(db)
            _looked(db, group)

        await self._engine.listener.hear_all([event], also)

    # -- all groups -------------------------------------------------------------------------------

    async def _walk_if_due(self) -> None:
        clock = asyncio.get_running_loop().time()
        if clock < self._walk_at:
            return
        await self.walk()
        self._walk_at = clock + self._plan.walk_s

    async def walk(self) -> int:
        """How many groups were asked about: new ones, changed ones, those long not seen.

        Raises: WeComFault, OSError, SQLAlchemyError, LeaseLost.
        """
        owners = [person.id for person in self._engine.current_rules().people]
        listed = {one.chat: one for one in await self._groups.listed(owners)}
        rows = {group.chat: group for group in await self._read(stored.every)}
        now = self._engine.clock.now()
        count = 0
        for chat, one in listed.items():
            row = rows.get(chat) or CustomerGroup(chat=chat, line=line_of(chat), first_at=now)
            if _is_worth(row, one.owner_left, now):
                await self._ask(row, owner_left=one.owner_left)
                count += 1
        for row in rows.values():
            is_missed = row.chat not in listed and row.seen_at is not None and not row.is_over
            if is_missed and row.state != stored.IGNORED:
                await self._ask(row)
                count += 1
        log.info("customer groups listed=%d asked=%d", len(listed), count)
        return count

    # -- the database -----------------------------------------------------------------------------

    def _fence(self, db: Db) -> None:
        assert self._engine.keeper is not None  # _is_ours looked  # noqa: S101
        self._engine.keeper.fence(db.conn, LEASE)

    async def _write(self, fn: Callable[[Db, datetime], None]) -> None:
        def write(conn: Connection) -> None:
            db = self._engine.db_of(conn)
            self._fence(db)
            fn(db, self._engine.clock.now())

        await self._engine.writer.do(write)

    async def _read(self, fn: Callable[[Db], T]) -> T:
        return await self._engine.database.read(lambda conn: fn(self._engine.db_of(conn)))


def _looked(db: Db, group: CustomerGroup, **values: Any) -> None:
    """Write when to look next, unless a younger letter has come meanwhile."""
    row = stored.get(db, group.chat)
    if row is None or (row.wanted, row.change) != (group.wanted, group.change):
        return
    still = {"look_at": None, "tries": 0, **values}
    if still["look_at"] is None:
        still |= {"wanted": "", "change": ""}
    stored.change(db, group.chat, **still)


def _is_worth(row: CustomerGroup, owner_left: bool, now: datetime) -> bool:
    """True when a walk should ask about the group."""
    if row.state == stored.IGNORED or row.state == stored.FOREIGN or row.look_at is not None:
        return False
    if row.seen_at is None or row.is_over or row.owner_left != owner_left:
        return True
    return now - row.seen_at >= _FRESH


def is_behind(group: CustomerGroup, view: View) -> bool:
    """True when WeCom shows the group as it was before the change that its letter told of.

    Member versions are names, not numbers: only the one that the letter names is new enough.
    """
    if group.wanted and view.version != group.wanted:
        return True
    if group.seen_at is None:
        return False
    if group.change == GroupChange.NAME:
        return view.name == group.name
    return group.change == GroupChange.OWNER and view.owner.casefold() == group.owner.casefold()


def is_same(group: CustomerGroup, event: Regrouped) -> bool:
    """True when what was seen is what is known."""
    if group.seen_at is None or group.is_over:
        return False
    names = ("name", "owner", "owner_left", "staff", "members", "residents", "version")
    return all(getattr(group, name) == getattr(event, name) for name in names)
