"""The way into the pages (进门): WeCom's login, or a link that is good once.

Only members of the roster come in; everybody else hears why not. A login is an event and stands in
the book of ``storage.web``; a page asks ``seat`` who sits before it. One-time links are printed at
start for a station that has no custom app; in the demo a page offers one for everybody.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from bot.door_events import Deed, Paged
from bot.engine.app import Engine
from bot.web import login
from bot.web.attempts import Attempts
from bot.web.login import SESSION, Cookies, OAuth, Session, Sessions
from bot.wecom.client import Api
from bot.wecom.errors import Refusal, WeComFault
from config.people_rules import Person
from storage import journal
from storage import web as books

ENTER = "/login/once"
_NOT_BEGUN = "登录没有对上，或者拖得太久了，请重新打开要看的页面。"
_STRANGER = "您不在名册里，进不来。请找管理员把您加进 roster.yaml。"
_NO_APP = "没有配置自建应用，扫码登录不了。请操作员重启警格，用终端里打印的一次性链接进来。"
_MOST_LINKS = 500
_LINK_LIFE = timedelta(minutes=30)
_DONE_WITHIN_S = 4.0
_DEVICES = (
    ("wxwork", "企业微信"),
    ("iphone", "苹果手机"),
    ("android", "安卓手机"),
    ("windows", "Windows 电脑"),
    ("macintosh", "苹果电脑"),
    ("linux", "Linux 电脑"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits before the page, the session that says so, and the newest step when it was asked.

    ``moved`` was read before anything of the page: what comes later has a higher number.
    """

    person: Person
    session: Session
    moved: int = 0


class Entry:
    """Who may come in; ``is_demo`` offers links to everybody."""

    def __init__(
        self,
        engine: Engine,
        api: Api | None,
        oauth: OAuth,
        public_url: str,
        attempts: Attempts,
        *,
        is_demo: bool,
    ) -> None:
        self._engine = engine
        self._api = api
        self._oauth = oauth
        self._host = urlsplit(public_url).netloc
        self._attempts = attempts
        self._is_demo = is_demo
        self._links: dict[str, tuple[str, float]] = {}
        self._cookies = Cookies(secure=public_url.startswith("https://") and not is_demo)
        self.sessions = Sessions(engine.seal.hmac_key, engine.clock.now)
        self.offer: Callable[[str], web.Response] = _nothing_to_offer

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get(login.BACK, self._returned)
        app.router.add_get(ENTER, self._enter)

    async def seat(self, request: web.Request) -> Seat | None:
        """Who sits before the page; None when nobody is logged in or works here any more."""
        session = self.sessions.read(request.cookies.get(SESSION, ""))
        person = self._engine.current_rules().person(session.user) if session else None
        if session is None or person is None:
            return None
        moved = await self._newest(session)
        return None if moved is None else Seat(person, session, moved)

    async def user(self, request: web.Request) -> str:
        """The account of who sits before the page; empty when nobody is logged in."""
        seat = await self.seat(request)
        return seat.person.id if seat else ""

    async def _newest(self, session: Session) -> int | None:
        """The newest step of all tickets; None where that login has ended."""
        now = self._engine.clock.now()

        def read(conn: Connection) -> int | None:
            db = self._engine.db_of(conn)
            return (
                journal.newest_id(db) if books.is_good(db, session.user, session.key, now) else None
            )

        return await self._engine.database.read(read)

    def is_ours(self, url: str, request: web.Request) -> bool:
        """True when ``url`` is the sidebar page, so that nothing else gets a signature."""
        parts = urlsplit(url)
        return parts.path == "/sidebar" and parts.netloc in (self._host, request.host)

    def begin(self, request: web.Request) -> web.Response:
        """Off to the login, back to the page that was asked for."""
        back = login.own_path(request.path_qs)
        if self._is_demo:
            return self.offer(back)
        if self._api is None:
            raise web.HTTPUnauthorized(text=_NO_APP)
        browser = request.headers.get("User-Agent", "")
        return login.begin(self.sessions, self._cookies, self._oauth, back, browser)

    async def _returned(self, request: web.Request) -> web.Response:
        """Back from WeCom with a code; each login that was begun ends once. Raises: 401, 403,
        429, 502.
        """
        if self._api is None:
            raise web.HTTPUnauthorized(text=_NO_APP)
        state, back = login.returned(self.sessions, request)
        if not state or not await self._attempts.is_first(f"state:{state}"):
            await self._attempts.failed(request, "login")
            raise web.HTTPForbidden(text=_NOT_BEGUN)
        try:
            user = await self._oauth.member(self._api, request.query.get("code", ""))
        except Refusal as fault:
            await self._attempts.failed(request, "login")
            raise web.HTTPForbidden(text="登录码用过了或过期了，请重新打开这个页面。") from fault
        except WeComFault as fault:
            raise web.HTTPBadGateway(text=f"企业微信没有答复登录（{fault.errcode}）。") from fault
        return await self._let_in(request, user, back)

    async def _let_in(self, request: web.Request, user: str, back: str) -> web.Response:
        person = self._engine.current_rules().person(user)
        if person is None or not person.role.is_staff:
            raise web.HTTPForbidden(text=_STRANGER)
        session = self.sessions.issue(person.id)
        await self.book(Deed.IN, session, device_of(request.headers.get("User-Agent", "")))
        answer = web.Response(status=303, headers={"Location": back})
        self._cookies.put(answer, SESSION, session.cookie, login.LIFE)
        answer.del_cookie(login.STATE, path="/")
        return answer

    async def book(self, deed: Deed, session: Session, detail: str = "", ticket: str = "") -> None:
        """Write into the book what that person did, and wait until it stands there."""
        event = Paged(
            key=f"page:{deed}:{session.key}:{secrets.token_hex(4)}",
            at=self._engine.clock.now(),
            by=session.user,
            deed=deed,
            session="" if deed is Deed.ALL_OUT else session.key,
            detail=detail,
            ticket=ticket,
            until=session.until if deed is Deed.IN else None,
        )
        await self._engine.listener.hear(event)
        if deed is not Deed.LOOK:
            await self._engine.listener.answer(event.key, _DONE_WITHIN_S)

    def leave(self, answer: web.Response) -> web.Response:
        """``answer``, which also takes the cookie away."""
        answer.del_cookie(SESSION, path="/")
        return answer

    # -- links that are good once -----------------------------------------------------------

    def link(self, user: str, back: str = "/") -> str:
        """A path that lets ``user`` in once, within half an hour; never print it into a log."""
        key = secrets.token_urlsafe(24)
        while len(self._links) >= _MOST_LINKS:
            self._links.pop(next(iter(self._links)))
        until = self._engine.clock.now() + _LINK_LIFE
        self._links[key] = (f"{user}|{login.own_path(back)}", until.timestamp())
        return f"{ENTER}?key={key}"

    async def _enter(self, request: web.Request) -> web.Response:
        """Use a link. Raises: 403 when it was used or is too old, 429 for who guesses."""
        meant, until = self._links.pop(request.query.get("key", ""), ("", 0.0))
        if not meant or until < self._engine.clock.now().timestamp():
            await self._attempts.failed(request, "login")
            raise web.HTTPForbidden(text="这个链接用过了或过了半小时，请重新取一个。")
        user, _, back = meant.partition("|")
        return await self._let_in(request, user, back)


def device_of(browser: str) -> str:
    """What the list of logins calls that browser; no more is kept of it."""
    said = browser.lower()
    return next((name for mark, name in _DEVICES if mark in said), "别的设备")


def _nothing_to_offer(_back: str) -> web.Response:
    raise web.HTTPUnauthorized(text=_NO_APP)
