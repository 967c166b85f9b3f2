"""The figures of what is done together, to be read by chat and by pages; nobody's name in them.

五联 by tag, 五个在网格中 of a month, days without fraud and 星级 by community. Every figure has its
base; a share is no per cent below ten. Called by ``joint_reports`` and ``campaigns``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import months, origins
from bot.domain.clocks import ZONE
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role
from storage import joint_counts
from storage.joint import Kind
from storage.joint_counts import Sum
from storage.session import Db
from storage.spans import Span

LEAST = 10  # below this a share says nothing (field practice: no % under a base of ten)
STAR_DAYS, _HELD_AFTER = 90, 30
_TICK = timedelta(microseconds=1)  # what happens now belongs to the month that runs
_READERS = (Role.COMMAND_ROOM, Role.LEADER, Role.ANALYST, Role.SUPERVISOR)
_FROM_GRID = ("carried", "lead", origins.JOINT, "inspection", origins.CARE)


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n``."""

    hits: int
    n: int

    @property
    def words(self) -> str:
        """``45/50（90%）``; no per cent below ten."""
        percent = f"（{self.hits / self.n:.0%}）" if self.n >= LEAST else ""
        return f"{self.hits}/{self.n}{percent}"

    def plus(self, one: Sum) -> "Share":
        """The same with what one sum adds: closed of opened."""
        return Share(self.hits + one.closed, self.n + one.opened)

    def reaches(self, mark: float) -> bool:
        """True when it is as good as the mark; nothing at all reaches none."""
        return self.n > 0 and self.hits / self.n >= mark


@dataclass(frozen=True, slots=True)
class Asked:
    """The month that is asked for."""

    span: Span
    name: str


def month(now: datetime, words: str = "") -> Asked:
    """The month that ``words`` name; the running one where they name none."""
    found = months.month_of(words, now)
    return Asked(Span(found.since, found.until + _TICK), found.name)


def may_read(person: Person) -> bool:
    """True for who may read sums of the whole station."""
    return person.role in _READERS or any(hat.role in _READERS for hat in person.also)


def kind_of(rules: Rules, category: str) -> str:
    """dispute, hazard or problem."""
    if category in rules.closing.disputes:
        return "dispute"
    return "hazard" if category in rules.closing.hazards else "problem"


def tag_of(rules: Rules, one: Sum) -> str:
    """The tag that somebody gave, else that of the category."""
    known = {tag.id for tag in rules.joint.tags}
    return one.tag if one.tag in known else rules.joint.tag_of(one.category)


def by_tag(db: Db, rules: Rules, span: Span) -> list[tuple[str, Share]]:
    """五联: name and closed of opened for each tag, in the order of the file."""
    counted = {tag.id: Share(0, 0) for tag in rules.joint.tags}
    for one in joint_counts.sums(db, span):
        tag = tag_of(rules, one)
        counted[tag] = counted[tag].plus(one)
    return [(tag.name, counted[tag.id]) for tag in rules.joint.tags]


@dataclass(frozen=True, slots=True)
class InGrid:
    """五个在网格中 of a span; 人员管控 has no figure, for no list of persons is kept."""

    registered: int
    from_grid: int
    households: int
    disputes: Share
    hazards: Share
    put_right: Share
    security: Share
    patrols: int


def in_grid(db: Db, rules: Rules, span: Span) -> InGrid:
    """The counts under those headings."""
    found = joint_counts.sums(db, span)
    disputes, hazards, security = Share(0, 0), Share(0, 0), Share(0, 0)
    for one in found:
        kind = kind_of(rules, one.category)
        disputes = disputes.plus(one) if kind == "dispute" else disputes
        hazards = hazards.plus(one) if kind == "hazard" else hazards
        security = security.plus(one) if one.category in rules.joint.security else security
    seen, fixed = joint_counts.hazards(db, span)
    visits = [one.id for one in rules.checklists.of_kind("visit")]
    patrols = joint_counts.tallies(db, Kind.PATROL, span).values()
    return InGrid(
        registered=sum(one.opened for one in found),
        from_grid=sum(one.opened for one in found if one.origin in _FROM_GRID),
        households=joint_counts.households(db, visits, span),
        disputes=disputes,
        hazards=hazards,
        put_right=Share(fixed, seen),
        security=security,
        patrols=sum(times for times, _ in patrols),
    )


def communities(rules: Rules) -> dict[str, list[str]]:
    """The grids of each community, in the order of grids.yaml."""
    found: dict[str, list[str]] = {}
    for grid in rules.grids.grids:
        found.setdefault(grid.community, []).append(grid.id)
    return found


@dataclass(frozen=True, slots=True)
class FraudFree:
    """``days`` without a registered fraud since ``since``; None where nothing was ever told."""

    community: str
    days: int | None
    since: datetime | None
    count: int
    is_fraud: bool = False


def fraud_free(db: Db, rules: Rules, now: datetime) -> list[FraudFree]:
    """For each community: days since the last fraud, or since the first matter of any kind."""
    return [
        _fraud_free(db, rules, community, grids, now)
        for community, grids in communities(rules).items()
    ]


def _fraud_free(db: Db, rules: Rules, community: str, grids: list[str], now: datetime) -> FraudFree:
    found = joint_counts.since_last(db, grids, rules.joint.fraud)
    since = found.last or found.first
    if since is None:
        return FraudFree(community, None, None, 0)
    days = (now.astimezone(ZONE).date() - since.astimezone(ZONE).date()).days
    counted = joint_counts.registered(db, grids, since)
    return FraudFree(community, days, since, counted, is_fraud=found.last is not None)


@dataclass(frozen=True, slots=True)
class Stars:
    """星级 of a community: a star for each mark reached; None where the base is too small."""

    community: str
    stars: int | None
    resolved: Share
    lasting: Share
    fixed: Share


def stars(db: Db, rules: Rules, now: datetime) -> list[Stars]:
    """By community, in the order of grids.yaml: there is no ranking."""
    span = Span(now - timedelta(days=STAR_DAYS), now + _TICK)
    every = joint_counts.judged(db, span)
    return [
        _stars(db, rules, community, grids, [one for one in every if one.grid in grids], span)
        for community, grids in communities(rules).items()
    ]


def _stars(
    db: Db, rules: Rules, community: str, grids: list[str], found: list[Sum], span: Span
) -> Stars:
    marks = rules.joint.stars
    resolved = Share(0, 0)
    for one in found:
        resolved = resolved.plus(one)
    seen, held = joint_counts.lasting(db, span, grids, _HELD_AFTER)
    hazards, fixed = joint_counts.hazards(db, span, grids)
    shares = (resolved, Share(held, seen), Share(fixed, hazards))
    reached = zip(shares, (marks.resolved, marks.lasting, marks.fixed), strict=True)
    count = sum(share.reaches(mark) for share, mark in reached)
    return Stars(community, count if resolved.n >= marks.least else None, *shares)
