"""四级工作机制: a grid worker's report, its grid leader, the officer who gives level and route.

``报民警`` and ``不报`` are the leader's, ``研判`` and ``采纳`` the officer's; the leader merges,
adds and comments, but the reporter's words stay as they were said. Who is silent longer than a
ticket of that grade may wait for a signature holds nothing up. Danger goes past all of it.
"""

from bot.domain import pipeline, rights, routing, teamwork
from bot.domain.lifecycle import SYSTEM, Actor
from bot.domain.routing import Route
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role, Stage, Urgency
from handlers import cards, first_reading, loop, opening, parts
from storage.tickets import Ticket

TIMER = pipeline.TIMER
WAITING = (Stage.DRAFT, Stage.NEW)
_LEVELS = {level.label: level for level in (Urgency.U2, Urgency.U3, Urgency.U4)}


def approve(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """报民警 0012 comment: the answer; the officer has it, with what the leader says of it."""
    passed = _to_officer(turn, ticket, Act.APPROVE, person.role, person.id, words)
    if words.strip():
        _tell(turn, passed.owner, "tier_comment_staff", passed, person, words)
    name = loop.name_of(turn, passed.owner)
    return turn.text("tier_approved_ok", number=passed.number, name=name)


def decline(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """不报 0012 reason: the answer; worker and officer read why, and the officer may overrule."""
    if not words.strip():
        raise Refused("needs_reason", act=Act.DECLINE.label, number=ticket.serial)
    officer = _officer(turn, ticket)
    saved = loop.step(
        turn,
        ticket,
        Act.DECLINE,
        person.role,
        by=person.id,
        reason=words[:200],
        owner=officer.id if officer else ticket.owner,
        past_owners=(*ticket.past_owners, ticket.owner),
        closed_at=turn.now,
    )
    turn.clear_timers(saved)
    cards.refresh(turn, saved, greyed=turn.text("tier_declined_grey"))
    if officer is not None:
        cards.show(turn, saved, officer)
        _tell(turn, officer.id, "tier_declined_officer", saved, person, words)
    if saved.carrier and saved.carrier != person.id:
        _tell(turn, saved.carrier, "tier_declined_worker", saved, person, words)
    return turn.text("tier_declined_ok", number=saved.number)


def overrule(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """采纳 0012: one tap, and what the leader did not pass on goes its road after all."""
    again = loop.step(
        turn,
        ticket,
        Act.OVERRULE,
        person.role,
        by=person.id,
        reason=words[:200],
        owner=person.id,
        closed_at=None,
    )
    leader = next((user for user in reversed(ticket.past_owners) if user != person.id), "")
    if leader:
        _tell(turn, leader, "tier_overruled_staff", again, person, words)
    return judge(turn, again, person, "")


def judge(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """研判 0012 紧急 方小满、沈伯渔 1天 上门调解: level, then road, then who solves it with him.

    A department's name makes it the department's; names make parts of it, and it is his own.
    Raises: Refused when the words behind the level say neither.
    """
    level, rest = _level(ticket, words)
    wanted = teamwork.wanted(rest, lambda name: parts.named(turn, ticket, name))
    department = _department(turn, rest)
    if rest and not wanted.people and not department:
        raise Refused("tier_judge_how", number=ticket.serial)
    moved = _judged(turn, ticket, level, person.role, person.id, department, mine=bool(rest))
    if wanted.people:
        until = parts.due_at(turn, moved, wanted.minutes)
        todo = wanted.words or loop.matter_name(turn, moved)
        others = tuple(one for one in wanted.people if one.id != person.id)
        parts.give(turn, person, moved, others, todo, until)
    return turn.text(
        "tier_judged_ok",
        number=moved.number,
        urgency=moved.urgency.label,
        unit=loop.name_of(turn, moved.owner) if moved.owner else moved.unit,
    )


def _level(ticket: Ticket, words: str) -> tuple[Urgency, str]:
    first, _, rest = words.strip().partition(" ")
    found = _LEVELS.get(first)
    return (found, rest.strip()) if found else (ticket.urgency, words.strip())


def _department(turn: Turn, words: str) -> str:
    """The id of the one department whose name holds ``words``; empty otherwise."""
    said = words.strip()
    named = [one.id for one in turn.rules.divert.departments if said and said in one.name]
    return named[0] if len(named) == 1 else ""


def _judged(
    turn: Turn,
    ticket: Ticket,
    level: Urgency,
    who: Actor,
    by: str,
    department: str = "",
    *,
    mine: bool = False,
) -> Ticket:
    """Admitted at that level and in the hands of whoever the list, or the officer, names."""
    admitted = loop.step(
        turn,
        ticket,
        Act.JUDGE,
        who,
        by=by,
        reason=level.label,
        urgency=level,
        finish_at=loop.promise(turn, level, ticket.category),
    )
    turn.clear_timers(admitted, TIMER)
    question = opening.question_of(turn, admitted)
    officer = turn.rules.person(by)
    if department:
        route = routing.department(department, question, turn.rules)
    elif mine and officer is not None:
        route = Route(officer, officer.unit)
    else:
        route = routing.route(question, turn.rules)
    handed = opening.hand_to(turn, admitted, route)
    cards.refresh(turn, handed)
    opening.show_to_staff(turn, handed, route)
    return handed


def _to_officer(
    turn: Turn, ticket: Ticket, act: Act, who: Actor, by: str, words: str = ""
) -> Ticket:
    officer = _officer(turn, ticket)
    passed = loop.step(
        turn,
        ticket,
        act,
        who,
        by=by,
        reason=words[:200],
        owner=officer.id if officer else "",
        unit=officer.unit if officer else turn.rules.station.room_name,
        past_owners=(*ticket.past_owners, ticket.owner),
    )
    cards.refresh(turn, passed, greyed=turn.text("tier_approved_grey"))
    turn.clear_timers(passed, TIMER)
    first_reading.wait(turn, passed)
    if officer is not None:
        cards.show(turn, passed, officer)
    return passed


def _officer(turn: Turn, ticket: Ticket) -> Person | None:
    """The community officer who is there, else the room."""
    question = opening.question_of(turn, ticket)
    for role in (Role.OFFICER, Role.COMMAND_ROOM, Role.LEADER):
        if found := routing.on_duty(role, question, turn.rules):
            return found[0]
    return None


def comment(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """批注 0012 words: on the story, beside what the reporter said. Raises: Refused."""
    if not words.strip():
        raise Refused("needs_words")
    key = rights.may_act(person, Act.TRANSFER, loop.matter_of(ticket), turn.rules)
    if key and not person.role.is_police:
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"批注：{words.strip()[:150]}")
    if ticket.owner and ticket.owner != person.id:
        _tell(turn, ticket.owner, "tier_comment_staff", ticket, person, words)
    return turn.text("tier_comment_ok", number=ticket.number)


def due(turn: Turn, ticket: Ticket) -> None:
    """Nobody read it in time: it goes one step on by itself, and who was silent hears so."""
    if ticket.stage not in WAITING:
        return
    silent = ticket.owner
    if ticket.stage is Stage.DRAFT:
        _to_officer(turn, ticket, Act.APPROVE, SYSTEM, SYSTEM)
    else:
        _judged(turn, ticket, ticket.urgency, SYSTEM, SYSTEM)
    if silent:
        turn.tell(silent, turn.text("tier_went_on_staff", number=ticket.number), ticket=ticket.id)


def hurried(turn: Turn, ticket: Ticket) -> Ticket:
    """A report that has become a danger, or urgent, waits for nobody: it is with the police now.

    Who was reading it hears so, unless he may not see it any more.
    """
    reader = turn.rules.person(ticket.owner) if ticket.stage in WAITING else None
    if ticket.stage is Stage.DRAFT:
        ticket = loop.step(turn, ticket, Act.APPROVE, SYSTEM, reason="情况急了，不再等审核")
    if ticket.stage is not Stage.NEW:
        return ticket
    passed = _judged(turn, ticket, ticket.urgency, SYSTEM, SYSTEM)
    if (
        reader
        and reader.id != passed.owner
        and rights.may_see(reader, loop.matter_of(passed), turn.rules)
    ):
        turn.tell(reader.id, turn.text("tier_hurried_staff", number=passed.number))
    return passed


def pressed_by(turn: Turn, ticket: Ticket, urgency: Urgency, by: str) -> Ticket:
    """Further words are urgent while it waits for its reader: it has that grade and goes on."""
    if ticket.stage not in WAITING or urgency not in pipeline.AT_ONCE or urgency >= ticket.urgency:
        return ticket
    graver = loop.change(
        turn, ticket, Act.RAISE, by=by, reason=f"补充的话是{urgency.label}", urgency=urgency
    )
    return hurried(turn, graver)


def _tell(turn: Turn, user: str, key: str, ticket: Ticket, person: Person, words: str) -> None:
    listener = turn.rules.person(user)
    if listener is None or not rights.may_see(listener, loop.matter_of(ticket), turn.rules):
        return
    text = turn.text(key, number=ticket.number, name=person.name, reason=words.strip()[:150])
    turn.tell(user, text, ticket=ticket.id)
