"""Today (今天): what needs a human now, the newest danger on top; nothing that can wait unseen.

Each list is short and leads to the whole one. The page renews itself when something has moved.
"""

from dataclasses import dataclass, replace

from aiohttp import web

from bot.domain import drafting, rights
from config.rights_rules import Page
from handlers import approving, loop
from handlers.dashboard import reach, rows, ticket_query
from handlers.dashboard.entry import Seat
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look, Shell
from handlers.dashboard.ticket_query import Query
from storage import approvals, drafts, ticket_list, tickets
from storage.drafts import Draft

_MOST = 8
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Block:
    """One list: its heading, how many there are, the first of them, and where the rest is.

    ``above`` of them stand in a list above already; a ticket is shown once.
    """

    name: str
    title: str
    count: int
    lines: list[Line]
    more: str
    above: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody waits for this person's yes or no."""

    number: str
    name: str
    act: str
    asked_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Today:
    """All that is on the page."""

    blocks: list[Block]
    wishes: list[Wish]
    drafts: list[Draft]
    open_count: int


class TodayPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/", self._shell.page(Page.TODAY, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """What needs a human now."""
        found = await self._shell.look(seat, today)
        rules = self._shell.engine.current_rules()
        return self._shell.render(request, seat, "today.html", it=found, rules=rules)


def today(look: Look) -> Today:
    """What is on the page, for who looks."""
    turn, person = look.turn, look.seat.person
    mine = rights.may_open(person, Page.HANDOVER, turn.rules)
    kinds = ["danger", "over", "unsigned"] + ([] if mine else ["mine"])
    blocks = [_block(look, kind) for kind in kinds]
    scope = reach.of(person, turn.rules)
    wanted = ticket_query.wanted(Query({}), turn.rules, person.id, turn.now)
    return Today(
        blocks=_once(blocks),
        wishes=_wishes(look),
        drafts=_drafts(look),
        open_count=ticket_list.count(turn.db, scope, wanted),
    )


def _once(blocks: list[Block]) -> list[Block]:
    """Those that hold something, each ticket in the first it belongs to."""
    told: set[str] = set()
    found: list[Block] = []
    for block in (one for one in blocks if one.lines):
        fresh = [line for line in block.lines if line.number not in told]
        told |= {line.number for line in fresh}
        found.append(replace(block, lines=fresh, above=len(block.lines) - len(fresh)))
    return found


def _block(look: Look, kind: str) -> Block:
    turn, person = look.turn, look.seat.person
    query = Query({"kind": kind})
    asked = ticket_query.wanted(query, turn.rules, person.id, turn.now)
    wanted = replace(asked, calm=kind != "danger")  # danger stands on top, once
    scope = reach.of(person, turn.rules)
    seen = reach.seen(turn.db, person, turn.rules, wanted, _MOST)
    return Block(
        name=kind,
        title=ticket_query.KINDS[kind],
        count=ticket_list.count(turn.db, scope, wanted) if len(seen) == _MOST else len(seen),
        lines=[rows.line(turn, ticket, person) for ticket in seen],
        more=query.address(),
    )


def _wishes(look: Look) -> list[Wish]:
    """What waits for this person's decision."""
    turn, person = look.turn, look.seat.person
    found: list[Wish] = []
    for wish in approvals.all_waiting(turn.db, _LOOKED_AT):
        ticket = tickets.get(turn.db, wish.ticket_id)
        if approving.may_answer(turn, wish, ticket, person) and len(found) < _MOST:
            name = loop.name_of(turn, wish.asked_by)
            matter = loop.matter_name(turn, ticket)
            found.append(Wish(ticket.number, matter, wish.act.label, name, wish.reason))
    return found


def _drafts(look: Look) -> list[Draft]:
    """What waits to be said in a group where this person may speak."""
    turn, person = look.turn, look.seat.person
    waiting = drafts.all_open(turn.db)
    may = {
        chat: drafting.may_speak(turn.rules, person.id, chat, turn.now)
        for chat in {draft.chat for draft in waiting}
    }
    mine = [draft for draft in waiting if may[draft.chat]]
    return sorted(mine, key=lambda one: (not one.danger, one.said_at))[:_MOST]
