"""Sub-tasks (子任务、联办): several people on one ticket, each with a limit, a card, a feedback.

``子任务 0012 方小满 2小时 上门看看``: whoever is named gets a card of his own; who may see the
ticket reads its words there, others only place and what is asked. A ticket with a part that still
runs is not resolved (``loop.step`` guards it). Reminders go to the person, then to his leader.
"""

from datetime import datetime, timedelta

from bot import shortening
from bot.domain import clocks, rights, teamwork
from bot.domain.commands import Command, Order
from bot.events import ButtonKey, Clicked, Due
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.shapes import WrittenSpan
from config.vocabulary import Act, Stage
from handlers import loop, shown
from storage import outbox, subtasks, tickets
from storage.subtasks import State, Subtask
from storage.tickets import ENDED, Ticket

TAKE = "part_take"
TIMER = "part_due"
_LONGEST = timedelta(days=60)
_NOT_YET = (*ENDED, Stage.DRAFT, Stage.NEW, Stage.RESOLVED, Stage.RECHECK, Stage.EVALUATION)


def assign(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """子任务 0012 names span words: each named person has a card; without words they are listed.

    Raises: Refused for who may not, for whom it must not reach, and without names or words.
    """
    if not words.strip():
        return listed(turn, ticket) or turn.text("part_how", number=ticket.serial)
    wanted = teamwork.wanted(words, lambda name: named(turn, ticket, name))
    if not wanted.people or not wanted.words:
        raise Refused("part_how", number=ticket.serial)
    until = due_at(turn, ticket, wanted.minutes)
    give(turn, person, ticket, wanted.people, wanted.words, until)
    return turn.text(
        "part_given",
        number=ticket.number,
        names=_names(turn, [one.id for one in wanted.people]),
        due=clocks.moment_words(until, turn.now),
    )


def named(turn: Turn, ticket: Ticket, name: str) -> Person | None:
    """The one person whom ``name`` means; of several the one of this grid."""
    found = turn.rules.named(name)
    local = [person for person in found if ticket.grid in person.grids] or list(found)
    return local[0] if len(local) == 1 else None


def give(
    turn: Turn,
    person: Person,
    ticket: Ticket,
    people: tuple[Person, ...],
    words: str,
    until: datetime,
) -> None:
    """Every one of ``people`` has a part of the ticket and a card of it. Raises: Refused."""
    matter = loop.matter_of(ticket)
    key = teamwork.may_assign(person, matter, turn.rules)
    keys = [teamwork.may_take_part(person, one, matter, turn.rules) for one in people]
    if refused := next((found for found in (key, *keys) if found), ""):
        raise Refused(refused, number=ticket.number, owner_unit=ticket.unit)
    if ticket.stage in _NOT_YET:
        raise Refused("part_too_late", number=ticket.number, stage=ticket.stage.label)
    for one in people:
        _give_one(turn, person, ticket, one, words, until)


def _give_one(
    turn: Turn, person: Person, ticket: Ticket, target: Person, words: str, until: datetime
) -> None:
    part = Subtask(
        key=f"{turn.event.key}:part:{ticket.id}:{target.id}",
        ticket_id=ticket.id,
        user=target.id,
        made_by=person.id,
        made_at=turn.now,
        due_at=until,
        words=words[:500],
    )
    number = subtasks.add(turn.db, part)
    turn.note(ticket, Act.SUBTASK, by=person.id, reason=f"请{target.name}：{words[:120]}")
    turn.set_timer(ticket, TIMER, loop.by_day(turn, until), part=number, rung=0)
    task_id = f"part-{line_of(part.key)}"
    turn.show_plain_card(target.id, _card(turn, ticket, part, number, target, task_id))


def due_at(turn: Turn, ticket: Ticket, minutes: int | None) -> datetime:
    """The limit that was said, else as long as handling takes."""
    if minutes:
        return turn.now + min(timedelta(minutes=minutes), _LONGEST)
    allowance = turn.rules.times.allowance(Stage.HANDLING, ticket.urgency)
    assert allowance is not None  # times.yaml has one for every grade  # noqa: S101
    return clocks.due_at(turn.now, allowance, turn.rules.times.work)


def _card(
    turn: Turn, ticket: Ticket, part: Subtask, number: int, target: Person, task_id: str
) -> Card:
    key = ButtonKey(TAKE, str(number), 0, ticket.line).pack()
    button = Button(text=turn.text("part_take"), key=key, style=1)
    return Card(
        task_id=task_id,
        title=turn.text("part_title", number=ticket.number),
        desc=turn.text("part_desc", name=loop.name_of(turn, part.made_by)),
        text=part.words[:100],
        quote=shown.words(turn, ticket, target, 100),
        fields=(
            (turn.text("field_place"), shown.place(turn, ticket, target)),
            (turn.text("field_due"), clocks.moment_words(part.due_at, turn.now)),
        ),
        buttons=(button,) if part.state is State.OPEN else (),
        source=turn.text("card_source"),
    )


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when the button was 接下 of a sub-task; it is taken then."""
    if key.act != TAKE:
        return False
    part = subtasks.get(turn.db, int(key.number)) if key.number.isdigit() else None
    if part is None or part.user != event.by or part.state not in subtasks.RUNNING:
        raise Refused("part_over")
    turn.tell(event.by, _taken(turn, part))
    seen = outbox.card(turn.db, event.task_id)
    if event.reply and event.reply.kind == "code" and seen is not None:
        outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
        _grey(turn, part, event.task_id)
    return True


def _grey(turn: Turn, part: Subtask, task_id: str) -> None:
    seen, target = outbox.card(turn.db, task_id), turn.rules.person(part.user)
    taken = subtasks.get(turn.db, part.id)
    if seen is None or target is None or taken is None:
        return
    ticket = tickets.get(turn.db, part.ticket_id)
    card = _card(turn, ticket, taken, part.id, target, task_id)
    turn.change_card(seen, card, turn.text("part_taken_grey"))


def ordered(turn: Turn, person: Person, command: Command) -> str:
    """接子任务、完成、退子任务: about a part of his own, even of a ticket that he cannot see.

    Raises: Refused when he has none, or has several and named no number.
    """
    part = _own(turn, person, command)
    if command.what is Order.PART_TAKE:
        return _taken(turn, part)
    if not command.words.strip():
        raise Refused("part_needs_words", number=_serial(turn, part))
    state = State.DONE if command.what is Order.PART_DONE else State.DROPPED
    return _ended(turn, person, part, state, command.words.strip()[:500])


def _own(turn: Turn, person: Person, command: Command) -> Subtask:
    mine = subtasks.of_user(turn.db, person.id)
    if command.numbers:
        mine = [p for p in mine if _is_of(turn, p, command.numbers[0])]
    if not mine:
        raise Refused("part_none")
    if len({part.ticket_id for part in mine}) > 1:
        numbers = "、".join(dict.fromkeys(_serial(turn, part) for part in mine))
        raise Refused("ambiguous_ticket", numbers=numbers)
    return mine[0]


def _is_of(turn: Turn, part: Subtask, number: str) -> bool:
    ticket = tickets.get(turn.db, part.ticket_id)
    return number in (ticket.serial, ticket.number)


def _serial(turn: Turn, part: Subtask) -> str:
    return tickets.get(turn.db, part.ticket_id).serial


def _taken(turn: Turn, part: Subtask) -> str:
    ticket = tickets.get(turn.db, part.ticket_id)
    if part.state is State.OPEN:
        subtasks.take(turn.db, part, turn.now)
        turn.note(ticket, Act.SUBTASK, by=part.user, reason="接下子任务")
    due = clocks.moment_words(part.due_at, turn.now)
    return turn.text("part_taken", number=ticket.serial, due=due)


def _ended(turn: Turn, person: Person, part: Subtask, state: State, words: str) -> str:
    """Who gave it and who owns the ticket hear how it ended; the last one opens the way."""
    ticket = tickets.get(turn.db, part.ticket_id)
    subtasks.end(turn.db, part, state, turn.now, words)
    turn.note(ticket, Act.SUBTASK, by=person.id, reason=f"{state.label}：{words[:120]}")
    left = subtasks.running(turn.db, ticket.id)
    key = "part_back_staff" if state is State.DROPPED else "part_done_staff"
    text = turn.text(key, number=ticket.number, name=person.name, result=words[:200])
    text += turn.text("part_left", count=len(left)) if left else turn.text("part_all_done")
    for user in dict.fromkeys((part.made_by, ticket.owner)):
        if user and user != person.id:
            turn.tell(user, text, ticket=ticket.id)
    return turn.text("part_ended_ok", number=ticket.serial)


def withdrawn(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """撤子任务 0012 方小满: by who gave it, the owner, or the station. Raises: Refused."""
    target = named(turn, ticket, words.split()[0]) if words.split() else None
    found = subtasks.running(turn.db, ticket.id)
    part = next((p for p in found if target is not None and p.user == target.id), None)
    if part is None or target is None:
        raise Refused("part_none")
    key = teamwork.may_assign(person, loop.matter_of(ticket), turn.rules)
    if key and part.made_by != person.id:
        raise Refused(key, number=ticket.number, owner_unit=ticket.unit)
    subtasks.end(turn.db, part, State.DROPPED, turn.now)
    turn.note(ticket, Act.SUBTASK, by=person.id, reason=f"撤回{target.name}的子任务")
    turn.tell(part.user, turn.text("part_dropped_staff", number=ticket.number))
    return turn.text("part_withdrawn_ok", number=ticket.number, name=target.name)


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """The limit of a part has passed: the person first, a working day later his leader."""
    part = subtasks.get(turn.db, int(event.data["part"]))
    person = turn.rules.person(part.user) if part else None
    if part is None or person is None or part.state not in subtasks.RUNNING:
        return
    over = clocks.span_words(turn.now - part.due_at)
    if int(event.data["rung"]) == 0:
        summary = shortening.short(part.words, 40)
        turn.tell(
            person.id, _late(turn, "part_due_staff", ticket, part, person.id, summary=summary)
        )
        day = turn.rules.times.spread(WrittenSpan(1, "wd"), ticket.urgency)
        at = loop.by_day(turn, clocks.due_at(turn.now, day, turn.rules.times.work))
        turn.set_timer(ticket, TIMER, at, part=part.id, rung=1)
        return
    leader = turn.rules.unit_leader(person)
    heard = [leader.id] if leader and _sees(turn, leader, ticket) else []
    for user in dict.fromkeys((*heard, part.made_by)):
        turn.tell(user, _late(turn, "part_late_staff", ticket, part, user, over=over))


def _late(turn: Turn, key: str, ticket: Ticket, part: Subtask, reader: str, **values: str) -> str:
    """The sentence as ``reader`` may know the place."""
    name, place = loop.name_of(turn, part.user), shown.place(turn, ticket, reader)
    return turn.text(key, number=ticket.serial, name=name, place=place, **values)


def _sees(turn: Turn, person: Person, ticket: Ticket) -> bool:
    return rights.may_see(person, loop.matter_of(ticket), turn.rules)


def listed(turn: Turn, ticket: Ticket) -> str:
    """One line for each sub-task of the ticket; empty when it has none."""
    return "\n".join(_line(turn, part) for part in subtasks.of_ticket(turn.db, ticket.id))


def _line(turn: Turn, part: Subtask) -> str:
    return turn.text(
        "part_line",
        name=loop.name_of(turn, part.user),
        summary=shortening.short(part.words, 30),
        stage=part.state.label,
        due=clocks.moment_words(part.due_at, turn.now),
        result=shortening.short(part.feedback, 30),
    ).strip()


def mine(turn: Turn, person: Person) -> list[str]:
    """What this person has to do of others' tickets, one line each."""
    return [
        turn.text(
            "part_mine",
            number=_serial(turn, part),
            summary=shortening.short(part.words, 30),
            due=clocks.moment_words(part.due_at, turn.now),
        )
        for part in subtasks.of_user(turn.db, person.id)
    ]


def _names(turn: Turn, users: list[str]) -> str:
    return "、".join(loop.name_of(turn, user) for user in users)
