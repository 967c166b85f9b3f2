"""The chasing ladder (催办阶梯): pre-warning, 催办, 催办通知, 督办, 通报, 联席.

Each rung goes to one person, in private, by day (U1 and U2 also at night), never into a group. A
supervision has a number and waits for an answer (``答复 0012 …``); a unit that left one without
goes into the monthly bulletin, the unit, not a person; what two sides hand to and fro, or what is
open for weeks, is put to a joint meeting (``joint``). The rungs are times.yaml's.
"""

from datetime import datetime, timedelta

from bot.domain import clocks, rights
from bot.domain.lifecycle import SYSTEM
from bot.events import Due
from bot.turn import Turn
from config.clock_rules import PaperKind
from config.faults import Refused
from config.people_rules import Person
from config.time_rules import ChaseStep
from config.vocabulary import Act, Role
from handlers import divert_books, duties, joint, loop, opening, shown, stepping
from storage import papers
from storage.papers import Paper
from storage.tickets import Ticket

UNANSWERED, URGED = "paper_unanswered", "urged"
TIMERS = (loop.LADDER, loop.SUPERVISE_NOW, loop.CONFER_NOW, UNANSWERED, URGED)
SPONSOR = "sponsor"  # 包联领导
MONTHLY, BULLETIN_AT = "bulletin", "40 8 1 * *"
_ONCE = (PaperKind.BULLETIN, PaperKind.JOINT)
_ABOVE = (Role.LEADER, Role.INSPECTOR, Role.COMMAND_ROOM)
_ROLE_OF = {
    "leader": Role.LEADER,
    "inspector": Role.INSPECTOR,
    "command_room": Role.COMMAND_ROOM,
}


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """One rung, or what comes of one, if the ticket is still open."""
    if not ticket.is_open:
        return
    if may_not_now(turn, ticket):
        again = loop.by_day(turn, turn.now)
        turn.set_timer(ticket, event.kind, again, **event.data)
        return
    match event.kind:
        case loop.LADDER:
            _chase(turn, event, ticket)
        case loop.SUPERVISE_NOW:
            why = str(event.data.get("why", ""))
            _above(turn, ticket, PaperKind.SUPERVISION, "supervise_now", why)
        case loop.CONFER_NOW:
            _above(turn, ticket, PaperKind.JOINT, "confer_room")
        case _ if event.kind == UNANSWERED:
            _unanswered(turn, ticket, int(event.data["paper"]))
        case _:
            say_urged(turn, ticket)


def may_not_now(turn: Turn, ticket: Ticket) -> bool:
    """True at night for what can wait until the morning."""
    times = turn.rules.times
    return times.is_night(turn.now) and ticket.urgency not in times.night_urgencies


def _chase(turn: Turn, event: Due, ticket: Ticket) -> None:
    """One rung of the ladder, if the ticket still stands where it stood."""
    number = int(event.data["rung"])
    if ticket.stage != event.data["stage"] or ticket.due_at is None:
        return
    if number >= len(turn.rules.times.chase):
        return
    rung = turn.rules.times.chase[number]
    if divert_books.overdue_at_department(turn, ticket, rung.to):
        return
    kind = rung.paper or (PaperKind.SUPERVISION if rung.act is Act.SUPERVISE else None)
    unanswered_only = kind is PaperKind.BULLETIN or rung.to == SPONSOR
    if unanswered_only and _gave_a_reason(turn, ticket):
        return
    target = whom(turn, ticket, rung.to)
    if target is None or not rights.may_see(target, loop.matter_of(ticket), turn.rules):
        return
    if kind in _ONCE and papers.of_ticket(turn.db, ticket.id, kind):
        return
    paper = _paper(turn, ticket, kind) if kind else None
    _say(turn, ticket, rung, target, paper)


def _gave_a_reason(turn: Turn, ticket: Ticket) -> bool:
    """True when a supervision of it was answered: then no unit is reported."""
    found = papers.of_ticket(turn.db, ticket.id, PaperKind.SUPERVISION)
    return any(paper.answered_at is not None for paper in found)


def _say(turn: Turn, ticket: Ticket, rung: ChaseStep, target: Person, paper: Paper | None) -> None:
    urged = ticket.urged_count + (1 if rung.act is Act.CHASE else 0)
    saved = loop.change(turn, ticket, rung.act, by=SYSTEM, reason=target.name, urged_count=urged)
    _tell_of(turn, saved, target, rung.text, paper)
    if rung.act is Act.CHASE:
        stepping.passed_on(turn, saved)


def _paper(turn: Turn, ticket: Ticket, kind: PaperKind) -> Paper:
    """The paper that waits, made new when there is none; its answer is waited for."""
    waits = kind is not PaperKind.BULLETIN
    begins = joint.moment(turn) if kind is PaperKind.JOINT else turn.now
    until = begins + turn.rules.times.supervise_answer if waits else None
    paper, new = papers.make(turn.db, ticket.id, kind, ticket.unit, turn.now, until)
    if new and until is not None:
        turn.set_timer(ticket, UNANSWERED, loop.by_day(turn, until), paper=paper.id)
    return paper


def _above(turn: Turn, ticket: Ticket, kind: PaperKind, key: str, why: str = "") -> None:
    """A step at once: to the first above who may see it; nothing while one of it waits."""
    found = papers.of_ticket(turn.db, ticket.id, kind)
    if any(paper.answered_at is None for paper in found):
        return
    target = _first_above(turn, ticket)
    if target is not None:
        act = Act.SUPERVISE if kind is PaperKind.SUPERVISION else Act.ESCALATE
        paper = _paper(turn, ticket, kind)
        saved = loop.change(turn, ticket, act, by=SYSTEM, reason=target.name)
        _tell_of(turn, saved, target, key, paper, why)


def _tell_of(
    turn: Turn, ticket: Ticket, target: Person, key: str, paper: Paper | None, why: str = ""
) -> None:
    """The rung's words to ``target``; the owner hears of a supervision, 联席 calls a meeting."""
    words = _words(turn, target, ticket, key, paper, why)
    if paper is not None and paper.kind is PaperKind.JOINT:
        words = "\n".join((words, *joint.called(turn, ticket, target, paper)))
    turn.tell(target.id, words, ticket=ticket.id)
    if paper is not None and paper.kind is PaperKind.SUPERVISION:
        _tell_supervised(turn, ticket, target, paper)
        _copy(turn, ticket, target, (key, paper, why))


def _copy(turn: Turn, ticket: Ticket, target: Person, said: tuple[str, Paper | None, str]) -> None:
    """抄送: who is on duty in the roles that the rung of 督办 names, if he may see it."""
    key, paper, why = said
    rungs = (rung for rung in turn.rules.times.chase if rung.act is Act.SUPERVISE)
    away, matter = opening.away_now(turn), loop.matter_of(ticket)
    for role in (role for rung in rungs for role in rung.copies):
        there = turn.rules.duty(role, turn.now, None, away)
        seeing = (one for one in there if rights.may_see(one, matter, turn.rules))
        person = next(seeing, None)
        if person is not None and person.id not in (target.id, ticket.owner):
            words = _words(turn, person, ticket, key, paper, why)
            turn.tell(person.id, turn.text("ladder_copy", what=words), ticket=ticket.id)


def _tell_supervised(turn: Turn, ticket: Ticket, target: Person, paper: Paper) -> None:
    if ticket.owner and ticket.owner != target.id:
        hand = _hand(turn, ticket)
        words = _words(turn, hand, ticket, "supervised_staff", paper)
        turn.tell(hand, words, ticket=ticket.id)


def _first_above(turn: Turn, ticket: Ticket) -> Person | None:
    away, matter = opening.away_now(turn), loop.matter_of(ticket)
    there = [p for role in _ABOVE for p in turn.rules.duty(role, turn.now, None, away)]
    seeing = (person for person in there if rights.may_see(person, matter, turn.rules))
    return next(seeing, None)


def _unanswered(turn: Turn, ticket: Ticket, number: int) -> None:
    """The time for an answer is over: who is above hears it once."""
    paper, target = papers.get(turn.db, number), _first_above(turn, ticket)
    if paper is None or paper.answered_at is not None or target is None:
        return
    turn.note(ticket, Act.NOTE, reason=f"{paper.kind.label}{paper.id}号到期没有回复")
    turn.tell(target.id, _words(turn, target, ticket, "paper_unanswered", paper), ticket=ticket.id)


def answered(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """答复 0012 …: the answer to the oldest paper that waits. Raises: Refused."""
    if not words.strip():
        raise Refused("needs_words")
    if rights.may_act(person, Act.TRANSFER, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    found = papers.of_ticket(turn.db, ticket.id)
    waiting = [p for p in found if p.answered_at is None and p.due_at is not None]
    if not waiting:
        raise Refused("nothing_to_answer", number=ticket.number)
    paper = waiting[0]
    papers.answer(turn.db, paper.id, person.id, turn.now)
    said = words.strip()[:200]
    turn.note(ticket, Act.REPLY, by=person.id, reason=f"{paper.kind.label}{paper.id}号：{said}")
    target = _first_above(turn, ticket)
    values = {"number": ticket.number, "what": paper.kind.label, "paper": str(paper.id)}
    if target is not None and target.id != person.id:
        text = turn.text("paper_answered", **values, name=person.name, answer=said)
        turn.tell(target.id, text, ticket=ticket.id)
    return turn.text("paper_answered_ok", **values)


def urged(turn: Turn, ticket: Ticket, times_said: int) -> None:
    """The reporter asked again: the owner hears it (at night later); often, who is above."""
    if may_not_now(turn, ticket):
        turn.clear_timers(ticket, URGED)
        turn.set_timer(ticket, URGED, loop.by_day(turn, turn.now))
    else:
        say_urged(turn, ticket)
    if times_said == turn.rules.times.supervise_chases:
        loop.supervise_soon(turn, ticket, f"群众催了{times_said}次")


def say_urged(turn: Turn, ticket: Ticket) -> None:
    """The owner, or who stands in for him, hears that the reporter asked."""
    if ticket.owner:
        text = turn.text("urged_staff", number=ticket.number, times=ticket.urged_count)
        turn.tell(_hand(turn, ticket), text, ticket=ticket.id)


def monthly(turn: Turn) -> None:
    """通报: the month's line for each unit, to the leader and the command room; no persons."""
    first = turn.now.astimezone(clocks.ZONE).replace(day=1, hour=0, minute=0, second=0)
    first = first.replace(microsecond=0)
    before = (first - timedelta(days=1)).replace(day=1)
    lines = papers.bulletin(turn.db, before, first)
    if not lines:
        return
    said = [turn.text("bulletin_line", unit=line.unit or "—", count=line.count) for line in lines]
    text = "\n".join([turn.text("bulletin_head", count=sum(x.count for x in lines)), *said])
    roles, away = (Role.LEADER, Role.COMMAND_ROOM), opening.away_now(turn)
    for person in turn.rules.first_of(roles, turn.now, away):
        turn.tell(person.id, text)


def _words(
    turn: Turn,
    reader: shown.Reader,
    ticket: Ticket,
    key: str,
    paper: Paper | None = None,
    why: str = "",
) -> str:
    """The sentence of a rung to ``reader``; its spans and numbers keep two of them apart."""
    limit: datetime = ticket.due_at or turn.now
    owner = turn.rules.person(ticket.owner)
    span = clocks.span_words(limit - turn.now)
    wait = clocks.span_words(turn.rules.times.supervise_answer)
    return turn.text(
        key,
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, reader),
        left=wait if paper else span,
        over=span,
        due=clocks.moment_words(limit, turn.now),
        owner=owner.name if owner else ticket.unit,
        owner_unit=owner.unit if owner else ticket.unit,
        times=ticket.urged_count,
        paper=str(paper.id) if paper else "",
        what=paper.kind.label if paper else "",
        reason=why,
        age=clocks.span_words(turn.now - ticket.opened_at),
    )


def _hand(turn: Turn, ticket: Ticket) -> str:
    """The owner, or who stands in for him today."""
    found = _there(turn, ticket)
    return found.id if found else ticket.owner


def _there(turn: Turn, ticket: Ticket) -> Person | None:
    """The owner; away, who takes his duty (顶班), his substitute, or whoever is asked instead.

    Only who may see the ticket.
    """
    user = opening.stand_ins(turn).get(ticket.owner, ticket.owner)
    first = turn.rules.stand_in(user, turn.now, opening.away_now(turn))
    owner = turn.rules.person(ticket.owner)
    found = [first] if first else duties.instead_of(turn, owner) if owner else []
    matter = loop.matter_of(ticket)
    return next((one for one in found if rights.may_see(one, matter, turn.rules)), None)


def whom(turn: Turn, ticket: Ticket, to: str) -> Person | None:
    """Who hears of it: the owner or who stands in, his leader, or a role that is on duty."""
    owner, away = turn.rules.person(ticket.owner), opening.away_now(turn)
    if owner is not None and to == "owner":
        return _there(turn, ticket) or turn.rules.unit_leader(owner)
    if owner is not None and to == "unit_leader":
        return turn.rules.unit_leader(owner)
    if to == SPONSOR:
        return turn.rules.sponsor(ticket.grid, turn.now, away)
    role = _ROLE_OF.get(to, Role.LEADER)
    found = turn.rules.duty(role, turn.now, None, away)
    return found[0] if found else None
