"""Another system filed a report (外部来件): read, compared, opened, routed; nobody is answered.

The sender names a category, or leaves it to the reader. It may never talk a danger down: danger,
protection and their category come from the words. The same matter as an open ticket joins it.
How far it is, the sender asks for (``bot.web.open311``) or hears by a hook (``handlers.hooks``).
"""

from dataclasses import replace

from bot.domain import origins
from bot.domain.reading import Matter, Reading, read
from bot.door_events import Filed
from bot.turn import Turn
from config.vocabulary import Act, Danger
from handlers import danger, joining, likeness, loop, merging, opening, report
from storage import filed as filings
from storage import tickets
from storage.tickets import Ticket

_LONGEST = 10_000


def filed(turn: Turn, event: Filed) -> None:
    """A new report opens a ticket or joins one; a further word goes to its ticket."""
    assert turn.reading is not None  # the worker reads every Filed  # noqa: S101
    known = _open_one(turn, event) if event.adds else None
    if known is not None:
        added = joining.added(turn, known, turn.reading, event.original, _actor(event))
        _tied(turn, event, added)
        return
    grid = grid_of(turn, event)
    reading = _meant(turn, event, grid)
    _tied(turn, event, _new(turn, event, reading, grid))


def _open_one(turn: Turn, event: Filed) -> Ticket | None:
    """The ticket a further word belongs to: the report's first matter that is still open."""
    ids = filings.tickets_of(turn.db, [event.request])[event.request]
    known = (merging.goes_on_in(turn, tickets.get(turn.db, one)) for one in ids)
    return next((ticket for ticket in known if ticket.is_open), None)


def _tied(turn: Turn, event: Filed, ticket: Ticket) -> None:
    """The report stands on this ticket, and what came with it in the ticket's story."""
    filings.tie(turn.db, event.key, ticket.id)
    for note in event.notes:
        turn.note(ticket, Act.NOTE, by=_actor(event), reason=note)


def grid_of(turn: Turn, event: Filed) -> str:
    """The grid of the estate that is named, else the client's only grid; empty when unknown."""
    named = report.named_grid(turn, event.words)
    client = turn.rules.partners.client(event.client)
    grids = client.grids if client else ()
    return named or (grids[0] if len(grids) == 1 else "")


def _meant(turn: Turn, event: Filed, grid: str) -> Reading:
    """The words read with the grid's names, as the report that they are whatever they sound like.

    The sender's category holds unless the words tell of danger or of a protected matter.
    """
    view = opening.grid_view(turn.rules.grid(grid))
    rules = turn.rules.reading
    found = read(event.words[:_LONGEST], event.at, view, rules, addressed=True)
    grave = found.danger is not Danger.NONE or found.protected
    said = joining.as_report(found)
    if grave or not _is_category(turn, event.category):
        return said
    chosen = rules.category(event.category)
    return replace(
        _put_first(said, chosen.code),
        category=chosen.code,
        category_name=chosen.name,
        urgency=chosen.urgency,
        protected=chosen.protected,
        public_facility=chosen.public and not chosen.protected,
    )


def _put_first(reading: Reading, code: str) -> Reading:
    """The matter of that category first, when it is one of several; the others stay others."""
    chosen = next((one for one in reading.more if one.category == code), None)
    if chosen is None or reading.category is None:
        return reading
    main = Matter(reading.category, reading.place, reading.department, reading.danger)
    others = tuple(one for one in reading.more if one is not chosen)
    place = chosen.place or reading.place
    return replace(reading, place=place, department=chosen.department, more=(main, *others))


def _is_category(turn: Turn, code: str) -> bool:
    return any(one.code == code for one in turn.rules.reading.categories)


def _new(turn: Turn, event: Filed, reading: Reading, grid: str) -> Ticket:
    decision = joining.decided(turn, reading, grid)
    known = joining.joined(turn, decision, reading, event.original, _actor(event))
    return known or _opened(turn, event, reading, grid, decision.alike)


def _origin(turn: Turn, event: Filed) -> str:
    client = turn.rules.partners.client(event.client)
    return origins.of_client(event.client, client.name if client else "")


def _opened(
    turn: Turn, event: Filed, reading: Reading, grid: str, alike: tuple[int, ...]
) -> Ticket:
    """A ticket with no voice: danger rings as it always does, staff get their cards."""
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=grid,
        chat="",
        text=event.original,
        voice=None,
        carrier="",
        origin=_origin(turn, event),
        by=_actor(event),
    )
    ticket, route = opening.open_ticket(turn, seed)
    if loop.is_danger(ticket):
        danger.alarm(turn, ticket)
    else:
        opening.show_to_staff(turn, ticket, route)
    if alike:
        likeness.ask(turn, ticket, alike)
    for count, further in enumerate(opening.further_of(turn, reading, seed), 2):
        other, route = opening.open_ticket(turn, further)
        opening.show_to_staff(turn, other, route)
        filings.also(turn.db, event.key, count, other.id)
    return ticket


def _actor(event: Filed) -> str:
    """Who did it in the journal: the system, never a person."""
    return f"open:{event.client}"
