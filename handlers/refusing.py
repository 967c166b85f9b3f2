"""Not taking a matter on (不予受理), and the reporter's one appeal (申诉) that another decides.

A refusal names a code and a reason that the reporter reads. Before anybody signed the police or the
room say it; afterwards a second person has to agree. Danger and protected matters never are.
"""

import re
from datetime import datetime, timedelta

from bot.domain import lifecycle, outbound, routing, ticket_numbers
from bot.domain.lifecycle import SYSTEM
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, RejectCode, Stage
from handlers import approving, cards, closing, loop, opening
from storage import journal, ticket_facts, tickets
from storage.approvals import Approval
from storage.ticket_facts import Fact
from storage.tickets import Ticket

_LEAST_REASON = 4
_APPEAL = re.compile(r"^申诉\s*[:：,，]?\s*")
_LOOKED_BACK = timedelta(days=60)


def reject(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """不予受理 0012 不归管 原因: the answer.

    Raises: Refused for danger and protected matters, without a code and a reason.
    """
    if loop.is_danger(ticket) or ticket.protected:
        raise Refused("protected_refused")
    code, reason = _code_of(words)
    if code is None or len(reason) < _LEAST_REASON:
        codes = "、".join(one.label for one in RejectCode)
        raise Refused("needs_reject_code", number=ticket.number, codes=codes)
    if lifecycle.may(ticket.stage, Act.REJECT, person.role):
        return _rejected(turn, ticket, person, code, reason)
    lifecycle.advance(ticket.stage, Act.REJECT, next(iter(lifecycle.DECIDERS)))
    return approving.ask(turn, ticket, Act.REJECT, person, reason, {"code": code})


def _code_of(words: str) -> tuple[RejectCode | None, str]:
    said = words.strip()
    for code in RejectCode:
        if said.startswith(code.label):
            return code, said.removeprefix(code.label).strip(" ，,:：")
    return None, said


def _granted(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    return _rejected(turn, ticket, decider, RejectCode(str(wish.data["code"])), wish.reason)


def _rejected(turn: Turn, ticket: Ticket, person: Person, code: RejectCode, reason: str) -> str:
    saved = loop.step(
        turn,
        ticket,
        Act.REJECT,
        person.role,
        by=person.id,
        reason=f"{code.label}：{reason}"[:200],
        closing_code=code,
        closed_at=turn.now,
    )
    turn.clear_timers(saved)
    cards.refresh(turn, saved, greyed="不予受理")
    public = outbound.for_public_result(reason, outbound.published(turn.rules))
    turn.tell_reporter(saved, "rejected_told", reason=f"{code.label}，{public}")
    return turn.text("rejected_ok", number=saved.number)


def appealed(turn: Turn, event: Heard, person_key: str, said: str) -> bool:
    """True when the words are an appeal; said in private, about a matter of hers."""
    head = _APPEAL.match(said)
    if head is None or ":" not in event.chat:
        return False
    rest = said[head.end() :]
    found = ticket_numbers.found_in(rest)
    mine = tickets.of_reporter(turn.db, person_key, turn.now - _LOOKED_BACK)
    refused = [t for t in mine if t.stage in (Stage.REJECTED, Stage.VOID)]
    named = [t for t in refused if not found or t.number in found or t.serial in found]
    if not named:
        return False
    try:
        words = _asked(turn, named[0], _without(rest, named[0]))
    except Refused:  # nobody is there who could look at it once more
        words = turn.text("appeal_by_phone", number=named[0].number)
    turn.answer(words)
    return True


def carried(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """申诉 0012: a member of staff passes on what the reporter said to him; the answer."""
    if ticket.stage not in (Stage.REJECTED, Stage.VOID):
        raise Refused("stage_refused", stage=ticket.stage.label, act=Act.APPEAL.label)
    return _asked(turn, ticket, words, person.id)


def _without(text: str, ticket: Ticket) -> str:
    return text.replace(ticket.number, "").replace(ticket.serial, "").strip(" ，,。:：")


def _asked(turn: Turn, ticket: Ticket, reason: str, by: str = "reporter") -> str:
    """The answer to an appeal: once, in time, not of what she took back herself."""
    within = turn.rules.closing.appeal_within
    closed: datetime | None = ticket.closed_at
    too_late = closed is None or closed + within < turn.now
    known = {one.kind for one in ticket_facts.of_ticket(turn.db, ticket.id)}
    if too_late or Fact.APPEAL in known or ticket.closing_code == ClosingCode.WITHDRAWN:
        return turn.text("appeal_over", number=ticket.number)
    decided = journal.who_did(turn.db, ticket.id, (Act.REJECT, Act.VOID, Act.FALSE_ALARM))
    said = reason or "反映人不同意"
    approving.ask_for_reporter(turn, ticket, Act.APPEAL, said, (*decided, ticket.owner, by))
    closing.note(turn, ticket, Fact.APPEAL, by, reason)
    return turn.text("appeal_heard", number=ticket.number)


def _taken_up(turn: Turn, ticket: Ticket, decider: Person, _wish: Approval) -> str:
    """The appeal was right: it begins again, with somebody else."""
    opened = loop.step(
        turn,
        ticket,
        Act.APPEAL,
        decider.role,
        by=decider.id,
        reason="申诉成立",
        closing_code="",
        closed_at=None,
        finish_at=loop.promise(turn, ticket.urgency),
    )
    admitted = loop.step(turn, opened, Act.ADMIT, SYSTEM)
    question = opening.question_of(turn, admitted, tuple(u for u in (ticket.owner,) if u))
    route = routing.somebody_else(question, admitted.department, turn.rules)
    handed = opening.hand_to(turn, admitted, route, reason="申诉成立，换人办")
    opening.show_to_staff(turn, handed, route)
    turn.tell_reporter(handed, "appeal_granted_told", due=loop.promise_words(turn, handed))
    return turn.text("appeal_granted_ok", number=handed.number)


def _left(turn: Turn, ticket: Ticket, _decider: Person, _wish: Approval) -> str:
    turn.tell_reporter(ticket, "appeal_denied_told")
    return turn.text("appeal_denied_ok", number=ticket.number)


approving.when_granted(Act.REJECT, _granted)
approving.when_granted(Act.APPEAL, _taken_up, _left)
