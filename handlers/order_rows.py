"""The orders of staff (文字口令), each with what it does: two tables, for one ticket and for none.

``orders`` finds the tickets and the savepoint; a row only says which function answers. To add an
order: a word in ``bot.domain.commands``, a row here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain import commands, outbound, rights
from bot.domain.commands import Command, Order
from bot.domain.reading import read
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, Stage
from handlers import (
    approving,
    asking,
    auditing,
    backup,
    big_loop,
    burden,
    calling_back,
    cards,
    colours,
    correcting,
    debriefing,
    digests,
    divert_orders,
    drills,
    duties,
    handing_over,
    intake,
    interim,
    joint_reports,
    joint_work,
    judging,
    knowing,
    ladder,
    likeness,
    linking,
    loop,
    lost_found,
    meeting,
    opening,
    opinions,
    origins,
    pace,
    parts,
    praising,
    preserving,
    publicity_acts,
    rates,
    recording,
    registering,
    results,
    rule_changes,
    searching,
    splitting,
    ticket_looks,
    tiers,
    worklog,
)
from storage import people
from storage.ticket_facts import Fact
from storage.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Given:
    """One order as it was given: the message, who wrote it, the command, the grid of the place."""

    event: Heard
    person: Person
    command: Command
    grid: str

    @property
    def words(self) -> str:
        """What stands behind the command and its numbers."""
        return self.command.words


def _added(turn: Turn, it: Given, ticket: Ticket) -> str:
    """补充: what a member of staff found out, and the place if it names one."""
    if not it.words:
        raise Refused("needs_words")
    view = opening.grid_view(turn.rules.grid(ticket.grid))
    reading = read(it.words, it.event.at, view, turn.rules.reading)
    saved = asking.with_place(turn, ticket, reading.place, it.person.id, reading.masked)
    colours.rescored(turn, saved, reading.masked)
    turn.clear_timers(saved, "place_ask")
    if saved.owner != it.person.id:
        asking.tell_owner(turn, saved, reading.masked)
    return turn.text("supplement_ack_private")


def _contacted(turn: Turn, it: Given, ticket: Ticket) -> str:
    """已联系: somebody spoke with the reporter where no program could."""
    people.finish_drafts(turn.db, ticket.id, it.person.id, turn.now)
    turn.note(ticket, Act.TELL, by=it.person.id, reason="已私下联系反映人")
    return turn.text("contacted_ok", number=ticket.number)


def _wording(turn: Turn, it: Given, ticket: Ticket) -> str:
    """告知: other words for the public, filtered, before they leave."""
    if ticket.stage is not Stage.RESOLVED or not it.words.strip():
        raise Refused("wording_refused", number=ticket.number)
    if rights.may_act(it.person, Act.FEEDBACK, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    public = outbound.for_public_result(it.words, outbound.published(turn.rules))
    saved = loop.change(
        turn,
        ticket,
        Act.NOTE,
        by=it.person.id,
        reason=f"告知：{public}"[:200],
        result_public=public,
    )
    turn.clear_timers(saved, "feedback_due")
    turn.set_timer(saved, "feedback_due", turn.now + results.SHOWN_BEFORE_SENT)
    cards.refresh(turn, saved)
    return turn.text("resolve_confirm", number=saved.number, public_result=public)


AT_LARGE: Mapping[Order, Callable[[Turn, Given], str]] = {
    Order.MINE: lambda turn, it: "\n".join(ticket_looks.mine(turn, it.person)),
    **dict.fromkeys(
        (Order.REGISTER, Order.SETTLED),
        lambda turn, it: registering.registered(turn, it.event, it.person, it.command, it.grid),
    ),
    **dict.fromkeys(
        (Order.BUSY, Order.LEAVE, Order.STAND_IN),
        lambda turn, it: duties.duty(turn, it.person, it.command),
    ),
    Order.HELP: lambda turn, _it: turn.text("help_staff"),
    Order.MISSED: lambda turn, it: correcting.missed(turn, it.event, it.person, it.words, it.grid),
    **dict.fromkeys(
        (Order.MERGE, Order.NOT_SAME),
        lambda turn, it: likeness.ordered(turn, it.person, it.command),
    ),
    **dict.fromkeys(
        (Order.LINK, Order.UNLINK), lambda turn, it: linking.ordered(turn, it.person, it.command)
    ),
    Order.HARD_ONE: lambda turn, it: judging.ordered(turn, it.person, it.words),
    Order.SAMPLES: lambda turn, it: auditing.asked(turn, it.person),
    Order.ORIGINS: lambda turn, it: origins.asked(turn, it.person),
    Order.DRILL: lambda turn, it: drills.ordered(turn, it.person, it.words),
    Order.AWAKE: lambda turn, it: drills.said(turn, it.person),
    Order.LOG: lambda turn, it: worklog.ordered(turn, it.person, it.words),
    Order.PACE: lambda turn, it: pace.asked(turn, it.person),
    Order.BURDEN: lambda turn, it: burden.asked(turn, it.person),
    Order.RECORDS: lambda turn, it: recording.asked(turn, it.person),
    Order.PRAISES: lambda turn, it: praising.shown(turn, it.person),
    Order.OPINIONS: lambda turn, it: opinions.shown(turn, it.person),
    Order.CLAIM: lambda turn, it: lost_found.claimed(turn, it.person, it.command),
    Order.PATROLLED: lambda turn, it: joint_work.patrolled(
        turn, it.event, it.person, it.words, it.grid
    ),
    Order.CARE_FOUND: lambda turn, it: joint_work.care_found(
        turn, it.event, it.person, it.words, it.grid
    ),
    Order.DRINK: lambda turn, it: joint_work.dissuaded(
        turn, it.event, it.person, it.command, it.grid
    ),
    Order.TAKE_OVER: lambda turn, it: handing_over.taken(turn, it.person, it.words),
    Order.PUBLICITY: lambda turn, it: publicity_acts.ordered(turn, it.person, it.words),
    Order.LOOP_LIST: lambda turn, it: big_loop.queue(turn, it.person),
    **dict.fromkeys(
        rule_changes.ORDERS,
        lambda turn, it: rule_changes.ordered(
            turn, it.person, Order(it.command.what), " ".join((*it.command.numbers, it.words))
        ),
    ),
    **dict.fromkeys(
        (*digests.ORDERS, Order.EVENING),
        lambda turn, it: digests.asked(turn, it.event, it.person, Order(it.command.what), it.words),
    ),
    **dict.fromkeys(
        joint_reports.REPORTS,
        lambda turn, it: joint_reports.told(
            turn, it.event, it.person, Order(it.command.what), it.words
        ),
    ),
    **dict.fromkeys(
        (Order.LIST_FIGURES, Order.STREET_LIST),
        lambda turn, it: divert_orders.told(turn, it.person, it.command),
    ),
    **dict.fromkeys(
        (Order.PART_TAKE, Order.PART_DONE, Order.PART_BACK),
        lambda turn, it: parts.ordered(turn, it.person, it.command),
    ),
    **dict.fromkeys(
        (Order.COMES, Order.STAYS_AWAY),
        lambda turn, it: meeting.answered(turn, it.person, it.command),
    ),
}

_LETTERS = (Order.LETTER, Order.THEIR_NUMBER, Order.THEIR_ANSWER)
ON_TICKET: Mapping[Order, Callable[[Turn, Given, Ticket], str]] = {
    Order.LOOK: lambda turn, it, ticket: ticket_looks.look(turn, it.person, ticket),
    Order.ADD: _added,
    Order.CONTACTED: _contacted,
    Order.WORDING: _wording,
    Order.SPLIT: lambda turn, it, ticket: splitting.split(turn, it.person, ticket),
    Order.RECLASS: lambda turn, it, ticket: correcting.reclass(turn, it.person, ticket, it.words),
    Order.GRANT: lambda turn, it, ticket: approving.said(
        turn, ticket, it.person, granted=True, words=it.words
    ),
    Order.DENY: lambda turn, it, ticket: approving.said(
        turn, ticket, it.person, granted=False, words=it.words
    ),
    Order.PRESERVE: lambda turn, it, ticket: preserving.ask(
        turn, ticket, it.person, it.words, lift=False
    ),
    Order.LIFT: lambda turn, it, ticket: preserving.ask(
        turn, ticket, it.person, it.words, lift=True
    ),
    **dict.fromkeys(
        (*_LETTERS, Order.WIDE, Order.STREET_DECIDES),
        lambda turn, it, ticket: divert_orders.on_one(turn, it.person, ticket, it.command),
    ),
    **dict.fromkeys(
        knowing.FACTS,
        lambda turn, it, ticket: knowing.noted(
            turn, it.person, ticket, knowing.FACTS[Order(it.command.what)], it.words
        ),
    ),
    Order.BACKUP: lambda turn, it, ticket: backup.wanted(turn, it.person, ticket, it.words),
    Order.TAG: lambda turn, it, ticket: joint_work.tagged(turn, it.person, ticket, it.words),
    Order.CALL_BACK: lambda turn, it, ticket: calling_back.said(turn, it.person, ticket, it.words),
    Order.HARD: lambda turn, it, ticket: interim.call_hard(turn, ticket, it.person, it.words),
    Order.INTERIM: lambda turn, it, ticket: interim.progress(turn, ticket, it.person, it.words),
    Order.REGRADE: lambda turn, it, ticket: interim.regrade(turn, ticket, it.person, it.words),
    Order.ANSWER: lambda turn, it, ticket: ladder.answered(turn, ticket, it.person, it.words),
    Order.PART: lambda turn, it, ticket: parts.assign(turn, it.person, ticket, it.words),
    Order.PART_DROP: lambda turn, it, ticket: parts.withdrawn(turn, it.person, ticket, it.words),
    Order.MEET: lambda turn, it, ticket: meeting.call(turn, it.person, ticket, it.words),
    Order.MINUTES: lambda turn, it, ticket: meeting.minutes(turn, it.person, ticket, it.words),
    Order.COMMENT: lambda turn, it, ticket: tiers.comment(turn, it.person, ticket, it.words),
    Order.DEBRIEF: lambda turn, it, ticket: debriefing.said(turn, it.person, ticket, it.words),
    Order.RECORDED: lambda turn, it, ticket: recording.noted(
        turn, it.person, ticket, Fact.RECORDED, it.words
    ),
    Order.UNRECORDED: lambda turn, it, ticket: recording.noted(
        turn, it.person, ticket, Fact.UNRECORDED, it.words
    ),
    Order.NOT_COUNTED: lambda turn, it, ticket: rates.noted(
        turn, it.person, ticket, Fact.NOT_COUNTED, it.words
    ),
    Order.COUNTED: lambda turn, it, ticket: rates.noted(
        turn, it.person, ticket, Fact.COUNTED, it.words
    ),
    Order.SEARCH: lambda turn, it, ticket: searching.ask(turn, it.person, ticket, it.words),
    Order.FOUND: lambda turn, it, ticket: searching.found(turn, it.person, ticket),
}


def ahead(event: Heard, rules: Rules) -> Callable[[Turn], object] | None:
    """What the order in this message reads for long, by ``Turn.known``; None where it is none."""
    person = rules.person(event.by)
    command = commands.parse(intake.said_in(rules, event.text)) if person else None
    if person is None or command is None or command.what not in digests.ORDERS:
        return None
    what, words = Order(command.what), command.words
    return lambda turn: _read(turn, person, what, words)


def _read(turn: Turn, person: Person, what: Order, words: str) -> None:
    digests.asked_of(turn, person, what, words)
