"""The frame of every page of the dashboard (页面外壳): who may open it, how it is answered.

``Shell.page`` and ``Shell.form`` wrap a handler: login, the right to the page, the form key of a
POST. A page reads through one read-only snapshot with a Turn that can only look; whatever it
changes it says as an order, by the same event as in a chat. Plugged by ``commands.dashboard``.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import jinja2
from aiohttp import web
from sqlalchemy import Connection

from bot.domain import clocks, rights
from bot.door_events import Deed, Paged
from bot.engine.app import Engine
from bot.events import Event, Heard, ReplyHandle
from bot.messages import Text
from bot.turn import Turn
from bot.web.login import own_path
from config.rights_rules import Page
from handlers.dashboard.entry import Entry, Seat

HERE = Path(__file__).parent
DOOR = "page"
_DONE_WITHIN_S = 4.0
_ANSWERABLE = timedelta(seconds=4)
_LONGEST = 2000
_FLASH = "jingge_said"
_UNDER_WAY = "已收到，正在办，过一会儿刷新看看。"

T = TypeVar("T")
Handler = Callable[[web.Request, Seat], Awaitable[web.StreamResponse]]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Look:
    """What a page reads with: a Turn over a read-only snapshot, and for whom."""

    turn: Turn
    seat: Seat


class Shell:
    """What all pages share."""

    def __init__(self, engine: Engine, entry: Entry) -> None:
        self.engine = engine
        self.entry = entry
        self.offered: tuple[Page, ...] = ()
        self.site = Path()
        """The folder of the rules; only the page of the rules reads there."""
        self.ways_out: Callable[[web.Request, Seat], list[tuple[str, str]]] = _none_out
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self._pages = jinja2.Environment(
            loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
        )
        self._pages.filters["clock"] = clock

    def plug(self, app: web.Application) -> None:
        """Add the one route for orders that no page has a form of its own for."""
        app.router.add_post("/say", self.form(Page.TODAY, self._said))

    # -- doors ------------------------------------------------------------------------------

    def page(self, page: Page, handler: Handler) -> Answer:
        """The handler for GET, for who may open ``page``; others go to the login or hear why."""

        async def answer(request: web.Request) -> web.StreamResponse:
            seat = await self.entry.seat(request)
            if seat is None:
                return self.entry.begin(request)
            self._admit(seat, page)
            return await handler(request, seat)

        return answer

    def form(self, page: Page, handler: Handler) -> Answer:
        """The handler for POST, with the form key of the session. Raises: 401, 403."""

        async def answer(request: web.Request) -> web.StreamResponse:
            seat = await self.entry.seat(request)
            if seat is None:
                raise web.HTTPUnauthorized(text="登录过期了，请重新打开页面再点一次。")
            self._admit(seat, page)
            key = str((await request.post()).get("key", ""))
            if not self.entry.sessions.fits(seat.session.cookie, key):
                raise web.HTTPForbidden(text="这个页面旧了，请重新打开再点一次。")
            return await handler(request, seat)

        return answer

    def _admit(self, seat: Seat, page: Page) -> None:
        if not rights.may_open(seat.person, page, self.engine.current_rules()):
            raise web.HTTPForbidden(text=f"“{page.label}”这一页没有开给您。要看请找管理员。")

    # -- reading ----------------------------------------------------------------------------

    async def look(self, seat: Seat, fn: Callable[[Look], T]) -> T:
        """What ``fn`` reads in one snapshot."""
        rules, now = self.engine.current_rules(), self.engine.clock.now()
        event = Paged(key="look", at=now, by=seat.person.id, deed=Deed.LOOK)

        def read(conn: Connection) -> T:
            turn = Turn(self.engine.reader_of(conn), rules, event, now)
            turn.rules = rules.on(now.astimezone(clocks.ZONE).date())
            return fn(Look(turn, seat))

        return await self.engine.database.read(read)

    async def looked(self, seat: Seat, what: str, ticket: str = "") -> None:
        """Write into the book that this person saw personal data."""
        await self.entry.book(Deed.LOOK, seat.session, what, ticket)

    def render(
        self, request: web.Request, seat: Seat | None, name: str, **values: Any
    ) -> web.Response:
        """The page from its template, with the menu of this person; without one for nobody."""
        rules, now = self.engine.current_rules(), self.engine.clock.now()
        person = seat.person if seat else None
        offered = [p for p in self.offered if person and rights.may_open(person, p, rules)]
        html = self._pages.get_template(name).render(
            station=rules.station.name,
            now=now,
            person=person,
            menu=offered,
            key=self.entry.sessions.form_key(seat.session.cookie) if seat else "",
            said=self.entry.sessions.opened(_FLASH, request.cookies.get(_FLASH, "")),
            path=request.path_qs,
            moved=seat.moved if seat else 0,
            ways_out=self.ways_out(request, seat) if seat else [],
            **values,
        )
        answer = web.Response(text=html, content_type="text/html")
        if _FLASH in request.cookies:
            answer.del_cookie(_FLASH, path="/")
        return answer

    # -- doing ------------------------------------------------------------------------------

    async def say(self, seat: Seat, words: str) -> str:
        """Say an order as in a chat; what was answered. One line only, at most 2,000 characters."""
        said = " ".join(words.split())[:_LONGEST]
        now = self.engine.clock.now()
        key = f"page:{seat.session.key}:{secrets.token_hex(8)}"
        event = Heard(
            key=key,
            at=now,
            chat=f"{DOOR}:{seat.person.id}",
            by=seat.person.id,
            door=DOOR,
            text=said,
            reply=ReplyHandle(kind="passive", token=key, until=now + _ANSWERABLE),
        )
        return await self.post(event)

    async def post(self, event: Event) -> str:
        """Hear an event of a page; what was answered, or that it is under way."""
        await self.engine.listener.hear(event)
        answer = await self.engine.listener.answer(event.key, _DONE_WITHIN_S)
        return answer.text if isinstance(answer, Text) and answer.text else _UNDER_WAY

    async def _said(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """An order with the words that belong to it, and back. Raises: 400 when it is empty."""
        form = await request.post()
        words = f"{form.get('words', '')} {form.get('why', '')}".strip()
        if not words:
            raise web.HTTPBadRequest(text="没有写要办什么。")
        return await self.told(request, seat, words, own_path(str(form.get("back", "/"))))

    async def told(
        self, request: web.Request, seat: Seat, words: str | Sequence[str], back: str
    ) -> web.Response:
        """Say it, or one after the other, and go back to the page, which shows the answers."""
        each = [words] if isinstance(words, str) else words
        answers = [await self.say(seat, one) for one in each]
        return self.back_to(back, "\n".join(dict.fromkeys(answers)))

    def back_to(self, back: str, answered: str) -> web.Response:
        """To that page, which shows what was answered."""
        answer = web.Response(status=303, headers={"Location": back})
        answer.set_cookie(
            _FLASH,
            self.entry.sessions.signed(_FLASH, answered[:600]),
            max_age=30,
            httponly=True,
            samesite="Strict",
            path="/",
        )
        return answer


def _none_out(_request: web.Request, _seat: Seat) -> list[tuple[str, str]]:
    return []


def clock(at: datetime) -> str:
    """A moment as lists show it: ``11-23 08:05`` in the station's zone."""
    return f"{at.astimezone(clocks.ZONE):%m-%d %H:%M}"
