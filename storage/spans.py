"""A span of time (时段), as figures ask for it; called by ``figures``, ``rates`` and pages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` on, before ``until``."""

    since: datetime
    until: datetime
