"""Who gets through which door (权限矩阵): every route × every role × nobody, over the real wire."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest

from config.rights_rules import Page
from config.vocabulary import Role
from tests.drafts.block import open_block
from tests.web import gates
from tests.web.gates import Gate
from tests.web.real_doors import API_KEY, Doors, real_doors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    async with open_block(tmp_path) as block, real_doors(block) as opened:
        yield opened


def routes(doors: Doors) -> set[tuple[str, str]]:
    found = {
        (one.method, one.resource.canonical) for one in doors.app.router.routes() if one.resource
    }
    return {one for one in found if one[0] != "HEAD"}


async def test_every_route_stands_in_the_table_and_opens_as_the_clerk_wrote(doors: Doors) -> None:
    assert routes(doors) == {row.key for row in gates.TABLE}

    wrong = []
    for role in (None, *Role):
        rows = [row for row in gates.FOR_PEOPLE if row.key != ("POST", "/logins")]
        cookies = await doors.block.login(doors.person(role).id) if role else {}
        for row in (*rows, next(r for r in gates.FOR_PEOPLE if r.key == ("POST", "/logins"))):
            form = {**row.form, "key": doors.block.form_key(cookies) if cookies else ""}
            status, _, _ = await doors.ask(row.method, row.address, cookies, form)
            right = gates.expected(role, row)
            if status not in right:
                wrong.append((role, row.method, row.address, status, right))
    assert wrong == []


async def test_doors_that_are_no_pages_ask_for_their_own_key(doors: Doors) -> None:
    leader = await doors.block.login(doors.person(Role.LEADER).id)
    for row, cookies in product(gates.TABLE, ({}, leader)):
        if row in gates.FOR_PEOPLE:
            continue
        method = "GET" if row.method == "*" else row.method
        status, _, _ = await doors.ask(method, row.address, cookies)
        right = {
            Gate.OPEN: row.good,
            Gate.LINK: (403,),
            Gate.API: (401,),
            Gate.PARTNER: (403, 415),  # a form without a body is asked for one first
            Gate.WECOM: (403, 400),
            Gate.METRICS: row.good,  # the test asks from this machine
        }[Gate(row.gate)]
        assert status in right, row

    for given in (API_KEY, f"{API_KEY}x", "é"):
        head = {"Authorization": f"Bearer {given}"}
        status, _, _ = await doors.ask("GET", "/api/tickets", headers=head)
        assert status == (200 if given == API_KEY else 401)
    by_proxy = {"X-Forwarded-For": "10.0.0.7"}
    assert (await doors.ask("GET", "/metrics", headers=by_proxy))[0] == 403


async def test_demo_has_one_route_more_and_no_station_has_it(doors: Doors) -> None:
    status, _, _ = await doors.ask("POST", "/-/time")
    assert status in (404, 405)


def test_every_page_of_the_program_has_a_route_and_a_line_of_the_clerk() -> None:
    assert {row.gate for row in gates.TABLE} >= {page.value for page in Page}


async def test_menu_and_links_show_what_opens_and_nothing_else(doors: Doors) -> None:
    for role in (one for one in Role if one.is_staff):
        cookies = await doors.block.login(doors.person(role).id)
        _, _, text = await doors.ask("GET", "/", cookies)
        for page in Page:
            shown = f'href="/{page.value}"' in text
            if page is not Page.TODAY:
                assert shown == gates.may(role, page.value), (role, page)
