"""What an Open311 request asks for (请求的内容): checked once, handed on as values.

Every parameter that a stranger may type is judged here, so that nothing odd reaches a query or
the inbox. Raises: Fault with 400 or 404. Used by ``bot.web.open311``.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.web.open311_wire import Fault
from config.reading_rules import Category
from config.rules import Rules

LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_SHORT = 4000, 200, 100
ANY = "auto"
_NOBODY = "-"
SPAN = timedelta(days=90)
_ID = re.compile(r"[0-9A-Za-z-]{1,40}")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_NUMBER = re.compile(r"[-+]?[0-9]{1,20}(\.[0-9]{0,20})?([eE][-+]?[0-9]{1,3})?")
_CONTACTS = ("first_name", "last_name", "phone", "email")
_MOST_IDS = 50
_SECRETS = frozenset({"api_key"})


@dataclass(frozen=True, slots=True)
class Posted:
    """A report as it was filled in."""

    code: str
    text: str
    address: str
    notes: tuple[str, ...]
    contact: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports are asked for; empty tuples mean all."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: tuple[str, ...]
    since: datetime
    until: datetime


def offered(rules: Rules) -> list[Category]:
    """The categories that another system may report under: nothing protected is on a menu."""
    return [one for one in rules.reading.categories if not one.protected]


def jurisdiction(given: Mapping[str, str], rules: Rules) -> None:
    """Pass without the parameter or with ours. Raises: Fault 404."""
    named = given.get("jurisdiction_id", "")
    if named and named != rules.station.id:
        raise Fault(404, "jurisdiction_id provided was not found")


def posted(given: Mapping[str, str], rules: Rules) -> Posted:
    """A new report. Raises: Fault 400, or 404 for a service nobody offers."""
    code = _code(given, rules)
    text = _text(given)
    address = _short(given, "address_string", LONGEST_ADDRESS)
    address = address or _short(given, "address_id", LONGEST_ADDRESS)
    spot = _spot(given)
    if not address and not spot:
        raise Fault(400, "a location is required: address_string, address_id, or lat and long")
    return Posted(
        code="" if code == ANY else code,
        text=text,
        address=" ".join(address.split()),
        notes=(*spot, *_media(given)),
        contact=" ".join(_short(given, name, LONGEST_SHORT) for name in _CONTACTS).strip(),
        body_hash=hash_of(given),
    )


def added(given: Mapping[str, str]) -> Posted:
    """A further word on a report. Raises: Fault 400."""
    return Posted(
        code="",
        text=_text(given),
        address="",
        notes=_media(given),
        contact="",
        body_hash=hash_of(given),
    )


def hash_of(given: Mapping[str, str]) -> str:
    """A digest of all fields but the key."""
    fields = {name: value for name, value in given.items() if name not in _SECRETS}
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def wanted(given: Mapping[str, str], now: datetime) -> Wanted:
    """Which reports a list asks for; at most 90 days. Raises: Fault 400."""
    until = _moment(given, "end_date") or now + timedelta(minutes=1)
    since = _moment(given, "start_date") or _back(until)
    return Wanted(
        ids=_ids(given),
        codes=_listed(given, "service_code"),
        statuses=_statuses(given),
        since=max(since, _back(until)),
        until=until,
    )


def request_id(text: str) -> str:
    """The id as it may be looked up. Raises: Fault 404 for anything that cannot be one."""
    if not _ID.fullmatch(text):
        raise Fault(404, "service_request_id provided was not found")
    return text


def idempotency_key(text: str | None) -> str:
    """The key of the header; empty when there is none. Raises: Fault 400."""
    if text is not None and not _KEY.fullmatch(text):
        raise Fault(400, "Idempotency-Key must be 1 to 200 visible ASCII characters")
    return text or ""


def _code(given: Mapping[str, str], rules: Rules) -> str:
    code = given.get("service_code", "")
    if not code:
        raise Fault(400, "service_code was not provided")
    if code != ANY and code not in {one.code for one in offered(rules)}:
        raise Fault(404, "service_code provided was not found")
    return code


def _text(given: Mapping[str, str]) -> str:
    text = given.get("description", "")
    if not text:
        raise Fault(400, "description was not provided")
    if len(text) > LONGEST_TEXT:
        raise Fault(400, f"description has more than {LONGEST_TEXT} characters")
    return text


def _short(given: Mapping[str, str], name: str, most: int) -> str:
    text = given.get(name, "")
    if len(text) > most:
        raise Fault(400, f"{name} has more than {most} characters")
    return text


def _spot(given: Mapping[str, str]) -> tuple[str, ...]:
    """The coordinates as a note for staff; half a pair is no place and counts as none."""
    names = ("lat", "long")
    found = [given.get(name, "") for name in names]
    if not all(found):
        return ()
    lat, long = (_degrees(*one) for one in zip(names, found, (90, 180), strict=True))
    return (f"坐标 {lat:.6f},{long:.6f}",)


def _degrees(name: str, text: str, most: int) -> float:
    value = float(text) if _NUMBER.fullmatch(text) else most + 1.0
    if abs(value) > most:
        raise Fault(400, f"{name} must be a number of WGS84 degrees")
    return value


def _media(given: Mapping[str, str]) -> tuple[str, ...]:
    """The address of a picture, as a note; nothing is fetched."""
    url = _short(given, "media_url", 500)
    if not url:
        return ()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Fault(400, "media_url is no address") from None
    if parts.scheme not in ("http", "https") or not parts.netloc or not url.isprintable():
        raise Fault(400, "media_url must begin with http:// or https://")
    return (f"图片链接 {url}",)


def _listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in given.get(name, "").split(",") if part.strip())
    if len(parts) > _MOST_IDS:
        raise Fault(400, f"{name}: at most {_MOST_IDS} at once")
    return parts


def _ids(given: Mapping[str, str]) -> tuple[str, ...]:
    """The ids that can be one; when none of those given can, one that nobody has."""
    named = _listed(given, "service_request_id")
    found = tuple(one for one in named if _ID.fullmatch(one))
    return found or (named[:1] and (_NOBODY,))


def _statuses(given: Mapping[str, str]) -> tuple[str, ...]:
    found = _listed(given, "status")
    if not set(found) <= {"open", "closed"}:
        raise Fault(400, "status must be open or closed")
    return found


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Fault(400, f"{name} must look like 2026-03-04T09:30:00+08:00") from None
    if "T" not in text.upper() or not re.search(r"(Z|[+-]\d\d:?\d\d)$", text.replace(" ", "+")):
        raise Fault(400, f"{name} must have a time and a zone, 2026-03-04T09:30:00+08:00")
    return moment


def _back(until: datetime) -> datetime:
    try:
        return until - SPAN
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
