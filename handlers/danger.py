"""Danger (险情): the first words, the call chain, 疑似, 误报.

The words leave first and never wait. 险情 rings the duty chain until a human signs; 疑似 asks the
duty person once and becomes 险情 after a minute without a tap. 误报 stops everything at once.
What a group hears is one column of crisis.yaml; protected matters are never quoted.
"""

from bot.domain import clocks, lifecycle, rights, routing
from bot.domain.reading import Reading
from bot.events import Due, Heard
from bot.lines import line_of
from bot.turn import SYSTEM, Turn
from config.divert_rules import DangerClass
from config.people_rules import Person
from config.vocabulary import Act, ChatKind, Danger, GroupSpeech, Role, Stage, Urgency
from handlers import calling, cards, drafts, late, loop, opening, searching, shown, teams, tiers
from storage import outbox
from storage.tickets import Ticket

_UNSIGNED = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)
RINGING = ("ring", "suspected", "none_line")


def first_words(turn: Turn, event: Heard, danger_class: str, *, is_staff: bool) -> None:
    """Say what saves lives, before anything else, where and as far as the class allows."""
    found = turn.rules.danger_class(danger_class) or turn.rules.danger_class("other")
    assert found is not None  # check demands the class other  # noqa: S101
    if ":" in event.chat or turn.is_late:
        key = found.group_text or found.answer_text if is_staff else found.answer_text
        turn.answer(turn.text(key), danger=True)
        return
    if found.group_speech is GroupSpeech.NONE:
        turn.answer(turn.text("short_ack"), danger=True, quiet_quote=True)
        turn.tell(event.by, turn.text(found.answer_text), danger=True)
        return
    words = turn.text(found.group_text or "danger_other_group")
    turn.answer(words, danger=True, quiet_quote=found.protected)
    drafts.hand_out(turn)
    if not is_staff and found.life and found.group_speech is GroupSpeech.NEUTRAL:
        turn.tell(event.by, turn.text(found.answer_text), danger=True)


def alarm(turn: Turn, ticket: Ticket) -> None:
    """Ring the chain for 险情, ask the duty person for 疑似; the group line for a silent class."""
    found = turn.rules.danger_class(ticket.danger_class)
    if ticket.danger is Danger.SUSPECTED:
        _ask_duty(turn, ticket)
        return
    if found is not None and not found.rings_chain:
        owner = turn.rules.person(ticket.owner)
        if owner is not None:
            cards.show(turn, ticket, owner, danger=True)
        return
    _inform(turn, ticket)
    ring(turn, ticket, 0)
    silent = found is not None and found.group_speech is GroupSpeech.NONE and found.life
    if (silent or turn.is_late) and ticket.chat:
        at = turn.now + turn.rules.times.danger.private_deadline
        turn.set_timer(
            ticket, "none_line", at, event=turn.event.key, lines=_own_lines(turn, ticket)
        )


def _own_lines(turn: Turn, ticket: Ticket) -> list[str]:
    """Where whoever told it may be reached in private."""
    users = [voice.user for voice in ticket.voices] or [ticket.carrier]
    chats = (chat for u in users for chat in (f"bot:{u}", f"app:{u}", turn.private_chat(u)))
    return list(dict.fromkeys(line_of(chat) for chat in chats))


def _inform(turn: Turn, ticket: Ticket) -> None:
    """Grid workers and the department keep people away and show the way; no buttons, no clock."""
    for person in routing.route(opening.question_of(turn, ticket), turn.rules).informed:
        cards.inform(turn, ticket, person)


def ring(turn: Turn, ticket: Ticket, rung: int) -> None:
    """Ring the ``rung``-th of the chain now and remember the next."""
    chain = turn.rules.times.danger.chain
    place = rung % len(chain)
    there = _at_rung(turn, ticket, place)
    for person in there:
        _ring_person(turn, ticket, person, first=rung == 0)
        calling.call(turn, ticket, person, rung)
    if rung == 0:
        teams.rung(turn, ticket, there)
    following = place + 1
    if following < len(chain):
        wait = chain[following].after - chain[place].after
    else:
        wait = turn.rules.times.danger.repeat_every
    turn.set_timer(ticket, "ring", turn.now + wait, rung=rung + 1)


def _at_rung(turn: Turn, ticket: Ticket, place: int) -> list[Person]:
    """The next person of that role; the beat's officer only where the beat is known."""
    chain = turn.rules.times.danger.chain
    role = chain[place].role
    if role is Role.OFFICER and not ticket.grid:
        role = Role.COMMAND_ROOM
    question = opening.question_of(turn, ticket)
    there = routing.on_duty(role, question, turn.rules)
    earlier = sum(1 for step in chain[:place] if step.role is role)
    return [there[earlier % len(there)]] if there else []


def _ring_person(turn: Turn, ticket: Ticket, person: Person, *, first: bool) -> None:
    values = _values(turn, ticket, person)
    waited = clocks.span_words(turn.now - ticket.opened_at)
    key = "danger_staff" if first else "ring_staff"
    turn.note(ticket, Act.RING, reason=person.name)
    if person.id not in {seen.user for seen in outbox.cards_of(turn.db, ticket.id)}:
        cards.show(turn, ticket, person, danger=True, ring=True)
    words = late.call_first(turn, turn.text(key, **values, waited=waited))
    turn.tell(person.id, words, danger=True, ticket=ticket.id, ring=True)


def _ask_duty(turn: Turn, ticket: Ticket) -> None:
    """疑似: the officer and the command room look; a minute without a tap makes it 险情.

    After an outage the command room reads of it in its one list.
    """
    question = opening.question_of(turn, ticket)
    asked = [] if turn.is_late else routing.on_duty(Role.COMMAND_ROOM, question, turn.rules)[:1]
    owner = turn.rules.person(ticket.owner)
    if owner is not None and owner.id not in [p.id for p in asked]:
        asked = [owner, *asked]
    timeout = turn.rules.times.danger.suspected_timeout
    left = f"{int(timeout.total_seconds())}秒"
    for person in asked:
        cards.show(turn, ticket, person, danger=True, ring=True)
        text = turn.text("suspected_staff", **_values(turn, ticket, person), left=left)
        words = late.call_first(turn, text)
        turn.tell(person.id, words, danger=True, ticket=ticket.id, ring=True)
    turn.set_timer(ticket, "suspected", turn.now + timeout)


def raised(turn: Turn, ticket: Ticket, reading: Reading, by: str) -> Ticket:
    """An open ticket becomes a danger, or a graver one: the clearer words decide class and road.

    They stand first on the ticket, so that who is rung reads why.
    Any word of anybody may raise; nobody's may lower: a signed ticket stays signed.
    """
    danger_class = reading.danger_class or "other"
    found = turn.rules.danger_class(danger_class)
    danger = reading.danger
    saved = loop.change(
        turn,
        ticket,
        Act.RAISE,
        by=by,
        reason=reading.masked[:200],
        masked=f"{reading.masked[:200]}\n{ticket.masked}"[:2000],
        danger=danger,
        danger_class=danger_class,
        category=reading.category or ticket.category,
        urgency=Urgency.U1 if danger is Danger.CONFIRMED else min(ticket.urgency, Urgency.U2),
        protected=ticket.protected or bool(found and found.protected),
    )
    saved = tiers.hurried(turn, loop.recounted(turn, saved))
    turn.clear_timers(saved, *RINGING)
    saved = _taken_back(turn, saved)
    if saved.stage in _UNSIGNED:
        alarm(turn, saved)
    elif saved.owner:
        words = turn.text("danger_staff", **_values(turn, saved, saved.owner))
        turn.tell(saved.owner, words, danger=True, ticket=saved.id)
    cards.refresh(turn, saved)
    return saved


def _taken_back(turn: Turn, ticket: Ticket) -> Ticket:
    """What is with a department outside, or with who may not go there, is the police's at once.

    Signed or not: whoever had it hears to keep away, and the police are rung.
    """
    had = turn.rules.person(ticket.owner)
    wrong = had is not None and _must_not_go(turn, ticket, had)
    may = lifecycle.may(ticket.stage, Act.TRANSFER, SYSTEM)
    if not may or (ticket.stage is not Stage.DIVERTED and not wrong):
        return ticket
    route = routing.route(opening.question_of(turn, ticket), turn.rules)
    informed = route.informed if ticket.danger is Danger.CONFIRMED else ()  # by the alarm
    if had is not None and wrong and had not in informed and not ticket.protected:
        cards.inform(turn, ticket, had)
    return loop.step(
        turn,
        ticket,
        Act.TRANSFER,
        SYSTEM,
        reason="有险情，收回来",
        owner=route.owner.id if route.owner else "",
        unit=route.unit or turn.rules.station.room_name,
        department="",
        past_owners=tuple(dict.fromkeys((*ticket.past_owners, *filter(None, (ticket.owner,))))),
    )


def _must_not_go(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """True where it has become a matter for police alone, and this person is none."""
    refused = rights.may_act(person, Act.VERIFY, loop.matter_of(ticket), turn.rules)
    return refused == rights.POLICE_ONLY


def confirmed(turn: Turn, ticket: Ticket, by: str, role: Role | str) -> Ticket:
    """是险情: the chain begins; whoever said so may sign next."""
    saved = loop.step(
        turn, ticket, Act.CONFIRM, role, by=by, danger=Danger.CONFIRMED, urgency=Urgency.U1
    )
    saved = loop.recounted(turn, saved)
    turn.clear_timers(saved, *RINGING)
    cards.refresh(turn, saved)
    _inform(turn, saved)
    if saved.stage in _UNSIGNED:
        ring(turn, saved, 0)
    return saved


def signed(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Somebody signed: stop ringing; the group that was warned hears that somebody has it."""
    rung = {seen.user for seen in outbox.cards_of(turn.db, ticket.id)}
    rung -= {person.id, *ticket.barred}
    turn.clear_timers(ticket, *RINGING)
    outbox.withdraw_rings(turn.db, ticket.id)
    values = {"number": ticket.number, "name": person.name}
    for user in sorted(rung):
        turn.tell(user, turn.text("ring_stopped_staff", **values), ticket=ticket.id)
    teams.taken(turn, ticket, person)
    if _group_was_told(turn, ticket):
        turn.say_group(ticket.chat, turn.text("danger_taken_group"))


def false_alarm(turn: Turn, ticket: Ticket, person: Person) -> Ticket:
    """误报: nothing rings any more, and where the bot had spoken it says sorry."""
    saved = loop.step(turn, ticket, Act.FALSE_ALARM, person.role, by=person.id, closed_at=turn.now)
    turn.clear_timers(saved)
    outbox.withdraw_rings(turn.db, saved.id)
    searching.over(turn, saved, by=person.id, is_found=False)
    others = {seen.user for seen in outbox.cards_of(turn.db, saved.id)} - {person.id}
    for user in sorted(others):
        text = turn.text("false_alarm_staff", number=saved.number, name=person.name)
        turn.tell(user, text, danger=True, ticket=saved.id)
    cards.refresh(turn, saved, greyed=Act.FALSE_ALARM.label)
    teams.false_alarm(turn, saved)
    if _group_was_told(turn, saved):
        turn.say_group(saved.chat, turn.text("false_alarm_sorry_group"), danger=True)
    if not saved.protected:
        turn.tell_reporter(saved, "false_alarm_sorry_private")
    return saved


def _group_was_told(turn: Turn, ticket: Ticket) -> bool:
    found: DangerClass | None = turn.rules.danger_class(ticket.danger_class)
    group = turn.rules.chat(ticket.chat)
    if not ticket.chat or found is None or group is None or group.kind is ChatKind.SINGLE:
        return False
    return found.group_speech is not GroupSpeech.NONE


def ring_due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Nobody has signed: the next person."""
    if ticket.stage in _UNSIGNED and ticket.danger is Danger.CONFIRMED:
        ring(turn, ticket, int(event.data["rung"]))


def suspected_due(turn: Turn, ticket: Ticket) -> None:
    """A minute without a tap: treat it as 险情."""
    if ticket.danger is Danger.SUSPECTED and ticket.stage in _UNSIGNED:
        confirmed(turn, ticket, SYSTEM, SYSTEM)


def none_line_due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Neither a private way nor a human within ten seconds: the general conditional line."""
    said = f"{event.data['event']}:"
    reached = outbox.was_sent(turn.db, said, event.data["lines"], ticket.opened_at)
    if ticket.stage in _UNSIGNED and not reached:
        turn.say_group(ticket.chat, turn.text("danger_none_life_group"), danger=True)


def _values(turn: Turn, ticket: Ticket, reader: shown.Reader) -> dict[str, str]:
    """What is said of it to ``reader``, as far as he may know."""
    return {
        "number": ticket.number,
        "category": loop.matter_name(turn, ticket),
        "place": shown.place(turn, ticket, reader),
        "summary": shown.quoted(turn, ticket, reader, 40),
    }
