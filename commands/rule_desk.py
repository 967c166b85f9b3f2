"""Brings changes of the rules into force (改规则): tries, writes, loads, swaps; no restart.

The process that holds the clock does what the rows of ``storage.changes`` ask for and tells by
``Learned`` what came of it; every process looks once a second which version should be in force
and loads it from its own folder. Loading runs in a thread, trying in a process of its own; rules
are swapped whole, and a fault leaves the old ones in force. Kept by ``commands.house``.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot.domain.reading import read
from bot.domain.trials import Trial
from bot.domain.trying import Said
from bot.domain.tuning import NEVER_LEARNT
from bot.door_events import Learned
from bot.engine.app import Engine
from bot.events import OVERHEARD
from bot.lines import line_of
from commands import rule_trial
from config import rule_files
from config.faults import StartupFault
from config.load import load_rules
from config.renaming import renamed
from config.rules import Rules
from storage import changes, said_lately, staff
from storage.changes import Change, Kind, State

log = logging.getLogger(__name__)
_LOOK_S = 1.0
_WEEK = timedelta(days=7)
_MOST_TRIES, _MOST_LINES = 5, 4000
_LINE = line_of("rules")


class RuleDesk:
    """One for each process."""

    def __init__(self, engine: Engine, site: Path) -> None:
        self._engine = engine
        self._site = site.resolve()
        self._seen = ""
        self._tries = 0
        self._told: set[str] = set()

    async def run(self) -> None:
        """Look for ever; a database that is away is asked again."""
        while True:
            try:
                await self.look()
            except (OSError, SQLAlchemyError) as fault:
                log.warning("rules are not looked at now: %s", type(fault).__name__)
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """Follow what is in force; do what waits, where this process holds the clock."""
        await self._follow()
        keeper = self._engine.keeper
        if keeper is None or keeper.epoch("clock") is None:
            return
        for change in await self._read(State.NEW):
            await self._try(change)
        for change in await self._read(State.APPROVED):
            await self._write(change)

    async def _read(self, state: State) -> list[Change]:
        def look(conn: Connection) -> list[Change]:
            return changes.in_state(self._engine.db_of(conn), state)

        found = await self._engine.database.read(look)
        return [one for one in found if f"{one.id}:{state}" not in self._told]

    # -- in force ---------------------------------------------------------------------------

    async def _follow(self) -> None:
        """Load what another process has brought into force."""
        db_of = self._engine.db_of
        number, version = await self._engine.database.read(lambda c: changes.in_force(db_of(c)))
        mark = f"{number}:{version}"
        if self._seen in ("", mark) or version == self._engine.rules.version:
            self._seen = mark
            return
        self._tries += 1
        try:
            rules = await self._load()
        except StartupFault:
            rules = None
        if rules is not None and rules.version == version:
            self._take(rules)
        elif self._tries < _MOST_TRIES:
            return
        else:
            log.error("rules of this machine are not version %s", version)
            owner = self._engine.keeper.owner if self._engine.keeper else ""
            await self._tell(number, "behind", key=owner, version=version)
        self._seen, self._tries = mark, 0

    async def _load(self) -> Rules:
        """The rules of the folder, ready to read with. Raises: StartupFault."""
        rules = await asyncio.to_thread(load_rules, self._site)
        now, db_of = self._engine.clock.now(), self._engine.db_of
        # The first reading builds the tables of the words: not while somebody waits.
        await asyncio.to_thread(read, rules.station.name, now, None, rules.reading)
        names = await self._engine.database.read(lambda conn: staff.renames(db_of(conn)))
        return renamed(rules, names)

    def _take(self, rules: Rules) -> None:
        self._engine.take_rules(rules, handlers.jobs(rules))
        log.info("rules in force version=%s", rules.version)

    # -- tried ------------------------------------------------------------------------------

    async def _try(self, change: Change) -> None:
        try:
            since = self._engine.clock.now() - _WEEK
            lines = await self._engine.database.read(lambda conn: self._lines(conn, since))
            trial = await rule_trial.try_apart(self._site, change.file, change.text, lines)
        except TimeoutError:
            trial = Trial(faults=("试算五分钟还没有算完，请分成几次改。",))
        except OSError as fault:
            log.warning("a trial gave no answer: %s", fault)
            trial = Trial(faults=("试算没有做成，请找管理员看看这台机器。",))
        await self._judged(change, trial)

    def _lines(self, conn: Connection, since: datetime) -> list[Said]:
        """Last week's messages; of what is protected the words are shown to nobody."""
        rules = self._engine.current_rules()
        rooms = {line_of(chat.id): chat.id for chat in rules.chats.chats}
        secret = NEVER_LEARNT | {c.code for c in rules.reading.categories if c.protected}
        return [
            Said(
                text=one.text,
                at=one.at,
                chat=rooms.get(one.line, ""),
                addressed=one.door != OVERHEARD,
                hidden=one.protected or one.category in secret,
            )
            for one in said_lately.newest(self._engine.db_of(conn), since, _MOST_LINES)
        ]

    async def _judged(self, change: Change, trial: Trial) -> None:
        state = State.FAULTY if trial.faults else State.WAITING
        faults, report = "\n".join(trial.faults), trial.to_json()
        await self._tell(
            change.id, state, faults=faults, report=report, grave=bool(trial.grave), was=change
        )

    # -- written ----------------------------------------------------------------------------

    async def _write(self, change: Change) -> None:
        """Put the file in its place and load; what is faulty by now is not written."""
        try:
            if change.kind is Kind.RELOAD:
                await self._checked()
            elif not await self._placed(change):
                return
            rules = await self._load()
        except StartupFault as fault:
            await self._judged(change, Trial(faults=tuple(fault.sentences)))
            return
        self._take(rules)
        await self._tell(change.id, State.DONE, version=rules.version, was=change)

    async def _checked(self) -> None:
        """Raises: StartupFault, in the words of ``check``."""
        if faults := await asyncio.to_thread(rule_trial.site_faults, self._site):
            raise StartupFault(*faults)

    async def _placed(self, change: Change) -> bool:
        """True when the file stands as it should. Raises: StartupFault, where it is no good."""
        there = await asyncio.to_thread(rule_files.text_of, self._site, change.file)
        if there not in (change.before, change.text):
            await self._tell(change.id, State.STALE, was=change)
            return False
        given = (self._site, change.file, change.text)
        if faults := await asyncio.to_thread(rule_trial.faults_of, *given):
            raise StartupFault(*faults)
        try:
            await asyncio.to_thread(rule_files.put, *given)
        except OSError as fault:
            why = fault.strerror or type(fault).__name__
            raise StartupFault(f"规则目录写不进去（{why}），请管理员看看权限。") from fault
        return True

    async def _tell(
        self, number: int, state: str, *, was: Change | None = None, key: str = "", **data: object
    ) -> None:
        """Post what came of it; the same change is not taken up again in this state."""
        if was is not None:
            self._told.add(f"{number}:{was.state}")
        event = Learned(
            key=f"rules:{number}:{state}{key and ':'}{key}",
            at=self._engine.clock.now(),
            line=_LINE,
            what="rules",
            data={"number": number, "state": str(state), **data},
        )
        await self._engine.listener.hear(event)


async def watch_rules(engine: Engine, site: Path) -> None:
    """The desk of this process, for ever."""
    await RuleDesk(engine, site).run()
