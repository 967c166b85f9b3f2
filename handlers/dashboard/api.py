"""Tickets as JSON (接口): the read side, masked, without who reported.

``/api/tickets`` is open in the demo and asks for an API key otherwise. Plugged into the web server
by the roof.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot import shortening
from bot.domain import clocks, rights
from bot.engine.app import Engine
from bot.web.attempts import Attempts
from bot.web.same import same
from config.rules import Rules
from config.vocabulary import Act, Danger, Stage
from handlers import loop, shown
from storage import journal, recalls, ticket_words, tickets
from storage.journal import Entry
from storage.session import Db
from storage.tickets import Ticket

_MOST = 200
_MOST_WORDS = 120
_PRIVATE = "private"
_SOON_SHARE = 0.7
_ACTORS = {"system": "警格", "reporter": "反映人"}
Handler = Callable[[web.Request], Any]


class TicketApi:
    """Routes over one engine; ``api_key`` empty means open (demo only)."""

    def __init__(self, engine: Engine, api_key: str, attempts: Attempts, *, is_open: bool) -> None:
        self._engine = engine
        self._attempts = attempts
        self._api_key = api_key
        self._is_open = is_open

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/api/tickets", self._guarded(self.list_json))
        app.router.add_get("/api/tickets/{number}", self._guarded(self.one_json))

    def _guarded(self, handler: Handler) -> Handler:
        async def guard(request: web.Request) -> web.StreamResponse:
            if not self._may(request):
                await self._attempts.failed(request, "api")
                raise web.HTTPUnauthorized(
                    text="请带上接口密钥：Authorization: Bearer <密钥>（设置 JINGGE_API_KEY）。"
                )
            response: web.StreamResponse = await handler(request)
            return response

        return guard

    def _may(self, request: web.Request) -> bool:
        if self._is_open:
            return True
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return same(self._api_key, given)

    def _leaves(self, ticket: Ticket) -> bool:
        """A key is nobody's: what is kept from every rank does not leave by it."""
        return self._is_open or ticket.category not in rights.KEPT

    async def list_json(self, _request: web.Request) -> web.Response:
        """The newest tickets."""
        return web.json_response(await self._list())

    async def one_json(self, request: web.Request) -> web.Response:
        """One ticket with its journal. Raises: 404."""
        return web.json_response(await self._one(request.match_info["number"]))

    async def _list(self) -> list[dict[str, Any]]:
        rules, now = self._engine.current_rules(), self._engine.clock.now()

        def read(conn: Connection) -> list[dict[str, Any]]:
            db = self._engine.db_of(conn)
            found = [one for one in ticket_words.newest(db, _MOST) if self._leaves(one)]
            stories = journal.of_tickets(db, [one.id for one in found])
            gone = _gone(db, [entry for story in stories.values() for entry in story])
            return [_with_story(t, stories.get(t.id, []), gone, rules, now) for t in found]

        return await self._engine.database.read(read)

    async def _one(self, number: str) -> dict[str, Any]:
        rules, now = self._engine.current_rules(), self._engine.clock.now()

        def read(conn: Connection) -> dict[str, Any] | None:
            db = self._engine.db_of(conn)
            ticket = tickets.by_number(db, number)
            if ticket is None or not self._leaves(ticket):
                return None
            story = journal.of_ticket(db, ticket.id)
            return _with_story(ticket, story, _gone(db, story), rules, now)

        found = await self._engine.database.read(read)
        if found is None:
            raise web.HTTPNotFound(text=f"没有 {number} 这个工单，请看看编号对不对。")
        return found


def _gone(db: Db, entries: list[Entry]) -> set[str]:
    """The events behind these steps that were taken back."""
    return recalls.among(db, {e.key.rpartition(":")[0] for e in entries})


def _with_story(
    ticket: Ticket, entries: list[Entry], gone: set[str], rules: Rules, now: datetime
) -> dict[str, Any]:
    mark = rules.text("recalled_mark")
    rows = (replace(e, reason=mark) if e.key.rpartition(":")[0] in gone else e for e in entries)
    return {**as_json(ticket, rules, now), "journal": [_step(e, rules, ticket) for e in rows]}


def as_json(ticket: Ticket, rules: Rules, now: datetime) -> dict[str, Any]:
    """One ticket without its journal: masked, with labels for people."""
    owner, chat = rules.person(ticket.owner), rules.chat(ticket.chat)
    grid, department = rules.grid(ticket.grid), rules.department(ticket.department)
    names = {c.code: c.name for c in rules.reading.categories}
    due_state, due_label = _due(ticket, now)
    hidden = ticket.protected
    return {
        "number": ticket.number,
        "stage": ticket.stage.value,
        "category": ticket.category,
        "urgency": ticket.urgency.value,
        "danger": ticket.danger is not Danger.NONE,
        "danger_grade": ticket.danger.value,
        "protected": ticket.protected,
        "chat": ticket.chat or _PRIVATE,
        "owner": ticket.owner or None,
        "department": ticket.department or None,
        "opened_at": _iso(ticket.opened_at),
        "closed_at": _iso(ticket.closed_at),
        "rating": ticket.rating,
        "closing_code": ticket.closing_code or None,
        "grid": ticket.grid or None,
        "stage_label": ticket.stage.label,
        "category_name": names.get(ticket.category, ticket.category),
        "urgency_label": ticket.urgency.label,
        "chat_name": chat.name if chat else "私聊",
        "grid_name": grid.name if grid else "",
        "owner_name": owner.name if owner else "",
        "department_name": department.name if department else ticket.unit,
        "place": "" if hidden else loop.place_of(rules, ticket, full=False),
        "summary": "" if hidden else _said(ticket, rules),
        "due_state": due_state,
        "due_label": due_label,
    }


def _said(ticket: Ticket, rules: Rules) -> str:
    """What was said, as anybody may read it: the page does not know who looks."""
    words = shown.outside(rules, shortening.one_line(ticket.masked))
    return shortening.short(words, _MOST_WORDS)


def _due(ticket: Ticket, now: datetime) -> tuple[str, str]:
    if ticket.stage is Stage.WAITING:
        return "paused", "等回话，不计时"
    if ticket.due_at is None or not ticket.is_open:
        return "none", ""
    if ticket.due_at <= now:
        return "over", f"超时 {clocks.span_words(now - ticket.due_at)}"
    soon = clocks.share_of(ticket.stage_at, ticket.due_at, _SOON_SHARE)
    return ("soon" if now >= soon else "ok"), f"还剩 {clocks.span_words(ticket.due_at - now)}"


def _step(entry: Entry, rules: Rules, ticket: Ticket) -> dict[str, Any]:
    person = rules.person(entry.actor)
    return {
        "at": _iso(entry.at),
        "actor": entry.actor,
        "act": entry.act,
        "from": entry.from_stage,
        "to": entry.to_stage,
        "reason": "" if ticket.protected else shown.outside(rules, entry.reason),
        "actor_name": person.name if person else _ACTORS.get(entry.actor, entry.actor),
        "act_label": Act(entry.act).label,
        "from_label": Stage(entry.from_stage).label if entry.from_stage else "",
        "to_label": Stage(entry.to_stage).label if entry.to_stage else "",
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(clocks.ZONE).isoformat(timespec="seconds") if moment else None
