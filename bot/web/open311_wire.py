"""Open311 on the wire (格式): JSON and XML answers, error shapes, and bodies read with limits.

GeoReport v2: the format is the suffix of the path; without one the ``Accept`` header decides, and
JSON is the default. Errors are ``[{"code", "description"}]`` or ``<errors><error>…``.
Source: wiki.open311.org/GeoReport_v2, read 2026-11. Used by ``bot.web.open311``.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import web

Record = Mapping[str, Any]
BODY_LIMIT = 64 * 1024
BODY_S = 5.0
KNOWN = frozenset(
    (
        *("api_key", "jurisdiction_id", "service_code", "service_request_id", "update_id"),
        *("description", "address_string", "address_id", "lat", "long", "media_url"),
        *("first_name", "last_name", "phone", "email"),
    )
)
NUMBERS = frozenset(("lat", "long"))
_MOST_FIELDS = 100
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_NO_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


class Fault(Exception):
    """An answer with an error: HTTP status, what to say, and when to come back."""

    def __init__(self, code: int, description: str, retry_after_s: float = 0.0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after_s = retry_after_s


def wants_xml(request: web.Request) -> bool:
    """True when the suffix says xml, or nothing does and the caller prefers it."""
    suffix = request.match_info.get("format", "")
    if suffix:
        return suffix == ".xml"
    accepted = request.headers.get("Accept", "")
    return "xml" in accepted and "json" not in accepted and "html" not in accepted


def answer_list(
    request: web.Request, root: str, item: str, records: Sequence[Record], status: int = 200
) -> web.Response:
    """A list of records: a JSON array, or ``<root><item>…``."""
    if not wants_xml(request):
        return _json([dict(record) for record in records], status)
    items = "".join(f"<{item}>{_fields(record)}</{item}>" for record in records)
    return _xml(f"<{root}>{items}</{root}>", status)


def answer_one(request: web.Request, root: str, record: Record) -> web.Response:
    """One record: a JSON object, or ``<root>…``."""
    if not wants_xml(request):
        return _json(dict(record), 200)
    return _xml(f"<{root}>{_fields(record)}</{root}>", 200)


def answer_fault(request: web.Request, fault: Fault) -> web.Response:
    """The error in the shape of the specification."""
    record = {"code": fault.code, "description": fault.description}
    response = answer_list(request, "errors", "error", [record], fault.code)
    if fault.retry_after_s:
        response.headers["Retry-After"] = str(max(1, round(fault.retry_after_s)))
    return response


def _json(value: Any, status: int) -> web.Response:
    text = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    return web.Response(body=text, status=status, content_type=_JSON, charset="utf-8")


def _xml(inner: str, status: int) -> web.Response:
    text = (_DECLARATION + inner).encode(errors="replace")
    return web.Response(body=text, status=status, content_type="text/xml", charset="utf-8")


def _fields(record: Record) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in record.items())


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_fields(one) for one in value)
    return escape(_NO_XML.sub("", str(value)))


async def read_fields(request: web.Request) -> dict[str, str]:
    """The fields of a POST: a form as the specification has it, or a flat JSON object.

    Empty values count as not given; unknown fields are left out.
    Raises: Fault 400, 408, 413 or 415.
    """
    raw = await _read(request)
    kind = request.content_type if raw or "Content-Type" in request.headers else _FORM
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Fault(400, "the body is not UTF-8") from None
    if kind == _FORM:
        given = _form(text)
    elif kind == _JSON:
        given = _object(text)
    else:
        raise Fault(415, f"send {_FORM} or {_JSON}")
    return {name: found for name, value in given.items() if (found := _clean(value))}


def _clean(value: str) -> str:
    """The text without what no text has: NUL and halves of characters."""
    return value.encode(errors="replace").decode().replace("\0", "").strip()


def _form(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Fault(400, "the form cannot be read") from None
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in KNOWN:
            given.setdefault(name, value)
    return given


def _object(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Fault(400, "the JSON cannot be read") from None
    if not isinstance(found, dict) or len(found) > _MOST_FIELDS:
        raise Fault(400, "send one flat JSON object")
    return {name: _scalar(name, found[name]) for name in sorted(KNOWN & found.keys())}


def _scalar(name: str, value: Any) -> str:
    if value is None:
        return ""
    wants = (int, float) if name in NUMBERS else (str,)
    if isinstance(value, bool) or not isinstance(value, wants):
        raise Fault(400, f"{name} has the wrong type")
    return str(value)


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for piece in request.content.iter_chunked(16384):
                body += piece
                if len(body) > BODY_LIMIT:
                    raise Fault(413, f"the body has more than {BODY_LIMIT} bytes")
    except TimeoutError:
        raise Fault(408, "the body came too slowly") from None
    except web.RequestPayloadError:
        raise Fault(400, "the body is broken") from None
    return bytes(body)


def methods_of(path: str) -> str:
    """Which methods that address takes; empty when there is no such address."""
    if path in ("v2/requests", "v2/servicerequestupdates"):
        return "GET, POST"
    known = ("openapi", "discovery", "v2/discovery", "v2/services")
    head, _, rest = path.rpartition("/")
    below = head in ("v2/services", "v2/requests") and bool(rest)
    return "GET" if path in known or below else ""
