"""Hard matters (疑难件) and what is told of them every week (进展), other urgencies (改档).

``疑难 0012 理由`` asks a second person; then there is more time for the result, and whoever
reported it hears something every week: the line of who works it (``进展 0012 …``), else a plain
one. Nothing is told of protected matters. ``改档 0012 缓办 理由`` changes the urgency; the limit is
counted anew, and nothing that stood still is lost.
"""

from datetime import datetime

from bot.domain import clocks, outbound, rights
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.time_rules import Allowance
from config.vocabulary import Act, Danger, Role, Stage, Urgency
from handlers import approving, cards, loop
from storage import hard, tickets, workload
from storage.approvals import Approval
from storage.tickets import Ticket

ASK, TELL = "interim_ask", "interim_tell"
TIMERS = (ASK, TELL)
HARD = "hard"
_TOLD_IN = (
    Stage.ADMITTED, Stage.ASSIGNED, Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING,
    Stage.WAITING, Stage.ON_HOLD,
)  # fmt: skip
_MAY_LOWER = (Role.OFFICER, Role.LEADER, Role.COMMAND_ROOM, Role.NARCOTICS, Role.INSPECTOR)
_CHOICES = (Urgency.U2, Urgency.U3, Urgency.U4, Urgency.U5)


def call_hard(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """疑难 0012 理由: the answer; a second person decides. Raises: Refused."""
    _refuse_strangers(turn, ticket, person)
    if ticket.danger is not Danger.NONE or ticket.stage not in _TOLD_IN:
        raise Refused("hard_refused", number=ticket.number, stage=ticket.stage.label)
    if hard.is_hard(turn.db, ticket.id):
        raise Refused("hard_already", number=ticket.number)
    reason = f"疑难件：{words.strip()}" if words.strip() else ""
    return approving.ask(turn, ticket, Act.EXTEND, person, reason, {HARD: "yes"})


def granted(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """The ticket has the time of a hard one, and its weekly line begins."""
    hard.call_hard(turn.db, ticket.id, turn.now)
    until = clocks.due_at(turn.now, _finish(turn, ticket), turn.rules.times.work)
    changed = loop.change(
        turn, ticket, Act.EXTEND, by=decider.id, reason=wish.reason[:200],
        finish_at=max(until, ticket.finish_at or until),
    )  # fmt: skip
    saved = loop.recounted(turn, changed)
    _next(turn, saved)
    cards.refresh(turn, saved)
    due = clocks.moment_words(until, turn.now)
    if not saved.protected:
        turn.tell_reporter(saved, "stage_on_hold", due=due)
        hard.told(turn.db, saved.id, turn.now)
    return turn.text("hard_ok", number=saved.number, due=due)


def _finish(turn: Turn, ticket: Ticket) -> Allowance:
    times = turn.rules.times
    own = times.allowance(Stage.HANDLING, ticket.urgency, ticket.category, hard=True)
    return own or times.spread(times.hard.finish, ticket.urgency)


def _next(turn: Turn, ticket: Ticket) -> None:
    at = loop.by_day(turn, turn.now + turn.rules.times.hard.note_every)
    turn.clear_timers(ticket, *TIMERS)
    turn.set_timer(ticket, ASK, at)


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Ask who works it for this week's line; a day later the plain one is told instead."""
    if ticket.stage not in _TOLD_IN or not hard.is_hard(turn.db, ticket.id):
        return
    if event.kind == ASK:
        wait = turn.rules.times.hard.note_wait
        if ticket.owner:
            text = turn.text("interim_ask", number=ticket.number, left=clocks.span_words(wait))
            turn.tell(ticket.owner, text, ticket=ticket.id)
        at = loop.by_day(turn, turn.now + wait)
        turn.set_timer(ticket, TELL, at, asked=turn.now.isoformat())
        return
    asked = datetime.fromisoformat(str(event.data["asked"]))
    if not hard.told_since(turn.db, ticket.id, asked) and not ticket.protected:
        _tell(turn, ticket, "interim_plain")
    _next(turn, ticket)


def progress(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """进展 0012 …: whoever reported it hears it in words that may leave. Raises: Refused."""
    _refuse_strangers(turn, ticket, person)
    if not words.strip():
        raise Refused("needs_words")
    if ticket.protected:
        raise Refused("protected_refused")
    if ticket.stage not in _TOLD_IN:
        raise Refused("hard_refused", number=ticket.number, stage=ticket.stage.label)
    said = outbound.for_public_result(words.strip(), outbound.published(turn.rules))
    turn.note(ticket, Act.TELL, by=person.id, reason=f"进展：{said}"[:200])
    _tell(turn, ticket, "interim_told", answer=said)
    if hard.is_hard(turn.db, ticket.id):
        _next(turn, ticket)
    return turn.text("interim_ok", number=ticket.number, answer=said)


def _tell(turn: Turn, ticket: Ticket, key: str, **values: str) -> None:
    summary = loop.summary(ticket)
    due_words = loop.promise_words(turn, ticket)
    turn.tell_reporter(ticket, key, summary=summary, due=due_words, **values)
    hard.told(turn.db, ticket.id, turn.now)


def _refuse_strangers(turn: Turn, ticket: Ticket, person: Person) -> None:
    if rights.may_act(person, Act.TRANSFER, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)


def regrade(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """改档 0012 缓办 理由: the answer; more urgent by anybody who has it, less by the police.

    Raises: Refused for dangers (是险情、误报 decide there), without a reason, for who may not.
    """
    _refuse_strangers(turn, ticket, person)
    first, _, reason = words.strip().partition(" ")
    meant = next((u for u in _CHOICES if first in (u.label, u.value)), None)
    if meant is None or not reason.strip():
        raise Refused("needs_level", number=ticket.number)
    if ticket.danger is not Danger.NONE or not ticket.is_open:
        raise Refused("hard_refused", number=ticket.number, stage=ticket.stage.label)
    office = rights.office_for(person, Act.TRANSFER, loop.matter_of(ticket), turn.rules)
    if meant > ticket.urgency and (ticket.protected or office.role not in _MAY_LOWER):
        raise Refused("role_refused", who=turn.rules.station.room_name)
    changed = loop.change(
        turn, tickets.get(turn.db, ticket.id), Act.NOTE, by=person.id, urgency=meant,
        reason=f"改档：{ticket.urgency.label}→{meant.label} {reason.strip()}"[:200],
    )  # fmt: skip
    saved = loop.recounted(turn, changed)
    cards.refresh(turn, saved)
    left = loop.left_words(turn, saved)
    return turn.text("regraded_ok", number=saved.number, to=meant.label, left=left)


def recount_all(turn: Turn) -> None:
    """Every night: limits follow a calendar or times.yaml that changed; pauses are kept."""
    for number in workload.with_limit(turn.db):
        ticket = tickets.get(turn.db, number)
        fresh = loop.due_of(turn, ticket)
        if fresh != ticket.due_at:
            saved = loop.recounted(turn, ticket)
            turn.note(saved, Act.NOTE, reason="时限按新的日历和规则重算")
