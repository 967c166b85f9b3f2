"""A line after a case (以案提醒): proposed for the groups of its grid within 24 hours.

Nothing of the case goes along: the wording is that of the calendar, and 本辖区近日 only once the
matter was verified. No line follows a protected matter or one that could be guessed because few
people live there. Called by ``report`` when a ticket opens and four times a day by ``routine``.
"""

from datetime import timedelta

from bot.domain import publicity
from bot.turn import Turn
from config.people_rules import Chat, Grid
from config.publicity_rules import Topic
from config.vocabulary import ClosingCode, Stage
from handlers.publicity import Plan, approver_of, groups_of, propose, standings
from storage import customer_groups, publicity_facts, tickets
from storage import publicity as stored
from storage.tickets import Ticket

WITHIN = timedelta(hours=24)
_NOTHING = (Stage.VOID, Stage.REJECTED, Stage.MERGED)
_SURE = (
    *(Stage.HANDLING, Stage.RESOLVED, Stage.RECHECK, Stage.EVALUATION),
    *(Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED),
)
_NO_CASE = (ClosingCode.UNFOUNDED, ClosingCode.DUPLICATE, ClosingCode.WITHDRAWN)


def rounds(turn: Turn) -> None:
    """Cases of the last day that came by another door, or were verified since."""
    codes = {code for topic in turn.rules.publicity.topics for code in topic.cases}
    for number in publicity_facts.cases(turn.db, codes, turn.now - WITHIN):
        noticed(turn, tickets.get(turn.db, number))


def noticed(turn: Turn, ticket: Ticket) -> None:
    """Propose the lines that this matter calls for, to who approves them."""
    topics = publicity.for_case(ticket.category, turn.rules.publicity)
    grid = turn.rules.grid(ticket.grid)
    if not topics or grid is None or not _may_lead(turn, ticket):
        return
    for topic in topics:
        _proposed(turn, topic, grid, is_verified=_is_sure(ticket))


def _may_lead(turn: Turn, ticket: Ticket) -> bool:
    """Never what is protected, whatever made it so; nothing that was none."""
    danger = turn.rules.danger_class(ticket.danger_class)
    hidden = ticket.protected or (danger is not None and danger.protected)
    is_real = ticket.stage not in _NOTHING and ticket.closing_code not in _NO_CASE
    return is_real and not hidden and turn.now - ticket.opened_at < WITHIN


def _is_sure(ticket: Ticket) -> bool:
    return ticket.stage in _SURE


def _proposed(turn: Turn, topic: Topic, grid: Grid, *, is_verified: bool) -> None:
    """Once a day for each grid; a plain line that waits gives way to the one that is sure."""
    at = publicity.soonest(turn.now, turn.rules.publicity)
    key = f"case:{publicity.day_of(turn.now)}:{grid.id}:{topic.id}"
    before = stored.begun(turn.db, key)
    if any(one.state != stored.PROPOSED for one in before):
        return
    if before and (not is_verified or any(one.key.endswith(":sure") for one in before)):
        return
    for one in before:
        stored.decide(turn.db, one.id, stored.LAPSED, "", turn.now)
        stored.drop(turn.db, [one.id])
    groups = [one for one in groups_of(turn.rules) if one.grid == grid.id]
    large = {one.id: one for one in groups if not _is_small(turn, grid, one)}
    spread = publicity.spread(topic, standings(turn, large), at, turn.rules.publicity)
    for variant, chats in spread:
        ending = ":sure" if is_verified else ""
        words = publicity.case_words(variant.text, turn.rules.publicity, is_verified=is_verified)
        propose(
            turn,
            Plan(
                key=f"{key}:{variant.id}{ending}",
                at=at,
                topic=topic,
                variant=variant,
                words=words,
                chats=tuple(chats),
                cause=stored.CASE,
                approver=approver_of(turn, large[chats[0]]),
            ),
        )


def _is_small(turn: Turn, grid: Grid, chat: Chat) -> bool:
    known = customer_groups.get(turn.db, chat.id)
    people = known.residents if known else 0
    return publicity.is_small(grid, people, turn.rules.publicity)
