"""A mediation at work (调解中): dates, sessions with minutes, result, next force, colour.

Minutes are sealed and read by the force that has the mediation; everybody else who may see the
ticket sees result and dates. 调解不成 names the next doors. Called by ``handlers.mediating``.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain import appointments, clocks, outbound
from bot.domain import mediation as domain
from bot.domain.mediation import Result
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import colours, mediation_visits
from handlers import mediation_after as after
from handlers import mediation_begin as begin
from handlers import mediation_people as people
from storage import mediations, tickets
from storage.mediations import Mediation, Session
from storage.tickets import Ticket

SESSION = "mediation_session"
_BEFORE = timedelta(hours=1)
_STATES = {
    mediations.INVITED: "等两边同意",
    mediations.RUNNING: "调解中",
    mediations.ENDED: "已结束",
}

_KEPT = {"kept": "一方说做到了", "broken": "一方说没做到"}


def _must_run(turn: Turn, person: Person, ticket: Ticket) -> Mediation:
    """The running mediation, for its force. Raises: Refused."""
    mediation = begin.must_be_active(turn, ticket)
    people.must_be_of_force(turn, person, ticket, mediation)
    if mediation.state != mediations.RUNNING:
        raise Refused("mediation_not_agreed", number=ticket.number)
    return mediation


def plan(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """约调解 0012 明天19点 居委会: noted, told to the reporter where she is a side, remembered."""
    mediation = _must_run(turn, person, ticket)
    _keep(turn, ticket, mediation, person, mediations.PLANNED, words)
    _tell_date(turn, ticket, mediation, "mediation_date", words)
    begins_at, _ = appointments.taken_apart(words, turn.now)
    if begins_at is not None and begins_at - _BEFORE > turn.now:
        key = _planned(turn, mediation)[-1].key
        data = {"mediation": mediation.id, "session": key}
        after.remind(turn, ticket, SESSION, begins_at - _BEFORE, str(mediation.id), **data)
    return turn.text("mediation_planned", number=ticket.number)


def _tell_date(turn: Turn, ticket: Ticket, mediation: Mediation, key: str, words: str) -> None:
    if user := people.reporter_side(turn, mediation):
        what = outbound.for_public_result(words, outbound.published(turn.rules))
        turn.tell(user, turn.text(key, number=ticket.number, what=what), ticket=ticket.id)


def _planned(turn: Turn, mediation: Mediation) -> list[Session]:
    found = mediations.sessions(turn.db, mediation.id)
    return [session for session in found if session.kind == mediations.PLANNED]


def session_due(turn: Turn, event: Due) -> None:
    """An hour before they sit together, unless another date was made or it is over."""
    mediation = mediations.find(turn.db, int(event.data["mediation"]))
    if mediation is None or mediation.state != mediations.RUNNING:
        return
    ticket = tickets.get(turn.db, mediation.ticket_id)
    newest = _planned(turn, mediation)[-1]
    if newest.key != event.data["session"] or people.is_never(turn, ticket):
        return
    begins_at, where = appointments.taken_apart(newest.minutes, newest.at)
    what = f"{clocks.moment_words(begins_at or turn.now, turn.now)} {where}".strip()
    text = turn.text("mediation_soon_staff", number=ticket.number, what=what)
    turn.tell(mediation.mediator, text, ticket=ticket.id)
    _tell_date(turn, ticket, mediation, "mediation_soon", what)


def minutes(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """调解记录 0012 …: kept for the force alone; the journal says only that they met."""
    mediation = _must_run(turn, person, ticket)
    _keep(turn, ticket, mediation, person, mediations.HELD, words)
    turn.note(ticket, Act.NOTE, by=person.id, reason="调解了一次")
    force = people.plan_of(turn).force(mediation.force)
    return turn.text("mediation_minuted", number=ticket.number, force=force.name)


def _keep(
    turn: Turn, ticket: Ticket, mediation: Mediation, person: Person, kind: str, words: str
) -> None:
    if not words.strip():
        raise Refused("mediation_needs_words", number=ticket.number)
    mediations.hold_session(
        turn.db,
        Session(
            key=f"{turn.event.key}:session:{mediation.id}:{kind}",
            mediation_id=mediation.id,
            ticket_id=ticket.id,
            kind=kind,
            at=turn.now,
            force=mediation.force,
            by=person.id,
            minutes=words.strip(),
        ),
    )


def result(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """调解结果 0012 成功 …: the answer with what comes next. Raises: Refused without a result."""
    found = domain.result_in(words)
    if found is None:
        raise Refused("mediation_which_result", number=ticket.number)
    return ended(turn, person, ticket, found, words)


def ended(turn: Turn, person: Person, ticket: Ticket, how: Result, words: str = "") -> str:
    """It ended so; sides and owner hear the result, visits follow what was agreed."""
    mediation = _must_run(turn, person, ticket)
    done = mediations.save(
        turn.db,
        replace(
            mediation,
            state=mediations.ENDED,
            result=how,
            ended_at=turn.now,
            eventful_at=turn.now,
            terms=_terms(words, how),
        ),
    )
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"调解结果：{how.label}")
    said = turn.text("mediation_ok", number=ticket.number, result=how.label)
    if ticket.owner not in ("", person.id):
        turn.tell(ticket.owner, said, ticket=ticket.id)
    _tell_side(turn, ticket, done, how)
    if how.is_agreed:
        mediation_visits.planned(turn, ticket, done)
        return said + "\n" + turn.text("mediation_keep", number=ticket.number)
    return said + "\n" + _what_next(turn, ticket, done)


def _terms(words: str, how: Result) -> str:
    """What was agreed: the words behind the result."""
    return words.strip().removeprefix("调解").removeprefix(how.label).strip(" ：:，,。")


def _tell_side(turn: Turn, ticket: Ticket, mediation: Mediation, how: Result) -> None:
    user = people.reporter_side(turn, mediation)
    if not user:
        return
    if how.is_agreed:
        words = turn.text("mediation_done", number=ticket.number, result=how.label)
    else:
        words = turn.text("mediation_over", number=ticket.number, doors=people.doors(turn))
    turn.tell(user, words, ticket=ticket.id)


def _what_next(turn: Turn, ticket: Ticket, mediation: Mediation) -> str:
    lines = [turn.text("mediation_stopped", number=ticket.number, doors=people.doors(turn))]
    higher = people.plan_of(turn).above(mediation.force)
    if higher is not None:
        lines.append(turn.text("mediation_next_force", number=ticket.number, force=higher.name))
    return "\n".join(lines)


def escalate(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """升级调解 0012 原因: the next force has it, with what was written before.

    One that ended begins anew and asks both sides again. Raises: Refused at the last force.
    """
    mediation = people.current(turn, ticket)
    if mediation is None:
        raise Refused("mediation_none", number=ticket.number)
    people.must_work(turn, person, ticket, mediation)
    if people.is_never(turn, ticket):
        raise Refused("mediation_never", number=ticket.number)
    rules = people.plan_of(turn)
    higher = rules.above(mediation.force, police=begin.is_violent(turn, ticket))
    if higher is None:
        raise Refused("mediation_top", number=ticket.number)
    if mediation.state == mediations.ENDED:
        points, _ = begin.scored(turn, ticket)
        said = begin.begun(turn, person, ticket, higher, points)
        _handed(turn, ticket, begin.must_be_active(turn, ticket))
        return said
    found = people.members(turn, higher, ticket.grid)
    if not found:
        raise Refused("mediation_nobody", force=higher.name)
    moved = replace(mediation, force=higher.id, mediator=found[0].id, eventful_at=turn.now)
    _handed(turn, ticket, mediations.save(turn.db, moved))
    why = f"：{words.strip()[:60]}" if words.strip() else ""
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"调解升级到{higher.name}{why}")
    return turn.text(
        "mediation_raised", number=ticket.number, force=higher.name, name=found[0].name
    )


def _handed(turn: Turn, ticket: Ticket, mediation: Mediation) -> None:
    count = sum(len(_held(turn, one)) for one in mediations.of_ticket(turn.db, ticket.id))
    text = turn.text("mediation_handed", number=ticket.number, count=count)
    turn.tell(mediation.mediator, text, ticket=ticket.id)


def _held(turn: Turn, mediation: Mediation) -> list[Session]:
    found = mediations.sessions(turn.db, mediation.id)
    return [session for session in found if session.kind == mediations.HELD]


def look(turn: Turn, person: Person, ticket: Ticket, _words: str) -> str:
    """看调解 0012: result and dates; minutes only for the force that has it now."""
    found = mediations.of_ticket(turn.db, ticket.id)
    if not found:
        raise Refused("mediation_none", number=ticket.number)
    reads = people.is_of_force(turn, person, ticket, found[-1])
    return "\n".join(line for one in found for line in _lines(turn, person, ticket, one, reads))


def _lines(
    turn: Turn, person: Person, ticket: Ticket, mediation: Mediation, reads: bool
) -> list[str]:
    rules = people.plan_of(turn)
    lines = [
        turn.text(
            "mediation_look",
            number=ticket.number,
            force=rules.force(mediation.force).name,
            colour=colours.colour_of(turn, ticket, rules).name,
            stage=_STATES[mediation.state],
        )
    ]
    for held in _held(turn, mediation):
        own = people.belongs(person, rules.force(held.force), ticket.grid)
        at, force = clocks.moment_words(held.at, turn.now), rules.force(held.force).name
        if reads or own:
            lines.append(turn.text("mediation_look_minutes", at=at, force=force, what=held.minutes))
        else:
            lines.append(turn.text("mediation_look_line", at=at, force=force))
    if mediation.result:
        lines.append(turn.text("mediation_look_result", result=Result(mediation.result).label))
    if mediation.promised_at is not None:
        due = after.day_words(mediation.promised_at)
        kept = "、".join(_KEPT[said] for said in (mediation.kept_a, mediation.kept_b) if said)
        lines.append(turn.text("mediation_look_promise", due=due, what=kept or "还没有回话"))
    for paper in mediations.papers(turn.db, mediation.id):
        name = rules.form(paper.form).name
        lines.append(turn.text("mediation_look_paper", name=name, code=paper.number))
    return lines
