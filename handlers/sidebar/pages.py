"""The sidebar page (侧边栏): drafts of the group on a phone, one tap to send, one to mark.

Opened from WeCom's chat toolbar or from a card. With the official JS-SDK one tap sends the words
into the chat that is open; without it the words are copied. Every button posts an event to the
listener and changes nothing itself. Only who may speak in a group sees its drafts.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from sqlalchemy import Connection

from bot.domain import clocks, drafting
from bot.engine.app import Engine
from bot.web.login import SESSION
from bot.wecom.errors import WeComFault
from bot.wecom.js_tickets import AGENT, CONFIG, JsTickets
from config.vocabulary import Role
from handlers import draft_figures
from handlers.dashboard.entry import Entry
from handlers.draft_acts import press_of
from handlers.drafts import DROP, ONE, SENT
from handlers.sidebar.log import LogPage
from handlers.sidebar.papers import PaperPages
from handlers.sidebar.spot import SpotPage
from storage import drafts as stored
from storage.drafts import Draft

_HERE = Path(__file__).parent
VENDOR = Path(__file__).parents[2] / "static" / "vendor"
JSSDK = "wecom-jssdk.js"
_ACTS = {"sent": SENT + ONE, "drop": DROP + ONE}
_DONE_WITHIN_S = 4.0
_FIGURES = timedelta(days=30)
_SEES_FIGURES = (Role.COMMAND_ROOM, Role.LEADER)


class SidebarPages:
    """Routes over one engine; ``tickets`` None where no app is configured."""

    def __init__(
        self, engine: Engine, entry: Entry, tickets: JsTickets | None, corpid: str, agentid: int
    ) -> None:
        self._engine = engine
        self._entry = entry
        self._tickets = tickets
        self._corpid = corpid
        self._agentid = agentid
        loader = jinja2.FileSystemLoader(_HERE / "templates")
        self._pages = jinja2.Environment(loader=loader, autoescape=True)

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/sidebar", self.page)
        app.router.add_get("/sidebar/signature", self.signature)
        app.router.add_post("/sidebar/drafts/{id}/{act}", self.press)
        app.router.add_static("/sidebar/static", _HERE / "static")
        app.router.add_get(f"/sidebar/{JSSDK}", self._jssdk)
        LogPage(self._engine, self._entry).plug(app)
        SpotPage(self._engine, self._entry, self._pages).plug(app)
        PaperPages(self._engine, self._entry).plug(app)

    async def _jssdk(self, _request: web.Request) -> web.StreamResponse:
        if not (VENDOR / JSSDK).is_file():
            raise web.HTTPNotFound(text="没有装 @wecom/jssdk（make vendor），页面用复制也能办。")
        return web.FileResponse(VENDOR / JSSDK)

    # -- reading --------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.StreamResponse:
        """What waits to be said, for who is logged in; else the way to the login."""
        user = await self._entry.user(request)
        if not user:
            return self._entry.begin(request)
        session = request.cookies[SESSION]
        groups, figures = await self._look(user, request.query.get("chat", ""))
        rules = self._engine.current_rules()
        person = rules.person(user)
        html = self._pages.get_template("sidebar.html").render(
            station=rules.station.name,
            name=person.name if person else "",
            groups=groups,
            figures=figures,
            form_key=self._entry.sessions.form_key(session),
            corpid=self._corpid,
            agentid=self._agentid,
            has_jssdk=self._tickets is not None and (VENDOR / JSSDK).is_file(),
        )
        return web.Response(text=html, content_type="text/html")

    async def _look(self, user: str, chat: str) -> tuple[list[dict[str, Any]], list[str]]:
        rules, now = self._engine.current_rules(), self._engine.clock.now()
        person = rules.person(user)
        sees = person is not None and person.role in _SEES_FIGURES

        def read(conn: Connection) -> tuple[list[Draft], list[str]]:
            db = self._engine.db_of(conn)
            spans = stored.spans(db, now - _FIGURES) if sees else []
            return stored.all_open(db), [f.words for f in draft_figures.by_door(spans)]

        waiting, figures = await self._engine.database.read(read)
        groups: dict[str, dict[str, Any]] = {}
        for draft in waiting:
            if chat and draft.chat != chat:
                continue
            if not drafting.may_speak(rules, user, draft.chat, now):
                continue
            known = rules.chat(draft.chat)
            group = groups.setdefault(
                draft.chat,
                {"chat": draft.chat, "name": known.name if known else "没登记的群", "drafts": []},
            )
            group["drafts"].append(
                {
                    "id": draft.id,
                    "text": draft.text,
                    "danger": draft.danger,
                    "notice": draft.kind == drafting.NOTICE,
                    "age": clocks.span_words(now - draft.said_at),
                }
            )
        return list(groups.values()), figures

    async def signature(self, request: web.Request) -> web.StreamResponse:
        """What ``ww.register`` needs for this page. Raises: 401, 403, 404, 502."""
        if not await self._entry.user(request):
            raise web.HTTPUnauthorized(text="请先登录。")
        if self._tickets is None:
            raise web.HTTPNotFound(text="没有配置自建应用。")
        url = request.query.get("url", "")
        if not self._entry.is_ours(url, request):
            raise web.HTTPForbidden(text="只给本页签名。")
        kind = AGENT if request.query.get("kind") == AGENT else CONFIG
        try:
            made = await self._tickets.signature(kind, url)
        except WeComFault as fault:
            raise web.HTTPBadGateway(text=f"企业微信没有给签名（{fault.errcode}）。") from fault
        return web.json_response(
            {"timestamp": made.timestamp, "nonceStr": made.nonce, "signature": made.signature}
        )

    # -- doing ----------------------------------------------------------------------------

    async def press(self, request: web.Request) -> web.StreamResponse:
        """已发出 or 不发了 of one draft: an event, as from a card. Raises: 401, 403, 404.

        A draft of a group where this person does not speak is not there for him.
        """
        user = await self._entry.user(request)
        act = _ACTS.get(request.match_info["act"])
        if not user:
            raise web.HTTPUnauthorized(text="登录过期了，请重新打开这个页面。")
        form = await request.post()
        if not self._entry.sessions.fits(request.cookies[SESSION], str(form.get("key", ""))):
            raise web.HTTPForbidden(text="这个页面旧了，请重新打开。")
        draft = await self._draft(request.match_info["id"])
        now = self._engine.clock.now()
        rules = self._engine.current_rules()
        if act is None or draft is None or not drafting.may_speak(rules, user, draft.chat, now):
            raise web.HTTPNotFound(text="没有这一句，可能刚有人发过了。请刷新看看。")
        event = press_of(draft, act, user, now)
        await self._engine.listener.hear(event)
        await self._engine.listener.answer(event.key, _DONE_WITHIN_S)
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response({"ok": True})
        return web.Response(status=303, headers={"Location": f"/sidebar?chat={draft.chat}"})

    async def _draft(self, said: str) -> Draft | None:
        if not said.isdecimal() or len(said) > 18:
            return None
        return await self._engine.database.read(
            lambda conn: stored.get(self._engine.db_of(conn), int(said))
        )
