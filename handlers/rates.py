"""三率 (响应、解决、满意) of a month, and what does not count towards them.

``三率`` is read by who may read sums of the station: every rate with its base, what was left out
with its reason and share. ``不计 0012 理由`` takes a ticket out, ``计入 0012 理由`` puts it back:
the command room or a leader who had no part in it, with a reason that stays in the journal. Called
by ``order_rows`` and ``joint_reports``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import clocks, rights
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, Role, Stage, Urgency
from handlers import closing, joint_figures
from handlers.joint_figures import Share
from storage import figures, journal
from storage.figures import Case
from storage.rates import Why
from storage.ticket_facts import Fact
from storage.tickets import Ticket

SOLVED, SATISFIED = 3, 4
_MAY = (Role.COMMAND_ROOM, Role.LEADER)
_WORK = (Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.RECHECK)


def noted(turn: Turn, person: Person, ticket: Ticket, fact: Fact, words: str) -> str:
    """不计 / 计入 0012 理由: the answer. Raises: Refused for others, who worked it, no reason."""
    if rights.wearing(person, _MAY) is None:
        raise Refused("role_refused", act=closing.LABELS[fact])
    worked = {ticket.owner, *ticket.past_owners, *journal.who_did(turn.db, ticket.id, _WORK)}
    if person.id in worked:
        raise Refused("rates_own", number=ticket.number)
    if not words.strip():
        raise Refused("needs_reason", act=closing.LABELS[fact], number=ticket.number)
    closing.note(turn, ticket, fact, person.id, words.strip())
    return turn.text("fact_ok", number=ticket.number, what=closing.LABELS[fact])


def told(turn: Turn, _person: Person, words: str) -> str:
    """三率 3月: the three rates of the month with their bases, and what was left out."""
    month = joint_figures.month(turn.now, words)
    span = month.span
    ended = [one for one in figures.read(turn.db, span) if figures.ended(one, span)]
    found, out = parted(ended)
    every = len(ended)
    if not every:
        return turn.text("nothing_counted")
    response, solved, satisfied = of(turn.rules, found)
    asked = sum(one.asked for one in found)
    return turn.text(
        "rates_told",
        month=month.name,
        count=len(found),
        share=Share(every - len(found), every).words,
        lines=_reasons(out) or "没有",
        what=response.words,
        result=solved.words,
        due=satisfied.words,
        times=f"{satisfied.n}/{asked}",
    )


def _reasons(out: Mapping[Why, int]) -> str:
    return "、".join(f"{reason.label}{count}" for reason, count in out.items())


def parted(ended: Sequence[Case]) -> tuple[list[Case], dict[Why, int]]:
    """What counts of what has ended, and how many do not, by reason, in the order of ``Why``."""
    out = Counter(one.why for one in ended)
    return [one for one in ended if not one.why], {why: out[why] for why in Why if out[why]}


Limits = dict[tuple[Stage, str, str, datetime], datetime]


def of(
    rules: Rules, found: Sequence[Case], known: Limits | None = None
) -> tuple[Share, Share, Share]:
    """响应 of all; 解决 of those that she answered or that were verified; 满意 of those rated.

    ``known``: limits that were worked out before, and those that are now.
    """
    judged = [one for one in found if one.rating is not None or one.verified]
    rated = [one for one in found if one.rating is not None]
    limits = {} if known is None else known
    return (
        Share(sum(_responded(rules, one, limits) for one in found), len(found)),
        Share(sum(_solved(one) for one in judged), len(judged)),
        Share(sum((one.rating or 0) >= SATISFIED for one in rated), len(rated)),
    )


def _solved(one: Case) -> bool:
    """What she says counts before what was verified."""
    return one.rating >= SOLVED if one.rating is not None else one.verified


def _responded(rules: Rules, one: Case, limits: Limits) -> bool:
    """Signed within its limit, and somebody was there or spoke with her."""
    if one.given_at is None or one.signed_at is None or one.contacted_at is None:
        return False
    key = (Stage.ASSIGNED, one.urgency, one.category, one.given_at)
    if key not in limits:
        allowance = rules.times.allowance(Stage.ASSIGNED, Urgency(one.urgency), one.category)
        if allowance is None:
            return True
        limits[key] = clocks.due_at(one.given_at, allowance, rules.times.work)
    return one.signed_at <= limits[key]
