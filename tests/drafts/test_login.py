"""Coming in by WeCom's own login: there with a state, back with a code that works once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.web import headers
from bot.web.attempts import Attempts
from bot.web.login import OAuth, Sessions
from bot.wecom.client import Api
from bot.wecom.places import AppConfig
from handlers.dashboard.entry import Entry
from handlers.sidebar.pages import SidebarPages
from storage.coordination import InProcess
from tests.drafts.block import OWNER, RESIDENT, Block
from tests.servers.process import free_port


@dataclass
class Door:
    """The page as in real operation, where there are no links of the demo."""

    block: Block
    url: str
    session: aiohttp.ClientSession

    async def state(self, path: str = "/sidebar?chat=wrYEZHUQUN") -> str:
        """Where the browser is sent; the state that goes along."""
        async with self.session.get(f"{self.url}{path}", allow_redirects=False) as answer:
            assert answer.status == 302
            asked = urlsplit(answer.headers["Location"])
        assert (asked.netloc, asked.path) == ("open.weixin.qq.com", "/connect/oauth2/authorize")
        query = parse_qs(asked.query)
        assert query["redirect_uri"] == [f"{self.url}/login/back"]
        assert query["scope"] == ["snsapi_base"]
        return query["state"][0]

    async def code(self, user: str) -> str:
        """What WeCom's login page gives to that person."""
        url = f"{self.block.url}/sim/login"
        async with self.block.session.post(url, json={"user": user}) as answer:
            return str((await answer.json())["code"])

    async def back(self, code: str, state: str) -> tuple[int, str]:
        """Status and target of the way back."""
        params = {"code": code, "state": state}
        async with self.session.get(
            f"{self.url}/login/back", params=params, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("Location", "")


@pytest.fixture
async def door(block: Block) -> AsyncIterator[Door]:
    engine, app = block.house.engine, block.sim.world.app
    port = free_port()
    server = TestServer(web.Application(), port=port)
    jar = aiohttp.CookieJar(unsafe=True)
    in_client = {"User-Agent": "Mozilla/5.0 wxwork/4.1"}
    async with aiohttp.ClientSession(cookie_jar=jar, headers=in_client) as session:
        config = AppConfig(
            corpid=app.corpid, agentid=app.agentid, secret=app.secret, api_base=block.url
        )
        shared = InProcess(engine.clock.now)
        api = Api(config, session, shared, engine.clock.now)
        url = f"http://127.0.0.1:{port}"
        oauth = OAuth(app.corpid, app.agentid, url)
        entry = Entry(engine, api, oauth, url, Attempts(shared), is_demo=False)
        headers.plug(server.app)
        entry.plug(server.app)
        SidebarPages(engine, entry, None, app.corpid, app.agentid).plug(server.app)
        async with server:
            yield Door(block, url, session)


async def test_a_member_comes_in_and_lands_on_the_page_that_was_asked_for(door: Door) -> None:
    state = await door.state()

    status, target = await door.back(await door.code(OWNER), state)

    assert (status, target) == (303, "/sidebar?chat=wrYEZHUQUN")
    async with door.session.get(f"{door.url}/sidebar") as answer:
        assert "林知远" in await answer.text()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_outside_wecom_a_code_to_scan_is_shown(door: Door) -> None:
    on_a_pc = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0)"}

    async with door.session.get(
        f"{door.url}/sidebar", headers=on_a_pc, allow_redirects=False
    ) as answer:
        asked = urlsplit(answer.headers["Location"])

    assert (asked.netloc, asked.path) == ("login.work.weixin.qq.com", "/wwlogin/sso/login")
    assert parse_qs(asked.query)["login_type"] == ["CorpApp"]


async def test_a_state_of_another_browser_is_refused(door: Door) -> None:
    await door.state()

    assert (await door.back(await door.code(OWNER), "0" * 32))[0] == 403


async def test_a_way_back_that_nobody_began_is_refused(door: Door) -> None:
    assert (await door.back(await door.code(OWNER), ""))[0] == 403


async def test_a_code_works_once(door: Door) -> None:
    code = await door.code(OWNER)
    first = await door.back(code, await door.state())
    door.session.cookie_jar.clear()

    again = await door.back(code, await door.state())

    assert (first[0], again[0]) == (303, 403)
    assert [e["rule"] for e in await door.block.errors()] == ["oauth_code"]
    door.block.sim.books.errors.clear()


async def test_somebody_outside_the_roster_stays_outside(door: Door) -> None:
    state = await door.state()

    assert (await door.back(await door.code(RESIDENT), state))[0] == 403


async def test_a_session_ends_after_its_hours_and_cannot_be_made_up(block: Block) -> None:
    engine = block.house.engine
    sessions = Sessions(engine.seal.hmac_key, engine.clock.now)
    fresh, old = sessions.issue(OWNER), sessions.issue(OWNER, timedelta(0))
    state = sessions.signed("jingge_said", f"{OWNER}|{9 * 10**9}|0123")

    assert _user(sessions, fresh.cookie) == OWNER
    assert _user(sessions, old.cookie) == ""
    assert _user(sessions, fresh.cookie.replace(fresh.cookie[:4], "AAAA", 1)) == ""
    assert _user(sessions, state) == "", "what was signed for something else is no session"
    assert _user(sessions, "") == ""


async def test_a_session_that_is_not_in_the_book_opens_nothing(door: Door) -> None:
    engine = door.block.house.engine
    made_up = Sessions(engine.seal.hmac_key, engine.clock.now).issue(OWNER).cookie

    async with door.session.get(
        f"{door.url}/sidebar", cookies={"jingge_session": made_up}, allow_redirects=False
    ) as answer:
        assert answer.status == 302


def _user(sessions: Sessions, cookie: str) -> str:
    found = sessions.read(cookie)
    return found.user if found else ""
