"""What a shift hands over (交接班): what lies open, and who is away.

Read by the page and by ``handing_over``, which tells it in a chat; nothing is written here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import drafting, rights
from bot.turn import Turn
from config.people_rules import Person
from handlers import approving, duties, loop, opening
from handlers.dashboard import reach, ticket_query
from handlers.dashboard.ticket_query import Query
from storage import approvals, drafts, handovers, ticket_list, tickets
from storage.approvals import Approval
from storage.ticket_list import OPEN, Filter
from storage.tickets import Ticket

SOON = timedelta(hours=12)
_MOST, _LOOKED_AT = 8, 200
_KINDS = {"busy": "忙", "leave": "请假"}


@dataclass(frozen=True, slots=True)
class Heap:
    """Tickets of one sort: how many there are, and the first of them."""

    name: str
    title: str
    count: int
    tickets: list[Ticket]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something waits for a second person; ``is_mine`` when it may be this one."""

    ticket: Ticket
    wish: Approval
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Drafts that wait in one group."""

    chat: str
    name: str
    count: int
    danger: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is not there, until when, and who is asked instead."""

    name: str
    unit: str
    why: str
    until: datetime
    instead: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that is handed over."""

    danger: Heap
    promised: Heap
    unsigned: Heap
    wishes: list[Wish]
    drafts: list[Waiting]
    away: list[Away]

    @property
    def heaps(self) -> tuple[Heap, ...]:
        """The heaps of tickets, the gravest first."""
        return self.danger, self.promised, self.unsigned

    @property
    def drafts_count(self) -> int:
        """How many drafts wait in all groups together."""
        return sum(one.count for one in self.drafts)


def content(turn: Turn, person: Person) -> Content:
    """What lies open for this person now."""
    return Content(
        danger=_heap(turn, person, "danger", "没办完的险情"),
        promised=_promised(turn, person),
        unsigned=_heap(turn, person, "unsigned", "没签收"),
        wishes=_wishes(turn, person),
        drafts=_waiting(turn, person),
        away=away(turn),
    )


def _heap(turn: Turn, person: Person, kind: str, title: str) -> Heap:
    query = Query({"kind": kind})
    wanted = ticket_query.wanted(query, turn.rules, person.id, turn.now)
    seen = reach.seen(turn.db, person, turn.rules, wanted, _MOST)
    scope = reach.of(person, turn.rules)
    count = len(seen) if len(seen) < _MOST else ticket_list.count(turn.db, scope, wanted)
    return Heap(kind, title, count, seen, query.address())


def _promised(turn: Turn, person: Person) -> Heap:
    """What somebody was promised until the end of the next shift, the earliest first."""
    wanted = Filter(stages=OPEN, promised_by=turn.now + SOON)
    seen = reach.seen(turn.db, person, turn.rules, wanted, _LOOKED_AT)
    first = sorted(seen, key=lambda one: one.finish_at or turn.now)[:_MOST]
    return Heap("promised", "答应的时间快到或过了", len(seen), first)


def _wishes(turn: Turn, person: Person) -> list[Wish]:
    found: list[Wish] = []
    for wish in approvals.all_waiting(turn.db, _LOOKED_AT):
        ticket = tickets.get(turn.db, wish.ticket_id)
        if rights.may_see(person, loop.matter_of(ticket), turn.rules):
            mine = approving.may_answer(turn, wish, ticket, person)
            found.append(Wish(ticket, wish, mine))
    return found


def _waiting(turn: Turn, person: Person) -> list[Waiting]:
    """By group, where this person may speak or answers for all of them."""
    everywhere = not person.grids
    groups: dict[str, list[drafts.Draft]] = {}
    for draft in drafts.all_open(turn.db):
        if everywhere or drafting.may_speak(turn.rules, person.id, draft.chat, turn.now):
            groups.setdefault(draft.chat, []).append(draft)
    return [_of_group(turn, chat, those) for chat, those in groups.items()]


def _of_group(turn: Turn, chat: str, those: list[drafts.Draft]) -> Waiting:
    group = turn.rules.chat(chat)
    danger = any(one.danger for one in those)
    since = min(one.said_at for one in those)
    return Waiting(chat, group.name if group else "没登记的群", len(those), danger, since)


def away(turn: Turn) -> list[Away]:
    """Who is on leave by the roster, or said that he is busy or away."""
    found = [
        Away(loop.name_of(turn, one.id), _unit(turn, one.id), "请假", one.to,
             loop.name_of(turn, one.substitute) if one.substitute else "")
        for one in turn.rules.roster.leave
        if one.from_ <= turn.now <= one.to
    ]  # fmt: skip
    names = {one.name for one in found}
    said = [_said(turn, one) for one in handovers.absences(turn.db, turn.now)]
    return found + [one for one in said if one.name not in names]


def _said(turn: Turn, one: handovers.Absence) -> Away:
    person = turn.rules.person(one.user)
    standing = {gone: by for gone, by in opening.stand_ins(turn).items() if gone == one.user}
    others = duties.instead_of(turn, person) if person and not standing else []
    by = standing.get(one.user) or (others[0].id if others else "")
    name, unit = loop.name_of(turn, one.user), _unit(turn, one.user)
    return Away(name, unit, _KINDS[one.kind], one.until, loop.name_of(turn, by) if by else "")


def _unit(turn: Turn, user: str) -> str:
    person = turn.rules.person(user)
    return person.unit if person else ""
