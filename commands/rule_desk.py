"""Brings changes of the rules into force (改规则): tries, writes, loads, swaps; no restart.

The process that holds the clock does what the rows of ``storage.changes`` ask for and tells by
``Learned`` what came of it; every process looks once a second which version should be in force
and loads it from its own folder. Loading runs in a thread, trying in a process of its own; rules
are swapped whole, and a fault leaves the old ones in force. Files edited by hand pass the same
trial before they are read again. Kept by ``commands.house``.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot.domain.reading import read
from bot.domain.trials import Trial, trial_of
from bot.domain.trying import Said
from bot.domain.tuning import NEVER_LEARNT
from bot.door_events import Learned
from bot.engine.app import Engine
from bot.events import OVERHEARD
from bot.lines import line_of
from commands import rule_trial
from commands.collector import kept_for_good
from config import rule_files
from config.faults import StartupFault
from config.load import load_rules
from config.renaming import renamed
from config.rule_copies import Copies
from config.rules import Rules
from storage import changes, said_lately, staff
from storage.changes import Change, State

log = logging.getLogger(__name__)
_LOOK_S = 1.0
_WEEK = timedelta(days=7)
_MOST_TRIES, _MOST_LINES = 5, 4000
_LINE = line_of("rules")
_COPIES = "rules_in_force"


class RuleDesk:
    """One for each process; ``data`` is the folder in which the rules in force are kept."""

    def __init__(self, engine: Engine, site: Path, data: Path) -> None:
        self._engine = engine
        self._site = site.resolve()
        self._copies = Copies(data.resolve() / _COPIES)
        self._is_begun = False
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
        if not self._is_begun:
            await self._begin()
        await self._follow()
        keeper = self._engine.keeper
        if keeper is None or not keeper.holds("clock"):
            return
        for change in await self._read(State.NEW):
            await self._try(change)
        for change in await self._read(State.APPROVED):
            await self._write(change)

    async def _read(self, state: State) -> list[Change]:
        def look(conn: Connection) -> list[Change]:
            return changes.in_state(self._engine.db_of(conn), state)

        found = await self._engine.database.read(look)
        return [one for one in found if _mark(one) not in self._told]

    async def _begin(self) -> None:
        """Keep what this process began with; tell what hand edits since have made weaker.

        The program starts all the same: who stands at the machine must be able to start it.
        """
        version, db_of = self._engine.rules.version, self._engine.db_of
        before = await asyncio.to_thread(self._copies.last)
        force = self._copies.of(before)
        await asyncio.to_thread(self._copies.keep, self._site, version)
        self._is_begun = True
        _, done = await self._engine.database.read(lambda conn: changes.in_force(db_of(conn)))
        if before == version or force is None or done == version:
            return
        trial = await self._trial("", "", force)
        if trial.grave:
            words = "；".join(trial.grave)
            log.error("danger became weaker by hand while stopped, files=%s", trial.files)
            await self._tell(0, "weaker", key=version, words=words, files="、".join(trial.files))

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
            await self._take(rules)
        elif self._tries < _MOST_TRIES:
            return
        else:
            log.error("rules of this machine are not version %s", version)
            owner = self._engine.keeper.owner if self._engine.keeper else ""
            await self._tell(number, "behind", key=owner, version=version)
        self._seen, self._tries = mark, 0

    async def reload(self) -> None:
        """Load the folder and bring it into force, whoever asked for it. Raises: StartupFault."""
        await self._take(await self._load())

    async def _load(self) -> Rules:
        """The rules of the folder, ready to read with. Raises: StartupFault."""
        now, db_of = self._engine.clock.now(), self._engine.db_of
        with kept_for_good():
            rules = await asyncio.to_thread(load_rules, self._site)
            # The first reading builds the tables of the words: not while somebody waits.
            await asyncio.to_thread(read, rules.station.name, now, None, rules.reading)
        names = await self._engine.database.read(lambda conn: staff.renames(db_of(conn)))
        return renamed(rules, names)

    async def _take(self, rules: Rules) -> None:
        self._engine.take_rules(rules, handlers.jobs(rules))
        await asyncio.to_thread(self._copies.keep, self._site, rules.version)
        log.info("rules in force version=%s", rules.version)

    # -- tried ------------------------------------------------------------------------------

    async def _try(self, change: Change) -> None:
        await self._judged(change, await self._trial(change.file, change.text))

    async def _trial(self, file: str, text: str, force: Path | None = None) -> Trial:
        """Against the rules in force, or against ``force``."""
        force = force or self._copies.of(self._engine.rules.version)
        try:
            since = self._engine.clock.now() - _WEEK
            lines = await self._engine.database.read(lambda conn: self._lines(conn, since))
            return await rule_trial.try_apart(self._site, file, text, lines, force)
        except TimeoutError:
            return Trial(faults=("试算五分钟还没有算完，请分成几次改。",))
        except OSError as fault:
            log.warning("a trial gave no answer: %s", fault)
            return Trial(faults=("试算没有做成，请找管理员看看这台机器。",))

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
            change.id,
            state,
            key=trial.version,
            faults=faults,
            report=report,
            grave=bool(trial.grave),
            was=change,
        )

    # -- written ----------------------------------------------------------------------------

    async def _write(self, change: Change) -> None:
        """Put the file in its place and load; a folder that is another by now is tried again."""
        if change.file and await self._is_stale(change):
            await self._tell(change.id, State.STALE, was=change)
            return
        given = (self._site, change.file, change.text)
        trial = trial_of(change.report if change.report.startswith("{") else "")
        if await asyncio.to_thread(rule_trial.version_with, *given) != trial.version:
            again = await self._trial(change.file, change.text)
            if again.faults or not again.weakens_as(trial):
                await self._judged(change, again)
                return
            trial = again
        try:
            if change.file:
                await self._put(*given)
            rules = await self._load()
        except StartupFault as fault:
            await self._judged(change, Trial(faults=tuple(fault.sentences)))
            return
        if rules.version != trial.version:
            return  # edited in this very moment: looked at again in a second
        await self._take(rules)
        await self._tell(change.id, State.DONE, version=rules.version, was=change)

    async def _is_stale(self, change: Change) -> bool:
        there = await asyncio.to_thread(rule_files.text_of, self._site, change.file)
        return there not in (change.before, change.text)

    async def _put(self, site: Path, file: str, text: str) -> None:
        """Raises: StartupFault, where the disk takes nothing."""
        try:
            await asyncio.to_thread(rule_files.put, site, file, text)
        except OSError as fault:
            why = fault.strerror or type(fault).__name__
            raise StartupFault(f"规则目录写不进去（{why}），请管理员看看权限。") from fault

    async def _tell(
        self, number: int, state: str, *, was: Change | None = None, key: str = "", **data: object
    ) -> None:
        """Post what came of it; the same change is not taken up again in this state."""
        if was is not None:
            self._told.add(_mark(was))
        event = Learned(
            key=f"rules:{number}:{state}{key and ':'}{key}",
            at=self._engine.clock.now(),
            line=_LINE,
            what="rules",
            data={"number": number, "state": str(state), **data},
        )
        await self._engine.listener.hear(event)


def _mark(change: Change) -> str:
    """Names what is to be done for it; approved anew, it is another task."""
    return f"{change.id}:{change.state}:{change.decided_at}"


async def watch_rules(engine: Engine, site: Path, data: Path) -> None:
    """The desk of this process, for ever."""
    await RuleDesk(engine, site, data).run()
