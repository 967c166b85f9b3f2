"""Logging (日志): one line per event, with the event's id; no words, names or phones.

Lines go to stderr, or to a file in the demo. The mask is the last defence, not the first.
"""

import logging
import sys
from pathlib import Path

from bot.domain.privacy import mask


class _Masked(logging.Filter):
    """Masks numbers of persons in every line, in case one slips through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the message is rendered and masked."""
        record.msg = mask(record.getMessage())
        record.args = ()
        return True


def begin(path: Path | None = None) -> None:
    """Send INFO and above to stderr or ``path``."""
    handler: logging.Handler = (
        logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler(sys.stderr)
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_Masked())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
