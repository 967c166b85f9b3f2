"""How long a lease takes to move (租约换手) after kill -9 of its holder.

Three processes on PostgreSQL share partitions, the clock and the lanes; again and again one of them
dies, and every lease it held is watched until somebody else has it. The figure of a kill is its
slowest lease. Line of ``run_bot.py bench table --only moving``.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from bench import county, private_postgres
from bench.county import VILLAGE
from bench.fleet import Ground, One
from bench.lines import Asked, Found, Measure, Round, Side
from bench.pages import NOW
from bot.lines import PARTITIONS
from storage import leases, migrate
from storage.database import Database, table_of
from storage.key_file import load_or_create_keys
from storage.machine_tables import ProcessRow

KILLS, FEWEST, PROCESSES, LIMIT_S = 20, 3, 3, 3.0
_LOOPS, _LOOK_S, _LONGEST_S = "work,send,tick", 0.01, 120.0
_MOVED = Measure(
    "moving", "kill -9 → somebody else holds the lease", LIMIT_S, LIMIT_S, "s",
    less_is_better=True, value_unit=" s",
)  # fmt: skip


def run(asked: Asked) -> Iterator[Found]:
    """Partitions and the rest (lanes, clock) apart; each kill is a round."""
    if (programs := private_postgres.programs()) is None:
        return
    with private_postgres.server(programs) as url, tempfile.TemporaryDirectory() as made:
        database, folder = Database(url), Path(made)
        migrate.upgrade(database)
        load_or_create_keys(folder / "keys.json", must_exist=False)
        ground = Ground(url, folder, county.write(folder / "site", VILLAGE), NOW)
        fleet = [One(ground, _LOOPS) for _ in range(PROCESSES)]
        try:
            found = _kills(fleet, database, max(FEWEST, round(KILLS * asked.scale)))
        finally:
            for one in fleet:
                one.kill()
        database.close()
    for name in ("partitions", "lanes, clock"):
        rounds = [Round(Side(max(one[name]))) for one in found if one[name]]
        yield Found(_MOVED, f"PostgreSQL, {PROCESSES} processes, {name}", rounds)


def _kills(fleet: list[One], database: Database, count: int) -> list[dict[str, list[float]]]:
    """Seconds until each lease of the dead had moved, kill by kill."""
    for one in fleet:
        one.start()
    found = []
    for number in range(count):
        held = _settled(fleet, database)
        victim = fleet[number % len(fleet)]
        owner = next(owner for owner, pid in held[0].items() if pid == victim.pid)
        names = [name for name, holder in held[1].items() if holder == owner]
        time.sleep(0.137 * (number % 7))  # not always at the same beat of the keepers
        victim.kill()
        found.append(_watched(database, owner, names))
        victim.start()
    return found


def _watched(database: Database, dead: str, names: list[str]) -> dict[str, list[float]]:
    began, waiting = time.monotonic(), set(names)
    found: dict[str, list[float]] = {"partitions": [], "lanes, clock": []}
    while waiting:
        _, holders = database.read_now(_held)
        for name in [one for one in waiting if holders.get(one, dead) != dead]:
            kind = "partitions" if name[0] == "p" and name[1:].isdigit() else "lanes, clock"
            found[kind].append(time.monotonic() - began)
            waiting.remove(name)
        if time.monotonic() > began + _LONGEST_S:
            raise TimeoutError(f"nobody took {sorted(waiting)}")
        time.sleep(_LOOK_S)
    return found


def _settled(fleet: list[One], database: Database) -> tuple[dict[str, int], dict[str, str]]:
    """(pid by owner, owner by lease), once every process lives and has its share."""
    deadline = time.monotonic() + _LONGEST_S
    while True:
        pids, holders = database.read_now(_held)
        ours = {owner for owner, pid in pids.items() if pid in {one.pid for one in fleet}}
        shared = [holders.get(leases.partition(number)) for number in range(PARTITIONS)]
        if len(ours) == len(fleet) and set(shared) == ours and set(holders.values()) <= ours:
            return {owner: pids[owner] for owner in ours}, holders
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(ours)} processes, {len(set(shared))} share")
        time.sleep(0.1)


def _held(conn: Connection) -> tuple[dict[str, int], dict[str, str]]:
    """(pid by owner, owner by lease), of what is good now."""
    now = leases.database_time(conn)
    p = table_of(ProcessRow).c
    rows = conn.execute(select(p.owner, p.pid).where(p.until > now))
    return {row.owner: row.pid for row in rows}, leases.holders(conn, now)
