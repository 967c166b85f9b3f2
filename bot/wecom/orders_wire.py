"""An order's JSON (工单报文): WeCom's words in, plain data out; every oddity ends here.

A grid's name may be a number, the grid may be missing, lists may be null, and no time of change is
given. Who reported, the phone and the unionid stay with WeCom: whoever handles the order reads
them there. Called by ``bot.wecom.orders``.
Source: https://developer.work.weixin.qq.com/document/path/93514, 93533.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.wecom.cuts import clean

_LONGEST = 4000
_DIGITS = 16
_LARGEST = 10**_DIGITS


def order_in(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The order as ``bot.domain.orders`` reads it; raises nothing, whatever is missing is empty."""
    place = raw.get("location")
    place = place if isinstance(place, Mapping) else {}
    return {
        "text": _text(raw, "desc")[:_LONGEST],
        "case": _text(raw, "case_name"),
        "urge": _number(raw, "urge_type"),
        "grid": _text(raw, "grid_id"),
        "grid_name": _text(raw, "grid_name"),
        "place": _text(place, "name"),
        "address": _text(place, "address"),
        "made_at": _number(raw, "create_time"),
        "processors": [_plain(one) for one in _list(raw, "processor_userids")],
        **_media(raw),
        "steps": [_step(one) for one in _list(raw, "process_list") if isinstance(one, Mapping)],
    }


def is_whole(raw: Mapping[str, Any]) -> bool:
    """True when a row of the list tells all that ``get_order_info`` would."""
    return "process_list" in raw and "desc" in raw


def digest_of(data: Mapping[str, Any]) -> str:
    """Sixteen hex digits that change whenever anything of the order does."""
    packed = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()[:16]


def moment_in(data: Mapping[str, Any], now: datetime) -> datetime:
    """When the order was made; ``now`` where it does not say so, or says what is no moment."""
    try:
        return datetime.fromtimestamp(data["made_at"], UTC) if data["made_at"] else now
    except (ValueError, OverflowError, OSError):
        return now


def _step(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": _number(raw, "process_type"),
        "by": _text(raw, "solve_userid"),
        "words": _text(raw, "process_desc")[:_LONGEST],
        "status": _number(raw, "status"),
        "at": _number(raw, "solved_time"),
        **_media(raw),
    }


def _media(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "images": [_plain(one) for one in _list(raw, "image_urls") if one],
        "videos": [_plain(one) for one in _list(raw, "video_media_ids") if one],
    }


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return "" if value is None or isinstance(value, dict | list) else _plain(value)


def _plain(value: Any) -> str:
    """Any one value as words that can be stored; cut where nobody would read on."""
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return ""
    return clean(str(value)).strip()


def _number(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _DIGITS:
        return int(value)
    # Infinity and what is no number stand in no range.
    if isinstance(value, int | float) and -_LARGEST < value < _LARGEST:
        return int(value)
    return 0


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw.get(name)
    return value if isinstance(value, list) else []
