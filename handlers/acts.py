"""Acts on a ticket (办事): every button and every text command ends here, in the same function.

Read, decide (table and rights), write. ``act`` returns the sentence that answers the person;
whether it is said in a chat, or several of them in one message, is the caller's business.
"""

from collections.abc import Callable

from bot.domain import outbound, rights
from bot.events import Clicked
from bot.lines import line_of
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, Danger, Stage, Urgency
from handlers import (
    big_loop,
    cards,
    closing,
    correcting,
    danger,
    diverting,
    feedback,
    handing,
    holding,
    loop,
    nudging,
    recusing,
    refusing,
    results,
    returning,
    second_look,
    signing,
    tiers,
    unmasking,
)
from storage import outbox, people, tickets
from storage.ticket_facts import Fact
from storage.tickets import Ticket


def clicked(turn: Turn, event: Clicked, packed_act: str, number: str) -> None:
    """A button of one of our cards."""
    person = turn.rules.person(event.by)
    ticket = tickets.by_number(turn.db, number)
    if person is None or ticket is None:
        raise Refused("not_found", number=number)
    _keep_code(turn, event)
    if packed_act.startswith(cards.CODE):
        words = ClosingCode(packed_act.removeprefix(cards.CODE)).label
        answer = act(turn, ticket, Act.RESOLVE, person, words)
    elif packed_act.startswith(cards.LEVEL):
        words = Urgency(packed_act.removeprefix(cards.LEVEL)).label
        answer = act(turn, ticket, Act.JUDGE, person, words)
    else:
        answer = act(turn, ticket, Act(packed_act), person, "", pressed=True)
    if answer:
        turn.tell(person.id, answer, ticket=ticket.id)


def _keep_code(turn: Turn, event: Clicked) -> None:
    """The click brings the newest right to replace this card."""
    if event.reply and event.reply.kind == "code":
        outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)


def act(
    turn: Turn, ticket: Ticket, what: Act, person: Person, words: str, *, pressed: bool = False
) -> str:
    """Do ``what`` and return the answer; empty when there is nothing to say.

    Raises: Refused with a kind sentence when it cannot be done now.
    """
    matter = loop.matter_of(ticket)
    if not rights.may_see(person, matter, turn.rules):
        raise Refused("not_found", number=ticket.serial)
    if _already(ticket, what, person):
        return ""
    key = rights.may_act(person, what, matter, turn.rules)
    if key:
        owner = turn.rules.person(ticket.owner)
        unit = owner.unit if owner else ticket.unit
        raise Refused(key, number=ticket.number, owner_unit=unit)
    person = rights.office_for(person, what, matter, turn.rules)
    done = _ACTS[what](turn, ticket, person, words)
    if pressed and what not in (Act.RESOLVE, Act.SEND_BACK, Act.RECHECK):
        return ""
    return done


def _already(ticket: Ticket, what: Act, person: Person) -> bool:
    """A second press of what this person has done already is no fault."""
    after = {Act.ACCEPT: Stage.ACCEPTED, Act.VERIFY: Stage.VERIFYING}.get(what)
    return after is ticket.stage and ticket.owner == person.id


def _feedback(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    feedback.tell_result(turn, ticket, person.id, person.role)
    return turn.text("told_ok", number=ticket.number)


def _ask(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """问: relayed in the bot's words; who asks has signed, then the clock stands still."""
    if not words.strip():
        raise Refused("needs_question", number=ticket.number)
    if not ticket.voices and not ticket.carrier:
        raise Refused("nobody_to_ask", number=ticket.number)
    if ticket.stage is Stage.ASSIGNED:
        signing.accept(turn, ticket, person, "")
        ticket = tickets.get(turn.db, ticket.id)
    waiting = loop.step(turn, ticket, Act.ASK, person.role, by=person.id, reason=words)
    asked = [v.user for v in ticket.voices] or [ticket.carrier]
    question = outbound.for_public_result(words, outbound.published(turn.rules))
    question += "" if question[-1:] in "。？！?!" else "。"
    text = turn.text(
        "ask_reporter", summary=loop.summary(ticket), number=ticket.number, question=question
    )
    closing.note(turn, waiting, Fact.CONTACT_TRY, person.id, "问反映人")
    until = turn.now + turn.rules.times.waiting_limit
    for user in asked[:1]:
        turn.tell(user, text, ticket=ticket.id)
        people.ask(
            turn.db,
            people.Ask(
                key=f"{turn.event.key}:relay:{ticket.id}",
                kind="relay",
                person_key=turn.person_key(user),
                ticket_id=ticket.id,
                asked_at=turn.now,
                until=until,
                data={"line": line_of(turn.private_chat(user))},
            ),
        )
    turn.set_timer(waiting, "waiting_limit", until)
    return turn.text("asked_ok", number=ticket.number)


def _false_alarm(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    if ticket.danger is Danger.NONE:
        raise Refused("not_a_danger", number=ticket.number)
    danger.false_alarm(turn, ticket, person)
    return turn.text("false_alarm_ok", number=ticket.number)


def _confirm(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    if ticket.danger is Danger.CONFIRMED:
        return ""
    danger.confirmed(turn, ticket, person.id, person.role)
    return turn.text("danger_confirmed_ok", number=ticket.number)


def _review(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    if any(word in words for word in ("没好", "没解决", "又")):
        return _reopen(turn, ticket, person, words)
    saved = loop.step(
        turn, ticket, Act.REVIEW, person.role, by=person.id, reason=words or "没有反复"
    )
    turn.clear_timers(saved)
    cards.refresh(turn, saved, greyed="问效完成")
    return turn.text("reviewed_ok", number=saved.number)


def _reopen(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    kept = turn.rules.closing.archive_after
    if ticket.stage is Stage.CLOSED and (ticket.closed_at or turn.now) < turn.now - kept:
        raise Refused("reopen_over", number=ticket.number, days=kept.days)
    feedback.reopen(turn, ticket, person.role, person.id, words or "又出现了")
    return turn.text("reopened_ok", number=ticket.number)


def _close(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """结案 0012 理由: the desk ends what waits for a judgement; who worked it does not himself."""
    if not words.strip():
        raise Refused("needs_reason", act="结案", number=ticket.number)
    if person.id in (ticket.owner, *ticket.past_owners):
        raise Refused("close_own", number=ticket.number)
    feedback.closed_by(turn, ticket, person, words.strip())
    return turn.text("close_ok", number=ticket.number)


_ACTS: dict[Act, Callable[[Turn, Ticket, Person, str], str]] = {
    Act.ACCEPT: signing.accept,
    Act.VERIFY: signing.verify,
    Act.RESOLVE: results.resolve,
    Act.FEEDBACK: _feedback,
    Act.SEND_BACK: returning.send_back,
    Act.TRANSFER: handing.transfer,
    Act.ASK: _ask,
    Act.FALSE_ALARM: _false_alarm,
    Act.CONFIRM: _confirm,
    Act.REVIEW: _review,
    Act.DIVERT: diverting.divert,
    Act.BIG_LOOP: big_loop.out,
    Act.SMALL_LOOP: big_loop.back,
    Act.REOPEN: _reopen,
    Act.CLOSE: _close,
    Act.VOID: correcting.not_a_report,
    Act.SUSPEND: holding.suspend,
    Act.EXTEND: holding.extend,
    Act.RESUME: holding.resume,
    Act.RECHECK: second_look.passed,
    Act.REWORK: second_look.rework,
    Act.REJECT: refusing.reject,
    Act.APPEAL: refusing.carried,
    Act.UNMASK: unmasking.unmask,
    Act.RECUSE: recusing.recuse,
    Act.APPROVE: tiers.approve,
    Act.DECLINE: tiers.decline,
    Act.OVERRULE: tiers.overrule,
    Act.JUDGE: tiers.judge,
    Act.CHASE: nudging.nudge,
}
KNOWN = tuple(_ACTS)
"""The acts that somebody can do by word or button."""
