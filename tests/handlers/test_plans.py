"""No page reads a whole table of years: what the databases say they would do (EXPLAIN).

Over a made-up station every page and report is read once; each statement is explained. A table
that grows with the years may be walked only in the order of its ids, with a limit.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from bot.domain import spans
from config.rules import Rules
from handlers.dashboard import (
    audit,
    departments,
    grids,
    handover_page,
    mediation_page,
    repeats_page,
    reports,
    system_page,
    ticket_list,
    ticket_page,
    ticket_query,
    today,
)
from handlers.dashboard.shell import Look
from handlers.digests import KINDS
from storage import outbox, ticket_words, tickets, timers
from storage.database import Database
from tests.handlers.made import NOW, Made, made

GROWS = (
    "tickets", "journal", "outgoing", "receipts", "inbox", "timers", "views", "effects",
    "ratings", "ticket_facts", "diversions", "mediations", "ticket_links", "findings", "approvals",
    "web_sessions", "cards", "group_drafts",
)  # fmt: skip
LEADER, WORKER, OFFICER, MEDIATOR = "zhong_yihang", "fang_xiaoman", "lin_zhiyuan", "shen_boyu"
SUPERVISOR, INSPECTOR, DEPARTMENT = "gu_changting", "meng_fanxing", "kang_liqun"
LISTS: tuple[dict[str, str], ...] = (
    {}, {"kind": "danger"}, {"kind": "over"}, {"kind": "mine"}, {"kind": "ended"}, {"kind": "all"},
    {"kind": "all", "before": "500"}, {"kind": "all", "category": "P06"},
    {"kind": "all", "grid": "g02"}, {"kind": "all", "department": "housing"},
    {"kind": "all", "owner": "lin_zhiyuan"}, {"kind": "ended", "category": "N03", "grid": "g02"},
    {"kind": "all", "since": "2026-05-01", "until": "2026-05-31"}, {"stage": "void"},
    {"kind": "all", "words": "路灯"}, {"kind": "all", "words": "八卦镜"},
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def station(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sample_rules: Rules
) -> Iterator[Made]:
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").fresh_database()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('made') / 'station.db'}"
    yield from made(url, sample_rules, tickets=1500, days=300)


def _list(query: dict[str, str]) -> Callable[[Look], Any]:
    return lambda look: ticket_list.found_of(look, ticket_query.of(query))


def _report(kind: str, on: str = "") -> Callable[[Look], Any]:
    def make(look: Look) -> Any:
        time = spans.asked(KINDS[kind].length, on, NOW)
        return reports.made(look, reports.Wanted(kind, time, reports.OWN))

    return make


def _ticket(look: Look) -> Any:
    newest = ticket_words.newest(look.turn.db, 1)[0]
    return ticket_page._whole(look, newest.number)


def _chat(look: Look) -> None:
    """What an order and the senders ask again and again."""
    db = look.turn.db
    tickets.open_of_owner(db, OFFICER)
    tickets.shown_to(db, OFFICER)
    tickets.by_serial(db, "0001")
    outbox.due(db, "app", NOW, 20)
    timers.due(db, NOW, 20)


PAGES: dict[str, Callable[[Look], Any]] = {
    "today": today.today,
    "handover": handover_page.desk,
    "grids": grids.tiles,
    "wall": grids.wall,
    "repeats": lambda look: repeats_page.board(look, "repeat_place"),
    "repeats ended": lambda look: repeats_page.board(look, "repeat_place", is_open=False),
    "departments": departments.board,
    "mediation": mediation_page.board,
    "mediation ended": lambda look: mediation_page.board(look, "ended"),
    "audit": audit.book,
    "audit of one": lambda look: audit.book(look, 0, WORKER),
    "system": system_page.machine,
    "ticket": _ticket,
    "chat": _chat,
    **{f"report {kind}": _report(kind) for kind in KINDS},
    **{f"list {query}": _list(query) for query in LISTS},
}
# Indexes of what is open or waits: walking them is reading what is there now.
PARTIAL = {
    str(index.name)
    for table in SQLModel.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
SEEN = [(LEADER, name) for name in PAGES] + [
    (user, f"list {query}")
    for user in (WORKER, OFFICER, MEDIATOR, SUPERVISOR, INSPECTOR, DEPARTMENT)
    for query in LISTS
]


@pytest.mark.parametrize(("user", "name"), SEEN)
def test_page_walks_no_table_of_years(station: Made, user: str, name: str) -> None:
    station.asked.clear()

    station.look(user, PAGES[name])

    asked = {one: values for one, values in station.asked.items() if one.startswith("SELECT")}
    assert asked
    walked = [found for one, values in asked.items() for found in walks(station, one, values)]
    assert walked == []


def walks(station: Made, statement: str, values: Any) -> list[str]:
    """Each walk over a table that grows, with the statement that makes it."""
    plan = _sqlite if station.database.is_sqlite else _postgres
    return [f"{step}: {statement[:600]}" for step in plan(station.database, statement, values)]


def _sqlite(database: Database, statement: str, values: Any) -> list[str]:
    with database.writer_engine.connect() as conn:
        cursor = conn.connection.cursor()
        rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    steps = [str(row[3]) for row in rows]
    in_order = "ORDER BY" in statement and "LIMIT" in statement
    in_order = in_order and "USE TEMP B-TREE FOR ORDER BY" not in steps
    found = (re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", s) for s in steps)
    walked = (one for one in found if one and one[1] in GROWS and one[2] not in PARTIAL)
    return [one[0] for one in walked if not in_order]


def _postgres(database: Database, statement: str, values: Any) -> list[str]:
    with database.writer_engine.begin() as conn:
        conn.execute(text("SET LOCAL enable_seqscan = off"))
        raw = conn.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        row = raw.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), values).fetchone()
    assert row is not None
    return list(_sequential(json.loads(json.dumps(row[0]))[0]["Plan"]))


def _sequential(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in GROWS:
        yield f"Seq Scan {plan['Relation Name']}"
    for below in plan.get("Plans", ()):
        yield from _sequential(below)
