"""Work outside (外勤): checklists, hazards, 今天, 资料, 拍 and 约好 by staff; forms by residents.

One door for all of it, before the other commands are looked at; danger never comes here.
Called by ``report``.
"""

from bot.domain import field_words, rights
from bot.domain.field_words import Field, FieldOrder
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.service_rules import Leaflet
from config.text_rules import Texts
from config.vocabulary import Danger
from handlers import (
    agenda,
    appointing,
    checking,
    counter,
    hazard_acts,
    loop,
    orders,
    photos,
    questions,
    tenancy,
    ticket_finding,
    voices,
)
from handlers.intake import Hearing
from storage.tickets import Ticket

_PRIVATE = (Field.INSPECT, Field.VISIT, Field.DONE, Field.STOP, Field.PHOTO, Field.ANSWERS)


def ordered(turn: Turn, hearing: Hearing, person: Person) -> bool:
    """True when a member of staff ordered something of this, or answered an open list."""
    if counter.asked(turn, hearing):
        return True
    order = field_words.parse(hearing.said)
    if order is not None:
        turn.answer(_carried_out(turn, hearing, person, order))
        return True
    if hearing.is_group or hearing.reading.danger is not Danger.NONE:
        return False
    is_picture = bool(hearing.event.media) and not hearing.said
    is_picture = is_picture and not voices.is_bare(hearing.event)
    if is_picture and photos.kept(turn, hearing.event, person):
        return True
    return checking.answered(turn, hearing, person)


def asked(turn: Turn, hearing: Hearing) -> bool:
    """True when a resident asked for a form of this, or answered one."""
    return (
        counter.asked(turn, hearing)
        or tenancy.said(turn, hearing)
        or appointing.said(turn, hearing)
    )


def place_given(turn: Turn, hearing: Hearing) -> bool:
    """True when a resident gave nothing but the address that her form asks for."""
    return hearing.person is None and tenancy.place_given(turn, hearing)


def _carried_out(turn: Turn, hearing: Hearing, person: Person, order: FieldOrder) -> str:
    if hearing.is_group and order.what in _PRIVATE:
        return turn.text("outside_private")
    try:
        with turn.db.conn.begin_nested():
            return _done(turn, hearing, person, order)
    except Refused as why:
        ticket = ticket_finding.visible(turn, person, order.number)
        return (
            orders.refusal(turn, ticket, why) if ticket else turn.text(why.text_key, **why.values)
        )


def _done(turn: Turn, hearing: Hearing, person: Person, order: FieldOrder) -> str:
    match order.what:
        case Field.INSPECT:
            return checking.begin(turn, hearing, person, "place", order.words)
        case Field.VISIT:
            return checking.begin(turn, hearing, person, "visit", order.words)
        case Field.DONE | Field.STOP:
            stopped = order.what is Field.STOP
            return checking.end(turn, hearing.person_key, dropped=stopped)
        case Field.TODAY | Field.TOMORROW:
            return agenda.of_day(turn, person, int(order.what is Field.TOMORROW))
        case Field.COVERAGE:
            return agenda.coverage(turn, person)
        case Field.RATE:
            return hazard_acts.rate(turn)
        case Field.KIT:
            return kit(turn, order.words)
        case Field.FAQ:
            return questions.for_staff(turn, order.words)
        case Field.PHOTO:
            return photos.wanted(turn, person, ticket_finding.visible(turn, person, order.words))
        case _:
            return _on_ticket(turn, person, order)


def _on_ticket(turn: Turn, person: Person, order: FieldOrder) -> str:
    ticket = _ticket(turn, person, order.number)
    match order.what:
        case Field.NOTICE:
            return hazard_acts.notice(turn, ticket, person)
        case Field.AGREED:
            return appointing.agreed(turn, ticket, person, order.words)
        case Field.ANSWERS:
            return tenancy.read_out(turn, ticket, person)
        case _:
            raise LookupError(f"nobody knows the order {order.what}")


def _ticket(turn: Turn, person: Person, number: str) -> Ticket:
    """The ticket of that number. Raises: Refused when it does not exist for this person."""
    ticket = ticket_finding.visible(turn, person, number)
    if ticket is None or not rights.may_see(person, loop.matter_of(ticket), turn.rules):
        raise Refused("not_found", number=number)
    return ticket


def kit(turn: Turn, words: str) -> str:
    """资料: what the kit holds, or the one thing that the words name."""
    found = turn.rules.services.leaflet(words) if words else None
    if found is not None:
        return leaflet_words(turn, found)
    names = "、".join(one.name for one in turn.rules.services.kit)
    return turn.text("kit_list", names=names) if names else turn.text("kit_none")


def leaflet_words(turn: Turn, leaflet: Leaflet) -> str:
    """One thing of the kit as it is handed out."""
    words = Texts({leaflet.id: leaflet.text}).fill(leaflet.id, turn.rules.station.words)
    lines = [f"{leaflet.name}：{words}"]
    lines += [f"{one.name} {one.phone}" for one in leaflet.contacts]
    return "\n".join([*lines, *([leaflet.link] if leaflet.link else [])])
