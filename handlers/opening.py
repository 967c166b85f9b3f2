"""Opening a ticket (登记): number, route, cards, and what the person hears.

登记 → 受理 → 交办 happen in the Turn that heard it. "Passed on to …" is an outgoing row that waits
for the receipt of the owner's card, so that nothing is claimed before the unit was reached.
"""

from dataclasses import dataclass, field, replace

from bot.domain import (
    complained,
    deciding,
    outbound,
    posters,
    routing,
    ticket_numbers,
)
from bot.domain.clocks import ZONE
from bot.domain.reading import GridNames, Matter, Place, Reading
from bot.domain.routing import Question, Route
from bot.turn import Turn
from config.people_rules import Grid, Person
from config.vocabulary import Act, Danger, Role, Stage, Urgency
from handlers import cards, colours, divert_books, first_reading, letters_out, loop
from storage import serials, tickets
from storage.duties import duties_now
from storage.tickets import Ticket, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Everything known when a ticket is opened."""

    category: str
    urgency: Urgency
    text: str
    masked: str
    line: str
    danger: Danger = Danger.NONE
    danger_class: str = ""
    protected: bool = False
    place: Place = field(default_factory=Place)
    grid: str = ""
    chat: str = ""
    voice: Voice | None = None
    carrier: str = ""
    origin: str = "group"
    by: str = "reporter"
    scanned: bool = False


def seed_of(
    turn: Turn,
    reading: Reading,
    *,
    line: str,
    grid: str,
    chat: str,
    text: str,
    voice: Voice | None,
    carrier: str,
    origin: str,
    by: str,
) -> Seed:
    """What a reading says, as a seed."""
    rules = turn.rules
    danger_rules = rules.danger_class(reading.danger_class or "")
    return Seed(
        category=reading.category or "N15",
        urgency=reading.urgency,
        text=text,
        masked=reading.masked,
        line=line,
        danger=reading.danger,
        danger_class=reading.danger_class or "",
        protected=reading.protected or bool(danger_rules and danger_rules.protected),
        place=reading.place,
        grid=grid,
        chat=chat,
        voice=voice,
        carrier=carrier,
        origin=origin,
        by=by,
    )


def further_of(turn: Turn, reading: Reading, seed: Seed) -> list[Seed]:
    """What further matters of the same message are opened with (一句话几件事)."""
    found = []
    for matter in reading.more:
        if not _is_another(reading, matter):
            continue
        category = turn.rules.reading.category(matter.category)
        scanned = seed.scanned and not matter.place
        spot = replace(seed.place, unit="", floor="", room="") if scanned else matter.place
        further = replace(
            seed,
            category=matter.category,
            danger=matter.danger,
            danger_class="" if matter.danger is Danger.NONE else seed.danger_class or "other",
            place=spot,
            scanned=scanned,
            urgency=category.urgency,
            protected=category.protected,
        )
        found.append(further)
    return found


def _is_another(reading: Reading, matter: Matter) -> bool:
    """Another matter has another place or another department; two names of one do not count."""
    if matter.category == reading.category:
        return bool(matter.place) and matter.place != reading.place
    elsewhere = bool(matter.place) and matter.place != reading.place
    return elsewhere or matter.department != reading.department


def away_now(turn: Turn) -> tuple[str, ...]:
    """Who said 忙 or 请假 and is away now."""
    duties = duties_now(turn.db, turn.now)
    return tuple(d.user for d in duties if d.kind in ("busy", "leave"))


def stand_ins(turn: Turn) -> dict[str, str]:
    """Who takes whose duty now (顶班): the absent one → the one who stands in."""
    duties = duties_now(turn.db, turn.now)
    return {d.other: d.user for d in duties if d.kind == "stand_in" and d.other}


def question_of(turn: Turn, ticket: Ticket, not_again: tuple[str, ...] = ()) -> Question:
    """What routing needs to know of a ticket."""
    group = turn.rules.chat(ticket.chat)
    return Question(
        category=ticket.category,
        text=ticket.masked,
        grid=ticket.grid,
        danger=ticket.danger,
        danger_class=ticket.danger_class,
        protected=ticket.protected,
        at=turn.now,
        away=away_now(turn),
        not_again=(*not_again, *ticket.barred),
        stand_ins=stand_ins(turn),
        officer=(group.officer or "") if group else "",
    )


def open_ticket(turn: Turn, seed: Seed, owner: Person | None = None) -> tuple[Ticket, Route]:
    """The new ticket in stage 交办, and its route; nobody has been told yet.

    ``owner``: somebody who registered it for himself (已办), instead of the route.
    """
    day = loop.local_day(turn.now)
    serial = serials.next_serial(turn.db, day)
    number = ticket_numbers.make(turn.rules.station.prefix, turn.now.astimezone(ZONE), serial)
    draft = _draft(turn, seed, number, f"{serial:04d}", day)
    draft = replace(draft, finish_at=loop.promise(turn, draft.urgency, draft.category))
    leader = first_reading.reader(turn, draft, away_now(turn)) if owner is None else None
    if leader is not None:
        begun = first_reading.begun(turn, draft, leader, seed.by)
        colours.opened(turn, begun)
        return begun, Route(leader, leader.unit)
    found = routing.route(question_of(turn, draft), turn.rules)
    if owner is not None:
        found = Route(owner, owner.unit)
    opened = tickets.create(turn.db, draft)
    turn.note(opened, Act.OPEN, by=seed.by, reason=opened.masked[:200])
    colours.opened(turn, opened)
    admitted = loop.step(turn, opened, Act.ADMIT, "system", goes_on=True)
    return hand_to(turn, admitted, found), found


def _draft(turn: Turn, seed: Seed, number: str, serial: str, day: str) -> Ticket:
    place = posters.said_in(seed.place) | ({posters.SCANNED: "yes"} if seed.scanned else {})
    return Ticket(
        number=number,
        serial=serial,
        day=day,
        stage=Stage.NEW,
        category=seed.category,
        urgency=seed.urgency,
        danger=seed.danger,
        danger_class=seed.danger_class,
        protected=seed.protected,
        origin=seed.origin,
        grid=seed.grid,
        chat=seed.chat,
        line=seed.line,
        reporter_key=turn.person_key(seed.voice.user) if seed.voice else "",
        voices=(seed.voice,) if seed.voice else (),
        carrier=seed.carrier,
        barred=_barred(turn, seed),
        masked=seed.masked,
        original=seed.text,
        place=place,
        place_key="" if seed.scanned else deciding.place_key(seed.grid, seed.place),
        opened_at=turn.now,
        stage_at=turn.now,
        rules_version=turn.rules.version,
    )


def _barred(turn: Turn, seed: Seed) -> tuple[str, ...]:
    """Whom a complaint is about; a danger is kept from nobody who can help."""
    if seed.danger is not Danger.NONE:
        return ()
    return complained.barred(seed.category, seed.text, seed.grid, turn.rules)


def hand_to(
    turn: Turn, ticket: Ticket, route: Route, act: Act = Act.ASSIGN, reason: str = ""
) -> Ticket:
    """The ticket in the hands of the route's owner (交办 / 分流)."""
    if act is Act.ASSIGN and route.department:
        act = Act.HAND_OUT if route.is_outside else Act.DIVERT
    past = ticket.past_owners
    if ticket.owner and ticket.owner not in past:
        past = (*past, ticket.owner)
    handed = loop.step(
        turn,
        ticket,
        act,
        "system",
        reason=reason or route.unit,
        owner=route.owner.id if route.owner else "",
        unit=route.unit or turn.rules.station.room_name,
        department=route.department,
        past_owners=past,
    )
    if route.department:
        divert_books.went(turn, handed, route)
    return handed


def show_to_staff(turn: Turn, ticket: Ticket, route: Route) -> str:
    """Cards for the owner and the helpers; returns the key of the owner's card.

    After an outage the command room has its one list instead.
    """
    key = ""
    is_listed = turn.is_late and route.owner is not None and route.owner.role is Role.COMMAND_ROOM
    if route.owner is not None and not is_listed:
        key = cards.show(turn, ticket, route.owner)
        letters_out.sent(turn, ticket, route)
        letters_out.pictures_to(turn, ticket)
    for person in route.helpers:
        if person.id not in ticket.barred and person != route.owner:
            cards.show(turn, ticket, person)
    for person in (one for one in route.informed if one.id not in ticket.barred):
        cards.inform(turn, ticket, person)
    return key


def accepted_words(turn: Turn, ticket: Ticket, *, group: bool) -> str:
    """What the person who reported hears, when the unit has it."""
    kind = "group" if group else "private"
    values = {"number": ticket.number, "unit": ticket.unit}
    if ticket.department:
        named = turn.rules.department(ticket.department)
        values.update(department=ticket.unit, dept_phone=named.phone if named else "")
        key = "diverted_group" if group else divert_books.words_key(turn, ticket)
    else:
        values.update(summary=loop.summary(ticket))
        key = f"accepted_{kind}"
    return turn.text(key, **values, due=loop.promise_words(turn, ticket))


def pending_words(turn: Turn, ticket: Ticket) -> str:
    """Said instead when the unit could not be reached yet."""
    return turn.text("accepted_pending", number=ticket.number)


def grid_view(grid: Grid | None) -> GridNames | None:
    """The names the reader looks for in a grid."""
    if grid is None:
        return None
    estates = tuple((estate.name, estate.aliases) for estate in grid.estates)
    return GridNames(community=grid.community, estates=estates, landmarks=grid.landmarks)


def public_result(turn: Turn, ticket: Ticket, code: str) -> str:
    """The sentence proposed for the reporter, from closing code and category."""
    name = loop.category_name(turn, ticket.category)
    words = turn.text(f"public_{code}", category=name, unit=ticket.unit)
    return outbound.for_public_result(words, outbound.published(turn.rules))
