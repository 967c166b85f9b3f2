"""Forms need the key of their own login (CSRF), looking changes nothing, headers forbid the rest.

Every route of the table is walked, by the leader, who may open nearly all of them.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from tests.drafts.block import RESIDENT, open_block
from tests.web import gates
from tests.web.gates import Gate
from tests.web.real_doors import API_KEY, Answer, Doors, real_doors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LEADER, ROOM = "zhong_yihang", "qiu_ruolan"
# A look at personal data is an event and a line of the book; the audit seals what stands there,
# and who runs here shows that he lives.
_OF_LOOKING = {"inbox", "views", "audit_links", "processes", "leases", "meta"}
_FILES = ("/static", "/sidebar/static", "/sidebar/wecom-jssdk.js", "/reports/echarts.js")


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    async with open_block(tmp_path) as block:
        await block.overhears(RESIDENT, "桂花苑9号楼门口路灯不亮，黑灯瞎火")
        async with real_doors(block) as opened:
            yield opened


async def counts(doors: Doors) -> dict[str, int]:
    """How many rows each table has."""
    await doors.block.quiet()

    def read(conn: Connection) -> dict[str, int]:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }

    return await doors.block.house.engine.database.read(read)


async def test_no_form_goes_through_without_the_key_of_its_own_login(doors: Doors) -> None:
    block = doors.block
    own, second, other = [await block.login(one) for one in (LEADER, LEADER, ROOM)]
    keys = {
        "none": {},
        "empty": {"key": ""},
        "made up": {"key": "0" * 64},
        "strange letters": {"key": "é" * 64},
        "of his other login": {"key": block.form_key(second)},
        "of somebody else": {"key": block.form_key(other)},
    }
    before = await counts(doors)
    for row in gates.forms():
        for name, key in keys.items():
            status, _, _ = await doors.ask("POST", row.address, own, {**row.form, **key})
            assert status == gates.REFUSED, (row.path, name)
        mark = "&" if "?" in row.address else "?"
        in_address = f"{row.address}{mark}key={block.form_key(own)}"
        assert (await doors.ask("POST", in_address, own, row.form))[0] == gates.REFUSED, row.path
        assert (await doors.ask("POST", row.address, {}, row.form))[0] == 401, row.path
    after = await counts(doors)
    assert after["inbox"] == before["inbox"]
    assert {n for n in after if after[n] != before[n]} <= _OF_LOOKING


async def test_looking_changes_nothing(doors: Doors) -> None:
    cookies = await doors.block.login(LEADER)
    before = await counts(doors)
    for row in gates.TABLE:
        if row.method == "GET":
            status, _, _ = await doors.ask("GET", row.address, cookies)
            assert status < 500, row
    after = await counts(doors)

    assert {n for n in after if after[n] != before[n]} <= _OF_LOOKING
    assert (await doors.ask("GET", "/say?words=x", cookies))[0] == 405


async def test_cookie_is_for_this_site_and_no_script(doors: Doors) -> None:
    status, headers, _ = await doors.ask("GET", doors.entry.link(LEADER))
    cookie = headers["Set-Cookie"]

    assert status == 303
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(re.split(r";\s*", cookie))


def forbids(answer: Answer, path: str, *, is_file: bool) -> list[str]:
    """What is missing in the headers of that answer."""
    status, headers, _ = answer
    policy = headers.get("Content-Security-Policy", "")
    good = {
        "policy": "default-src 'none'" in policy and "unsafe" not in policy,
        "frames": "frame-ancestors 'none'" in policy,
        "guessing": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == "same-origin",
        "kept": is_file or headers.get("Cache-Control") == "no-store",
    }
    return [f"{path} {status} {name}" for name, is_good in good.items() if not is_good]


async def test_every_answer_forbids_what_it_does_not_need(doors: Doors) -> None:
    cookies = await doors.block.login(LEADER)
    html = {"Accept": "text/html"}
    wrong: list[str] = []
    for row in (*gates.TABLE,):
        method = "GET" if row.method == "*" else row.method
        is_file = row.path in _FILES
        for sent in ({}, cookies):
            for headers in ({}, html):
                answer = await doors.ask(method, row.address, sent, row.form, headers)
                wrong += forbids(answer, f"{method} {row.path}", is_file=is_file)
    for path in ("/nothing", "/static/nothing.css", "/tickets/x/y"):
        wrong += forbids(await doors.ask("GET", path, cookies), path, is_file=False)
    key = {"Authorization": f"Bearer {API_KEY}"}
    wrong += forbids(await doors.ask("GET", "/api/tickets", headers=key), "api", is_file=False)

    assert wrong == []
    assert {row.gate for row in gates.TABLE} >= set(Gate), "each kind of door was walked"
    kept = (await doors.ask("GET", "/static/style.css"))[1]
    assert "no-store" not in kept.get("Cache-Control", "")
