"""Corrections by staff (改判): 改类, 不是诉求, 开单 from a message that had opened nothing.

Each does its work on the ticket and keeps the pair "read as → corrected to" for ``tune``: masked
words, the version of the rules that had read them, never who spoke or who corrected. Nothing of
protected matters is kept. Called by ``orders`` and ``acts``.
"""

from dataclasses import replace

from bot.domain import lifecycle, rights
from bot.domain.reading import Reading, read
from bot.domain.tuning import NEVER_LEARNT
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.reading_rules import Category
from config.vocabulary import Act, Danger, Kind, Stage
from handlers import approving, cards, danger, loop, opening
from storage import corrections, people
from storage.approvals import Approval
from storage.corrections import Correction
from storage.tickets import Ticket

_OTHER = "N15"
_LONGEST_KEPT = 500
_UNSIGNED = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)
_GONE = (Stage.VOID, Stage.MERGED, Stage.REJECTED)


def reclass(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """改类: the answer; the ticket is of the category that ``words`` name. Raises: Refused."""
    category = _named(turn, words, ticket.number)
    if ticket.protected:
        raise Refused("protected_refused")
    if rights.may_act(person, Act.TRANSFER, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    if ticket.stage in _GONE:
        raise Refused("reclass_refused", number=ticket.number, stage=ticket.stage.label)
    was = loop.category_name(turn, ticket.category)
    saved = loop.change(
        turn,
        ticket,
        Act.NOTE,
        by=person.id,
        reason=f"改类：{was}→{category.name}",
        category=category.code,
        protected=category.protected,
    )
    saved = loop.recounted(turn, saved)
    keep(turn, saved, ticket.category, category.code)
    cards.refresh(turn, saved)
    return turn.text("reclassed_ok", number=saved.number, category=category.name)


def not_a_report(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """不是诉求, 作废: the ticket is void, whoever had been told of it hears so.

    Once somebody has signed it takes two. Raises: Refused.
    """
    if ticket.danger is not Danger.NONE:
        raise Refused("danger_not_void", number=ticket.number)
    if ticket.protected:
        raise Refused("protected_refused")
    if ticket.stage not in _UNSIGNED:
        reason = words.strip() or "不是诉求"
        lifecycle.advance(ticket.stage, Act.VOID, person.role)
        return approving.ask(turn, ticket, Act.VOID, person, reason, {})
    return _voided(turn, ticket, person, words)


def _void_granted(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    return _voided(turn, ticket, decider, wish.reason)


def _voided(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    saved = loop.step(
        turn,
        ticket,
        Act.VOID,
        person.role,
        by=person.id,
        reason=words[:200] or "不是诉求",
        closed_at=turn.now,
    )
    turn.clear_timers(saved)
    for ask in people.asks_of_ticket(turn.db, saved.id):
        people.answered(turn.db, ask.id, turn.now)
    keep(turn, saved, ticket.category, "")
    cards.refresh(turn, saved, greyed="不是诉求")
    if not turn.rules.times.is_night(turn.now):
        turn.tell_reporter(saved, "apology_wrong_ticket_private")
    return turn.text("voided_ok", number=saved.number)


def missed(turn: Turn, event: Heard, person: Person, words: str, grid: str) -> str:
    """开单: the answer; a ticket from the quoted message, or from ``words``. Raises: Refused.

    With a quote ``words`` may name the category; else the reading's best one is taken.
    """
    quoted = event.quote.strip()
    text = quoted or words
    if not text:
        raise Refused("needs_missed")
    named = _named(turn, words, "0012") if quoted and words else None
    return _opened(turn, text, named, person, grid)


def opened_by_hand(turn: Turn, text: str, category: str, person: Person, grid: str) -> str:
    """是报事: the answer; a ticket from masked words, of the category that is named if any.

    Raises: Refused, when the name fits none or several.
    """
    named = _named(turn, category, "0012") if category.strip() else None
    return _opened(turn, text, named, person, grid)


def named_code(turn: Turn, category: str) -> str:
    """The code of the category that is named; empty where none is. Raises: Refused."""
    return _named(turn, category, "0012").code if category.strip() else ""


def _opened(turn: Turn, text: str, named: Category | None, person: Person, grid: str) -> str:
    view = opening.grid_view(turn.rules.grid(grid))
    reading = read(text, turn.event.at, view, turn.rules.reading, addressed=True)
    category = named or _best(turn, reading)
    seed = opening.seed_of(
        turn,
        reading,
        line=turn.event.line,
        grid=grid,
        chat="",
        text=text,
        voice=None,
        carrier=person.id,
        origin="missed",
        by=person.id,
    )
    if reading.danger is Danger.NONE:
        seed = replace(seed, category=category.code, protected=category.protected)
        seed = replace(seed, urgency=min(category.urgency, reading.urgency))
    ticket, route = opening.open_ticket(turn, seed)
    if loop.is_danger(ticket):
        danger.alarm(turn, ticket)
    else:
        opening.show_to_staff(turn, ticket, route)
    read_as = (reading.category or "") if reading.kind is Kind.REPORT else ""
    keep(turn, ticket, read_as, ticket.category)
    return turn.text("registered_ok", number=ticket.number, unit=ticket.unit)


def keep(turn: Turn, ticket: Ticket, read_as: str, corrected_to: str) -> None:
    """Keep the pair, unless nothing was corrected or a protected matter is touched."""
    if read_as == corrected_to or ticket.protected:
        return
    if {read_as, corrected_to} & never_learnt(turn):
        return
    corrections.keep(
        turn.db,
        Correction(
            key=f"{turn.event.key}:{ticket.id}",
            ticket_id=ticket.id,
            at=turn.now,
            read_as=read_as,
            corrected_to=corrected_to,
            rules_version=ticket.rules_version,
            masked=ticket.masked[:_LONGEST_KEPT],
        ),
    )


def never_learnt(turn: Turn) -> frozenset[str]:
    """The categories of which nothing is kept to learn from: the fixed ones and the site's own."""
    return NEVER_LEARNT | {c.code for c in turn.rules.reading.categories if c.protected}


def _best(turn: Turn, reading: Reading) -> Category:
    """What the reading says, else the likeliest of what it thought of, else 其他."""
    likely = [candidate.code for candidate in reading.candidates]
    code = reading.category or next(iter(likely), _OTHER)
    return turn.rules.reading.category(code)


def _named(turn: Turn, words: str, number: str) -> Category:
    """The one category of that code or name. Raises: Refused with those that come near."""
    said = words.strip().removesuffix("类")
    every = turn.rules.reading.categories
    exact = [c for c in every if said and (c.code == said.upper() or c.name == said)]
    found = exact or [c for c in every if said and said in c.name]
    if len(found) == 1:
        return found[0]
    near = "、".join(f"{c.code}{c.name}" for c in found or every)
    raise Refused("needs_category", said=said[:12], number=number, categories=near)


approving.when_granted(Act.VOID, _void_granted)
