"""Text commands of staff (文字口令): the same acts as the buttons, and what needs no ticket.

A number may be short, missing when it is quoted or when one ticket is open, or several at once;
each one is done under its own savepoint, so that one refusal does not undo the others.
"""

from collections.abc import Callable
from functools import partial

from bot.domain import clocks, outbound, rights
from bot.domain import ticket_numbers as numbers
from bot.domain.commands import Command, Order
from bot.domain.reading import read
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger, Stage
from handlers import (
    acts,
    approving,
    asking,
    burden,
    cards,
    correcting,
    divert_orders,
    drills,
    duties,
    knowing,
    likeness,
    linking,
    loop,
    opening,
    origins,
    preserving,
    registering,
    results,
    sampling,
    splitting,
    teaming,
    worklog,
)
from handlers.duty_orders import ORDERS
from storage import journal, people, tickets
from storage.ticket_facts import Fact
from storage.tickets import Ticket

_NEEDS_OPEN = frozenset({Act.ACCEPT, Act.VERIFY, Act.RESOLVE, Act.SEND_BACK, Act.TRANSFER, Act.ASK})
_MOST_LINES = 12


def ordered(turn: Turn, event: Heard, person: Person, command: Command, grid: str) -> None:
    """Carry a command out and answer once."""
    match command.what:
        case Order.MINE:
            lines = _mine(turn, person)
        case Order.REGISTER | Order.SETTLED:
            lines = [registering.registered(turn, event, person, command, grid)]
        case Order.BUSY | Order.LEAVE | Order.STAND_IN:
            lines = [duties.duty(turn, person, command)]
        case Order.DRILL:
            lines = [drills.ordered(turn, person, command.words)]
        case Order.AWAKE:
            lines = [drills.said(turn, person)]
        case Order.LOG:
            lines = [worklog.ordered(turn, person, command.words)]
        case Order.BURDEN:
            lines = [burden.asked(turn, person)]
        case Order.HELP:
            lines = [turn.text("help_staff")]
        case Order.MISSED:
            lines = [correcting.missed(turn, event, person, command.words, grid)]
        case Order.MERGE | Order.NOT_SAME:
            lines = [likeness.ordered(turn, person, command)]
        case Order.LINK | Order.UNLINK:
            lines = [linking.ordered(turn, person, command)]
        case Order.LIST_FIGURES | Order.STREET_LIST:
            lines = [divert_orders.told(turn, person, command)]
        case Order.ORIGINS:
            lines = [origins.asked(turn, person)]
        case Order.SAMPLES:
            lines = [sampling.asked(turn, person)]
        case what if what in teaming.OWN:
            lines = [teaming.own(turn, person, command)]
        case _:
            lines = _on_tickets(turn, event, person, command)
    turn.answer("\n".join(line for line in lines if line) or turn.text("here_short"))


def _on_tickets(turn: Turn, event: Heard, person: Person, command: Command) -> list[str]:
    """One line for each ticket that is meant; a wrong number is a line and stops nothing."""
    found, lines = _meant(turn, event, person, command)
    return [_on_one(turn, event, person, ticket, command) for ticket in found] + lines


def _on_one(turn: Turn, event: Heard, person: Person, ticket: Ticket, command: Command) -> str:
    words = command.words
    match command.what:
        case Order.LOOK:
            return _look(turn, person, ticket)
        case Order.ADD:
            return _added(turn, event, person, ticket, words)
        case Order.CONTACTED:
            return _contacted(turn, person, ticket)
        case Order.SPLIT:
            return splitting.split(turn, person, ticket)
        case Order.RECLASS:
            return correcting.reclass(turn, person, ticket, words)
        case Order.PRESERVE | Order.LIFT:
            lift = command.what is Order.LIFT
            return preserving.ask(turn, ticket, person, words, lift=lift)
        case Order.GRANT | Order.DENY:
            granted = command.what is Order.GRANT
            said = partial(approving.said, granted=granted, words=words)
            return _guarded(turn, ticket, partial(said, turn, ticket, person))
        case Order.LETTER | Order.THEIR_NUMBER | Order.THEIR_ANSWER | Order.WIDE:
            return divert_orders.on_one(turn, person, ticket, command)
        case Order.WORDING:
            return _wording(turn, person, ticket, words)
        case Order() as what if what in ORDERS:
            return _guarded(turn, ticket, partial(ORDERS[what], turn, ticket, person, words))
        case Order() as what if what in teaming.ON_TICKET:
            return teaming.on_ticket(turn, person, ticket, command)
        case Act() as what:
            return _one(turn, ticket, what, person, words)
        case _:
            raise LookupError(f"nobody knows the command {command.what}")


def _guarded(turn: Turn, ticket: Ticket, do: Callable[[], str]) -> str:
    """One order under its own savepoint; a refusal is a line of the answer."""
    try:
        with turn.db.conn.begin_nested():
            return do()
    except Refused as why:
        return refusal(turn, ticket, why)


def _known(turn: Turn, person: Person, ticket: Ticket, fact: Fact, words: str) -> str:
    try:
        return knowing.noted(turn, person, ticket, fact, words)
    except Refused as why:
        return refusal(turn, ticket, why)


def _one(turn: Turn, ticket: Ticket, what: Act, person: Person, words: str) -> str:
    """One act under its own savepoint; a refusal is a line of the answer."""
    try:
        with turn.db.conn.begin_nested():
            return acts.act(turn, ticket, what, person, words)
    except Refused as why:
        if rights.may_see(person, loop.matter_of(ticket), turn.rules):
            turn.note(ticket, Act.REFUSE, by=person.id, reason=f"{what.label}:{why.text_key}")
        return refusal(turn, ticket, why)


def refusal(turn: Turn, ticket: Ticket, why: Refused) -> str:
    """The kind sentence of a refusal."""
    if why.text_key == "stage_refused":
        return turn.text(
            "stage_refused", **why.values, number=ticket.number, next=_next(turn, ticket)
        )
    if why.text_key == "already_taken":
        values = {**why.values, "name": loop.name_of(turn, str(why.values["name"]))}
        return turn.text("already_taken", **values)
    if why.text_key == "role_refused":
        return turn.text("role_refused", who=ticket.unit or turn.rules.station.room_name)
    return turn.text(why.text_key, **why.values)


def _next(turn: Turn, ticket: Ticket) -> str:
    words = {
        Stage.DRAFT: f"同意就回“报民警 {ticket.serial}”，不同意回“不报 {ticket.serial} 理由”。",
        Stage.NEW: f"定级回“研判 {ticket.serial} 一般”。",
        Stage.ASSIGNED: f"先回“签收 {ticket.serial}”。",
        Stage.ACCEPTED: f"到场回“到场 {ticket.serial}”。",
        Stage.VERIFYING: f"办好回“处置 {ticket.serial} 结果”。",
        Stage.HANDLING: f"办好回“处置 {ticket.serial} 结果”。",
    }
    return words.get(ticket.stage, f"回“查 {ticket.serial}”看看。")


def _meant(
    turn: Turn, event: Heard, person: Person, command: Command
) -> tuple[list[Ticket], list[str]]:
    """The tickets a command is about, and a line for each number that is none.

    Raises: Refused with what to write instead, when no number was given and none can be guessed.
    """
    named = command.numbers or tuple(numbers.found_in(event.quote))
    if named:
        return _named(turn, person, named)
    mine = _candidates(turn, person, command)
    if len(mine) == 1:
        return mine, []
    if not mine:
        raise Refused("no_open_ticket")
    raise Refused("ambiguous_ticket", numbers="、".join(t.serial for t in mine[:_MOST_LINES]))


def _named(turn: Turn, person: Person, named: tuple[str, ...]) -> tuple[list[Ticket], list[str]]:
    found, lines = [], []
    for number in named:
        try:
            found.append(_by_number(turn, person, number))
        except Refused as why:
            lines.append(turn.text(why.text_key, **why.values))
    return found, lines


def _candidates(turn: Turn, person: Person, command: Command) -> list[Ticket]:
    """Open tickets of this person that fit the command; those shown to him count for 签收."""
    own = tickets.open_of_owner(turn.db, person.id)
    if command.what in (Act.ACCEPT, Act.FALSE_ALARM, Act.CONFIRM):
        shown = tickets.shown_to(turn.db, person.id)
        own = list({t.id: t for t in (*own, *shown) if t.is_open}.values())
    if command.what is Act.ACCEPT:
        return [t for t in own if t.stage is Stage.ASSIGNED]
    if command.what in (Act.FALSE_ALARM, Act.CONFIRM):
        return [t for t in own if t.danger is not Danger.NONE]
    if command.what is Act.FEEDBACK or command.what is Order.WORDING:
        return [t for t in own if t.stage is Stage.RESOLVED]
    if command.what in _NEEDS_OPEN:
        return [t for t in own if t.stage not in (Stage.RESOLVED, Stage.EVALUATION)]
    return own


def _by_number(turn: Turn, person: Person, number: str) -> Ticket:
    """The newest ticket of that number that exists for this person."""
    full = tickets.by_number(turn.db, number) if numbers.is_full(number) else None
    found = [full] if full else tickets.by_serial(turn.db, number)
    visible = [t for t in found if rights.may_see(person, loop.matter_of(t), turn.rules)]
    if visible:
        return next((t for t in visible if t.is_open), visible[0])
    near = _near(turn, person, number)
    if near:
        raise Refused("wrong_number", number=number, near=near)
    raise Refused("not_found", number=number)


def visible(turn: Turn, person: Person, number: str) -> Ticket | None:
    """The ticket of that number, when it exists for this person."""
    try:
        return _by_number(turn, person, number) if number else None
    except Refused:
        return None


def _near(turn: Turn, person: Person, number: str) -> str:
    """One of this person's numbers that differs in one digit, or the only one he has."""
    mine = [t.serial for t in tickets.open_of_owner(turn.db, person.id)]
    close = [s for s in mine if sum(a != b for a, b in zip(s, number, strict=False)) == 1]
    return close[0] if close else mine[0] if len(mine) == 1 else ""


def _mine(turn: Turn, person: Person) -> list[str]:
    own = tickets.open_of_owner(turn.db, person.id)
    shared = teaming.mine(turn, person)
    if not own:
        return shared or [turn.text("mine_none")]
    lines = (
        turn.text(
            "mine_line",
            number=ticket.number,
            category=loop.category_name(turn, ticket.category),
            place=loop.place_words(turn, ticket),
            stage=ticket.stage.label,
            left=loop.left_words(turn, ticket),
        )
        for ticket in own[:_MOST_LINES]
    )
    return [turn.text("mine_head", count=len(own)), *lines, *shared]


def _look(turn: Turn, person: Person, ticket: Ticket) -> str:
    """What stands on a ticket, with its story, for staff who may see it."""
    head = turn.text(
        "ticket_detail",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        urgency=ticket.urgency.label,
        place=loop.place_words(turn, ticket),
        stage=ticket.stage.label,
        owner=loop.name_of(turn, ticket.owner) if ticket.owner else ticket.unit,
        left=loop.left_words(turn, ticket),
        summary=loop.summary(ticket, 60),
    )
    story = journal.of_ticket(turn.db, ticket.id)[-_MOST_LINES:]
    linked = linking.line(turn, person, ticket)
    told = (_story_line(turn, entry) for entry in story)
    lines = [head, linked, *told, *teaming.of_ticket(turn, ticket)]
    return "\n".join(line for line in lines if line)


def _story_line(turn: Turn, entry: journal.Entry) -> str:
    return turn.text(
        "ticket_detail_line",
        at=clocks.moment_words(entry.at, turn.now),
        actor=_actor(turn, entry.actor),
        act=Act(entry.act).label,
        reason=entry.reason[:30],
    ).strip()


def _actor(turn: Turn, actor: str) -> str:
    found = {"system": "警格", "reporter": "反映人"}.get(actor)
    return found or loop.name_of(turn, actor)


def _added(turn: Turn, event: Heard, person: Person, ticket: Ticket, words: str) -> str:
    """补充: what a member of staff found out, and the place if it names one."""
    if not words:
        raise Refused("needs_words")
    view = opening.grid_view(turn.rules.grid(ticket.grid))
    reading = read(words, event.at, view, turn.rules.reading)
    saved = asking.with_place(turn, ticket, reading.place, person.id, reading.masked)
    turn.clear_timers(saved, "place_ask")
    if saved.owner != person.id:
        asking.tell_owner(turn, saved, reading.masked)
    return turn.text("supplement_ack_private")


def _contacted(turn: Turn, person: Person, ticket: Ticket) -> str:
    """已联系: somebody spoke with the reporter where no program could."""
    people.finish_drafts(turn.db, ticket.id, person.id, turn.now)
    turn.note(ticket, Act.TELL, by=person.id, reason="已私下联系反映人")
    return turn.text("contacted_ok", number=ticket.number)


def _wording(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """告知: other words for the public, filtered, before they leave."""
    if ticket.stage is not Stage.RESOLVED or not words.strip():
        raise Refused("wording_refused", number=ticket.number)
    if rights.may_act(person, Act.FEEDBACK, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    public = outbound.for_public_result(words, outbound.published(turn.rules))
    saved = loop.change(
        turn, ticket, Act.NOTE, by=person.id, reason=f"告知：{public}"[:200], result_public=public
    )
    turn.clear_timers(saved, "feedback_due")
    turn.set_timer(saved, "feedback_due", turn.now + results.SHOWN_BEFORE_SENT)
    cards.refresh(turn, saved)
    return turn.text("resolve_confirm", number=saved.number, public_result=public)
