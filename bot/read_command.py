"""The loop behind ``run_bot.py read`` (读一行答一行): JSON lines in, JSON lines out.

Imports only config and ``bot.domain``, so that it starts fast and runs where no database is.
Each line gets exactly one answer, in order, at once; a line that cannot be read gets a sentence.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.domain.reading import GridView, read
from bot.domain.report_json import Json, to_json
from config.reading_rules import ReadingRules

ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST_TEXT = 10_000
GridOf = Callable[[str], GridView | None]


def read_lines(
    stdin: Iterable[str], stdout: TextIO, rules: ReadingRules, grid_of: GridOf | None = None
) -> int:
    """Answer every line of ``stdin`` on ``stdout``; always 0.

    ``grid_of`` gives the grid of a chat id, for the names of estates and landmarks.
    """
    for line in stdin:
        if not line.strip():
            continue
        answer = _answer(line, rules, grid_of)
        stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        stdout.flush()
    return 0


def _answer(line: str, rules: ReadingRules, grid_of: GridOf | None) -> Json:
    """The answer to one line; ``{id, error}`` when it cannot be read."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "这一行不是完整的 JSON,请检查引号和括号。"}
    if not isinstance(said, dict):
        return {"id": None, "error": "这一行应当是 {“id”:…, “text”:…} 这样的对象。"}
    id = said.get("id")
    text = said.get("text")
    if not isinstance(text, str):
        return {"id": id, "error": "缺少 text,或 text 不是文字。"}
    at = _moment(said.get("at"))
    if at is None:
        return {"id": id, "error": "at 不是时间,应当像 2026-03-04T09:00:00+08:00。"}
    chat = said.get("chat")
    grid = grid_of(chat) if grid_of and isinstance(chat, str) else None
    return _speakable(to_json(id, read(text[:_LONGEST_TEXT], at, grid, rules)))


def _moment(said: object) -> datetime | None:
    """``said`` as an aware moment; now when nothing is said; None when it is no moment."""
    if said is None or said == "":
        return datetime.now(ZONE)
    if not isinstance(said, str):
        return None
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment.astimezone(ZONE)


def _speakable(answer: Json) -> Json:
    """The answer without lone surrogates, which no UTF-8 stream can carry."""
    plain = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    cleaned: Json = json.loads(plain)
    return cleaned
