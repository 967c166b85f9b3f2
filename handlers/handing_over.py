"""接班 by name: who takes a shift over is written, who hands over hears it, the content is told.

A shift belongs to a role; whoever may open the page may take his role's over. Who has it gets the
content alone, never a group, with the fields that he may read; who hands over hears only counts.
Called by ``order_rows``.
"""

from collections import Counter

from bot.domain import clocks, rights
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rights_rules import Page
from handlers import handover, loop, shown
from handlers.handover import Content, Heap, Waiting, Wish
from storage import handovers
from storage.handovers import Handover
from storage.tickets import Ticket

_MOST_TOLD, _MOST_AWAY = 5, 8
_MESSAGE_BYTES = 2000


def taken(turn: Turn, person: Person, words: str) -> str:
    """接班: from now on the shift is this person's. Raises: Refused for who has no shift."""
    if words.strip():
        raise Refused("handover_how")
    office = office_of(turn, person)
    if office is None:
        raise Refused("handover_refused")
    found = handover.content(turn, person)
    last = next(iter(handovers.newest(turn.db, office.role, 1)), None)
    turn.tell(person.id, message(turn, person, found))
    if last is not None and last.user == person.id:
        return turn.text("handover_still", at=clocks.moment_words(last.at, turn.now))
    handovers.add(turn.db, _row(turn, office, found, last.user if last else ""))
    return _told(turn, person, found, last)


def office_of(turn: Turn, person: Person) -> Person | None:
    """The office of this person that has a shift; None where none has."""
    able = (one for one in rights.offices(person) if _has_shift(turn, one))
    return next(able, None)


def _has_shift(turn: Turn, office: Person) -> bool:
    return turn.rules.rights.opens(office.role, Page.HANDOVER)


def _row(turn: Turn, office: Person, found: Content, before: str) -> Handover:
    return Handover(
        key=f"{turn.event.key}:handover",
        role=office.role,
        user=office.id,
        before=before,
        at=turn.now,
        danger=found.danger.count,
        unsigned=found.unsigned.count,
        promised=found.promised.count,
        drafts=found.drafts_count,
        wishes=len(found.wishes),
    )


def _told(turn: Turn, person: Person, found: Content, last: Handover | None) -> str:
    """The answer; who hands over hears it too."""
    at = clocks.moment_words(turn.now, turn.now)
    if last is None:
        return turn.text("handover_first", at=at)
    left = counts(turn, found)
    turn.tell(last.user, turn.text("handover_given", name=person.name, at=at, left=left))
    return turn.text("handover_taken", at=at, name=loop.name_of(turn, last.user))


def counts(turn: Turn, found: Content) -> str:
    """How much is handed over, in one sentence."""
    return turn.text(
        "handover_counts",
        danger=found.danger.count,
        unsigned=found.unsigned.count,
        promised=found.promised.count,
        drafts=found.drafts_count,
        wishes=len(found.wishes),
    )


def message(turn: Turn, person: Person, found: Content) -> str:
    """The content as one message that WeCom takes whole."""
    lines: list[str] = []
    told: set[int] = set()
    for heap in found.heaps:
        lines += _heap_lines(turn, person, heap, told)
        told |= {ticket.id for ticket in heap.tickets}
    lines += _wish_lines(turn, found.wishes) + _draft_lines(turn, found.drafts)
    lines = lines or [turn.text("handover_nothing")]
    if found.away:
        names = "、".join(f"{one.name}（{one.why}）" for one in found.away[:_MOST_AWAY])
        lines.append(turn.text("handover_away", names=names))
    return cut([counts(turn, found), *lines], turn.text("handover_more"))


def cut(lines: list[str], more: str) -> str:
    """Whole lines up to what one message holds; ``more`` stands where some were left out."""
    kept: list[str] = []
    room = _MESSAGE_BYTES - len(f"\n{more}".encode())
    for line in lines:
        room -= len(f"{line}\n".encode())
        if room < 0:
            return "\n".join([*kept, more])
        kept.append(line)
    return "\n".join(kept)


def _heap_lines(turn: Turn, person: Person, heap: Heap, told: set[int]) -> list[str]:
    """The first of the heap that no line above has told; none where all are told."""
    fresh = [ticket for ticket in heap.tickets if ticket.id not in told]
    if not fresh:
        return []
    head = turn.text("handover_head", what=heap.title, count=heap.count)
    return [head, *(_line(turn, person, one) for one in fresh[:_MOST_TOLD])]


def _line(turn: Turn, person: Person, ticket: Ticket) -> str:
    return turn.text(
        "handover_line",
        number=ticket.number,
        category=loop.matter_name(turn, ticket),
        place=shown.place(turn, ticket, person) or "地点不详",
        owner=loop.name_of(turn, ticket.owner) if ticket.owner else ticket.unit or "还没人接",
        due=_due(turn, ticket),
    ).strip()


def _due(turn: Turn, ticket: Ticket) -> str:
    if ticket.finish_at is None:
        return ""
    words = f"答应{clocks.moment_words(ticket.finish_at, turn.now)}前"
    return f"{words}，过了" if ticket.finish_at <= turn.now else words


def _wish_lines(turn: Turn, wishes: list[Wish]) -> list[str]:
    if not wishes:
        return []
    told = [
        turn.text(
            "handover_wish",
            number=one.ticket.number,
            act=one.wish.act.label,
            name=loop.name_of(turn, one.wish.asked_by),
        )
        for one in wishes[:_MOST_TOLD]
    ]
    return [turn.text("handover_head", what="等第二人定", count=len(wishes)), *told]


def _draft_lines(turn: Turn, waiting: list[Waiting]) -> list[str]:
    if not waiting:
        return []
    count = Counter({one.name: one.count for one in waiting})
    told = [turn.text("handover_draft", group=name, count=n) for name, n in count.items()]
    head = turn.text("handover_head", what="待代发", count=sum(count.values()))
    return [head, *told[:_MOST_TOLD]]
