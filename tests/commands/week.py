"""Lines of a made-up week, and what ``replay`` answers to them."""

import json
from datetime import datetime, timedelta
from typing import Any

from commands import replay
from commands.replay_lines import parse_lines
from config.rules import Rules

LAMP = "3号楼2单元楼道灯坏了好几天了"
NINE = datetime.fromisoformat("2026-03-04T09:00:00+08:00")


def said(text: str, after_s: float = 0, **more: Any) -> dict[str, Any]:
    """A line of a file: Ms Wang in the group of a known estate, from nine o'clock on."""
    at = (NINE + timedelta(seconds=after_s)).isoformat()
    return {"id": text, "chat": "wrGUIHUA01", "sender": "wang", "text": text, "at": at, **more}


def played(rules: Rules, *lines: dict[str, Any] | str) -> list[dict[str, Any]]:
    """The answers to these lines; a text is a raw line of the file."""
    raw = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
    return replay.answers(rules, parse_lines(raw.encode()))
