"""Logging (日志): one line per event, with the event's id; no words, names or phones.

As JSON such a line has fields of its own: event, kind, line, ms, outcome (done, dead).

Lines go to stderr, or to a file in the demo. The mask is the last defence, not the first; the ids
of timers and cron hours, which look like phones to it, stay readable. What
cannot be read as HTTP is quoted by aiohttp in its fault, whatever stood in it: of such a fault
only the kind is kept.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError

from bot.domain.privacy import mask
from bot.engine.worker import current

# Of our own making: an hour is no phone, and a timer's number has fewer digits than a mobile.
_OWN_ID = re.compile(r"(\bid=(?:cron:[a-z_]+:20\d{10}|timer:\d{1,10})(?![\d-]))")


class _Masked(logging.Filter):
    """Masks numbers of persons in every line, in case one slips through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the message is rendered and masked."""
        record.msg = _hidden(_without_quotes(record))
        record.args = ()
        return True


def _hidden(text: str) -> str:
    """``text`` without numbers of persons; ids that the clock made stand as they are."""
    parts = _OWN_ID.split(text)
    parts[::2] = map(mask, parts[::2])
    return "".join(parts)


def _without_quotes(record: logging.LogRecord) -> str:
    """The message; a fault that quotes what came over the wire leaves nothing but its name."""
    fault = record.exc_info[1] if record.exc_info else None
    kinds = [type(one).__name__ for one in _chain(fault) if isinstance(one, HttpProcessingError)]
    if not kinds:
        return record.getMessage()
    record.exc_info, record.exc_text = None, None
    # asyncio writes a fault that nobody awaited into the message itself.
    said = "not awaited" if record.name == "asyncio" else record.getMessage()
    return f"{said}: {kinds[0]}"


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """``fault`` and what it came from; a fault has at most one place in it."""
    seen: set[int] = set()
    waiting = [fault]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__context__, one.__cause__]


class _Plain(logging.Formatter):
    """One line, and below it where a fault came from."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 the name of logging
        """The traceback, masked as the line is."""
        return _hidden(super().formatException(ei))


class _Json(_Plain):
    """One JSON object per line, for machines that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "name": record.name,
            "event": current.get(),
            **getattr(record, "about", {}),
            "text": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def begin(path: Path | None = None, form: str = "text") -> None:
    """Send INFO and above to stderr or ``path``; ``form`` is text or json."""
    handler: logging.Handler = (
        logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler(sys.stderr)
    )
    plain = _Plain("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(_Json() if form == "json" else plain)
    handler.addFilter(_Masked())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
