"""People come, go and are renamed (人员变动): what WeCom's address book says against the roster.

Who left hands everything over: to his substitute, else to his leader, else where routing sends it;
the new owner and the leader are told, the journal says why. A new userid is the same person. The
roster itself is mended by the clerk; until then routing leaves out who left.
"""

from datetime import timedelta

from bot.domain import rights, routing
from bot.domain.routing import Route
from bot.door_events import Learned
from bot.turn import Turn
from config.people_rules import Person
from config.renaming import renamed
from config.vocabulary import Act, Danger, Role, Stage
from handlers import cards, danger, loop, opening, shown
from storage import facts, saved_views, staff, tickets
from storage.duties import Duty, set_duty
from storage.tickets import Ticket

CHECK_AT = "30 7 * * *"
_FOR_GOOD = timedelta(days=3650)
_HANDED = (Stage.ADMITTED, Stage.ASSIGNED, Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING)


def check(turn: Turn) -> None:
    """Ask the address book about everybody of the roster; the answer comes as an event."""
    ids = [person.id for person in turn.rules.people]
    turn.errand("contacts", "roster", "roster", None, {"ids": ids})


def checked(turn: Turn, event: Learned) -> None:
    """Who is missing hands over; what the clerk must mend is told once a day.

    When half of the roster is missing the answer is wrong rather than the corp: nothing moves.
    """
    known = (_person(turn, user) for user in event.data["missing"])
    missing = [person for person in known if person is not None]
    if 2 * len(missing) > len(turn.rules.people):
        _tell_admins(turn, event, "roster_doubtful", count=len(missing))
        return
    for person in missing:
        _left(turn, person, f"missing:{person.id}")
    outside = [loop.name_of(turn, user) for user in event.data["outside"]]
    if outside:
        _tell_admins(turn, event, "roster_outside", names="、".join(outside))
    said = (_says(turn, user, name) for user, name in event.data["names"].items())
    other = [words for words in said if words]
    if other:
        _tell_admins(turn, event, "roster_names", names="、".join(other))


def _says(turn: Turn, user: str, name: str) -> str:
    """The name in the roster and the one in WeCom; empty where they are the same."""
    person = _person(turn, user)
    return f"{person.name}→{name}" if person and name and person.name != name else ""


def changed(turn: Turn, event: Learned) -> None:
    """The address book says that somebody left or carries another userid."""
    user, new = str(event.data["user"]), str(event.data.get("new_user", ""))
    person = _person(turn, user)
    if event.data["kind"] == "renamed":
        _renamed(turn, person.id if person else user, new, event.key)
    elif person is not None:
        _left(turn, person, event.key)


def _renamed(turn: Turn, old: str, new: str, key: str) -> None:
    """One person, another userid; a try that was rolled back may have renamed the rules already."""
    person = _person(turn, old) or _person(turn, new)
    if person is None or not staff.note(turn.db, key, old, "renamed", turn.now, new):
        return
    staff.move_user(turn.db, old, new)
    turn.rules = renamed(turn.rules, {old: new})
    for admin in turn.rules.people_with(Role.ADMIN):
        turn.tell(admin.id, turn.text("staff_renamed", name=person.name, said=old, to=new))


def _left(turn: Turn, person: Person, key: str) -> None:
    if not staff.note(turn.db, key, person.id, "left", turn.now):
        return
    set_duty(turn.db, Duty(person.id, "leave"), turn.now, turn.now + _FOR_GOOD)
    saved_views.drop(turn.db, person.id)
    held = tickets.open_of_owner(turn.db, person.id)
    moved = [_hand_over(turn, ticket, person) for ticket in held]
    values = {"name": person.name, "count": len(moved)}
    told = {p.id for p in (turn.rules.unit_leader(person),) if p is not None}
    told |= {admin.id for admin in turn.rules.people_with(Role.ADMIN)}
    for user in sorted(told - {person.id}):
        turn.tell(user, turn.text("staff_left", **values))


def _hand_over(turn: Turn, ticket: Ticket, person: Person) -> Ticket:
    route = _route(turn, ticket, person)
    name = route.owner.name if route.owner else route.unit
    reason = turn.text("staff_left_reason", name=person.name, to=name)
    moved = _moved(turn, ticket, route, reason)
    cards.refresh(turn, moved, greyed="已转出")
    if route.owner is None:
        return moved
    cards.show(turn, moved, route.owner, danger=loop.is_danger(moved))
    text = turn.text(
        "staff_left_ticket",
        name=person.name,
        number=moved.number,
        category=loop.matter_name(turn, moved),
        place=shown.place(turn, moved, route.owner),
    )
    turn.tell(route.owner.id, text, danger=loop.is_danger(moved), ticket=moved.id)
    if moved.danger is Danger.CONFIRMED and moved.stage is Stage.ASSIGNED:
        turn.clear_timers(moved, *danger.RINGING)
        danger.ring(turn, moved, 0)
    return moved


def _moved(turn: Turn, ticket: Ticket, route: Route, reason: str) -> Ticket:
    """Work goes back to 交办 for the new hands; what only waits for a resident keeps its stage."""
    if ticket.stage in (*_HANDED, Stage.WAITING):
        return opening.hand_to(turn, ticket, route, Act.TRANSFER, reason)
    past = tuple(dict.fromkeys((*ticket.past_owners, ticket.owner)))
    owner = route.owner.id if route.owner else ""
    return loop.change(
        turn, ticket, Act.TRANSFER, reason=reason, owner=owner, unit=route.unit, past_owners=past
    )


def _route(turn: Turn, ticket: Ticket, person: Person) -> Route:
    """The substitute or the leader, if the matter may be his; else where routing sends it."""
    question = opening.question_of(turn, ticket, not_again=(person.id,))
    if ticket.category not in rights.KEPT:
        for candidate in _instead(turn, person):
            if _may_own(turn, ticket, candidate):
                return Route(candidate, candidate.unit, candidate.department or "")
        return routing.somebody_else(question, ticket.department, turn.rules)
    found = routing.route(question, turn.rules)
    return found if found.owner else routing.room(question, turn.rules)


def _instead(turn: Turn, person: Person) -> list[Person]:
    leave = turn.rules.leave_of(person.id, turn.now)
    named = (leave.substitute if leave else None, opening.stand_ins(turn).get(person.id))
    found = [p for user in named if user and (p := turn.rules.person(user))]
    leader = turn.rules.unit_leader(person)
    return [*found, *([leader] if leader else [])]


def _may_own(turn: Turn, ticket: Ticket, person: Person) -> bool:
    away = person.id in opening.away_now(turn)
    police = turn.rules.is_police_only(ticket.category, ticket.danger_class) or ticket.protected
    return not away and (person.role.is_police or not police)


def _tell_admins(turn: Turn, event: Learned, key: str, **values: object) -> None:
    text = turn.text(key, **values)
    if facts.once(turn.db, f"roster:{key}", f"{loop.local_day(event.at)}"):
        for admin in turn.rules.people_with(Role.ADMIN):
            turn.tell(admin.id, text)


def _person(turn: Turn, user: str) -> Person | None:
    """WeCom compares userids without case."""
    return next((p for p in turn.rules.people if p.id.lower() == user.lower()), None)
