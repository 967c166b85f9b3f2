"""One step of a ticket (走一步): the only place where a stage changes.

``step`` asks the table, writes the ticket with its version, the journal row, and sets the clocks
of the new stage. Every act, timer and answer goes through it, so no step can be forgotten.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import shortening
from bot.domain import clocks, lifecycle, posters, running
from bot.domain import pauses as limits
from bot.domain.clocks import ZONE
from bot.domain.rights import Matter
from bot.turn import SYSTEM, Turn
from config.rules import Rules
from config.time_rules import Allowance
from config.vocabulary import Act, Danger, Stage, Urgency
from handlers import closing, divert_books
from storage import approvals, hard, pauses, subtasks, tickets, timers
from storage.pauses import Why
from storage.tickets import Ticket

LADDER = "chase"
SUPERVISE_NOW, CONFER_NOW = "supervise_now", "confer_now"
_SECOND = 2
_FIRST = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)


def step(
    turn: Turn,
    ticket: Ticket,
    act: Act,
    who: lifecycle.Actor,
    by: str = SYSTEM,
    reason: str = "",
    *,
    goes_on: bool = False,
    **changes: Any,
) -> Ticket:
    """The ticket after ``act``, stored and journalled, with the clocks of its new stage running.

    ``goes_on``: another step follows in this Turn and sets the ladder.
    Raises: Refused when the table does not allow it, Later(0) when somebody was faster.
    """
    to = lifecycle.advance(ticket.stage, act, who, ticket.prior_stage)
    moved_on = to is not ticket.stage
    moved = replace(ticket, stage=to, **changes)
    closing.guard(turn, moved, act)
    if moved_on:
        moved = _clocked(turn, ticket, moved, act)
    saved = tickets.save(turn.db, moved)
    divert_books.ended(turn, ticket, saved, act, reason)
    turn.note(saved, act, by=by, before=ticket.stage, reason=reason)
    if not saved.is_open:
        _dropped(turn, saved)
    if moved_on and not goes_on:
        _ladder_anew(turn, saved)
    _watch(turn, ticket, saved)
    return saved


def _watch(turn: Turn, before: Ticket, after: Ticket) -> None:
    """Done again so often, returned twice: the ladder's higher steps come at once."""
    most = turn.rules.times.supervise_reopens
    if before.reopen_count < most <= after.reopen_count:
        supervise_soon(turn, after, f"已重办{after.reopen_count}次")
    if before.return_count < _SECOND <= after.return_count:
        turn.set_timer(after, CONFER_NOW, by_day(turn, turn.now))


def supervise_soon(turn: Turn, ticket: Ticket, why: str) -> None:
    """督办 at once, by day, and for this reason."""
    turn.set_timer(ticket, SUPERVISE_NOW, by_day(turn, turn.now), why=why)


def _clocked(turn: Turn, before: Ticket, after: Ticket, act: Act) -> Ticket:
    """The ticket with the clock of its new stage: fresh, standing still, or going on."""
    was, stands = before.stage in lifecycle.STANDING, after.stage in lifecycle.STANDING
    if was:
        pauses.end(turn.db, before.id, turn.now)
    if stands:
        why = Why.REPORTER if act is Act.ASK else Why.THIRD_PARTY
        pauses.begin(turn.db, f"{turn.event.key}:pause:{before.id}", before.id, why, turn.now)
        step = running.step_of(before.stage, before.prior_stage)
        return replace(after, prior_stage=step, stage_at=turn.now, due_at=None)
    step_on = running.runs_on(before.stage, before.prior_stage, act, after.stage)
    goes_on = step_on is not None or (was and after.stage == before.prior_stage)
    clock_at = (before.clock_at or before.stage_at) if goes_on else turn.now
    carried = step_on if step_on and step_on is not after.stage else ""
    kept = {Stage.MERGED: after.prior_stage, Stage.ARCHIVED: before.stage.value}
    prior = kept.get(after.stage, carried)
    moved = replace(after, prior_stage=prior, stage_at=turn.now, clock_at=clock_at)
    return replace(moved, due_at=due_of(turn, moved))


def _dropped(turn: Turn, ticket: Ticket) -> None:
    """The matter is over: who still had a part of it, or a wish, need not go on."""
    approvals.drop(turn.db, ticket.id, turn.now)
    for part in subtasks.running(turn.db, ticket.id):
        subtasks.end(turn.db, part, subtasks.State.DROPPED, turn.now)
        turn.tell(part.user, turn.text("part_dropped_staff", number=ticket.number))


def change(
    turn: Turn, ticket: Ticket, act: Act, by: str = SYSTEM, reason: str = "", **changes: Any
) -> Ticket:
    """The ticket with ``changes`` but in the same stage, stored and journalled as ``act``."""
    saved = tickets.save(turn.db, replace(ticket, **changes))
    turn.note(saved, act, by=by, reason=reason)
    return saved


def recounted(turn: Turn, ticket: Ticket) -> Ticket:
    """The ticket with its limit counted anew: after an extension, another category or urgency."""
    saved = tickets.save(turn.db, replace(ticket, due_at=due_of(turn, ticket)))
    _ladder_anew(turn, saved)
    return saved


def _ladder_anew(turn: Turn, ticket: Ticket) -> None:
    """The ladder of its clock; nobody hears again what was said since that clock began."""
    since = ticket.clock_at or ticket.stage_at
    past = timers.posted_since(turn.db, ticket.id, LADDER, since) if since < turn.now else []
    turn.clear_timers(ticket, LADDER)
    set_ladder(turn, ticket, {int(timer.data["rung"]) for timer in past})


def set_ladder(turn: Turn, ticket: Ticket, past: Collection[int] = ()) -> None:
    """Set the timers of the chasing ladder (催办阶梯) for the stage the ticket stands in.

    ``past``: the rungs that this stage has seen already; nobody hears the same twice.
    """
    if ticket.due_at is None or _rings(ticket):
        return
    dues = []
    for index, rung in enumerate(turn.rules.times.chase):
        if index in past or not rung.is_for(ticket.urgency):
            continue
        at = _rung_at(turn, ticket, index)
        if rung.share is None or at > turn.now:
            dues.append((at, {"rung": index, "stage": ticket.stage}))
    turn.set_timers(ticket, LADDER, dues)


def _rings(ticket: Ticket) -> bool:
    """An unsigned danger is rung every minute; it needs no ladder besides."""
    return ticket.danger is not Danger.NONE and ticket.stage in (Stage.ADMITTED, Stage.ASSIGNED)


def _rung_at(turn: Turn, ticket: Ticket, index: int) -> datetime:
    times, rung = turn.rules.times, turn.rules.times.chase[index]
    assert ticket.due_at is not None  # set_ladder looked  # noqa: S101
    if rung.share is not None:
        at = _share_at(turn, ticket, rung.share)
    elif rung.open_for is not None:
        at = max(ticket.opened_at + rung.open_for, turn.now)
    else:
        assert rung.after is not None  # ChaseStep has exactly one of three  # noqa: S101
        at = clocks.due_at(ticket.due_at, times.spread(rung.after, ticket.urgency), times.work)
    return at if ticket.urgency in times.night_urgencies else by_day(turn, at)


def by_day(turn: Turn, at: datetime) -> datetime:
    """``at``, or the end of the night it falls into: nobody is bothered at night."""
    times = turn.rules.times
    return clocks.after_night(at, times.quiet_hours.to) if times.is_night(at) else at


def _share_at(turn: Turn, ticket: Ticket, share: float) -> datetime:
    """When that share of the allowance is used up, counted as the allowance itself is."""
    allowance = _allowance(turn, ticket)
    if allowance is None or ticket.due_at is None:
        return turn.now
    shared = Allowance(allowance.span * share, allowance.round_the_clock)
    return _without_pauses(turn, ticket, shared) or turn.now


def due_of(turn: Turn, ticket: Ticket) -> datetime | None:
    """The limit of the stage it stands in, counted anew; None where no clock runs."""
    allowance = _allowance(turn, ticket)
    return _without_pauses(turn, ticket, allowance) if allowance else None


def _allowance(turn: Turn, ticket: Ticket) -> Allowance | None:
    """By category and urgency; a hard matter (疑难件) has more time for its result."""
    is_hard = bool(ticket.id) and hard.is_hard(turn.db, ticket.id)
    step = running.step_of(ticket.stage, ticket.prior_stage)
    return turn.rules.times.allowance(step, ticket.urgency, ticket.category, hard=is_hard)


def _without_pauses(turn: Turn, ticket: Ticket, allowance: Allowance) -> datetime | None:
    """The clock of the first answer never stands still."""
    began, work = ticket.clock_at or ticket.stage_at, turn.rules.times.work
    is_first = running.step_of(ticket.stage, ticket.prior_stage) in _FIRST
    stood = [] if is_first or not ticket.id else pauses.of_ticket(turn.db, ticket.id)
    return limits.due_at(began, allowance, work, stood)


def promise(turn: Turn, urgency: Urgency, category: str = "") -> datetime:
    """When the reporter hears of it at the latest."""
    times = turn.rules.times
    return clocks.due_at(turn.now, times.promise(urgency, category), times.work)


def promise_words(turn: Turn, ticket: Ticket) -> str:
    """The promised moment in words, never one that has passed."""
    again = promise(turn, ticket.urgency, ticket.category)
    at = ticket.finish_at or again
    if at <= turn.now:
        at = again
    return clocks.moment_words(at, turn.now)


def matter_of(ticket: Ticket) -> Matter:
    """The side of a ticket that rights are asked about."""
    return Matter(
        category=ticket.category,
        danger_class=ticket.danger_class,
        protected=ticket.protected,
        grid=ticket.grid,
        department=ticket.department,
        owner=ticket.owner,
        past_owners=ticket.past_owners,
        carrier=ticket.carrier,
        barred=ticket.barred,
        supervised=_is_supervised(ticket),
    )


def _is_supervised(ticket: Ticket) -> bool:
    """督办: urged twice or done again twice."""
    return ticket.urged_count >= _SECOND or ticket.reopen_count >= _SECOND


def category_name(turn: Turn, code: str) -> str:
    """The Chinese name of a category; the code where the site does not know it any more."""
    found = [c.name for c in turn.rules.reading.categories if c.code == code]
    return found[0] if found else code


def matter_name(turn: Turn, ticket: Ticket) -> str:
    """What staff read it as: the class of a danger, else the category."""
    found = turn.rules.danger_class(ticket.danger_class) if is_danger(ticket) else None
    return found.name if found else category_name(turn, ticket.category)


def place_words(turn: Turn, ticket: Ticket, *, full: bool = True) -> str:
    """Where, in words for staff; without unit and room when not ``full``."""
    return place_of(turn.rules, ticket, full=full)


def place_of(rules: Rules, ticket: Ticket, *, full: bool = True) -> str:
    """As ``place_words``, outside a Turn."""
    p = ticket.place
    grid = rules.grid(ticket.grid)
    estate = grid.estates[0].name if grid and len(grid.estates) == 1 else ""
    parts = [p.get("community") or estate or (grid.community if grid else "")]
    parts.append(p.get("road", "") + (f"{p['road_no']}号" if p.get("road_no") else ""))
    parts.append(f"{p['building']}号楼" if p.get("building") else "")
    if full:
        parts.append(f"{p['unit']}单元" if p.get("unit") else "")
        parts.append(f"{p['floor']}层" if p.get("floor") and not p.get("room") else "")
        parts.append(f"{p['room']}室" if p.get("room") else "")
    parts.append(p.get("landmark", ""))
    words = "".join(dict.fromkeys(part for part in parts if part)) or "地点未说"
    return f"{words}（扫码地点）" if posters.SCANNED in p else words


def summary(ticket: Ticket, most: int = 24) -> str:
    """The masked words of the report, short, on one line."""
    return shortening.short(shortening.one_line(ticket.masked), most)


def left_words(turn: Turn, ticket: Ticket) -> str:
    """还剩… / 已过时限… / nothing where no clock runs."""
    if ticket.due_at is None:
        return ticket.stage.label
    span = ticket.due_at - turn.now
    words = clocks.span_words(span)
    return f"还剩{words}" if span > timedelta(0) else f"已过时限{words}"


def name_of(turn: Turn, user: str) -> str:
    """The name of a member of staff, for staff."""
    person = turn.rules.person(user)
    return person.name if person else "反映人"


def is_danger(ticket: Ticket) -> bool:
    """True for 险情 and 疑似."""
    return ticket.danger is not Danger.NONE


def local_day(at: datetime) -> str:
    """The day in the station's zone, ``20260304``."""
    return f"{at.astimezone(ZONE):%Y%m%d}"
