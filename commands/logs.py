"""Logging (日志): one line per event, with the event's id; no words, names or phones.

As JSON such a line has fields of its own: event, kind, line, ms, outcome (done, dead).

Lines go to stderr, or to a file in the demo. The mask is the last defence, not the first.
"""

import json
import logging
import sys
from pathlib import Path

from bot.domain.privacy import mask
from bot.engine.worker import current


class _Masked(logging.Filter):
    """Masks numbers of persons in every line, in case one slips through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the message is rendered and masked."""
        record.msg = mask(record.getMessage())
        record.args = ()
        return True


class _Json(logging.Formatter):
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
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(_Json() if form == "json" else plain)
    handler.addFilter(_Masked())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
