"""When a group may be told something that belongs to no ticket (少打扰).

Three a day at most, ten minutes apart, and none by night; what comes too early waits, and what
waits already takes the new words along. Danger and words about a ticket never come here. What a
human says there for us (代发) is one of the three; who says it, and several at once, is his to
choose, so only the number of the day holds for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import clocks, drafting
from config.people_rules import ZONE
from config.time_rules import Times

# Group sentences that answer a report or speak of a ticket: owed, so they are not counted.
_OF_A_TICKET = frozenset(
    {
        "accepted_group",
        "accepted_pending",
        "supplement_ack_group",
        "apology_wrong_ticket_group",
        "ask_place_group",
        "private_detail_group",
        "protected_private_only_group",
        "false_alarm_sorry_group",
        "diverted_group",
        "status_group",
        "search_group",
        "search_over_group",
        "search_ended_group",
    }
)
_OWED_DRAFTS = frozenset({drafting.DANGER, drafting.SORRY, drafting.FOLLOW_UP, drafting.NOTICE})
_DAYS_AHEAD = 14


def is_owed(text_key: str) -> bool:
    """True for what a group hears of a report or in a danger; it goes at once and uncounted."""
    return text_key in _OF_A_TICKET or text_key.startswith("danger_")


def is_counted(kind: str, text_key: str) -> bool:
    """True for a draft that is one of the day's; not owed words, warnings, the pinned notice.

    ``kind``: as ``domain.drafting`` calls it.
    """
    return kind not in _OWED_DRAFTS and not is_owed(text_key)


def draft_moment(now: datetime, said: Sequence[datetime], times: Times) -> datetime | None:
    """When a human may be asked to say something: now, or on the first morning that has room."""
    rule = times.group_words
    if sum(1 for one in said if _day(one) == _day(now)) < rule.a_day:
        return now
    return _with_room(_by_day(_midnight(now) + timedelta(days=1), times), said, times)


def moment(now: datetime, said: Sequence[datetime], times: Times) -> datetime | None:
    """When the next message may go, after those of ``said``; None where the group hears none."""
    apart = times.group_words.apart
    at = _by_day(max([now, *(one + apart for one in said)]), times)
    return _with_room(at, said, times)


def _with_room(at: datetime, said: Sequence[datetime], times: Times) -> datetime | None:
    """``at``, or the first morning after it on which fewer than the day's number are said."""
    rule = times.group_words
    if not rule.a_day:
        return None
    for _ in range(_DAYS_AHEAD):
        if sum(1 for one in said if _day(one) == _day(at)) < rule.a_day:
            return at
        at = _by_day(_midnight(at) + timedelta(days=1), times)
    return None


def joined(waiting: str, text: str, most: int) -> str:
    """Both as one message, said once each; what does not fit is left out, the old words stay."""
    if text in waiting.splitlines():
        return waiting
    both = f"{waiting}\n{text}"
    return both if len(both) <= most else waiting


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y%m%d}"


def _midnight(at: datetime) -> datetime:
    return at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _by_day(at: datetime, times: Times) -> datetime:
    return clocks.after_night(at, times.quiet_hours.to) if times.is_night(at) else at
