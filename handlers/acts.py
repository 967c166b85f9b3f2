"""Acts on a ticket (办事): every button and every text command ends here, in the same function.

Read, decide (table and rights), write. ``act`` returns the sentence that answers the person;
whether it is said in a chat, or several of them in one message, is the caller's business.
"""

from collections.abc import Callable
from datetime import timedelta

from bot.domain import clocks, outbound, rights, routing
from bot.events import Clicked, line_of
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, Danger, Stage
from handlers import cards, danger, feedback, loop, opening
from storage import outbox, people, tickets
from storage.tickets import Ticket

SHOWN_BEFORE_SENT = timedelta(seconds=60)
LEAST_RESULT = 10
_CODE_WORDS: tuple[tuple[str, ClosingCode], ...] = (
    ("和解", ClosingCode.MEDIATED),
    ("调解好", ClosingCode.MEDIATED),
    *((code.label, code) for code in ClosingCode if code is not ClosingCode.WRITTEN),
)


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
    else:
        answer = act(turn, ticket, Act(packed_act), person, "", pressed=True)
    if answer:
        turn.tell(person.id, answer, ticket=ticket.id)


def _keep_code(turn: Turn, event: Clicked) -> None:
    """The click brings the newest right to replace this card."""
    if event.reply and event.reply.kind == "code":
        outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)


def act(turn: Turn, ticket: Ticket, what: Act, person: Person, words: str,
        *, pressed: bool = False) -> str:  # fmt: skip
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
    done = _ACTS[what](turn, ticket, person, words)
    if pressed and what not in (Act.RESOLVE, Act.SEND_BACK):
        return ""
    return done


def _already(ticket: Ticket, what: Act, person: Person) -> bool:
    """A second press of what this person has done already is no fault."""
    after = {Act.ACCEPT: Stage.ACCEPTED, Act.VERIFY: Stage.VERIFYING}.get(what)
    return after is ticket.stage and ticket.owner == person.id


def _accept(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    _not_taken(ticket, person, Act.ACCEPT)
    saved = loop.step(
        turn,
        ticket,
        Act.ACCEPT,
        person.role,
        by=person.id,
        owner=person.id,
        unit=_unit(ticket, person),
    )
    if loop.is_danger(saved):
        danger.signed(turn, saved, person)
    cards.refresh(turn, saved, greyed=f"已由{person.name}签收")
    return turn.text("accepted_ok", number=saved.number, next=f"到场回“到场 {saved.serial}”")


def _unit(ticket: Ticket, person: Person) -> str:
    return ticket.unit if ticket.department else person.unit


def _not_taken(ticket: Ticket, person: Person, what: Act) -> None:
    """Raises: Refused(already_taken) when a colleague was faster."""
    if ticket.stage in (Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING) and (
        ticket.owner != person.id and what is Act.ACCEPT
    ):
        raise Refused("already_taken", number=ticket.number, name=ticket.owner)


def _verify(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    if ticket.stage is Stage.ASSIGNED:
        _accept(turn, ticket, person, "")
        ticket = tickets.get(turn.db, ticket.id)
    saved = loop.step(turn, ticket, Act.VERIFY, person.role, by=person.id, reason=words)
    cards.refresh(turn, saved)
    at = clocks.moment_words(turn.now, turn.now)
    return turn.text("arrived_ok", number=saved.number, at=at)


def _resolve(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """处置: a closing code by button or word, or ten characters; else the codes are offered."""
    code = code_of(words)
    if code is None and len(words.strip()) < LEAST_RESULT:
        return _offer_codes(turn, ticket, person, words)
    code = code or ClosingCode.WRITTEN
    if ticket.stage is Stage.ASSIGNED:
        _accept(turn, ticket, person, "")
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
    return turn.text("resolve_confirm", number=saved.number, public_result=public)


def _offer_codes(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """Too short and no code: keep the words, show the codes as buttons."""
    if ticket.stage is Stage.ASSIGNED:
        _accept(turn, ticket, person, "")
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


def _feedback(turn: Turn, ticket: Ticket, person: Person, _words: str) -> str:
    feedback.tell_result(turn, ticket, person.id, person.role)
    return turn.text("told_ok", number=ticket.number)


def _send_back(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """退回 with a reason: a department's goes to the back-stop once, then the command room."""
    if not words.strip():
        raise Refused("needs_reason", act=Act.SEND_BACK.label, number=ticket.number)
    back = loop.step(
        turn,
        ticket,
        Act.SEND_BACK,
        person.role,
        by=person.id,
        reason=words,
        return_count=ticket.return_count + 1,
    )
    question = opening.question_of(turn, back, not_again=(person.id,))
    stop = routing.backstop(question, turn.rules)
    if ticket.department and back.return_count == 1 and stop and stop != ticket.department:
        route = routing.department(stop, question, turn.rules)
        key = "backstop_staff"
    else:
        route = routing.room(question, turn.rules)
        key = "returned_staff"
    handed = opening.hand_to(turn, back, route)
    opening.show_to_staff(turn, handed, route)
    if route.owner is not None:
        values = {"number": handed.number, "category": loop.category_name(turn, handed.category),
                  "place": loop.place_words(turn, handed), "reason": words, "name": person.name,
                  "from_unit": person.unit}  # fmt: skip
        turn.tell(route.owner.id, turn.text(key, **values), ticket=handed.id)
    cards.refresh(turn, handed, greyed="已退回")
    _tell_new_unit(turn, handed)
    return turn.text("sent_back_ok", number=handed.number, reason=words)


def _tell_new_unit(turn: Turn, ticket: Ticket) -> None:
    """The resident is told who has it now; never of protected matters, nor at night."""
    if not ticket.protected and not turn.rules.times.is_night(turn.now):
        turn.tell_reporter(ticket, "stage_assigned")


def _transfer(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    target = _target(turn, ticket, words)
    past = tuple(dict.fromkeys((*ticket.past_owners, ticket.owner))) if ticket.owner else ()
    saved = loop.step(
        turn,
        ticket,
        Act.TRANSFER,
        person.role,
        by=person.id,
        reason=f"转给{target.name}",
        owner=target.id,
        unit=target.unit,
        department=target.department or "",
        past_owners=past,
    )
    cards.refresh(turn, saved, greyed=f"已转给{target.name}")
    cards.show(turn, saved, target, danger=loop.is_danger(saved))
    if saved.danger is Danger.CONFIRMED:
        danger.ring(turn, saved, 0)
    return turn.text("transferred_ok", number=saved.number, name=target.name)


def _target(turn: Turn, ticket: Ticket, words: str) -> Person:
    """Whom ``words`` mean: of several the one of this grid. Raises: Refused."""
    named = turn.rules.named(words.split()[0] if words.split() else "")
    local = [p for p in named if ticket.grid in p.grids] or list(named)
    if len(local) != 1:
        raise Refused("needs_person", said=words[:12], number=ticket.number)
    target = local[0]
    if ticket.category in (rights.STAFF_COMPLAINT, rights.DRUG_TIP):
        raise Refused("protected_refused")
    if (
        turn.rules.is_police_only(ticket.category, ticket.danger_class)
        and not target.role.is_police
    ):
        raise Refused("police_only_refused", number=ticket.number)
    return target


def _ask(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """问: relayed in the bot's words; the clock stands still until the answer."""
    if not words.strip():
        raise Refused("needs_question", number=ticket.number)
    if not ticket.voices and not ticket.carrier:
        raise Refused("nobody_to_ask", number=ticket.number)
    waiting = loop.step(
        turn, ticket, Act.ASK, person.role, by=person.id, reason=words,
        prior_stage=ticket.prior_stage or ticket.stage,
    )  # fmt: skip
    asked = [v.user for v in ticket.voices] or [ticket.carrier]
    question = outbound.for_public_result(words, outbound.published(turn.rules))
    text = turn.text(
        "ask_reporter", summary=loop.summary(ticket), number=ticket.number, question=question
    )
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


def _divert(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """分流: second-stage diversion after the first contact, by name of the department."""
    if loop.is_danger(ticket) or ticket.protected:
        raise Refused("protected_refused")
    named = [d for d in turn.rules.divert.departments if words.strip() and words.strip() in d.name]
    if len(named) != 1:
        every = "、".join(d.name for d in turn.rules.divert.departments)
        raise Refused("needs_department", said=words[:12], departments=every)
    question = opening.question_of(turn, ticket)
    route = routing.department(named[0].id, question, turn.rules)
    moved = loop.step(turn, ticket, Act.DIVERT, person.role, by=person.id, reason=route.unit,
                      owner=route.owner.id if route.owner else "", unit=route.unit,
                      department=route.department, past_owners=(*ticket.past_owners, ticket.owner))  # fmt: skip
    cards.refresh(turn, moved, greyed=f"已分流到{route.unit}")
    opening.show_to_staff(turn, moved, route)
    _tell_new_unit(turn, moved)
    return turn.text("diverted_ok", number=moved.number, department=route.unit)


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
    feedback.reopen(turn, ticket, person.role, person.id, words or "又出现了")
    return turn.text("reopened_ok", number=ticket.number)


_ACTS: dict[Act, Callable[[Turn, Ticket, Person, str], str]] = {
    Act.ACCEPT: _accept,
    Act.VERIFY: _verify,
    Act.RESOLVE: _resolve,
    Act.FEEDBACK: _feedback,
    Act.SEND_BACK: _send_back,
    Act.TRANSFER: _transfer,
    Act.ASK: _ask,
    Act.FALSE_ALARM: _false_alarm,
    Act.CONFIRM: _confirm,
    Act.REVIEW: _review,
    Act.DIVERT: _divert,
    Act.REOPEN: _reopen,
}
