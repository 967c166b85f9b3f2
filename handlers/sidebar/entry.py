"""The way into the sidebar page (进门): WeCom's login, or a one-time link in the demo.

Only members of the roster come in; everybody else hears why not. In the demo nobody can log in to
WeCom, so a page offers one link for each person who speaks in some group, each good for one use.
"""

import secrets
from html import escape
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain import drafting
from bot.engine.app import Engine
from bot.web import login
from bot.web.login import LIFE, SESSION, Cookies, OAuth, Sessions
from bot.wecom.client import Api
from bot.wecom.errors import Refusal, WeComFault

_STRANGER = "您不在名册里，进不来。请找管理员把您加进 roster.yaml。"
_MOST_LINKS = 500


class Entry:
    """Who may come in; ``is_demo`` opens the one-time links."""

    def __init__(
        self, engine: Engine, api: Api | None, oauth: OAuth, public_url: str, *, is_demo: bool
    ) -> None:
        self._engine = engine
        self._api = api
        self._oauth = oauth
        self._host = urlsplit(public_url).netloc
        self._is_demo = is_demo
        self._links: dict[str, str] = {}
        self._cookies = Cookies(secure=public_url.startswith("https://") and not is_demo)
        self.sessions = Sessions(engine.seal.hmac_key, engine.clock.now)

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/sidebar/login", self._login)
        if self._is_demo:
            app.router.add_get("/sidebar/enter", self._enter)

    def user(self, request: web.Request) -> str:
        """Who sits before the page; empty when nobody is logged in or has left the roster."""
        user = self.sessions.user(request.cookies.get(SESSION, ""))
        return user if user and self._engine.current_rules().person(user) else ""

    def is_ours(self, url: str, request: web.Request) -> bool:
        """True when ``url`` is this page, so that nothing else gets a signature."""
        parts = urlsplit(url)
        return parts.path == "/sidebar" and parts.netloc in (self._host, request.host)

    def begin(self, request: web.Request) -> web.Response:
        """Off to the login, back to the page that was asked for."""
        if self._is_demo:
            return self._demo_links()
        if self._api is None:
            raise web.HTTPNotFound(text="没有配置自建应用，这个页面登录不了。")
        return login.begin(self.sessions, self._cookies, self._oauth, request.path_qs)

    async def _login(self, request: web.Request) -> web.Response:
        """Back from WeCom with a code. Raises: 403, 404, 502."""
        back = login.returned(self.sessions, request)
        if self._api is None:
            raise web.HTTPNotFound(text="没有配置自建应用，这个页面登录不了。")
        try:
            user = await self._oauth.member(self._api, request.query.get("code", ""))
        except Refusal as fault:
            raise web.HTTPForbidden(text="登录码用过了或过期了，请重新打开这个页面。") from fault
        except WeComFault as fault:
            raise web.HTTPBadGateway(text=f"企业微信没有答复登录（{fault.errcode}）。") from fault
        return self._let_in(user, back)

    def _let_in(self, user: str, back: str) -> web.Response:
        person = self._engine.current_rules().person(user)
        if person is None:
            raise web.HTTPForbidden(text=_STRANGER)
        answer = web.Response(status=303, headers={"Location": back})
        self._cookies.put(answer, SESSION, self.sessions.issue(person.id), LIFE)
        answer.del_cookie(login.STATE, path="/sidebar")
        return answer

    # -- the demo -------------------------------------------------------------------------

    def link(self, user: str) -> str:
        """A path that lets ``user`` in once; in the demo only."""
        key = secrets.token_urlsafe(24)
        while len(self._links) >= _MOST_LINKS:
            self._links.pop(next(iter(self._links)))
        self._links[key] = user
        return f"/sidebar/enter?key={key}"

    async def _enter(self, request: web.Request) -> web.Response:
        """Use a link. Raises: 403 when it was used."""
        user = self._links.pop(request.query.get("key", ""), "")
        if not user:
            raise web.HTTPForbidden(text="这个链接用过了，请回 /sidebar 再取一个。")
        return self._let_in(user, "/sidebar")

    def _demo_links(self) -> web.Response:
        rules, now = self._engine.current_rules(), self._engine.clock.now()
        people = {
            p.id: p.name for c in rules.chats.chats for p in drafting.speakers(rules, c.id, now)
        }
        rows = "".join(
            f'<li><a href="{self.link(user)}">{escape(name)}</a></li>'
            for user, name in people.items()
        )
        page = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>演示登录</title><h1>演示：用谁的身份进</h1>"
            f"<p>链接只能用一次。</p><ul>{rows}</ul></html>"
        )
        return web.Response(text=page, content_type="text/html")
