"""Handing on (退回、转办、分流): the matter gets another owner, and the resident hears who has it.

Where a department's return goes is said in ``diverting``.
"""

from bot.domain import clocks, rights, teamwork
from bot.domain.routing import Route
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger
from handlers import cards, danger, divert_books, diverting, letters_out, loop, opening, shown
from storage.tickets import Ticket


def send_back(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """退回 with a reason: a department's goes where ``diverting`` says, else the command room."""
    if not words.strip():
        raise Refused("needs_reason", act=Act.SEND_BACK.label, number=ticket.number)
    back = loop.step(
        turn,
        ticket,
        Act.SEND_BACK,
        person.role,
        by=person.id,
        reason=words,
        return_count=ticket.return_count + 1,
    )
    route, key = diverting.after_return(turn, ticket, back, person)
    handed = opening.hand_to(turn, back, route)
    opening.show_to_staff(turn, handed, route)
    if route.owner is not None:
        values = {
            "number": handed.number,
            "category": loop.category_name(turn, handed.category),
            "place": shown.place(turn, handed, route.owner),
            "reason": words,
            "name": person.name,
            "from_unit": person.unit,
        }
        turn.tell(route.owner.id, turn.text(key, **values), ticket=handed.id)
    cards.refresh(turn, handed, greyed="已退回")
    _tell_new_unit(turn, handed)
    return turn.text("sent_back_ok", number=handed.number, reason=words)


def _tell_new_unit(turn: Turn, ticket: Ticket) -> None:
    """The resident is told who has it now; never of protected matters, nor at night."""
    if not ticket.protected and not turn.rules.times.is_night(turn.now):
        turn.tell_reporter(ticket, "stage_assigned")


def transfer(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """转 0012 小唐 words: the answer; it is his, with its story, and waits for his signature."""
    target = _target(turn, ticket, person, words)
    rest = words.strip().partition(" ")[2].strip()[:150]
    past = tuple(dict.fromkeys((*ticket.past_owners, ticket.owner))) if ticket.owner else ()
    saved = loop.step(
        turn,
        ticket,
        Act.TRANSFER,
        person.role,
        by=person.id,
        reason=f"转给{target.name}" + (f"：{rest}" if rest else ""),
        owner=target.id,
        unit=target.unit,
        department=target.department or "",
        past_owners=past,
    )
    why = words.partition(" ")[2].strip() or f"转给{target.name}"
    divert_books.moved(turn, ticket, saved, _to(target), person.id, why)
    cards.refresh(turn, saved, greyed=f"已转给{target.name}")
    cards.show(turn, saved, target, danger=loop.is_danger(saved))
    if rest:
        values = {"number": saved.number, "name": person.name, "reason": rest}
        turn.tell(target.id, turn.text("handed_over_staff", **values), ticket=saved.id)
    say_late(turn, saved)
    letters_out.pictures_to(turn, saved)
    if saved.danger is Danger.CONFIRMED:
        danger.ring(turn, saved, 0)
    return turn.text("transferred_ok", number=saved.number, name=target.name)


def say_late(turn: Turn, ticket: Ticket) -> None:
    """Who gets it with nothing left of its limit is told so kindly: the clock runs on (转办)."""
    if ticket.due_at is None or ticket.due_at > turn.now or loop.is_danger(ticket):
        return
    over = clocks.span_words(turn.now - ticket.due_at)
    text = turn.text("handed_late_staff", number=ticket.number, over=over)
    turn.tell(ticket.owner, text, ticket=ticket.id)


def _to(target: Person) -> Route:
    return Route(target, target.unit, target.department or "")


def _target(turn: Turn, ticket: Ticket, person: Person, words: str) -> Person:
    """Whom ``words`` mean: of several the one of this grid. Raises: Refused."""
    named = turn.rules.named(words.split()[0] if words.split() else "")
    local = [p for p in named if ticket.grid in p.grids] or list(named)
    if len(local) != 1:
        raise Refused("needs_person", said=words[:12], number=ticket.number)
    target = local[0]
    if ticket.category in rights.KEPT:
        raise Refused("protected_refused")
    if target.id in ticket.barred:
        raise Refused("protected_refused")
    if target.department and (ticket.protected or loop.is_danger(ticket)):
        raise Refused("protected_refused")
    if person.id != ticket.owner and not teamwork.is_inside(person, target):
        raise Refused("part_outside")
    if (
        turn.rules.is_police_only(ticket.category, ticket.danger_class)
        and not target.role.is_police
    ):
        raise Refused("police_only_refused", number=ticket.number)
    return target
