"""``replay FILE``: how a clerk tries new rules on last week (重放), without a word being sent.

Works in an empty database that lives in memory only, never the site's own. The lines run in the
order of their moments; the clock stands at each, and the timers that fall due between fire before
it. The same Turns as in ``run``, by the same functions; no door, no engine, no sending.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

import handlers
from bot.domain.reading import Reading
from bot.engine.clock import due_event
from bot.engine.plug import Plug
from bot.engine.worker import reading_of, take_turn
from bot.events import Heard
from commands.replay_lines import BadLine, Line, parse_lines
from commands.replay_outcome import Outcome, delivered, outcome
from commands.replay_rules import widened
from config.faults import StartupFault
from config.load import load_rules
from config.rules import Rules
from storage import timers
from storage.database import Database
from storage.sealed import Seal
from storage.session import Db
from storage.tables import TicketRow
from storage.timers import Timer
from storage.writer import Writer

T = TypeVar("T")
BEYOND = timedelta(hours=24)
ROUNDS = 1  # where nobody signs, the call chain goes round so often, then it is quiet
_PLUG = Plug(handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={})


def main(words: list[str]) -> int:
    """Exit code 0 whatever the lines are like. Raises: StartupFault for the file or the site."""
    parser = argparse.ArgumentParser(prog="run_bot.py replay", description="用新规则重放旧消息")
    parser.add_argument("file", type=Path, metavar="FILE", help="每行一条消息（JSON）")
    parser.add_argument("--site", type=Path, default=Path("config/site"), help="规则目录")
    given = parser.parse_args(words)
    rules = load_rules(given.site)
    lines = parse_lines(_read(given.file))
    for answer in answers(rules, lines):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise StartupFault(f"文件 {file} 读不出来（{fault.strerror or fault}）。") from fault


def answers(rules: Rules, lines: list[Line | BadLine]) -> list[dict[str, object]]:
    """One answer per line, in the order of the file."""
    good = sorted((x for x in lines if isinstance(x, Line)), key=lambda x: (x.at, x.place))
    said = Replay(widened(rules, good)).run(good)
    return [
        {"id": line.id, "error": line.error} if isinstance(line, BadLine) else said[line.place]
        for line in lines
    ]


class Replay:
    """One run in a database of its own, which is gone afterwards."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._seal = Seal.generate()
        self._database = Database("sqlite:///:memory:")
        self._writer = Writer(self._database)
        self._next_due: datetime | None = None
        self._firing: Timer | None = None

    def run(self, lines: list[Line]) -> dict[int, dict[str, object]]:
        """The answers by place; ``lines`` stand in the order of their moments."""
        self._writer.start()
        try:
            self._do(lambda db: TicketRow.metadata.create_all(db.conn))
            found = {line.place: self._line(line) for line in lines}
            if lines:
                self._timers_until(lines[-1].at + BEYOND)
        finally:
            self._writer.stop()
            self._database.close()
        return found

    def _line(self, line: Line) -> dict[str, object]:
        """The answer to one line, after everything that fell due before it."""
        self._timers_until(line.at)
        event = self._event(line)
        reading = reading_of(event, self._rules)
        assert reading is not None  # a Heard has words  # noqa: S101
        done = self._try(partial(self._heard, event=event, reading=reading))
        if isinstance(done, Outcome):
            return done.to_json(line.id)
        error = f"程序处理这一条时出错（{type(done).__name__}），请把这一条交给管理员。"
        return {"id": line.id, "error": error}

    def _event(self, line: Line) -> Heard:
        """Residents in a group are overheard; staff, mentions and private words talk to the bot."""
        door = "app" if line.chat.startswith("app:") else "socket"
        names = self._rules.station.robot_names
        is_to_it = any(f"@{name}" in line.text for name in names) or self._rules.person(line.sender)
        if ":" not in line.chat and not is_to_it:
            door = "archive"
        return Heard(
            key=f"replay:{line.place}",
            at=line.at,
            chat=line.chat,
            by=line.sender,
            door=door,
            text=line.text,
        )

    def _heard(self, db: Db, event: Heard, reading: Reading) -> Outcome:
        turn = take_turn(_PLUG, db, self._rules, event, event.at, reading)
        found = outcome(turn, event, reading)
        self._next_due = timers.earliest(db)
        return found

    def _timers_until(self, moment: datetime) -> None:
        """Let fire, one by one, each at its own moment, what falls due until ``moment``."""
        while self._next_due is not None and self._next_due <= moment:
            self._firing = None
            fault = self._try(self._fire_next)
            if fault is not None:
                self._give_up(fault)

    def _give_up(self, fault: BaseException) -> None:
        """Leave the timer whose Turn is buggy, say so, and go on. Raises: what is no timer's."""
        if self._firing is None:
            raise fault
        kind, sort = self._firing.kind, type(fault).__name__
        sys.stderr.write(f"一个到点事项（{kind}）出错：{sort}\n")
        self._do(partial(self._drop, timer=self._firing))

    def _fire_next(self, db: Db) -> None:
        assert self._next_due is not None  # the caller looked  # noqa: S101
        self._firing = timer = timers.due(db, self._next_due, 1)[0]
        if self._rang_enough(timer):
            self._drop(db, timer)
            return
        take_turn(_PLUG, db, self._rules, due_event(timer), timer.due_at, None)
        delivered(db)
        self._next_due = timers.earliest(db)

    def _drop(self, db: Db, timer: Timer) -> None:
        timers.finish(db, timer.id, timer.due_at)
        self._next_due = timers.earliest(db)

    def _rang_enough(self, timer: Timer) -> bool:
        """True when a call chain went round ``ROUNDS`` times; more changes no line's answer."""
        chain = self._rules.times.danger.chain
        return timer.kind == "ring" and int(timer.data["rung"]) >= ROUNDS * len(chain)

    def _do(self, work: Callable[[Db], T]) -> T:
        """What ``work`` returns, committed. Raises: what it raised."""
        return self._writer.submit(self._job(work)).result()

    def _try(self, work: Callable[[Db], T]) -> T | BaseException:
        """What ``work`` returns, committed; or the bug that undid it, as a value."""
        future = self._writer.submit(self._job(work))
        return future.exception() or future.result()

    def _job(self, work: Callable[[Db], T]) -> Callable[[Connection], T]:
        return lambda conn: work(Db(conn, self._seal))
