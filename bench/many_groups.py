"""What publicity costs a station with 2,000 groups (宣传: 两千个群), both databases side by side.

One Turn of the evening proposes for every group, one approves all of them, one group is said, one
round looks after the rest: statements and seconds of each Turn. Run by ``run_bot.py bench groups``;
prints a Markdown table. PostgreSQL is left out where it is not installed.
"""

import contextlib
import dataclasses
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from bench import private_postgres
from bot.events import Due, Scheduled
from bot.turn import Turn
from config.load import load_rules
from config.rules import Rules
from handlers import publicity, publicity_acts, publicity_sending
from storage import migrate
from storage import publicity as stored
from storage.database import Database
from storage.publicity import Post
from storage.sealed import Seal
from storage.session import Db

SITE = Path(__file__).parents[1] / "config" / "site"
GROUPS, GRIDS = 2000, 100
EVENING = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai; 反诈 is on the next day
_SEAL = Seal({"k1": secrets.token_bytes(32)}, "k1", secrets.token_bytes(32))


def rules_of(count: int) -> Rules:
    """The sample station with so many groups of residents in a hundred grids."""
    rules = load_rules(SITE)
    grids = [
        rules.grids.grids[n % 3].model_copy(update={"id": f"x{n}", "name": f"网格{n}"})
        for n in range(GRIDS)
    ]
    group = next(one for one in rules.chats.chats if one.public)
    groups = [
        group.model_copy(update={"id": f"wr{n:06}", "name": f"群{n}", "grid": f"x{n % GRIDS}"})
        for n in range(count)
    ]
    return dataclasses.replace(
        rules,
        grids=rules.grids.model_copy(update={"grids": tuple(grids)}),
        chats=rules.chats.model_copy(update={"chats": tuple(groups)}),
    )


@contextlib.contextmanager
def counted(engine: Engine) -> Iterator[list[int]]:
    """[how many statements went to the database], until the block ends."""
    seen = [0]

    def more(*_given: object) -> None:
        seen[0] += 1

    event.listen(engine, "before_cursor_execute", more)
    yield seen
    event.remove(engine, "before_cursor_execute", more)


def measure(url: str, rules: Rules) -> dict[str, tuple[int, float]]:
    """(statements, seconds) of each Turn."""
    database = Database(url)
    migrate.upgrade(database)
    at = [EVENING]
    found: dict[str, tuple[int, float]] = {}

    def turn(name: str, work: Callable[[Turn], object]) -> None:
        with counted(database.writer_engine) as seen, database.writer_engine.begin() as conn:
            what = Scheduled(key=f"bench:{name}", at=at[0], job=name)
            began = time.perf_counter()
            work(Turn(Db(conn, _SEAL), rules, what, at[0]))
            found[name] = seen[0], time.perf_counter() - began

    turn("the evening proposes", publicity.evening)
    turn("all are approved", _approve_all)
    at[0] += timedelta(hours=16)
    turn("one group hears it", _say_one)
    turn("a round", publicity_sending.rounds)
    database.close()
    return found


def _approve_all(turn: Turn) -> None:
    for line in stored.proposed(turn.db):
        person = turn.rules.person(line.approver)
        assert person is not None  # proposed to him just now  # noqa: S101
        publicity_acts.approved(turn, person, line)


def _say_one(turn: Turn) -> None:
    line = stored.between(turn.db, "2026-01-01", "2026-12-31", 1)[0]
    post = stored.posts_of(turn.db, [line.id])[0]
    publicity_sending.due(turn, _moment_of(turn, post))


def _moment_of(turn: Turn, post: Post) -> Due:
    return Due(
        key=f"bench:{post.id}",
        at=turn.now,
        line="bench",
        timer=0,
        kind=publicity_sending.TIMER,
        ticket=0,
        data={"post": post.id},
    )


def main() -> int:
    """Exit code 0; prints the table."""
    rules = rules_of(GROUPS)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jingge-bench-"))
        urls = {"SQLite": f"sqlite:///{folder}/bench.db"}
        if (programs := private_postgres.programs()) is not None:
            urls["PostgreSQL"] = stack.enter_context(private_postgres.server(programs))
        found = {name: measure(url, rules) for name, url in urls.items()}
    sys.stdout.write(f"| {GROUPS} groups, one Turn | {' | '.join(found)} |\n")
    sys.stdout.write("|---" * (len(found) + 1) + "|\n")
    for name in next(iter(found.values())):
        cells = (f"{one[name][0]} statements, {one[name][1]:.2f} s" for one in found.values())
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")
    return 0
