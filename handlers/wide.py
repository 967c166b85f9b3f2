"""Wide events (大面积事件: 停电、停水、内涝): one parent, one line per group, one result for all.

When several tell of the same kind at once the command room hears of it and may say 大面积 0012:
what is open of that kind becomes one ticket, each group hears one line, and whoever tells it later
is a further voice. Danger and protected matters always open their own ticket.
"""

from bot.domain import rights
from bot.domain.routing import on_duty
from bot.events import Heard
from bot.turn import Turn
from config.divert_rules import WideEvent
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger, Role
from handlers import cards, letters_out, loop, merging, opening, supplements
from handlers.intake import Hearing, voice_of
from storage import bindings, tickets, wide_events
from storage.tickets import Ticket
from storage.wide_events import Wide

_DECIDERS = (Role.COMMAND_ROOM, Role.LEADER)
_PROPOSED = ""


def joined(turn: Turn, hearing: Hearing) -> Ticket | None:
    """The parent that this report became a voice of; None where it is a matter of its own."""
    reading = hearing.reading
    if reading.danger is not Danger.NONE or reading.protected or len(reading.more) > 0:
        return None
    kind = turn.rules.divert.wide_event(reading.category or "", reading.text_stripped)
    running = _running(turn, kind) if kind else None
    if kind is None or running is None or (hearing.grid and hearing.grid not in running.grids):
        return None
    parent = tickets.get(turn.db, running.ticket_id)
    voice = voice_of(turn, hearing)
    saved = loop.change(
        turn,
        parent,
        Act.SUPPLEMENT,
        by=hearing.event.by if hearing.person else "reporter",
        reason=supplements.words_kept(hearing.event, reading),
        voices=supplements.with_voice(turn, parent, voice),
    )
    cards.refresh(turn, saved)
    letters_out.pictures_to(turn, saved, supplements.kept_words(hearing.event))
    _answer(turn, hearing, saved, kind)
    return saved


def _running(turn: Turn, kind: WideEvent) -> Wide | None:
    return wide_events.running(turn.db, kind.id, turn.now - kind.lasts)


def _answer(turn: Turn, hearing: Hearing, parent: Ticket, kind: WideEvent) -> None:
    """In private her word counts too; a group hears its one line, afterwards a short thanks."""
    event: Heard = hearing.event
    if not hearing.is_group:
        area = turn.rules.station.name if not hearing.grid else _area(turn, hearing.grid)
        turn.answer(turn.text("known_incident", area=area, category=kind.name, unit=parent.unit))
    elif wide_events.first_line(turn.db, parent.id, event.chat, turn.now):
        turn.answer(turn.text("wide_group", name=kind.name, department=parent.unit))
    else:
        turn.answer(turn.text("supplement_ack_group"))


def _area(turn: Turn, grid: str) -> str:
    found = turn.rules.grid(grid)
    return found.community if found else turn.rules.station.name


def noticed(turn: Turn, ticket: Ticket) -> None:
    """Tell the command room once when many speak of the same kind; it decides."""
    kind = _kind_of(turn, ticket)
    if kind is None or _running(turn, kind):
        return
    found = _alike(turn, kind)
    voices = _people(turn, found)
    if voices < kind.least:
        return
    oldest = found[0]
    if not wide_events.first_line(turn.db, oldest.id, _PROPOSED, turn.now):
        return
    people = on_duty(Role.COMMAND_ROOM, opening.question_of(turn, oldest), turn.rules)
    words = turn.text(
        "wide_proposed", name=kind.name, count=voices, number=oldest.number, other=oldest.serial
    )
    for person in people[:1]:
        turn.tell(person.id, words, ticket=oldest.id)


def _people(turn: Turn, found: list[Ticket]) -> int:
    """How many told of it: each person once, whatever his accounts and hats."""
    told = [[voice.user for voice in one.voices] or [one.carrier] for one in found]
    known = {user for users in told for user in users if user}
    names = {bindings.name_of(turn.db, turn.person_key(user)) for user in known}
    return len(names) + sum(users == [""] for users in told)


def _kind_of(turn: Turn, ticket: Ticket) -> WideEvent | None:
    if loop.is_danger(ticket) or ticket.protected:
        return None
    return turn.rules.divert.wide_event(ticket.category, ticket.masked)


def _alike(turn: Turn, kind: WideEvent) -> list[Ticket]:
    """Open tickets of that kind within its window, oldest first."""
    ids = wide_events.alike(turn.db, kind.categories, turn.now - kind.window)
    found = (tickets.get(turn.db, one) for one in ids)
    return [one for one in found if any(word in one.masked for word in kind.words)]


def declared(turn: Turn, person: Person, parent: Ticket) -> str:
    """大面积 0012: that ticket is the parent of all that is open of its kind. Raises: Refused."""
    office = rights.wearing(person, _DECIDERS)
    if office is None:
        raise Refused("role_refused", act="大面积", who=turn.rules.station.room_name)
    person = office
    kind = _kind_of(turn, parent)
    if kind is None or not parent.is_open:
        kinds = "、".join(one.name for one in turn.rules.divert.wide)
        raise Refused("wide_refused", number=parent.number, names=kinds)
    others = [one for one in _alike(turn, kind) if one.id != parent.id]
    merged = [one for one in others if _taken_in(turn, person, one, parent.id)]
    meant = [tickets.get(turn.db, parent.id), *merged]
    grids = tuple(dict.fromkeys(one.grid for one in meant if one.grid))
    begun = Wide(kind.id, parent.id, grids, turn.now)
    if not wide_events.begin(turn.db, f"{turn.event.key}:wide", begun, person.id):
        raise Refused("wide_already", number=parent.number)
    turn.note(meant[0], Act.NOTE, by=person.id, reason=f"大面积{kind.name}，合并{len(merged)}件")
    count = _lines(turn, meant, kind)
    values = {"number": parent.number, "name": kind.name, "count": len(merged), "times": count}
    return turn.text("wide_ok", **values)


def _taken_in(turn: Turn, person: Person, ticket: Ticket, parent: int) -> bool:
    """True when the ticket became a part of the parent; what may not be merged stays apart."""
    if not rights.may_see(person, loop.matter_of(ticket), turn.rules):
        return False
    try:
        with turn.db.conn.begin_nested():
            merging.merge(turn, person, ticket, tickets.get(turn.db, parent))
    except Refused:
        return False
    return True


def _lines(turn: Turn, meant: list[Ticket], kind: WideEvent) -> int:
    """One line for each group in which somebody spoke of it; how many heard it."""
    count = 0
    parent = meant[0]
    for chat in dict.fromkeys(one.chat for one in meant if one.chat):
        group = turn.rules.chat(chat)
        if group is None or not wide_events.first_line(turn.db, parent.id, chat, turn.now):
            continue
        words = turn.text("wide_group", name=kind.name, department=parent.unit)
        turn.say_group(chat, words)
        count += 1
    return count
