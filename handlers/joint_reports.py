"""What leaders ask of it (联动的报表): 巡防, 五联统计, 五个在网格中, 无诈骗, 星级, 先锋队.

Words around the figures of ``joint_figures``; always told in private, for nothing of it is public
unless a human sends it. Called by ``order_rows``.
"""

from collections.abc import Callable

from bot.domain import origins
from bot.domain.clocks import ZONE
from bot.domain.commands import Order
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from handlers import campaigns, joint_figures, rates, rounds
from handlers.joint_figures import FraudFree, Share, Stars
from storage import joint_counts
from storage.joint import Kind

_OWN = (Order.CAMPAIGN, Order.PATROL)


def told(turn: Turn, event: Heard, person: Person, what: Order, words: str) -> str:
    """The report, in private whoever hears the question.

    Raises: Refused for who may not read sums of the station.
    """
    if what not in _OWN and not joint_figures.may_read(person):
        raise Refused("role_refused", who=turn.rules.station.room_name)
    report = REPORTS[what](turn, person, words)
    if ":" in event.chat:
        return report
    turn.tell(person.id, report)
    return turn.text("short_ack")


def _patrols(turn: Turn, person: Person, words: str) -> str:
    """巡防: who walks when, for everybody; for readers also what came of it in the month."""
    lines = [
        turn.text(
            "patrol_shown",
            name=one.name,
            time=f"每周{_weekdays(one.days)} {rounds.span(one)}",
            names="、".join(p.name for p in rounds.walkers(turn, one)),
        )
        for one in turn.rules.joint.patrols
    ]
    shown = "\n".join(lines) or turn.text("patrol_none")
    return f"{shown}\n{_patrol_month(turn, words)}" if joint_figures.may_read(person) else shown


def _weekdays(days: tuple[int, ...]) -> str:
    return "、".join("一二三四五六日"[day - 1] for day in days)


def _patrol_month(turn: Turn, words: str) -> str:
    month = joint_figures.month(turn.now, words)
    times = joint_counts.tallies(turn.db, Kind.PATROL, month.span)
    found: dict[str, Share] = {}
    for one in joint_counts.sums(turn.db, month.span):
        if one.origin == origins.JOINT:
            found[one.grid] = found.get(one.grid, Share(0, 0)).plus(one)
    lines = [
        turn.text(
            "patrol_month_line",
            grid=grid.name,
            times=times.get(grid.id, (0, 0))[0],
            count=share.n,
            share=share.words,
        )
        for grid in turn.rules.grids.grids
        if (share := found.get(grid.id, Share(0, 0))).n or grid.id in times
    ]
    shown = "\n".join(lines) or turn.text("nothing_counted")
    return turn.text("patrol_month", month=month.name, lines=shown)


def _tags(turn: Turn, _person: Person, words: str) -> str:
    if not turn.rules.joint.tags:
        raise Refused("tags_off")
    month = joint_figures.month(turn.now, words)
    found = joint_figures.by_tag(turn.db, turn.rules, month.span)
    lines = [
        turn.text("tags_line", name=name, count=share.n, share=share.words) for name, share in found
    ]
    return "\n".join([turn.text("tags_head", month=month.name), *lines])


def _in_grid(turn: Turn, _person: Person, words: str) -> str:
    month = joint_figures.month(turn.now, words)
    found = joint_figures.in_grid(turn.db, turn.rules, month.span)
    safe, hazards, right = found.security, found.hazards, found.put_right
    disputes = found.disputes
    lines = [
        turn.text("in_grid_head", month=month.name),
        turn.text(
            "in_grid_known", count=found.registered, what=found.from_grid, times=found.households
        ),
        turn.text("in_grid_people"),
        turn.text("in_grid_disputes", count=disputes.n, share=disputes.words),
        turn.text("in_grid_hazards", count=hazards.n, share=hazards.words, what=right.words),
        turn.text("in_grid_safe", count=safe.n, share=safe.words, times=found.patrols),
    ]
    return "\n".join(lines)


def _fraud_free(turn: Turn, _person: Person, _words: str) -> str:
    found = joint_figures.fraud_free(turn.db, turn.rules, turn.now)
    lines = [turn.text("fraud_free_head"), *(_fraud_line(turn, one) for one in found)]
    if count := joint_counts.unplaced(turn.db, turn.rules.joint.fraud):
        lines.append(turn.text("fraud_unplaced", count=count))
    return "\n".join(lines)


def _fraud_line(turn: Turn, one: FraudFree) -> str:
    if one.since is None:
        return turn.text("fraud_free_never", area=one.community)
    if not one.days and one.is_fraud:
        return turn.text("fraud_free_today", area=one.community)
    begins = one.since.astimezone(ZONE)
    values = {"area": one.community, "days": one.days, "count": one.count}
    return turn.text("fraud_free_line", **values, **{"from": f"{begins.month}月{begins.day}日"})


def _stars(turn: Turn, _person: Person, _words: str) -> str:
    if not turn.rules.joint.stars.shown:
        raise Refused("stars_off")
    found = joint_figures.stars(turn.db, turn.rules, turn.now)
    lines = [_star_line(turn, one) for one in found]
    return "\n".join([turn.text("stars_head", days=joint_figures.STAR_DAYS), *lines])


def _star_line(turn: Turn, one: Stars) -> str:
    if one.stars is None:
        return turn.text("stars_few", area=one.community, count=one.resolved.n)
    return turn.text(
        "stars_line",
        area=one.community,
        what="★" * one.stars + "☆" * (3 - one.stars),
        result=one.resolved.words,
        share=one.lasting.words,
        due=one.fixed.words,
    )


REPORTS: dict[Order, Callable[[Turn, Person, str], str]] = {
    Order.PATROL: _patrols,
    Order.TAG_FIGURES: _tags,
    Order.IN_GRID: _in_grid,
    Order.FRAUD_FREE: _fraud_free,
    Order.STARS: _stars,
    Order.RATES: rates.told,
    Order.CAMPAIGN: lambda turn, person, _words: campaigns.asked(turn, person),
}
