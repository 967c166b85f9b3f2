"""When something is due (时限): allowances counted in working time or round the clock.

Pure arithmetic on aware moments. The calendar knows weekends, public holidays and 调休 through
the library chinesecalendar, as far as its year goes, and the site's own extra days above it.
Handlers set timers with it; texts say the spans in words.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.time_rules import Allowance, WorkCalendar
from config.workdays import is_workday

ZONE = ZoneInfo("Asia/Shanghai")
_MOST_DAYS = 400


class CalendarEmpty(Exception):
    """The site's calendar has no working hour within 400 days."""


def due_at(start: datetime, allowance: Allowance, calendar: WorkCalendar) -> datetime:
    """Moment at which ``allowance`` that began at ``start`` is used up.

    Round the clock it is simple addition; else nights, weekends and holidays stand still.
    Raises: CalendarEmpty.
    """
    if allowance.round_the_clock:
        return start + allowance.span
    return _working(start.astimezone(ZONE), allowance.span, calendar)


def _working(local: datetime, left: timedelta, calendar: WorkCalendar) -> datetime:
    for _ in range(_MOST_DAYS):
        opens, closes = _hours(local.date(), calendar)
        if is_workday(local.date(), calendar) and local < closes:
            begins = max(local, opens)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        local = datetime.combine(local.date() + timedelta(days=1), time(0), ZONE)
    raise CalendarEmpty


def worked(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time between two moments, at most 400 days apart; zero when ``end`` is first."""
    local, last, total = start.astimezone(ZONE), end.astimezone(ZONE), timedelta(0)
    for _ in range(_MOST_DAYS):
        if local >= last:
            break
        opens, closes = _hours(local.date(), calendar)
        if is_workday(local.date(), calendar):
            total += max(timedelta(0), min(closes, last) - max(opens, local))
        local = datetime.combine(local.date() + timedelta(days=1), time(0), ZONE)
    return total


def _hours(day: date, calendar: WorkCalendar) -> tuple[datetime, datetime]:
    hours = calendar.hours
    return datetime.combine(day, hours.from_, ZONE), datetime.combine(day, hours.to, ZONE)


def share_of(start: datetime, due: datetime, share: float) -> datetime:
    """Moment at which ``share`` of the way from ``start`` to ``due`` has passed."""
    return start + (due - start) * share


def after_night(at: datetime, ends: time) -> datetime:
    """The next moment of the local hour ``ends`` at or after ``at``."""
    local = at.astimezone(ZONE)
    morning = datetime.combine(local.date(), ends, ZONE)
    return morning if morning >= local else morning + timedelta(days=1)


def span_words(span: timedelta) -> str:
    """A span as people say it: 31分钟, 2小时5分钟, 3天4小时; at least 1分钟."""
    minutes = max(1, int(abs(span).total_seconds() // 60))
    days, rest = divmod(minutes, 1440)
    hours, mins = divmod(rest, 60)
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{mins}分钟" if mins else f"{hours}小时"
    return f"{mins}分钟"


def moment_words(at: datetime, now: datetime) -> str:
    """A moment as people say it: 今天18:00, 明天09:30, 3月7日17:30."""
    local, today = at.astimezone(ZONE), now.astimezone(ZONE).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"今天{clock}"
    if local.date() == today + timedelta(days=1):
        return f"明天{clock}"
    return f"{local.month}月{local.day}日{clock}"
