"""Is it the same matter? (是不是一件事): comparing words, and asking the grid worker.

What is alike enough joins by itself (``domain.deciding``). What is only somewhat alike opens its
own ticket, and one person who knows the place gets one card with the likest open tickets: 并入 or
不是一回事. Nothing waits for the answer. Protected matters are never compared nor shown.
"""

from dataclasses import replace
from datetime import timedelta

from bot import shortening
from bot.domain import alike, clocks, deciding, rights, routing
from bot.domain.commands import Command, Order
from bot.domain.deciding import Context
from bot.domain.reading import Reading
from bot.events import ButtonKey, Clicked
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Grid, Person
from config.vocabulary import Role
from handlers import loop, merging, opening, shown
from storage import outbox, people, ticket_words, tickets
from storage.people import Ask
from storage.tickets import Ticket

MERGE, NOT_SAME = "merge:", "not_same"
_KIND = "alike"
_LIFE = timedelta(days=7)
_LONGEST_FIELD = 26
_MOST_COMPARED = 30


def compared(turn: Turn, reading: Reading, context: Context, grid: str) -> Context:
    """The context with the likeness of every open ticket that is worth comparing."""
    ids = deciding.comparable(reading, context)
    if not ids:
        return context
    sieve = _sieve(turn, turn.rules.grid(grid))
    said = " ".join(reading.masked.split())
    words = ticket_words.words_of(turn.db, ids[:_MOST_COMPARED])
    scores = alike.likenesses(said, words, sieve)
    known = [replace(k, likeness=scores.get(k.id, 0.0)) for k in context.known]
    return replace(context, known=known)


def _sieve(turn: Turn, grid: Grid | None) -> alike.Sieve:
    names: tuple[str, ...] = ()
    if grid is not None:
        estates = (name for e in grid.estates for name in (e.name, *e.aliases))
        names = (grid.name, grid.community, *estates)
    return alike.sieve_for(names, turn.rules.alike.common_words)


def ask(turn: Turn, ticket: Ticket, others: tuple[int, ...]) -> None:
    """One card for one person: is the new ``ticket`` one of these? Silent when nobody may look."""
    found = [one for one in (tickets.get(turn.db, other) for other in others) if one.is_open]
    person = _who_looks(turn, (ticket, *found))
    if person is None or not found:
        return
    rest = [one for one in found if one.id != ticket.id]
    task_id = turn.task_id(ticket, person.id)
    turn.show_plain_card(person.id, _card(turn, person, ticket, rest, task_id))
    people.ask(
        turn.db,
        Ask(
            key=f"{turn.event.key}:{_KIND}",
            kind=_KIND,
            person_key=turn.person_key(person.id),
            ticket_id=ticket.id,
            asked_at=turn.now,
            until=turn.now + _LIFE,
            data={"others": [one.id for one in rest]},
        ),
    )


def _who_looks(turn: Turn, meant: tuple[Ticket, ...]) -> Person | None:
    """The grid worker, the officer where only police may go; never who may not see them all."""
    question = opening.question_of(turn, meant[0])
    if not meant[0].grid:
        return None
    police = any(turn.rules.is_police_only(one.category, one.danger_class) for one in meant)
    roles = (Role.OFFICER,) if police else (Role.GRID_WORKER, Role.OFFICER)
    there = (person for role in roles for person in routing.on_duty(role, question, turn.rules))
    return next((p for p in there if all(_may_see(turn, p, one) for one in meant)), None)


def _may_see(turn: Turn, person: Person, ticket: Ticket) -> bool:
    return rights.may_see(person, loop.matter_of(ticket), turn.rules)


def _card(turn: Turn, person: Person, ticket: Ticket, others: list[Ticket], task_id: str) -> Card:
    merges = tuple(_button(ticket, MERGE + one.number, f"并入 {one.serial}") for one in others)
    return Card(
        task_id=task_id,
        title=turn.text("alike_title"),
        desc=turn.text("alike_desc", number=ticket.number),
        text=turn.text(
            "alike_text", summary=shown.quoted(turn, ticket, person, 60), number=ticket.serial
        ),
        fields=tuple((one.serial, _in_short(turn, person, one)) for one in others),
        buttons=(*merges, _button(ticket, NOT_SAME, turn.text("alike_no"), 2)),
        source=turn.text("card_source"),
    )


def _button(ticket: Ticket, act: str, label: str, style: int = 1) -> Button:
    key = ButtonKey(act, ticket.number, ticket.version, ticket.line).pack()
    return Button(text=label, key=key, style=style)


def _in_short(turn: Turn, person: Person, ticket: Ticket) -> str:
    when = clocks.moment_words(ticket.opened_at, turn.now)
    name = loop.category_name(turn, ticket.category)
    words = shown.words(turn, ticket, person)
    return shortening.short(f"{when} {name} {words}".strip(), _LONGEST_FIELD)


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was a button of this card: merge, or remember that it is another matter.

    Raises: Refused with a kind sentence when it cannot be done now.
    """
    if not key.act.startswith(MERGE) and key.act != NOT_SAME:
        return False
    person, ticket = turn.rules.person(event.by), tickets.by_number(turn.db, key.number)
    if person is None or ticket is None:
        raise Refused("not_found", number=key.number)
    if key.act == NOT_SAME:
        words = _not_same(turn, person, ticket)
    else:
        words = _merged(turn, person, ticket, key.act.removeprefix(MERGE))
    _finish_card(turn, event, words)
    turn.tell(person.id, words)
    return True


def _merged(turn: Turn, person: Person, ticket: Ticket, number: str) -> str:
    older = tickets.by_number(turn.db, number)
    if older is None:
        raise Refused("not_found", number=number)
    return merging.merge(turn, person, ticket, older)


def _not_same(turn: Turn, person: Person, ticket: Ticket) -> str:
    if not _may_see(turn, person, ticket):
        raise Refused("not_found", number=ticket.serial)
    _answered(turn, ticket)
    return turn.text("not_same_ok", number=ticket.number)


def _answered(turn: Turn, ticket: Ticket) -> None:
    for asked in people.asks_of_ticket(turn.db, ticket.id):
        if asked.kind == _KIND:
            people.answered(turn.db, asked.id, turn.now)


def _finish_card(turn: Turn, event: Clicked, words: str) -> None:
    """The card shows what was decided and has no buttons any more."""
    if event.reply and event.reply.kind == "code":
        outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
    seen = outbox.card(turn.db, event.task_id)
    if seen is not None:
        turn.change_card(seen, Card(task_id=event.task_id, title=words))


def ordered(turn: Turn, person: Person, command: Command) -> str:
    """``0013 并入 0012``, or 并入 0012 / 不是一回事 as the answer to the last card.

    Raises: Refused when no card waits and no two numbers were given.
    """
    numbers = list(command.numbers)
    if command.what is Order.MERGE and len(numbers) > 1:
        new, older = (merging.by_number(turn, person, number) for number in numbers[:2])
        return merging.merge(turn, person, new, older)
    asked = _waiting(turn, person)
    ticket = tickets.get(turn.db, asked.ticket_id)
    if command.what is Order.NOT_SAME:
        return _not_same(turn, person, ticket)
    others = [tickets.get(turn.db, other) for other in asked.data["others"]]
    named = [one for one in others if not numbers or numbers[0] in (one.serial, one.number)]
    if len(named) != 1:
        raise Refused("needs_merge")
    return merging.merge(turn, person, ticket, named[0])


def _waiting(turn: Turn, person: Person) -> Ask:
    """The newest question of this kind that waits for that person."""
    asks = people.open_asks(turn.db, turn.person_key(person.id), turn.now)
    asked = next((one for one in asks if one.kind == _KIND), None)
    if asked is None:
        raise Refused("needs_merge")
    return asked
