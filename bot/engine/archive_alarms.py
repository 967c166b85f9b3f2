"""What the operator hears of the archive (存档告警): a hole, a missing key, a refusal.

Keys are made of what happened and of day or hour, so that a fault that lasts is told once and not
with every page. ``handlers.alarms`` says them.
"""

from datetime import datetime, timedelta

from bot.door_events import Alarmed
from bot.wecom.errors import WeComFault

KEPT_BY_WECOM = timedelta(days=5)
_DOOR = "archive"


def hole(looked_at: datetime, now: datetime) -> list[Alarmed]:
    """WeCom keeps five days: what was said before that, while nobody looked, is lost."""
    lost_until = now - KEPT_BY_WECOM
    if looked_at >= lost_until:
        return []
    values = {"from": looked_at.isoformat(), "to": lost_until.isoformat()}
    return [_alarm(f"gap:{looked_at:%Y%m%d%H%M}", now, "operator_archive_gap", values)]


def unopened(version: int, why: str, now: datetime) -> Alarmed:
    """A row does not open: its key is missing, or it is broken; once a day."""
    text = "operator_archive_key" if why == "no_key" else "operator_archive_row"
    return _alarm(f"{why}:{version}:{now:%Y%m%d}", now, text, {"version": str(version)})


def refused(fault: Exception, now: datetime) -> Alarmed:
    """WeCom or its library will not hand out anything as things stand; once an hour."""
    code = str(fault.errcode if isinstance(fault, WeComFault) else 0)
    return _alarm(f"refused:{code}:{now:%Y%m%d%H}", now, "operator_archive_refused", {"why": code})


def _alarm(name: str, now: datetime, text: str, values: dict[str, str]) -> Alarmed:
    key = f"alarm:{_DOOR}:{name}"
    return Alarmed(key=key, at=now, door=_DOOR, text=text, values=values)
