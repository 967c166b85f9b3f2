"""The result (处置): a closing code by button or word, or ten characters; two texts.

The internal record is what the officer wrote; the public text is proposed from code and category,
shown to him, and leaves a minute later unless he changes or sends it.
"""

from datetime import timedelta

from bot.domain import lifecycle
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, Stage
from handlers import approving, cards, closing, loop, opening, searching, signing
from storage import people, tickets
from storage.approvals import Approval
from storage.tickets import Ticket

SHOWN_BEFORE_SENT = timedelta(seconds=60)
LEAST_RESULT = 10
_CODE_WORDS: tuple[tuple[str, ClosingCode], ...] = (
    ("和解", ClosingCode.MEDIATED),
    ("调解好", ClosingCode.MEDIATED),
    *((code.label, code) for code in ClosingCode if code is not ClosingCode.WRITTEN),
)


def resolve(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """处置: a closing code by button or word, or ten characters; else the codes are offered."""
    closing.nothing_runs(turn, ticket)
    code = code_of(words)
    if code is None and len(words.strip()) < LEAST_RESULT:
        return _offer_codes(turn, ticket, person, words)
    code = code or ClosingCode.WRITTEN
    if code is ClosingCode.EXPLAINED and person.role not in lifecycle.DECIDERS:
        return approving.ask(turn, ticket, Act.RESOLVE, person, words, {})
    if ticket.stage is Stage.ASSIGNED:
        signing.accept(turn, ticket, person, "")
        ticket = tickets.get(turn.db, ticket.id)
    if ticket.stage in (Stage.ACCEPTED, Stage.VERIFYING):
        ticket = loop.step(turn, ticket, Act.HANDLE, person.role, by=person.id)
    pending = people.open_asks(turn.db, turn.person_key(person.id), turn.now)
    kept = next((a for a in pending if a.kind == "result" and a.ticket_id == ticket.id), None)
    if kept is not None:
        people.answered(turn.db, kept.id, turn.now)
        words = f"{kept.data['words']}（{words}）" if kept.data["words"] else words
    return _resolved(turn, ticket, person, words, code)


def _resolved(turn: Turn, ticket: Ticket, person: Person, words: str, code: ClosingCode) -> str:
    public = opening.public_result(turn, ticket, code)
    saved = loop.step(
        turn,
        ticket,
        Act.RESOLVE,
        person.role,
        by=person.id,
        reason=words[:200],
        closing_code=code,
        result_internal=words,
        result_public=public,
    )
    turn.clear_timers(saved, "feedback_due")
    turn.set_timer(saved, "feedback_due", turn.now + SHOWN_BEFORE_SENT)
    cards.refresh(turn, saved)
    searching.over(turn, saved, by=person.id, is_found=code is ClosingCode.SOLVED)
    if saved.protected:
        return turn.text("resolve_protected", number=saved.number)
    return turn.text("resolve_confirm", number=saved.number, public_result=public)


def _explained(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """诉求不合理已解释: a second person has agreed; the result is of who asked."""
    person = turn.rules.person(wish.asked_by) or decider
    turn.note(ticket, Act.NOTE, by=decider.id, reason="同意按“已解释”办结")
    if ticket.stage is Stage.ASSIGNED:
        signing.accept(turn, ticket, person, "")
        ticket = tickets.get(turn.db, ticket.id)
    return _resolved(turn, ticket, person, wish.reason, ClosingCode.EXPLAINED)


def _offer_codes(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """Too short and no code: keep the words, show the codes as buttons."""
    if ticket.stage is Stage.ASSIGNED:
        signing.accept(turn, ticket, person, "")
        ticket = tickets.get(turn.db, ticket.id)
    if ticket.stage in (Stage.ACCEPTED, Stage.VERIFYING):
        ticket = loop.step(turn, ticket, Act.HANDLE, person.role, by=person.id)
    people.ask(
        turn.db,
        people.Ask(
            key=f"{turn.event.key}:result:{ticket.id}",
            kind="result",
            person_key=turn.person_key(person.id),
            ticket_id=ticket.id,
            asked_at=turn.now,
            until=turn.now + timedelta(days=1),
            data={"words": words.strip()},
        ),
    )
    cards.show(turn, ticket, person)
    codes = "、".join(code.label for code in ClosingCode if code.is_offered)
    return turn.text("needs_code", number=ticket.number, codes=codes)


def code_of(words: str) -> ClosingCode | None:
    """The closing code that the words name, or None."""
    return next((code for word, code in _CODE_WORDS if word in words), None)


approving.when_granted(Act.RESOLVE, _explained)
