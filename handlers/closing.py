"""The guard of the end (不能办结): gathers what ``bot.domain.closing`` looks at.

Called by ``loop.step`` before anything is stored, so that every way to an end passes here.
"""

from bot.domain import closing, mediation
from bot.domain.closing import Case
from bot.turn import Turn
from config.faults import Refused
from config.vocabulary import Act
from storage import joint, journal, subtasks, ticket_facts
from storage.ticket_facts import Fact
from storage.tickets import Ticket

_ENDING = frozenset({Act.RESOLVE, Act.CLOSE})


def case_of(turn: Turn, ticket: Ticket) -> Case:
    """What is known of the ticket now."""
    again = journal.last_at(turn.db, ticket.id, (Act.REOPEN, Act.REWORK))
    known = [
        one
        for one in ticket_facts.of_ticket(turn.db, ticket.id)
        if one.kind is not Fact.RECHECK or again is None or one.at > again
    ]
    levels = [one.words for one in known if one.kind is Fact.LEVEL]
    return Case(
        category=ticket.category,
        danger_class=ticket.danger_class,
        code=ticket.closing_code,
        result=ticket.result_internal,
        signed=journal.was_done_by_somebody(turn.db, ticket.id, (Act.ACCEPT, Act.RESOLVE)),
        known=frozenset(one.kind for one in known),
        level=levels[-1] if levels else "",
        open_parts=len(subtasks.running(turn.db, ticket.id)),
        minor=ticket.protected and closing.names_a_minor(ticket.masked, turn.rules.closing),
        never_mediated=is_never_mediated(turn, ticket),
        in_big_loop=_in_big_loop(turn, ticket),
        tries=tuple(one.at for one in known if one.kind is Fact.CONTACT_TRY),
    )


def is_never_mediated(turn: Turn, ticket: Ticket) -> bool:
    """True for what is never mediated: protected, DV, minors, suicide, threats."""
    plan = turn.rules.mediation
    if ticket.protected or plan is None:
        return ticket.protected
    return mediation.is_never(plan, ticket.danger_class, ticket.category, ticket.masked)


def _in_big_loop(turn: Turn, ticket: Ticket) -> bool:
    """True while the town centre has it; then it comes back before it ends."""
    centre = turn.rules.joint.centre
    return bool(centre) and ticket.department == centre and bool(joint.away(turn.db, ticket.id))


def guard(turn: Turn, ticket: Ticket, act: Act) -> None:
    """Nothing, where ``ticket`` may end by ``act``; ``ticket`` is what it would be afterwards.

    Raises: Refused with the sentence that says what is missing.
    """
    if act not in _ENDING:
        return
    key = closing.refusal(act, case_of(turn, ticket), turn.rules.closing)
    if key:
        raise Refused(key, number=ticket.serial, names=_names(turn, ticket))


def nothing_runs(turn: Turn, ticket: Ticket) -> None:
    """Nothing, where no sub-task of the ticket runs. Raises: Refused(close_open_parts)."""
    if subtasks.running(turn.db, ticket.id):
        raise Refused("close_open_parts", number=ticket.serial, names=_names(turn, ticket))


def _names(turn: Turn, ticket: Ticket) -> str:
    """Who has a part of it that runs."""
    people = (turn.rules.person(part.user) for part in subtasks.running(turn.db, ticket.id))
    return "、".join(dict.fromkeys(person.name for person in people if person))


def note(turn: Turn, ticket: Ticket, kind: Fact, by: str, words: str = "") -> None:
    """Keep a fact of the ticket and journal it."""
    key = f"{turn.event.key}:{kind}:{ticket.id}"
    ticket_facts.add(turn.db, key, ticket.id, kind, by, turn.now, words)
    turn.note(ticket, Act.NOTE, by=by, reason=f"{LABELS[kind]}：{words}"[:200])


LABELS = {
    Fact.WARNING: "告诫书",
    Fact.VISIT_PLAN: "回访计划",
    Fact.MANDATORY_REPORT: "强制报告",
    Fact.RECHECK: "复核通过",
    Fact.LEADER_SIGN: "领导签字",
    Fact.CONTACT_TRY: "联系反映人，没联系上",
    Fact.APPEAL: "反映人申诉",
    Fact.LEVEL: "纠纷颜色",
    Fact.CALLED_BACK: "回访",
    Fact.NOT_REACHED: "回访没打通",
    Fact.NOT_COUNTED: "不计入三率",
    Fact.COUNTED: "计入三率",
    Fact.CAUSE: "复盘原因",
    Fact.PREVENTION: "复盘预防",
    Fact.RECORDED: "已录入接报案系统",
    Fact.UNRECORDED: "没录入接报案系统",
}
