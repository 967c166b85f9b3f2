"""Questions the bot asks and the answers it waits for (追问): where, and what staff want to know.

Opening, routing and danger never wait for a question. A place is asked once, in the group only
for public facilities, else in private; unanswered for three minutes it goes to the grid worker.
"""

from datetime import timedelta

from bot.domain import deciding, posters, routing
from bot.domain.lifecycle import REPORTER, SYSTEM
from bot.domain.reading import Place, Reading
from bot.events import Heard
from bot.lines import line_of
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Danger, Kind, Role, Stage
from handlers import answering, cards, loop, opening, shown, unreached
from storage import people, tickets
from storage.people import Ask
from storage.tickets import Ticket

_LONGEST_PLACE = 40
_PLACE_LIFE = timedelta(hours=12)


def place_if_missing(
    turn: Turn, event: Heard, reading: Reading, ticket: Ticket, is_group: bool, after: str
) -> None:
    """Ask once where it is, when somebody who knows the estate could not walk there."""
    if ticket.carrier or ticket.protected:
        return  # a carrier asks himself; of a protected matter only its owner asks
    if not deciding.lacks_place(ticket.category, reading.place, bool(ticket.place_key)):
        return
    if is_group and reading.public_facility and not turn.is_late and reading.danger is Danger.NONE:
        turn.answer(turn.text("ask_place_group"), after=after)
        line = event.line
    elif is_group:
        line = line_of(turn.private_chat(event.by))
        turn.tell(event.by, turn.text("ask_place_private"), ticket=ticket.id)
    else:
        line = event.line
        turn.answer(turn.text("ask_place_private"), after=after)
    people.ask(
        turn.db,
        Ask(
            key=f"{event.key}:place",
            kind="place",
            person_key=turn.person_key(event.by),
            ticket_id=ticket.id,
            asked_at=turn.now,
            until=turn.now + _PLACE_LIFE,
            data={"line": line},
        ),
    )
    turn.set_timer(ticket, "place_ask", turn.now + turn.rules.times.ask_window)


def answered(
    turn: Turn, event: Heard, person_key: str, said: str, reading: Reading, *, asks: bool
) -> bool:
    """True when the words answer a question that waits for this person.

    ``asks``: they ask something themselves; a place that we want to know waits on.
    """
    is_place = _is_place(said, reading) and not asks
    for ask in people.open_asks(turn.db, person_key, turn.now):
        if ask.kind == "relay" and ":" in event.chat:
            _relayed(turn, ask, said, reading)
            return True
        if ask.kind == "place" and is_place and not _is_another(turn, ask, reading):
            _placed(turn, event, ask, said, reading)
            return True
    return False


def _is_place(said: str, reading: Reading) -> bool:
    """A place by grammar, or a short answer that is no report of its own."""
    if reading.kind is Kind.REPORT and len(said) > _LONGEST_PLACE:
        return False
    return bool(reading.place.building or reading.place.landmark or reading.place.road)


def _is_another(turn: Turn, ask: Ask, reading: Reading) -> bool:
    """A report of another kind that names a place is no answer: it would be lost in this one."""
    if reading.kind is not Kind.REPORT or reading.category in (None, "N15"):
        return False
    asked = tickets.get(turn.db, ask.ticket_id).category
    return not turn.rules.alike.are_neighbours(asked, str(reading.category))


def _placed(turn: Turn, event: Heard, ask: Ask, said: str, reading: Reading) -> None:
    people.answered(turn.db, ask.id, turn.now)
    ticket = tickets.get(turn.db, ask.ticket_id)
    saved = with_place(turn, ticket, reading.place, "reporter", reading.masked)
    turn.clear_timers(saved, "place_ask")
    tell_owner(turn, saved, reading.masked)
    group = ":" not in event.chat
    turn.answer(turn.text("supplement_ack_group" if group else "supplement_ack_private"))


def with_place(turn: Turn, ticket: Ticket, place: Place, by: str, words: str) -> Ticket:
    """The ticket with what ``place`` says added to it, journalled as 补充."""
    named = posters.said_in(place)
    known = posters.kept(ticket.place, named)
    key = deciding.place_key(ticket.grid, place)
    return loop.change(
        turn,
        ticket,
        Act.SUPPLEMENT,
        by=by,
        reason=words[:200],
        place={**known, **named},
        place_key=key or ticket.place_key,
    )


def tell_owner(turn: Turn, ticket: Ticket, words: str) -> None:
    """The one who works it hears what was added."""
    if ticket.owner:
        text = turn.text(
            "new_ticket_again_staff",
            number=ticket.number,
            category=loop.category_name(turn, ticket.category),
            place=shown.place(turn, ticket, ticket.owner),
            summary=shown.said(turn, ticket, ticket.owner, words),
        )
        turn.tell(ticket.owner, text, ticket=ticket.id)
        cards.refresh(turn, ticket)


def _relayed(turn: Turn, ask: Ask, said: str, reading: Reading) -> None:
    """Her answer goes to the owner, masked; the clock runs on."""
    people.answered(turn.db, ask.id, turn.now)
    ticket = tickets.get(turn.db, ask.ticket_id)
    words = reading.masked or said
    if ticket.stage is Stage.WAITING:
        ticket = resumed(turn, ticket, Act.REPLY, "reporter", words)
    answer = shown.said(turn, ticket, ticket.owner, words, 300)
    text = turn.text("reply_from_reporter", number=ticket.number, answer=answer)
    turn.tell(ticket.owner, text, ticket=ticket.id)
    turn.answer(turn.text("ask_passed_on", number=ticket.number))


def resumed(turn: Turn, ticket: Ticket, act: Act, by: str, reason: str) -> Ticket:
    """The ticket back in its stage; the time it stood still does not count."""
    who = REPORTER if act is Act.REPLY else SYSTEM
    back = loop.step(turn, ticket, act, who, by=by, reason=reason[:200])
    turn.clear_timers(back, "waiting_limit")
    cards.refresh(turn, back)
    return back


def waiting_due(turn: Turn, ticket: Ticket) -> None:
    """Five days without an answer: work goes on without it."""
    if ticket.stage is Stage.WAITING and unreached.closed(turn, ticket):
        return
    if ticket.stage is Stage.WAITING:
        back = resumed(turn, ticket, Act.RESUME, SYSTEM, "等回话到期")
        turn.tell(back.owner, turn.text("waiting_over_staff", number=back.number), ticket=back.id)


def place_due(turn: Turn, ticket: Ticket) -> None:
    """Nobody answered where: the grid worker asks; the ticket has been open all the time."""
    if ticket.place_key or not ticket.is_open:
        return
    question = opening.question_of(turn, ticket)
    workers = routing.on_duty(Role.GRID_WORKER, question, turn.rules) if ticket.grid else []
    target = workers[0].id if workers and not ticket.protected else ticket.owner
    if target:
        summary = shown.quoted(turn, ticket, target)
        text = turn.text("ask_place_late", number=ticket.number, summary=summary)
        turn.tell(target, text, ticket=ticket.id)
        turn.note(ticket, Act.ASK, reason="没问到地点，请人联系")


def staff_answered(turn: Turn, event: Heard, person: Person, said: str) -> bool:
    """True when staff answer: 回 N to a resident's question, or what was relayed to a carrier."""
    if answering.replied(turn, event, person, said):
        return True
    asks = people.open_asks(turn.db, turn.person_key(person.id), turn.now)
    ask = next((a for a in asks if a.kind == "relay"), None)
    if ask is None or ":" not in event.chat or turn.reading is None:
        return False
    if turn.reading.kind is Kind.REPORT and turn.reading.danger is not Danger.NONE:
        return False
    _relayed(turn, ask, said, turn.reading)
    return True
