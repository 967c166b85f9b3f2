"""Logins cannot be fixed, guessed, used twice or outlived (登录的边界)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.web.attempts import MOST
from bot.web.login import SESSION, STATE
from config.vocabulary import Role
from storage import web
from tests.drafts.block import OWNER, open_block
from tests.web.real_doors import API_KEY, Doors, real_doors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ROOM = "qiu_ruolan"
TRIES = MOST[0][0]
HTML = {"Accept": "text/html"}


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    async with open_block(tmp_path) as block, real_doors(block) as opened:
        yield opened


def cookie_of(headers: dict[str, str], name: str = SESSION) -> str:
    head = headers.get("Set-Cookie", "")
    return head.partition(f"{name}=")[2].partition(";")[0]


async def entered(doors: Doors, user: str = OWNER, before: str = "") -> str:
    """The session after a one-time link, opened by a browser that had ``before``."""
    sent = {SESSION: before} if before else {}
    status, headers, _ = await doors.ask("GET", doors.entry.link(user), sent)
    assert status == 303
    return cookie_of(headers)


async def is_in(doors: Doors, cookie: str) -> bool:
    return (await doors.ask("GET", "/", {SESSION: cookie}))[0] == 200


async def test_a_login_never_takes_over_the_session_that_was_there(doors: Doors) -> None:
    planted = await entered(doors, ROOM)

    first, second = [await entered(doors, OWNER, planted) for _ in range(2)]

    assert len({planted, first, second}) == 3
    sessions = doors.entry.sessions
    read = [sessions.read(one) for one in (planted, first, second)]
    assert [one.user for one in read if one] == [ROOM, OWNER, OWNER]
    assert len({one.key for one in read if one}) == 3


async def test_a_session_is_of_the_person_whose_login_stands_in_the_book(doors: Doors) -> None:
    cookie = await entered(doors)
    own = doors.entry.sessions.read(cookie)
    assert own is not None

    until = int(own.until.timestamp())
    forged = doors.entry.sessions.signed(SESSION, f"zhong_yihang|{until}|{own.key}")
    as_said = doors.entry.sessions.signed("jingge_said", f"{OWNER}|{until}|{own.key}")

    assert await is_in(doors, cookie)
    assert not await is_in(doors, forged), "the key of one's own login with another's name"
    assert not await is_in(doors, as_said), "what was signed as a sentence is no session"


async def test_out_everywhere_holds_in_every_process(doors: Doors) -> None:
    """The demo's server and this one have nothing in common but the database and its keys."""
    here, there = await entered(doors), await entered(doors)
    key = {"key": doors.entry.sessions.form_key(here), "where": "all"}

    assert (await doors.ask("POST", "/logins", {SESSION: here}, key))[0] == 303

    assert not await is_in(doors, here)
    assert not await is_in(doors, there)
    async with doors.session.get(
        f"{doors.block.web}/logins", cookies={SESSION: there}, allow_redirects=False
    ) as answer:
        assert answer.status != 200
    engine = doors.block.house.engine

    def good(conn: Connection) -> list[object]:
        return list(web.logins(engine.db_of(conn), OWNER, engine.clock.now()))

    assert await engine.database.read(good) == []


async def test_who_leaves_the_staff_is_out_at_the_next_click(doors: Doors) -> None:
    cookies = await doors.block.login(OWNER)
    assert (await doors.ask("GET", "/sidebar", cookies))[0] == 200
    rules = doors.block.house.engine.rules
    people = tuple(
        one.model_copy(update={"role": Role.CONTACT}) if one.id == OWNER else one
        for one in rules.people
    )
    roster = rules.roster.model_copy(update={"people": people})
    doors.block.house.engine.rules = replace(rules, roster=roster)

    for path in ("/", "/sidebar", "/sidebar/log?month=2026-03", "/sidebar/papers/1"):
        assert (await doors.ask("GET", path, cookies))[0] == 302, path


async def test_a_link_is_good_once_and_half_an_hour(doors: Doors) -> None:
    used, late = doors.entry.link(OWNER), doors.entry.link(OWNER)

    first, again = [(await doors.ask("GET", used))[0] for _ in range(2)]
    await doors.block.pass_time(timedelta(minutes=31))
    await doors.block.quiet()

    assert (first, again) == (303, 403)
    assert (await doors.ask("GET", late))[0] == 403


async def test_guessing_is_told_to_wait_and_keeps_nobody_out(doors: Doors) -> None:
    good = doors.entry.link(OWNER)
    for path, door in (("/login/once?key=guess", 403), ("/login/back?state=a&code=b", 403)):
        answers = [(await doors.ask("GET", path))[0] for _ in range(TRIES // 2)]
        assert set(answers) == {door}

    for path in ("/login/once?key=guess", "/login/back?state=a&code=b"):
        status, headers, page = await doors.ask("GET", path, headers=HTML)
        assert status == 429
        assert 0 < int(headers["Retry-After"]) <= 60
        assert "试得太多了" in page
        assert "<html" in page

    assert (await doors.ask("GET", good))[0] == 303, "a good link lets in whatever others tried"


async def test_keys_of_the_interface_and_of_other_systems_are_not_guessed(doors: Doors) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    answers = [(await doors.ask("GET", "/api/tickets", headers=wrong)) for _ in range(TRIES + 1)]
    assert [one[0] for one in answers] == [401] * TRIES + [429]
    assert int(answers[-1][1]["Retry-After"]) > 0
    right = {"Authorization": f"Bearer {API_KEY}"}
    assert (await doors.ask("GET", "/api/tickets", headers=right))[0] == 200

    path = "/open311/v2/requests.json"
    partners = [(await doors.ask("GET", path, headers={"X-API-Key": "x"})) for _ in range(31)]
    assert [one[0] for one in partners] == [403] * 30 + [429]
    assert int(partners[-1][1]["Retry-After"]) > 0


async def _begun(doors: Doors) -> tuple[str, str]:
    """State and cookie of a login that was begun."""
    status, headers, _ = await doors.ask("GET", "/", headers={"User-Agent": "wxwork"})
    assert status == 302
    state = headers["Location"].partition("state=")[2].partition("&")[0]
    return state, cookie_of(headers, STATE)


async def _code(doors: Doors) -> str:
    url = f"{doors.block.url}/sim/login"
    async with doors.session.post(url, json={"user": OWNER}) as answer:
        return str((await answer.json())["code"])


async def _back(doors: Doors, state: str, cookie: str) -> int:
    path = f"/login/back?state={state}&code={await _code(doors)}"
    return (await doors.ask("GET", path, {STATE: cookie}))[0]


async def test_a_login_that_was_begun_ends_once_and_in_time(doors: Doors) -> None:
    state, cookie = await _begun(doors)
    other, late_cookie = await _begun(doors)

    assert await _back(doors, other, cookie) == 403, "the state of another browser"
    assert await _back(doors, state, cookie) == 303
    assert await _back(doors, state, cookie) == 403, "a second code for the same state"
    await doors.block.pass_time(timedelta(minutes=11))
    await doors.block.quiet()
    assert await _back(doors, other, late_cookie) == 403, "ten minutes are over"
