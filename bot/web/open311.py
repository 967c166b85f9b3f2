"""The open door (开放接口): Open311 GeoReport v2 for property alarms, 12345 and 智慧社区.

A POST becomes an event like everything else: stored first, then answered with an id; its key makes
a repetition harmless. Reading needs a key as well, because what residents report is nobody else's
business. Source: wiki.open311.org/GeoReport_v2; updates as in GeoReport v2.1 draft practice
(``servicerequestupdates``). Plugged into the web server by the roof.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.domain import privacy
from bot.domain.reading import read
from bot.door_events import Filed
from bot.engine.app import Engine
from bot.web import open311_asked as asked
from bot.web import open311_doc, open311_wire
from bot.web.open311_asked import Posted
from bot.web.open311_callers import Callers, key_in
from bot.web.open311_view import View
from bot.web.open311_wire import Fault, answer_fault, answer_list, answer_one, methods_of
from bot.wecom.channel import Buckets
from config.partner_rules import Client
from config.rules import Rules
from config.vocabulary import Danger
from storage import filed as filings
from storage.partner_keys import Keyring

log = logging.getLogger(__name__)
ROOT = "/open311"
T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.Response]]
_FORMAT = r"{format:(?:\.json|\.xml)?}"
_LONGEST_WORDS = 500


class Open311:
    """Routes over one engine."""

    def __init__(self, engine: Engine, keys: Keyring, buckets: Buckets) -> None:
        self._engine = engine
        self._callers = Callers(keys, buckets, lambda: engine.current_rules().partners)

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        v2 = f"{ROOT}/v2"
        add = app.router.add_route
        add("GET", f"{ROOT}/openapi.json", self._guarded(self.document))
        for name, handler in (
            (f"{ROOT}/discovery{_FORMAT}", self.discovery),
            (f"{v2}/discovery{_FORMAT}", self.discovery),
            (f"{v2}/services{_FORMAT}", self.services),
            (f"{v2}/services/{{id:[^/.]+}}{_FORMAT}", self.definition),
            (f"{v2}/requests{_FORMAT}", self.requests),
            (f"{v2}/requests/{{id:[^/.]+}}{_FORMAT}", self.request),
            (f"{v2}/servicerequestupdates{_FORMAT}", self.updates),
        ):
            add("GET", name, self._guarded(handler))
        add("POST", f"{v2}/requests{_FORMAT}", self._guarded(self.post))
        add("POST", f"{v2}/servicerequestupdates{_FORMAT}", self._guarded(self.post_update))
        add("*", f"{ROOT}/{{rest:.*}}", self._guarded(self.nothing))

    def _guarded(self, handler: Handler) -> Handler:
        """Every refusal in the shape of the specification; a database that is away is a 503."""

        async def guard(request: web.Request) -> web.Response:
            try:
                await self._callers.anybody(request)
                response = await handler(request)
            except Fault as fault:
                response = answer_fault(request, fault)
            except (OSError, SQLAlchemyError) as fault:
                log.warning("open311 cannot answer now: %s", type(fault).__name__)
                response = answer_fault(request, Fault(503, "not available now, try again", 5))
            return response

        return guard

    # -- what anybody may read ------------------------------------------------------------

    async def document(self, request: web.Request) -> web.Response:
        """The OpenAPI document."""
        await self._callers.stranger(request)
        return web.json_response(open311_doc.document(self._rules.station.id))

    async def discovery(self, request: web.Request) -> web.Response:
        """Service discovery: where the endpoint is and which formats it speaks."""
        await self._callers.stranger(request)
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": f"{request.scheme}://{request.host}{ROOT}/v2",
            "changeset": self._rules.version,
            "type": "production",
            "formats": [{"format": "application/json"}, {"format": "text/xml"}],
        }
        changed = {"changeset": self._rules.version, "contact": self._rules.station.name}
        record = {**changed, "key_service": "", "endpoints": [{"endpoint": [endpoint]}]}
        if not open311_wire.wants_xml(request):
            record["endpoints"] = [endpoint | {"formats": ["application/json", "text/xml"]}]
        return answer_one(request, "discovery", record)

    async def services(self, request: web.Request) -> web.Response:
        """What may be reported."""
        await self._callers.stranger(request)
        rules = self._rules
        asked.jurisdiction(request.query, rules)
        names = {one.id: one.name for one in rules.divert.departments}
        anything = _service(asked.ANY, "由程序判断", "不知道归哪一类时用，由程序按内容判断", "")
        records = [
            _service(one.code, one.name, one.name, names.get(one.handled_by, rules.station.name))
            for one in asked.offered(rules)
        ]
        return answer_list(request, "services", "service", [anything, *records])

    async def definition(self, request: web.Request) -> web.Response:
        """One service; none has further fields."""
        await self._callers.stranger(request)
        asked.jurisdiction(request.query, self._rules)
        code = request.match_info["id"]
        if code not in {asked.ANY, *(one.code for one in asked.offered(self._rules))}:
            raise Fault(404, "service_code provided was not found")
        return answer_one(request, "service_definition", {"service_code": code, "attributes": []})

    async def nothing(self, request: web.Request) -> web.Response:
        """No such address, or not by this method."""
        await self._callers.stranger(request)
        path = request.path.removesuffix(".json").removesuffix(".xml")
        methods = methods_of(path.removeprefix(f"{ROOT}/"))
        if not methods or request.method in methods:
            raise Fault(404, "no such address")
        response = answer_fault(request, Fault(405, f"use {methods}"))
        response.headers["Allow"] = methods
        return response

    # -- what a client may read -----------------------------------------------------------

    async def requests(self, request: web.Request) -> web.Response:
        """The client's reports of at most 90 days."""
        caller = await self._callers.client(request, request.query)
        asked.jurisdiction(request.query, self._rules)
        wanted = asked.wanted(request.query, self._engine.clock.now())
        records = await self._view(caller, lambda view: view.listed(wanted))
        return answer_list(request, "service_requests", "request", records)

    async def request(self, request: web.Request) -> web.Response:
        """One report. Raises: Fault 404."""
        caller = await self._callers.client(request, request.query)
        asked.jurisdiction(request.query, self._rules)
        wanted = asked.request_id(request.match_info["id"])
        record = await self._view(caller, lambda view: view.one(wanted))
        if record is None:
            raise Fault(404, "service_request_id provided was not found")
        return answer_list(request, "service_requests", "request", [record])

    async def updates(self, request: web.Request) -> web.Response:
        """What changed in the client's reports."""
        caller = await self._callers.client(request, request.query)
        asked.jurisdiction(request.query, self._rules)
        wanted = asked.wanted(request.query, self._engine.clock.now())
        records = await self._view(caller, lambda view: view.updates(wanted))
        return answer_list(request, "service_request_updates", "request_update", records)

    # -- what a client may write ----------------------------------------------------------

    async def post(self, request: web.Request) -> web.Response:
        """A new report: stored, then answered with its id."""
        given, caller = await self._posting(request)
        report = asked.posted(given, self._rules)
        key = event_key(caller.id, "post", self._header_key(request))
        row = self._row(key, caller, report, f"r{_digest(key)[:20]}")
        notice = await self._kept(row, report)
        record = {"service_request_id": row.request, "service_notice": notice, "account_id": None}
        return answer_list(request, "service_requests", "request", [record], 201)

    async def post_update(self, request: web.Request) -> web.Response:
        """A further word on a report of this client."""
        given, caller = await self._posting(request)
        if not given.get("service_request_id"):
            raise Fault(400, "service_request_id was not provided")
        about = asked.request_id(given["service_request_id"])
        report = asked.added(given)
        exists, _ = await self._view(caller, lambda view: view.ticket(about))
        if not exists:
            raise Fault(404, "service_request_id provided was not found")
        named = self._header_key(request) or asked.idempotency_key(given.get("update_id"))
        key = event_key(caller.id, f"add:{about}", named)
        row = self._row(key, caller, report, f"u{_digest(key)[:20]}", about)
        await self._kept(row, report)
        record = {"update_id": row.request, "service_request_id": about}
        return answer_list(request, "service_request_updates", "request_update", [record], 201)

    async def _posting(self, request: web.Request) -> tuple[dict[str, str], Client]:
        """The fields and who sent them; the body is read only for a key that is known."""
        if key_in(request, {}):
            caller = await self._callers.client(request, {})
            return _own_fields(await open311_wire.read_fields(request), self._rules), caller
        given = await open311_wire.read_fields(request)
        caller = await self._callers.client(request, {**request.query, **given})
        return _own_fields(given, self._rules), caller

    def _header_key(self, request: web.Request) -> str:
        return asked.idempotency_key(request.headers.get("Idempotency-Key"))

    def _row(
        self, key: str, caller: Client, report: Posted, request: str, about: str = ""
    ) -> filings.Filed:
        words = {
            "description": privacy.mask(report.text)[:_LONGEST_WORDS],
            "address": privacy.mask(report.address),
        }
        return filings.Filed(
            key=key,
            request=request,
            client=caller.id,
            about=about,
            body_hash=report.body_hash,
            service_code=report.code,
            at=self._engine.clock.now(),
            words=words,
        )

    async def _kept(self, row: filings.Filed, report: Posted) -> str:
        """The notice to answer with, once the event is in the inbox. Raises: Fault 409."""
        event = Filed(
            key=row.key,
            at=row.at,
            client=row.client,
            request=row.about or row.request,
            text=report.text,
            address=report.address,
            category=report.code,
            notes=report.notes,
            contact=report.contact,
            adds=bool(row.about),
        )
        notice = await asyncio.to_thread(self._notice, event)
        new = await self._engine.listener.hear(event, also=lambda db: filings.keep(db, row))
        if not new:
            await self._same(row)
        return notice

    async def _same(self, row: filings.Filed) -> None:
        """Pass when the key was used for this very request. Raises: Fault 409."""
        db_of = self._engine.db_of
        before = await self._read(lambda conn: filings.by_key(db_of(conn), row.key))
        if before is not None and before.body_hash != row.body_hash:
            raise Fault(409, "this Idempotency-Key was used for another request")

    def _notice(self, event: Filed) -> str:
        """Danger first: whoever reads this is told to call, before anything else happens."""
        rules = self._rules
        reading = read(event.words, event.at, None, rules.reading, addressed=True)
        return rules.text("filed_taken" if reading.danger is Danger.NONE else "filed_danger")

    async def _view(self, caller: Client, fn: Callable[[View], T]) -> T:
        rules = self._rules
        return await self._read(lambda conn: fn(View(self._engine.db_of(conn), rules, caller)))

    async def _read(self, fn: Callable[[Connection], T]) -> T:
        return await self._engine.database.read(fn)

    @property
    def _rules(self) -> Rules:
        return self._engine.current_rules()


def _own_fields(given: dict[str, str], rules: Rules) -> dict[str, str]:
    asked.jurisdiction(given, rules)
    return given


def _service(code: str, name: str, description: str, group: str) -> dict[str, Any]:
    return {
        "service_code": code,
        "service_name": name,
        "description": description,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": group,
    }


def event_key(client: str, what: str, named: str) -> str:
    """The same for the same Idempotency-Key, fresh without one."""
    return f"open311:{client}:{_digest(f'{client}|{what}|{named or secrets.token_hex(16)}')[:32]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
