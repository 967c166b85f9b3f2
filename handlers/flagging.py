"""The flags of a ticket (标记), gathered: one line for staff who look at it.

That somebody told of one matter again and again (一人多次) is shown on its focus ticket alone, not
here. Called by ``ticket_looks``.
"""

from bot.domain import flags
from bot.domain.flags import Overlay
from bot.domain.repeats import What
from bot.turn import Turn
from handlers import closing
from storage import hard, links, papers
from storage.tickets import Ticket

_SHOWN = {What.PLACE: "一地多起", What.KIND: "一类多发"}


def line(turn: Turn, ticket: Ticket) -> str:
    """标记：…; empty where no flag stands."""
    found = flags.names(overlay(turn, ticket), turn.now)
    return turn.text("flags_line", names="、".join(found)) if found else ""


def overlay(turn: Turn, ticket: Ticket) -> Overlay:
    """What is known of it beside its stage."""
    return Overlay(
        danger=ticket.danger,
        protected=ticket.protected,
        due_at=ticket.due_at,
        urged=ticket.urged_count,
        returned=ticket.return_count,
        reopened=ticket.reopen_count,
        papers=tuple(paper.kind.label for paper in papers.of_ticket(turn.db, ticket.id)),
        colour=_colour(turn, ticket),
        is_hard=hard.is_hard(turn.db, ticket.id),
        repeats=tuple(
            _SHOWN[What(kind)] for kind in links.kinds(turn.db, ticket.id) if kind in _SHOWN
        ),
    )


def _colour(turn: Turn, ticket: Ticket) -> str:
    """The dispute's colour by its name in mediation.yaml."""
    level, plan = closing.case_of(turn, ticket).level, turn.rules.mediation
    return plan.colour(level).name if level and plan is not None else ""
