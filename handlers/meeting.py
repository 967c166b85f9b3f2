"""召集: the people of a matter come together; time, place, who comes, and what came out of it.

``召集 0012 明天15点 警务室 方小满 沈伯渔 商量漏水怎么赔``. Without names the team of the grid is
asked, without a place it is the post of the grid (就近). Everybody answers with one tap; who called
is reminded of the minutes afterwards. Nobody is asked who may not see a protected matter. A new
call takes the place of one that has not begun. The ladder's last rung calls by ``convene`` too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import appointments, clocks, nearby, teamwork, ticket_numbers
from bot.domain.commands import Command, Order
from bot.events import ButtonKey, Clicked, Due
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.clock_rules import PaperKind
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import loop, parts
from storage import meetings, papers, tickets
from storage.meetings import COMES, SILENT, STAYS_AWAY, Meeting
from storage.tickets import Ticket

TIMER = "meeting"
_PREFIX = "meet_"
_BEFORE, _AFTER = timedelta(minutes=30), timedelta(hours=2)
_WORDS = {COMES: "能来", STAYS_AWAY: "来不了", SILENT: "没回"}


@dataclass(frozen=True, slots=True)
class Plan:
    """When, where, what about, and whom to ask."""

    begins_at: datetime
    place: str
    topic: str
    people: Sequence[Person]


def call(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """召集 0012 when where who what: the answer; each has a card. Without words: how it stands.

    Raises: Refused without a time to come, for who may not, and where nobody is left to ask.
    """
    found = meetings.of_ticket(turn.db, ticket.id)
    if not words.strip():
        return _state(turn, ticket, found[-1]) if found else turn.text("meeting_how")
    key = teamwork.may_assign(person, loop.matter_of(ticket), turn.rules)
    if key:
        raise Refused(key, number=ticket.number, owner_unit=ticket.unit)
    begins_at, behind = appointments.taken_apart(words, turn.now)
    if begins_at is None:
        raise Refused("meeting_needs_time")
    rest = behind.split()
    place, rest = _place(turn, ticket, rest, begins_at)
    wanted = teamwork.wanted(" ".join(rest), lambda name: parts.named(turn, ticket, name))
    asked = _asked(turn, person, ticket, wanted.people)
    topic = wanted.words or loop.matter_name(turn, ticket)
    return convene(turn, person, ticket, Plan(begins_at, place, topic, asked))


def convene(turn: Turn, person: Person, ticket: Ticket, plan: Plan) -> str:
    """Everybody of ``plan`` has a card; returns what ``person``, in whose name it is, hears."""
    meeting = Meeting(
        key=f"{turn.event.key}:meeting:{ticket.id}",
        ticket_id=ticket.id,
        called_by=person.id,
        called_at=turn.now,
        begins_at=plan.begins_at,
        place=plan.place,
        topic=plan.topic,
        answers={one.id: SILENT for one in plan.people},
    )
    _instead(turn, ticket, meeting)
    _called(turn, person, ticket, meeting)
    names = "、".join(one.name for one in plan.people)
    return turn.text("meeting_called", **_values(turn, ticket, meeting), names=names)


def to_come(turn: Turn, ticket: Ticket) -> Meeting | None:
    """The meeting about it that has not begun yet."""
    found = meetings.of_ticket(turn.db, ticket.id)
    ahead = (one for one in found if one.ended_at is None and one.begins_at > turn.now)
    return next(ahead, None)


def _instead(turn: Turn, ticket: Ticket, meeting: Meeting) -> None:
    """One that has not begun is over; who is not asked again hears that."""
    earlier = to_come(turn, ticket)
    if earlier is None:
        return
    turn.clear_timers(ticket, TIMER)
    meetings.end(turn.db, earlier, "", turn.now)
    text = turn.text("meeting_called_off", **_values(turn, ticket, earlier))
    for user, said in earlier.answers.items():
        if user not in meeting.answers and said != STAYS_AWAY:
            turn.tell(user, text)


def _called(turn: Turn, person: Person, ticket: Ticket, meeting: Meeting) -> None:
    number = meetings.add(turn.db, meeting)
    at = clocks.moment_words(meeting.begins_at, turn.now)
    reason = f"{at} {meeting.place}：{meeting.topic[:60]}"
    turn.note(ticket, Act.MEET, by=person.id, reason=reason)
    for user in meeting.answers:
        turn.show_plain_card(user, _card(turn, ticket, meeting, number, user))
    before = meeting.begins_at - _BEFORE
    if before > turn.now:
        turn.set_timer(ticket, TIMER, before, meeting=number, what="remind")
    after = loop.by_day(turn, meeting.begins_at + _AFTER)
    turn.set_timer(ticket, TIMER, after, meeting=number, what="minutes")


def _place(turn: Turn, ticket: Ticket, words: list[str], at: datetime) -> tuple[str, list[str]]:
    """The next word where it is no name; else the nearest post that is open then (就近)."""
    if words and parts.named(turn, ticket, words[0].split("、")[0]) is None:
        return words[0][:40], words[1:]
    return nearby.post_at(ticket.grid, at, turn.rules) or turn.rules.station.name, words


def _asked(turn: Turn, person: Person, ticket: Ticket, people: tuple[Person, ...]) -> list[Person]:
    """Those named; without names whoever of the grid's team may come. Raises: Refused."""
    matter = loop.matter_of(ticket)
    grid = turn.rules.grid(ticket.grid)
    team = [found for user in (grid.team if grid else ()) if (found := turn.rules.person(user))]
    may = {one: teamwork.may_take_part(person, one, matter, turn.rules) for one in (*people, *team)}
    if refused := next((may[one] for one in people if may[one]), ""):
        raise Refused(refused, number=ticket.number)
    asked = [one for one in people or team if not may[one] and one.id != person.id]
    if not asked:
        raise Refused("meeting_nobody")
    return asked


def _card(turn: Turn, ticket: Ticket, meeting: Meeting, number: int, user: str) -> Card:
    def button(said: str, style: int) -> Button:
        key = ButtonKey(_PREFIX + said, str(number), 0, ticket.line).pack()
        return Button(text=_WORDS[said], key=key, style=style)

    return Card(
        task_id=f"meeting-{line_of(meeting.key + user)}",
        title=turn.text("meeting_title", number=ticket.number),
        desc=turn.text("part_desc", name=loop.name_of(turn, meeting.called_by)),
        text=meeting.topic[:100],
        fields=(
            (turn.text("field_when"), clocks.moment_words(meeting.begins_at, turn.now)),
            (turn.text("field_place"), meeting.place[:26]),
        ),
        buttons=(button(COMES, 1), button(STAYS_AWAY, 3)),
        source=turn.text("card_source"),
    )


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was 能来 or 来不了; who called hears it."""
    if not key.act.startswith(_PREFIX):
        return False
    meeting = meetings.get(turn.db, int(key.number)) if key.number.isdigit() else None
    if meeting is None:
        raise Refused("meeting_over")
    turn.tell(event.by, _answered(turn, event.by, meeting, key.act.removeprefix(_PREFIX)))
    return True


def answered(turn: Turn, person: Person, command: Command) -> str:
    """能来 0012、来不了 0012: the newest meeting of that ticket that asked him. Raises: Refused."""
    said = COMES if command.what is Order.COMES else STAYS_AWAY
    found = [
        meeting
        for number in command.numbers
        for ticket in tickets.by_serial(turn.db, ticket_numbers.serial_in(number))
        for meeting in meetings.of_ticket(turn.db, ticket.id)
        if person.id in meeting.answers
    ]
    if not found:
        raise Refused("meeting_over")
    return _answered(turn, person.id, found[-1], said)


def _answered(turn: Turn, user: str, meeting: Meeting, said: str) -> str:
    """Raises: Refused when it is over or he was never asked."""
    if user not in meeting.answers or meeting.ended_at or meeting.begins_at <= turn.now:
        raise Refused("meeting_over")
    ticket = tickets.get(turn.db, meeting.ticket_id)
    meetings.answer(turn.db, meeting, user, said)
    values = {"number": ticket.number, "name": loop.name_of(turn, user), "answer": _WORDS[said]}
    if meeting.answers[user] != said:
        turn.tell(meeting.called_by, turn.text("meeting_answer_staff", **values))
    return turn.text("meeting_answer_ok", number=ticket.number, answer=_WORDS[said])


def minutes(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """纪要 0012 words: by who called it or owns the ticket; everybody who was asked gets them.

    What the ladder put to a joint meeting (联席) is answered by it.

    Raises: Refused without words, without a meeting, and for others.
    """
    found = meetings.of_ticket(turn.db, ticket.id)
    if not found or not words.strip():
        raise Refused("minutes_needed", number=ticket.serial)
    meeting = found[-1]
    if person.id not in (meeting.called_by, ticket.owner):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    meetings.end(turn.db, meeting, words.strip()[:2000], turn.now)
    turn.note(ticket, Act.MEET, by=person.id, reason=f"纪要：{words.strip()[:150]}")
    for paper in papers.of_ticket(turn.db, ticket.id, PaperKind.JOINT):
        papers.answer(turn.db, paper.id, person.id, turn.now)
    values = {"number": ticket.number, "place": meeting.place, "result": words.strip()[:1000]}
    for user in (one for one in meeting.answers if one != person.id):
        turn.tell(user, turn.text("minutes_staff", **values))
    return turn.text("minutes_ok", number=ticket.number)


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Half an hour before: those who did not say no; afterwards: who called owes the minutes."""
    meeting = meetings.get(turn.db, int(event.data["meeting"]))
    if meeting is None or meeting.ended_at is not None:
        return
    if event.data["what"] == "minutes":
        text = turn.text("minutes_due", **_values(turn, ticket, meeting))
        turn.tell(meeting.called_by, text, ticket=ticket.id)
        return
    text = turn.text("meeting_soon", **_values(turn, ticket, meeting))
    for user, said in meeting.answers.items():
        if said != STAYS_AWAY:
            turn.tell(user, text)


def _values(turn: Turn, ticket: Ticket, meeting: Meeting) -> dict[str, str]:
    at = clocks.moment_words(meeting.begins_at, turn.now)
    return {"number": ticket.number, "at": at, "place": meeting.place}


def _state(turn: Turn, ticket: Ticket, meeting: Meeting) -> str:
    names = "、".join(
        f"{loop.name_of(turn, user)} {_WORDS[said]}" for user, said in meeting.answers.items()
    )
    text = turn.text("meeting_state", **_values(turn, ticket, meeting), names=names)
    return f"{text}\n{meeting.minutes}".strip()
