"""The page behind a staff code (扫): where somebody of the station stands, filled in already.

A code on a door, a pole or a shop leads here; who is logged in writes one line or begins a
checklist, and what leaves is the sentence he could have typed to the bot in private. The page
itself changes nothing and shows nothing about the place. Plugged by ``handlers.sidebar.pages``.
"""

import jinja2
from aiohttp import web

from bot.domain import posters
from bot.domain.reading import Place
from bot.engine.app import Engine
from bot.events import Heard
from bot.web.login import SESSION
from config.rules import Rules
from handlers.dashboard.entry import Entry

PATH = "/sidebar/spot"
_LONGEST = 400
_DONE_WITHIN_S = 4.0


class SpotPage:
    """Two routes over one engine: the page, and the sentence that leaves it."""

    def __init__(self, engine: Engine, entry: Entry, pages: jinja2.Environment) -> None:
        self._engine = engine
        self._entry = entry
        self._pages = pages

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get(PATH, self.page)
        app.router.add_post(PATH, self.told)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The form with the place in it; else the way to the login. Raises: 404."""
        user = await self._entry.user(request)
        if not user:
            return self._entry.begin(request)
        return self._shown(request, said="")

    async def told(self, request: web.Request) -> web.StreamResponse:
        """What he wrote goes to the bot as his own words. Raises: 400, 401, 403, 404."""
        user = await self._entry.user(request)
        if not user:
            raise web.HTTPUnauthorized(text="登录过期了，请重新扫码。")
        form = await request.post()
        if not self._entry.sessions.fits(request.cookies[SESSION], str(form.get("key", ""))):
            raise web.HTTPForbidden(text="这个页面旧了，请重新扫码。")
        rules = self._engine.current_rules()
        _, name = _place(rules, request.query.get("at", ""))
        text = _sentence(rules, name, form.get("list", ""), form.get("words", ""))
        event = Heard(
            key=f"page:spot:{user}:{str(form.get('once', ''))[:40]}",
            at=self._engine.clock.now(),
            chat=f"app:{user}",
            by=user,
            door="app",
            text=text,
        )
        await self._engine.listener.hear(event)
        await self._engine.listener.answer(event.key, _DONE_WITHIN_S)
        return self._shown(request, said=rules.text("spot_said", place=name))

    def _shown(self, request: web.Request, said: str) -> web.Response:
        rules = self._engine.current_rules()
        _, name = _place(rules, request.query.get("at", ""))
        now = self._engine.clock.now()
        html = self._pages.get_template("spot.html").render(
            station=rules.station.name,
            place=name,
            at=request.query.get("at", ""),
            said=said,
            lists=rules.checklists.of_kind("place"),
            longest=_LONGEST,
            form_key=self._entry.sessions.form_key(request.cookies[SESSION]),
            once=f"{now:%Y%m%d%H%M%S%f}",
        )
        return web.Response(text=html, content_type="text/html")


def _place(rules: Rules, spot: str) -> tuple[Place, str]:
    """The place of the code and how people call it. Raises: 404 where the site knows none."""
    grid = rules.grid(spot.partition(".")[0])
    place = posters.place_in(spot, grid)
    if place is None:
        raise web.HTTPNotFound(text="这个码对应的地点已经不在规则里了，请重新打印。")
    return place, f"{place.community}{place.building}号楼" if place.building else place.community


def _sentence(rules: Rules, place: str, chosen: object, words: object) -> str:
    """The command he could have typed. Raises: 400 where nothing was written or chosen."""
    checklist = rules.checklists.checklist(str(chosen)) if chosen else None
    said = " ".join(str(words).split())[:_LONGEST]
    if checklist is not None and checklist.kind == "place":
        return f"检查 {checklist.name} {place}{said}"
    if not said:
        raise web.HTTPBadRequest(text="请写一句出了什么事，或选一张检查清单。")
    return f"登记 巡查 {place}{said}"
