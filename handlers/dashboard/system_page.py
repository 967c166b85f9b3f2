"""The machine (系统): what waits in each lane, what was given up, leases, lag; no words of anybody.

Errors are shown by their kind and number. Called rarely: for the command room, leaders and admins.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.domain import clocks
from bot.engine.health import label
from config.rights_rules import Page
from config.vocabulary import Loop
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from storage import machine_board
from storage.leases import database_time
from storage.machine_board import Lane, Lease, Part
from storage.processes import Process, living

LATE = timedelta(minutes=2)
_MOST_FAULTS = 20
_ERRCODE = re.compile(r"\b\d{3,6}\b")
_WHYS: Mapping[str, str] = {
    "unreachable": "连不上",
    "limited": "企业微信限流，等着再发",
    "bug": "程序出错",
    "in doubt": "发没发出去说不准，没有再发",
}
LOOPS: Mapping[str, str] = {
    Loop.HEAR: "收消息",
    Loop.WORK: "处理",
    Loop.SEND: "发消息",
    Loop.TICK: "看钟催办",
    Loop.WEB: "网页",
}
_STATES: Mapping[str, str] = {"pending": "还在试", "parked": "放弃了"}


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One lane, with its name in words and whether somebody works it."""

    it: Lane
    label: str
    is_held: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One kind of fault in one lane."""

    label: str
    state: str
    why: str
    count: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process that lives, what it does in words, how many leases it holds."""

    it: Process
    does: list[str]
    held: int

    @classmethod
    def of(cls, it: Process, leases: list[Lease]) -> "ProcessRow":
        """That process beside these leases."""
        does = [words for loop, words in LOOPS.items() if loop in it.loops]
        return cls(it, does, sum(one.owner == it.owner and one.left_s > 0 for one in leases))


@dataclass(frozen=True, slots=True)
class Machine:
    """All that is on the page."""

    lanes: list[LaneRow]
    parts: list[Part]
    lag: str
    dead: int
    faults: list[FaultRow]
    leases: list[Lease]
    clock_runs: bool
    processes: list[ProcessRow]

    @property
    def idle(self) -> list[str]:
        """What no process that lives does."""
        done = {loop for one in self.processes for loop in one.it.loops}
        return [words for loop, words in LOOPS.items() if loop not in done]

    @property
    def waiting(self) -> int:
        """How many events wait."""
        return sum(part.waiting for part in self.parts)

    @property
    def parked(self) -> int:
        """How many rows were given up."""
        return sum(row.it.parked for row in self.lanes)


class SystemPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/system", self._shell.page(Page.SYSTEM, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """How the machine stands now."""
        found = await self._shell.look(seat, machine)
        far = machine_board.LOOKED_AT
        return self._shell.render(request, seat, "system.html", it=found, far=far)


def machine(look: Look) -> Machine:
    """How the machine stands."""
    turn = look.turn
    now = database_time(turn.db.conn)
    leases = machine_board.all_leases(turn.db)
    held = {one.name for one in leases if one.left_s > 0}
    parts = machine_board.parts(turn.db)
    oldest = min((part.oldest for part in parts), default=None)
    return Machine(
        lanes=_lanes(look, held),
        parts=parts,
        lag=clocks.span_words(turn.now - oldest) if oldest else "",
        dead=machine_board.dead(turn.db),
        faults=[
            FaultRow(label(one.lane), _STATES[one.state], why(one.why), one.count, one.newest)
            for one in machine_board.faults(turn.db, _MOST_FAULTS)
        ],
        leases=leases,
        clock_runs="clock" in held,
        processes=[ProcessRow.of(one, leases) for one in living(turn.db.conn, now)],
    )


def _lanes(look: Look, held: set[str]) -> list[LaneRow]:
    turn = look.turn
    known = {lane.name: lane for lane in machine_board.lanes(turn.db, turn.now)}
    lanes = [known.get(name, Lane(name)) for name in sorted({*known, *turn.rules.lanes})]
    return [
        LaneRow(lane, label(lane.name), f"lane:{lane.name}" in held, _is_late(lane, turn.now))
        for lane in lanes
    ]


def _is_late(lane: Lane, now: datetime) -> bool:
    return lane.oldest is not None and now - lane.oldest > LATE


def why(said: str) -> str:
    """The kind of a fault: a word of ours, else WeCom's number; never its sentence."""
    number = _ERRCODE.search(said)
    return _WHYS.get(said) or (f"被退回，错误码 {number[0]}" if number else "被退回")
