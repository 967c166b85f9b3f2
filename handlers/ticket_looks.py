"""What stands on tickets, for staff (查、我的单): one ticket with its story, or his own open ones.

Called by ``orders``; a ticket that does not exist for this person never comes here.
"""

from bot.domain import clocks
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act
from handlers import big_loop, linking, loop, teaming
from storage import journal, tickets
from storage.tickets import Ticket

_MOST_LINES = 12


def mine(turn: Turn, person: Person) -> list[str]:
    """我的单: what he has open, one line each, and his parts of others' tickets."""
    own = tickets.open_of_owner(turn.db, person.id)
    shared = [*teaming.mine(turn, person), *big_loop.mine(turn, person)]
    if not own:
        return shared or [turn.text("mine_none")]
    lines = (
        turn.text(
            "mine_line",
            number=ticket.number,
            category=loop.category_name(turn, ticket.category),
            place=loop.place_words(turn, ticket),
            stage=ticket.stage.label,
            left=loop.left_words(turn, ticket),
        )
        for ticket in own[:_MOST_LINES]
    )
    return [turn.text("mine_head", count=len(own)), *lines, *shared]


def look(turn: Turn, person: Person, ticket: Ticket) -> str:
    """What stands on a ticket, with its story, for staff who may see it."""
    head = turn.text(
        "ticket_detail",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        urgency=ticket.urgency.label,
        place=loop.place_words(turn, ticket),
        stage=ticket.stage.label,
        owner=loop.name_of(turn, ticket.owner) if ticket.owner else ticket.unit,
        left=loop.left_words(turn, ticket),
        summary=loop.summary(ticket, 60),
    )
    story = journal.of_ticket(turn.db, ticket.id)[-_MOST_LINES:]
    linked = linking.line(turn, person, ticket)
    told = (_story_line(turn, entry) for entry in story)
    lines = [head, linked, *told, *teaming.of_ticket(turn, ticket)]
    return "\n".join(line for line in lines if line)


def _story_line(turn: Turn, entry: journal.Entry) -> str:
    return turn.text(
        "ticket_detail_line",
        at=clocks.moment_words(entry.at, turn.now),
        actor=_actor(turn, entry.actor),
        act=Act(entry.act).label,
        reason=entry.reason[:30],
    ).strip()


def _actor(turn: Turn, actor: str) -> str:
    found = {"system": "警格", "reporter": "反映人"}.get(actor)
    return found or loop.name_of(turn, actor)
