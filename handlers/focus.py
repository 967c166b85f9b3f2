"""Focus tickets (重点工单): what a finding becomes, who gets it, and how it grows.

One subject has one open focus ticket. The subject is kept as a digest of a digest, so that a row
leads to no person and to no other row. Called by ``handlers.repeats``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import posters, routing
from bot.domain.reading import Place
from bot.domain.repeats import Found, Level, Occurrence, What
from bot.domain.routing import Question, Route
from bot.events import Scheduled
from bot.lines import line_of
from bot.turn import SYSTEM, Turn
from config.people_rules import Person
from config.vocabulary import Act, Danger, Role, Urgency
from handlers import cards, loop, opening, shown
from storage import findings, tickets
from storage.findings import Finding
from storage.repeats import FOCUS
from storage.tickets import ENDED, Ticket

_MOST_NUMBERS = 8
_LONGEST = 400
_OUTDOORS = ("community", "road", "road_no", "building", "landmark")


@dataclass(frozen=True, slots=True)
class Mark:
    """A subject, its open finding, and when its last one was closed; ``unit`` of a stairwell."""

    what: What
    subject: str
    open: Finding | None = None
    closed_at: datetime | None = None
    unit: str = ""

    def since(self, seen: Iterable[Occurrence]) -> list[Occurrence]:
        """What came after the last finding was closed; the rest has been dealt with."""
        closed = self.closed_at
        return [one for one in seen if closed is None or one.at > closed]


def mark_of(turn: Turn, what: What, subject: str, unit: str = "") -> Mark:
    """Where that subject stands now."""
    key = turn.db.seal.text_key(f"{what} {subject}")
    known = findings.newest_of(turn.db, what, key)
    if known is None:
        return Mark(what, key, unit=unit)
    finding, stage, closed_at = known
    if stage in ENDED:
        return Mark(what, key, closed_at=closed_at, unit=unit)
    return Mark(what, key, finding, unit=unit)


def put(turn: Turn, mark: Mark, found: Found, reason: str, again: int = 0) -> None:
    """The finding on a new ticket, or what is new of it on the one that is open.

    ``again``: a member that was told once more just now.
    """
    if mark.open is None:
        _open(turn, mark, found, reason)
    else:
        _grow(turn, mark.open, found, reason, again)


def _open(turn: Turn, mark: Mark, found: Found, reason: str) -> None:
    newest = tickets.get(turn.db, found.members[-1])
    is_person = mark.what is What.PERSON
    seed = opening.Seed(
        category=found.category,
        urgency=Urgency.U3,
        text=reason,
        masked=reason,
        line=line_of(f"{FOCUS}:{turn.event.key}:{newest.id}"),
        protected=is_person,
        place=_place(newest, mark.unit) if mark.what is What.PLACE else Place(),
        grid=newest.grid,
        origin=FOCUS,
        by=SYSTEM,
    )
    owner = _owner(turn, seed, red=is_person and found.level is Level.RED)
    ticket, _ = opening.open_ticket(turn, seed, owner=owner)
    nightly = isinstance(turn.event, Scheduled)  # dated by its hour, however late it runs
    at = turn.event.at if nightly else turn.now
    finding = Finding(
        ticket.id, mark.what, found.level, mark.subject, ticket.grid, found.category, at
    )
    findings.add(turn.db, finding)
    findings.link(turn.db, ticket.id, found.members, mark.what, turn.now)
    numbers = _numbers(turn, found.members)
    turn.note(ticket, Act.LINK, reason=numbers)
    if owner is not None:
        opening.show_to_staff(turn, ticket, Route(owner, owner.unit))
    _tell(turn, ticket, finding, "focus_opened", reason, numbers)
    if found.level is Level.RED:
        _tell_leader(turn, ticket, mark.what, reason)


def _grow(turn: Turn, finding: Finding, found: Found, reason: str, again: int) -> None:
    """New members are attached; yellow becomes red, never the other way by itself."""
    ticket = tickets.get(turn.db, finding.ticket_id)
    fresh = findings.link(turn.db, ticket.id, found.members, finding.kind, turn.now)
    fresh += [again] if again in found.members and again not in fresh else []
    is_more = found.level is Level.RED and finding.level != Level.RED
    if is_more:
        findings.raise_level(turn.db, ticket.id, found.level)
    if not fresh and not is_more:
        return
    numbers = _numbers(turn, fresh)
    saved = loop.change(turn, ticket, Act.LINK, reason=numbers, masked=reason)
    cards.refresh(turn, saved)
    if is_more or finding.kind != What.KIND:
        now = findings.of_ticket(turn.db, saved.id) or finding
        _tell(turn, saved, now, "focus_more", reason, numbers)
    if is_more:
        _tell_leader(turn, saved, What(finding.kind), reason)


def _owner(turn: Turn, seed: opening.Seed, *, red: bool) -> Person | None:
    """The community officer; the leader of a station where one matter came back too often."""
    question = Question(
        category=seed.category,
        text=seed.masked,
        grid=seed.grid,
        danger=Danger.NONE,
        danger_class="",
        protected=seed.protected,
        at=turn.now,
        away=opening.away_now(turn),
        stand_ins=opening.stand_ins(turn),
    )
    first = (Role.LEADER, Role.OFFICER) if red else (Role.OFFICER,)
    roles = first if seed.grid or red else ()
    there = [one for role in roles for one in routing.on_duty(role, question, turn.rules)]
    return there[0] if there else routing.room(question, turn.rules).owner


def on_duty(turn: Turn, role: Role) -> list[Person]:
    """Everybody of that role who is there now, whatever the grid."""
    return turn.rules.duty(role, turn.now, None, opening.away_now(turn))


def _place(ticket: Ticket, unit: str) -> Place:
    return posters.as_place(spot(ticket, unit))


def spot(ticket: Ticket, unit: str) -> dict[str, str]:
    """The building or gate of a member, and the stairwell where all of them lie in one.

    Floor and room are nobody else's business.
    """
    known = {name: said for name, said in ticket.place.items() if name in _OUTDOORS}
    return known | ({"unit": unit} if unit else {})


def _numbers(turn: Turn, ids: Iterable[int]) -> str:
    """Whole numbers: the members are of different days, and a short one may mean several."""
    numbers = [tickets.get(turn.db, one).number for one in ids]
    more = "等" if len(numbers) > _MOST_NUMBERS else ""
    return "、".join(numbers[-_MOST_NUMBERS:]) + more


def _tell(
    turn: Turn, ticket: Ticket, finding: Finding, key: str, reason: str, numbers: str
) -> None:
    if ticket.owner:
        why = shown.said(turn, ticket, ticket.owner, reason, _LONGEST)
        words = {"what": turn.text(f"what_{finding.kind}"), "reason": why, "numbers": numbers}
        level = turn.text(f"level_{finding.level}")
        turn.tell(
            ticket.owner,
            turn.text(key, number=ticket.number, level=level, **words),
            ticket=ticket.id,
        )


def _tell_leader(turn: Turn, ticket: Ticket, what: What, reason: str) -> None:
    owner = turn.rules.person(ticket.owner)
    for person in on_duty(turn, Role.LEADER)[:1]:
        if owner is not None and person.id != owner.id:
            name = turn.text(f"what_{what}")
            why = shown.said(turn, ticket, person, reason, _LONGEST)
            values = {"number": ticket.number, "what": name, "reason": why}
            turn.tell(
                person.id, turn.text("focus_red", **values, name=owner.name), ticket=ticket.id
            )
