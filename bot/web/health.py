"""Whether it lives, whether it is of use, how it fares (健康检查): three addresses for machines.

``/healthz`` and ``/readyz`` answer 200 or 503. Anybody may ask yes or no; reasons and ``/metrics``
are told only on this machine itself, not through a proxy, or to whoever brings the token of the
settings. Plugged in by the roof.
"""

import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.engine import health
from bot.engine.app import Engine
from bot.web.same import same

Figures = Callable[[], Awaitable[Mapping[str, float | None]]]
_BY_PROXY = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class HealthDoor:
    """Three routes over one engine; ``figures`` are those that only the roof knows."""

    def __init__(self, engine: Engine, token: str = "", figures: Figures | None = None) -> None:
        self._engine = engine
        self._token = token
        self._figures = figures

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)
        app.router.add_get("/metrics", self.metrics)

    async def alive(self, request: web.Request) -> web.Response:
        """200 while a restart would change nothing."""
        return self._told(request, "alive", health.alive(self._engine))

    async def ready(self, request: web.Request) -> web.Response:
        """200 while it does what it is there for; ``cut_off`` when WeCom cannot be reached."""
        return self._told(request, "ready", await health.ready(self._engine))

    async def metrics(self, request: web.Request) -> web.Response:
        """The indicators. Raises: 403; 503 when the database cannot be read."""
        if not self._is_ours(request):
            raise web.HTTPForbidden(
                text="指标只在本机看，或者带上 Authorization: Bearer 密钥（JINGGE_METRICS_TOKEN）。"
            )
        try:
            seen = await health.look(self._engine)
        except SQLAlchemyError as fault:
            raise web.HTTPServiceUnavailable(text="数据库读不了，指标取不到。") from fault
        figures = await self._figures() if self._figures else {}
        accept = request.headers.get("Accept", "")
        body, kind = self._engine.measures.written(seen, figures, accept)
        return web.Response(body=body, headers={"Content-Type": kind})

    def _told(self, request: web.Request, name: str, reasons: list[str]) -> web.Response:
        told: dict[str, object] = {name: not reasons}
        if {health.LINE_AWAY, health.UNREACHABLE} & set(reasons):
            told["cut_off"] = True
        if reasons and self._is_ours(request):
            told["reasons"] = reasons
        return web.json_response(told, status=503 if reasons else 200, dumps=_legible)

    def _is_ours(self, request: web.Request) -> bool:
        """True on this machine, or with the token."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if same(self._token, given):
            return True
        is_direct = not any(name in request.headers for name in _BY_PROXY)
        return is_direct and _is_loopback(request.remote)


def _legible(told: object) -> str:
    """JSON that somebody reads with curl at night: Chinese as it is."""
    return json.dumps(told, ensure_ascii=False)


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
