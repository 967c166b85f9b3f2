"""The lines of a file that ``replay`` reads (重放的输入): each becomes a ``Line`` or a sentence.

One bad line never stops the others: it keeps its place and gets ``{id, error}``. Text that no
database can hold (half an emoji) is repaired here, once. Called by ``commands.replay`` only.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.vocabulary import Role

ZONE = ZoneInfo("Asia/Shanghai")
_YEARS = range(2000, 2100)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who said what, where and when; ``place`` is its position in the file, from 0."""

    place: int
    id: object
    chat: str
    sender: str
    text: str
    at: datetime
    role: Role | None = None
    grid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that cannot be replayed, and why, in a sentence."""

    place: int
    id: object
    error: str


class _Unreadable(Exception):
    """A field is missing or of the wrong sort; the sentence says which."""


def parse_lines(raw: bytes) -> list[Line | BadLine]:
    """Every line of a UTF-8 JSON-lines file in its order; empty lines do not count."""
    found = [part for part in raw.removeprefix(b"\xef\xbb\xbf").split(b"\n") if part.strip()]
    return [_parsed(place, part) for place, part in enumerate(found)]


def _parsed(place: int, raw: bytes) -> Line | BadLine:
    said: dict[str, Any] = {}
    try:
        said = _object(raw)
        return Line(
            place=place,
            id=said.get("id"),
            chat=_name(said, "chat"),
            sender=_name(said, "sender"),
            text=_text(said),
            at=_moment(said.get("at")),
            role=_role(said.get("role")),
            grid=_grid(said.get("grid")),
        )
    except _Unreadable as fault:
        return BadLine(place=place, id=said.get("id"), error=str(fault))


def _object(raw: bytes) -> dict[str, Any]:
    """The JSON object of a line, without half characters. Raises: _Unreadable."""
    try:
        said = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise _Unreadable("这一行不是 UTF-8 编码，请把文件另存为 UTF-8。") from None
    except (ValueError, RecursionError):
        raise _Unreadable("这一行不是完整的 JSON，请检查引号和括号。") from None
    if not isinstance(said, dict):
        raise _Unreadable("这一行应当是 {“id”:…, “text”:…} 这样的对象。")
    whole: dict[str, Any] = json.loads(
        json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    )
    return whole


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _name(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME:
        raise _Unreadable(f"缺少 {key}，或 {key} 不是 {_LONGEST_NAME} 字以内的文字。")
    return value.strip()


def _text(said: dict[str, Any]) -> str:
    value = said.get("text")
    if not isinstance(value, str):
        raise _Unreadable("缺少 text，或 text 不是文字。")
    return value


def _moment(value: object) -> datetime:
    """An aware moment; without zone it is the station's time. Raises: _Unreadable."""
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise _Unreadable("缺少 at，或 at 不是时间，应当像 2026-03-04T09:00:00+08:00。")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _role(value: object) -> Role | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in set(Role):
        roles = "、".join(Role)
        raise _Unreadable(f"role 不认识，应当是其中一个：{roles}。")
    return Role(value)


def _grid(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unreadable("grid 不是文字，应当是 grids.yaml 里的网格编号。")
    return value.strip()
