"""JSON in and out of the control API: bodies, answers, refusals with their HTTP status.

Used by `control.py` and `playing.py`; Chinese stays readable in answers.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator.people import Wrong
from simulator.quiet import NotQuiet
from simulator.world import Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def in_json(data: object, status: int = 200) -> web.Response:
    """``data`` as a JSON answer, Chinese readable."""
    return web.json_response(text=json.dumps(data, ensure_ascii=False), status=status)


async def body_of(request: web.Request) -> Json:
    """The JSON object of a request.

    Raises: Wrong, when it is none.
    """
    try:
        body: Any = await request.json()
    except ValueError as bad:
        raise Wrong(400, "the body is not JSON") from bad
    if not isinstance(body, dict):
        raise Wrong(400, "the body is not a JSON object")
    return body


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn the control API's own refusals into JSON with a status."""
    try:
        return await handler(request)
    except Wrong as wrong:
        return in_json({"error": str(wrong)}, status=wrong.status)
    except NotQuiet as busy:
        return in_json({"waiting_for": str(busy), **busy.answer}, status=504)
