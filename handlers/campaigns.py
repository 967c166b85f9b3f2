"""先锋队 (campaign): a team for a time, with counters of its own that end with it.

What its members passed on or have in hand, registered between its first and last day: problems,
disputes, hazards, each with how many are closed. By matters, never by person. Its members hear of
the first day, the leader of the last. Called by ``rounds`` and ``order_rows``.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.joint_rules import Campaign
from config.people_rules import Person
from config.vocabulary import Role
from handlers import joint_figures
from handlers.joint_figures import Share
from storage import joint_counts
from storage.spans import Span

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a campaign has come to; ``is_over`` when its last day has passed."""

    campaign: Campaign
    problems: Share
    disputes: Share
    hazards: Share
    is_over: bool


def figures(turn: Turn, campaign: Campaign) -> Figures:
    """The counters of a campaign, as they stand now or stood at its end."""
    begins, ends = _midnight(campaign.from_), _midnight(campaign.to + _ONE)
    found = joint_counts.sums(turn.db, Span(begins, ends), campaign.members)
    kinds = {"dispute": Share(0, 0), "hazard": Share(0, 0), "problem": Share(0, 0)}
    for one in found:
        kind = joint_figures.kind_of(turn.rules, one.category)
        kinds[kind] = kinds[kind].plus(one)
    return Figures(
        campaign, kinds["problem"], kinds["dispute"], kinds["hazard"], is_over=turn.now >= ends
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE)


def asked(turn: Turn, person: Person) -> str:
    """先锋队: what each has come to, the newest first; for its members and for readers."""
    reader = joint_figures.may_read(person)
    every = turn.rules.joint.campaigns
    shown = [one for one in every if reader or person.id in one.members]
    begun = [one for one in shown if _midnight(one.from_) <= turn.now]
    begun.sort(key=lambda one: one.from_, reverse=True)
    return "\n".join(words(turn, one) for one in begun) or turn.text("campaign_none")


def words(turn: Turn, campaign: Campaign) -> str:
    """One campaign in two lines."""
    found = figures(turn, campaign)
    head = turn.text(
        "campaign_head",
        name=campaign.name,
        to=_said(campaign.to),
        stage="已结束" if found.is_over else "进行中",
        **{"from": _said(campaign.from_)},
    )
    counts = turn.text(
        "campaign_counts",
        count=found.problems.n,
        share=found.problems.words,
        what=f"{found.disputes.n}，办结{found.disputes.words}",
        due=f"{found.hazards.n}，办结{found.hazards.words}",
    )
    return f"{head}\n{counts}"


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def daily(turn: Turn, today: date) -> None:
    """Its members hear of the first day, the leaders on duty what it came to, the day after."""
    for one in turn.rules.joint.campaigns:
        if one.from_ == today:
            for user in one.members:
                if turn.rules.person(user) is not None:
                    until = _said(one.to)
                    turn.tell(user, turn.text("campaign_begins", name=one.name, until=until))
        if one.to + _ONE == today:
            for leader in turn.rules.duty(Role.LEADER, turn.now, None)[:1]:
                turn.tell(leader.id, words(turn, one))
