"""What every answer forbids the browser (响应头): foreign scripts, frames, guessing, copies.

One hook over all routes, so that a refusal, a file and a page of tomorrow have it as well; a route
that needs something stricter sets its own. Files that are the same for everybody (styles, scripts)
may be kept by a browser, everything else may not. Plugged by ``bot.web.server``.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_LONGEST_PATH = 255  # no route of ours has words in its path
_KEPT = {"Cache-Control": "no-store"}


def plug(app: web.Application) -> None:
    """Stand before and behind all routes of ``app``."""
    app.middlewares.append(_short)
    app.on_response_prepare.append(_guard)


@web.middleware
async def _short(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raises: 404 for a path that no file system takes as a name, instead of a fault of it."""
    if len(request.rel_url.raw_path) > _LONGEST_PATH:
        raise web.HTTPNotFound
    return await handler(request)


async def _guard(_request: web.Request, answer: web.StreamResponse) -> None:
    is_file = isinstance(answer, web.FileResponse) and answer.status < 400
    for name, value in (_ALWAYS if is_file else _ALWAYS | _KEPT).items():
        answer.headers.setdefault(name, value)
