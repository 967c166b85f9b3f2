"""Our result goes back into WeCom's order through a human (写回草稿): orders are read only.

Whoever handles the order there gets two messages: what to do, and the words to paste. It is over
when the order's own process list shows it; a day without that is reminded once. Protected matters
leave nothing for the order. Used by ``feedback``, ``overdue`` and ``order_sheets``.
"""

from datetime import timedelta

from bot.domain import outbound, routing
from bot.turn import Turn
from config.vocabulary import Act, Role, Stage
from handlers import loop, opening, purpose, shown
from storage import orders, people
from storage.orders import Known
from storage.tickets import Ticket

UNWRITTEN = "order_unwritten"
_DRAFT = "order"
_PATIENCE = timedelta(hours=24)
_SHORT = 24


def offer(turn: Turn, ticket: Ticket) -> bool:
    """True for a ticket that came from orders: a draft to whoever handles each of them.

    Nothing is said where the order is over or the matter protected.
    """
    sheets = orders.of_ticket(turn.db, ticket.id)
    running = [known for known in sheets if not known.is_over]
    if running and ticket.protected:
        turn.note(ticket, Act.NOTE, reason="受保护事项，不写回上报单")
        return True
    for known in running:
        _offer_one(turn, ticket, known)
    if running:
        turn.set_timer(ticket, UNWRITTEN, loop.by_day(turn, turn.now + _PATIENCE))
    return bool(sheets)


def _offer_one(turn: Turn, ticket: Ticket, known: Known) -> None:
    user, key = _who(turn, ticket, known)
    if not user:
        turn.note(ticket, Act.NOTE, reason="上报单没有能通知到的处理人")
        return
    result = outbound.for_public_result(ticket.result_public, outbound.published(turn.rules))
    draft = "\n".join(filter(None, (result, purpose.for_order(turn, ticket, known.key))))
    words = turn.text(key, number=ticket.number, summary=shown.quoted(turn, ticket, user, _SHORT))
    turn.tell(user, words, ticket=ticket.id)
    turn.tell(user, draft, ticket=ticket.id)
    draft_key = f"{turn.event.key}:{_DRAFT}:{known.key}"
    people.add_draft(turn.db, draft_key, ticket.id, user, _DRAFT, draft, turn.now)
    turn.note(ticket, Act.TELL, reason="结果草稿交给上报单处理人")


def remind(turn: Turn, ticket: Ticket) -> None:
    """A day on, and the order still shows nothing: one reminder."""
    if ticket.is_open and ticket.stage is not Stage.EVALUATION:
        return
    sheets = orders.of_ticket(turn.db, ticket.id)
    users = [_who(turn, ticket, known)[0] for known in sheets if not known.is_over]
    for user in dict.fromkeys(user for user in users if user):
        turn.tell(user, turn.text("order_unwritten", number=ticket.number), ticket=ticket.id)


def written(turn: Turn, ticket: Ticket, user: str) -> None:
    """The order is over in WeCom: nobody needs to paste anything any more.

    The reminder stays where another order of the ticket runs; it looks before it speaks.
    """
    for one in dict.fromkeys((user, ticket.carrier)):
        people.finish_drafts(turn.db, ticket.id, one, turn.now)


def handler_of(turn: Turn, processors: tuple[str, ...]) -> str:
    """The first processor whom the roster knows; empty when there is none."""
    return next((user for user in processors if turn.rules.person(user) is not None), "")


def is_handler(turn: Turn, ticket: Ticket, user: str) -> bool:
    """True where nobody waits for the result but whoever handles the ticket's orders."""
    sheets = orders.of_ticket(turn.db, ticket.id)
    return not user or user in {handler_of(turn, known.processors) for known in sheets}


def _who(turn: Turn, ticket: Ticket, known: Known) -> tuple[str, str]:
    """Whom to give the draft, and the sentence that fits."""
    user = handler_of(turn, known.processors)
    if user:
        return user, "order_draft"
    question = opening.question_of(turn, ticket)
    roles = (Role.GRID_WORKER, Role.COMMAND_ROOM) if ticket.grid else (Role.COMMAND_ROOM,)
    for role in roles:
        there = routing.on_duty(role, question, turn.rules)
        if there:
            return there[0].id, "order_draft_pass"
    return ticket.owner, "order_draft_pass"
