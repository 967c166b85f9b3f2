"""What stands on tickets, for staff (查、我的单): one ticket with its story, or his own open ones.

Called by ``orders``; a ticket that does not exist for this person never comes here. How much of it
he reads is said by ``handlers.shown``.
"""

from bot.turn import Turn
from config.people_rules import Person
from config.rights_rules import Part
from handlers import big_loop, flagging, linking, loop, shown, teaming
from storage import tickets
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
            place=shown.place(turn, ticket, person),
            stage=ticket.stage.label,
            left=loop.left_words(turn, ticket),
        )
        for ticket in own[:_MOST_LINES]
    )
    return [turn.text("mine_head", count=len(own)), *lines, *shared]


def look(turn: Turn, person: Person, ticket: Ticket) -> str:
    """What stands on a ticket, with its story, as far as this person may read it."""
    head = turn.text(
        "ticket_detail",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        urgency=ticket.urgency.label,
        place=shown.place(turn, ticket, person),
        stage=ticket.stage.label,
        owner=loop.name_of(turn, ticket.owner) if ticket.owner else ticket.unit,
        left=loop.left_words(turn, ticket),
        summary=shown.words(turn, ticket, person, 60) or turn.text("not_shown"),
    )
    result = shown.result(turn, ticket, person)
    lines = [
        head,
        flagging.line(turn, ticket),
        turn.text("ticket_detail_result", result=result) if result else "",
        linking.line(turn, person, ticket),
        *shown.story(turn, ticket, person),
        *_parts(turn, person, ticket),
    ]
    return "\n".join(line for line in lines if line)


def _parts(turn: Turn, person: Person, ticket: Ticket) -> list[str]:
    return teaming.of_ticket(turn, ticket) if shown.may(turn, ticket, person, Part.STORY) else []
