"""The desk (值守台): buttons, page orders, greetings, refusals, and what could not be said.

Thin: it finds the ticket and the person and hands over to ``acts``. A refusal is journalled and
answered kindly; words that found no way become a task for a named human.
"""

from collections.abc import Callable

from bot.domain.reading import read
from bot.domain.routing import Question
from bot.events import ButtonKey, Clicked, Event, Heard, Joined, Ordered
from bot.messages import Text, unpack
from bot.turn import Turn
from config.faults import Refused
from config.vocabulary import Act, Danger, Role
from handlers import (
    acts,
    approving,
    customers,
    danger,
    draft_acts,
    drills,
    group_wizard,
    hooks,
    humans,
    judging,
    likeness,
    loop,
    mediating,
    opening,
    orders,
    publicity_acts,
    purpose,
    sampling,
    shadow,
    shift_cards,
    teaming,
)
from storage import by_hand, journal, people, tickets
from storage.tickets import Ticket

# Who has buttons of his own, in this order; what none of them knows is an act on a ticket.
_PRESSED: tuple[Callable[[Turn, Clicked, ButtonKey], bool], ...] = (
    draft_acts.pressed,
    group_wizard.pressed,
    approving.pressed,
    drills.pressed,
    publicity_acts.pressed,
    teaming.pressed,
    mediating.pressed,
    likeness.pressed,
    judging.pressed,
    shift_cards.pressed,
)
_LONGEST = 10_000
_IN_CIRCLES = "unsent:unsent:unsent:"


def clicked(turn: Turn, event: Clicked) -> None:
    """A button was pressed on a card."""
    key = ButtonKey.unpack(event.button)
    if key is None:
        raise Refused("card_unknown")
    if any(pressed(turn, event, key) for pressed in _PRESSED):
        return
    if key.act in sampling.VERDICTS:
        sampling.judged(turn, event, key)
        return
    acts.clicked(turn, event, key.act, key.number)


def ordered(turn: Turn, event: Ordered) -> None:
    """A page asked for an act."""
    person = turn.rules.person(event.by)
    ticket = tickets.by_number(turn.db, event.ticket)
    if person is None or ticket is None:
        raise Refused("not_found", number=event.ticket)
    acts.act(turn, ticket, event.act, person, event.text)


def joined(turn: Turn, event: Joined) -> None:
    """Somebody opened the private chat: greet once, say what this is and what it is not."""
    key = turn.person_key(event.by)
    first = people.met(turn.db, key, turn.now, user=event.by)
    customers.entered(turn, event, key)
    staff = turn.rules.person(event.by) is not None
    if not event.greet or (event.door == "app" and not first):
        return
    if not staff:
        purpose.greeted(turn, key)
    words = turn.text("help_staff" if staff else "welcome")
    turn.answer(words, choices=humans.menu(event.chat))


def refused(turn: Turn, event: Event, why: Refused) -> None:
    """Answer a refusal kindly and write it down; the Turn that raised it is rolled back."""
    ticket = _ticket_of(turn, event)
    text = orders.refusal(turn, ticket, why) if ticket else orders.refusal_of_none(turn, why)
    if ticket is not None:
        turn.note(ticket, Act.REFUSE, by=_staff(turn, event), reason=why.text_key)
    if isinstance(event, Heard) and not shadow.is_silent(turn, event.chat):
        turn.answer(text)
    elif isinstance(event, Heard | Clicked | Ordered):
        turn.tell(event.by, text)


def _staff(turn: Turn, event: Event) -> str:
    """Who was refused: a member of staff by account, a resident never by hers."""
    by = getattr(event, "by", "")
    if not by:
        return "system"
    return by if turn.rules.person(by) is not None else "reporter"


def _ticket_of(turn: Turn, event: Event) -> Ticket | None:
    if isinstance(event, Clicked) and (key := ButtonKey.unpack(event.button)):
        return tickets.by_number(turn.db, key.number)
    if isinstance(event, Ordered):
        return tickets.by_number(turn.db, event.ticket)
    return None


def dead(turn: Turn, event: Event) -> None:
    """An event nobody could handle: the administrator hears of it, without its words.

    A cry for help gets its first words all the same: no bug may silence danger.
    """
    if isinstance(event, Heard):
        reading = read(event.text[:_LONGEST], event.at, None, turn.rules.reading, addressed=True)
        if reading.danger is not Danger.NONE:
            staff = turn.rules.person(event.by) is not None
            danger.first_words(turn, event, reading.danger_class or "other", is_staff=staff)
    for person in turn.rules.people_with(Role.ADMIN):
        turn.tell(person.id, turn.text("operator_dead_event", key=event.key))


def unsent(turn: Turn, chat: str, ticket_id: int, message: str) -> None:
    """No program could say it: a named human speaks with that person (私下联系群众)."""
    if hooks.gave_up(turn, chat):
        return
    words = unpack(message)
    user = chat.partition(":")[2]
    ticket_id = ticket_id or journal.ticket_of(turn.db, _origin(turn.event.key))
    if turn.event.key.startswith(_IN_CIRCLES):
        return  # no administrator can be reached: the parked row stands in the log
    if not ticket_id or turn.rules.person(user) is not None:
        for person in turn.rules.people_with(Role.ADMIN):
            if person.id != user:
                turn.tell(person.id, turn.text("operator_unsent", key=turn.event.key))
        return
    ticket = tickets.get(turn.db, ticket_id)
    draft = words.text if isinstance(words, Text) else ""
    question = opening.question_of(turn, ticket)
    worker = _who_speaks(turn, ticket, question)
    text = turn.text(
        "contact_privately",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        draft=draft,
    )
    known = by_hand.waits(turn.db, ticket.id, worker, draft)
    people.add_draft(turn.db, turn.event.key, ticket.id, worker, "contact", draft, turn.now)
    turn.note(ticket, Act.TELL, reason="机器人联系不上，请人私下联系")
    if not known:  # two neighbours of one matter: WeCom would drop the second, equal message
        turn.tell(worker, text, ticket=ticket.id)


def _origin(unsent_key: str) -> str:
    """The key of the event whose words could not be said (``unsent:<event key>:<n>``)."""
    return unsent_key.removeprefix("unsent:").rsplit(":", 1)[0].removesuffix(":ring")


def _who_speaks(turn: Turn, ticket: Ticket, question: Question) -> str:
    if not ticket.protected and ticket.grid:
        workers = turn.rules.duty(Role.GRID_WORKER, turn.now, ticket.grid, question.away)
        if workers:
            return workers[0].id
    return ticket.owner
