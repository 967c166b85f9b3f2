"""What was asked of the list of tickets (筛选): from the address of the page to a ``Filter``.

The address is the whole state: it can be kept, sent to a colleague and opened again. What makes no
sense in it is left out, never an error. Called by ``handlers.dashboard.ticket_list``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from config.people_rules import ZONE
from config.rules import Rules
from config.vocabulary import Stage
from storage.ticket_list import OPEN, Filter

KINDS = {
    "open": "在办",
    "danger": "险情",
    "unsigned": "没签收",
    "over": "超时",
    "mine": "我的",
    "ended": "办完的",
    "all": "全部",
}
_UNSIGNED = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)
_ENDED = tuple(stage for stage in Stage if stage not in OPEN)
_NAMES = ("kind", "stage", "category", "grid", "department", "owner", "since", "until", "words")
_LONGEST = 40
_MAX_ID = 2**53


@dataclass(frozen=True, slots=True)
class Query:
    """The address of the list, cleaned: ``given`` names what was asked for."""

    given: dict[str, str]
    before: int = 0

    @property
    def kind(self) -> str:
        """Which of the kinds; open ones when none is named."""
        return self.given.get("kind", "open")

    @property
    def words(self) -> str:
        """What is looked for in the masked words."""
        return self.given.get("words", "")

    def address(self, **changes: str) -> str:
        """The address of the list with these changes; an empty value takes one out."""
        values = {k: v for k, v in {**self.given, **changes}.items() if v}
        return "/tickets" + (f"?{urlencode(values)}" if values else "")


def of(asked: Mapping[str, str]) -> Query:
    """The query of an address."""
    given = {k: " ".join(asked.get(k, "").split())[:_LONGEST] for k in _NAMES}
    if given["kind"] not in KINDS:
        given["kind"] = ""
    before = asked.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 17 else 0
    return Query({k: v for k, v in given.items() if v}, min(number, _MAX_ID))


def wanted(query: Query, rules: Rules, user: str, now: datetime) -> Filter:
    """The filter of a query."""
    given = query.given
    base = _of_kind(query.kind, user, now)
    stage = given.get("stage", "")
    known = {category.code for category in rules.reading.categories}
    return replace(
        base,
        stages=(Stage(stage),) if stage in set(Stage) else base.stages,
        categories=(given["category"],) if given.get("category") in known else (),
        grid=given.get("grid", ""),
        department=given.get("department", ""),
        owner=given.get("owner", "") or base.owner,
        since=_day(given.get("since", "")),
        until=_next(_day(given.get("until", ""))),
        before=query.before,
    )


def _of_kind(kind: str, user: str, now: datetime) -> Filter:
    match kind:
        case "danger":
            return Filter(stages=OPEN, danger=True)
        case "unsigned":
            return Filter(stages=_UNSIGNED)
        case "over":
            return Filter(stages=OPEN, overdue_at=now)
        case "mine":
            return Filter(stages=OPEN, owner=user)
        case "ended":
            return Filter(stages=_ENDED)
        case "all":
            return Filter()
        case _:
            return Filter(stages=OPEN)


def _day(said: str) -> datetime | None:
    try:
        return datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=ZONE)
    except ValueError:
        return None


def _next(day: datetime | None) -> datetime | None:
    return day + timedelta(days=1) if day and day.year < 9999 else None
