"""One ticket (一件事): its facts, its clocks with pauses, its story, and all that one may do to it.

Every look at it is written into the book. Acts go as orders, the same as in a chat. A ticket that
does not exist for somebody is not found, whatever its number.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from aiohttp import web

from bot.domain import rights
from bot.domain.explain import explain
from bot.domain.places import GridView
from config.rights_rules import Page, Part
from config.rules import Rules
from config.time_rules import Pause
from config.vocabulary import Act, Stage
from handlers import flagging, linking, loop, opening, shown, teaming
from handlers.dashboard import rows, ticket_forms, ticket_media
from handlers.dashboard.entry import Seat
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look, Shell
from handlers.dashboard.ticket_forms import Offer
from handlers.dashboard.ticket_media import Medium
from storage import approvals, drafts, journal, pauses, tickets
from storage.journal import Entry
from storage.tickets import Ticket

_MOST_WORDS = 1000
_RINGS_SHOWN = 4
_ACTORS = {"system": "警格", "reporter": "反映人"}


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the story, in words."""

    at: datetime
    actor: str
    act: Act
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of the story; ``folded`` are rings of the bot that say the same as those before."""

    steps: list[Step]
    folded: list[Step]


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything the page shows of one ticket."""

    line: Line
    flags: str
    words: str
    result: str
    told: str
    links: str
    steps: list[Step]
    stretches: list[Stretch]
    parts: list[str]
    pauses: list[Pause]
    drafts: list[str]
    waits: list[str]
    offers: list[Offer]
    why: list[str]
    rating: int | None
    media: list[Medium]


class TicketPage:
    """Routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        path = r"/tickets/{number:[A-Za-z]{1,6}\d{6}-\d{4,6}[A-Za-z]}"
        app.router.add_get(path, self._shell.page(Page.TICKETS, self.page))
        app.router.add_post(path, self._shell.form(Page.TICKETS, self.act))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The ticket. Raises: 404."""
        number = request.match_info["number"].upper()
        whole = await self._shell.look(seat, lambda look: _whole(look, number))
        if whole is None:
            raise web.HTTPNotFound(text=f"没有 {number} 这个工单，请看看编号对不对。")
        await self._shell.looked(seat, "工单", number)
        return self._shell.render(request, seat, "ticket.html", it=whole)

    async def act(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Do one of the offered things, or say the order that was typed. Raises: 400."""
        number = request.match_info["number"].upper()
        form = await request.post()
        given = [str(form.get(name, "")) for name in ("word", "choice", "words")]
        words = ticket_forms.order(given[0], number, *given[1:])
        if not words:
            raise web.HTTPBadRequest(text="还差要写的或要选的，请回去补上再点一次。")
        return await self._shell.told(request, seat, words, f"/tickets/{number}")


def _whole(look: Look, number: str) -> Whole | None:
    turn, person = look.turn, look.seat.person
    ticket = tickets.by_number(turn.db, number)
    if ticket is None or not rights.may_see(person, loop.matter_of(ticket), turn.rules):
        return None
    has_story = shown.may(turn, ticket, person, Part.STORY)
    steps = _steps(look, ticket) if has_story else []
    return Whole(
        line=rows.line(turn, ticket, person),
        flags=flagging.line(turn, ticket),
        words=shown.words(turn, ticket, person, _MOST_WORDS),
        result=shown.result(turn, ticket, person, _MOST_WORDS),
        told=ticket.result_public,
        links=linking.line(turn, person, ticket),
        steps=steps,
        stretches=stretches(steps),
        parts=teaming.of_ticket(turn, ticket) if has_story else [],
        pauses=pauses.of_ticket(turn.db, ticket.id),
        drafts=_drafts(look, ticket) if has_story else [],
        waits=_waits(look, ticket) if has_story else [],
        offers=ticket_forms.offered(ticket, person, turn.rules),
        why=_why(look, ticket),
        rating=ticket.rating,
        media=ticket_media.of_ticket(turn, ticket, person),
    )


def _steps(look: Look, ticket: Ticket) -> list[Step]:
    return [_step(look, ticket, row) for row in journal.of_ticket(look.turn.db, ticket.id)]


def stretches(steps: list[Step]) -> list[Stretch]:
    """The story with the bot's many rings in a row folded behind the first of them."""
    found: list[Stretch] = []
    for rings, run in groupby(steps, _rings):
        rows = list(run)
        shown = _RINGS_SHOWN if rings and len(rows) > 2 * _RINGS_SHOWN else len(rows)
        found.append(Stretch(rows[:shown], rows[shown:]))
    return found


def _rings(step: Step) -> bool:
    return step.actor == _ACTORS["system"] and step.act in (Act.RING, Act.CALL)


def _step(look: Look, ticket: Ticket, row: Entry) -> Step:
    turn, person = look.turn, look.seat.person
    moved = row.to_stage and row.to_stage != row.from_stage
    return Step(
        at=row.at,
        actor=_ACTORS.get(row.actor) or loop.name_of(turn, row.actor),
        act=Act(row.act),
        before=Stage(row.from_stage).label if moved and row.from_stage else "",
        after=Stage(row.to_stage).label if moved else "",
        reason=shown.reason(turn, ticket, person, row),
    )


def _drafts(look: Look, ticket: Ticket) -> list[str]:
    return [d.text for d in drafts.of_ticket(look.turn.db, ticket.id) if d.state == "open"]


def _waits(look: Look, ticket: Ticket) -> list[str]:
    turn = look.turn
    return [
        f"{loop.name_of(turn, wish.asked_by)}想{wish.act.label}，等人批"
        for wish in approvals.waiting(turn.db, ticket.id)
    ]


def _why(look: Look, ticket: Ticket) -> list[str]:
    """Why its first sentence is read as it is, by the rules of today."""
    turn, person = look.turn, look.seat.person
    if not shown.may(turn, ticket, person, Part.SUMMARY) or not ticket.masked:
        return []
    first = ticket.masked.splitlines()[0]
    return explain(first, ticket.opened_at, _view(turn.rules, ticket), turn.rules.reading)[1:]


def _view(rules: Rules, ticket: Ticket) -> GridView | None:
    return opening.grid_view(rules.grid(ticket.grid))
