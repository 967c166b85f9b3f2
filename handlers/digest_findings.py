"""研判登记簿: what the analyst's nights have found in a month, and what became of each finding.

One line for each finding: when, of which kind and colour, where, how much hangs on it, how far it
is, how it ended and whether it came again. Of a person stands only the number of the focus ticket,
for who may see it; why it was found stands in the edition by name alone. Called by
``handlers.digests`` and the page of reports.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import rights
from bot.domain.clocks import ZONE
from bot.domain.repeats import What
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import ClosingCode
from handlers import digest_parts, loop, shown
from storage import findings, report_counts, tickets
from storage.findings import Finding
from storage.tickets import ENDED, Ticket

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Line:
    """One finding with its focus ticket, what hangs on it, and what was seen afterwards."""

    finding: Finding
    ticket: Ticket
    attached: int
    after: tuple[int, int] | None

    @property
    def is_over(self) -> bool:
        """True when its focus ticket has ended."""
        return self.ticket.stage in ENDED


def of(turn: Turn, time: Time, reader: Person | None) -> Report:
    """The register of that month; ``reader`` None is the edition without words and persons."""
    found = _seen(turn, time, reader)
    over = sum(one.is_over for one in found)
    again = sum(bool(one.after and one.after[1]) for one in found)
    return Report(
        key="findings",
        title="研判登记簿",
        period=time.name,
        lead=(turn.text("findings_lead", count=len(found), over=over, times=again),),
        tables=(_sums(turn, found), _register(turn, found, reader)),
        notes=(turn.text("findings_how"),),
        is_empty=not found,
    )


def _seen(turn: Turn, time: Time, reader: Person | None) -> list[_Line]:
    found = [f for f in findings.found_since(turn.db, time.since) if f.found_at < time.until]
    ids = [one.ticket_id for one in found]
    hangs, after = report_counts.attached(turn.db, ids), report_counts.afterwards(turn.db, ids)
    lines = [
        _Line(one, tickets.get(turn.db, one.ticket_id), hangs.get(one.ticket_id, 0),
              after.get(one.ticket_id))
        for one in found
    ]  # fmt: skip
    return [one for one in lines if _may(turn, one, reader)]


def _may(turn: Turn, one: _Line, reader: Person | None) -> bool:
    if reader is None:
        return one.finding.kind != What.PERSON and not one.ticket.protected
    return rights.may_see(reader, loop.matter_of(one.ticket), turn.rules)


def _sums(turn: Turn, found: Sequence[_Line]) -> Table:
    """How many of each kind, by colour."""
    counts = Counter((one.finding.kind, one.finding.level) for one in found)
    rows = tuple(
        (turn.text(f"what_{kind}"), turn.text(f"level_{level}"), str(count))
        for (kind, level), count in sorted(counts.items())
    )
    return Table(title="发现了多少", heads=("哪一类", "颜色", "件数"), rows=rows)


def _register(turn: Turn, found: Sequence[_Line], reader: Person | None) -> Table:
    named = digest_parts.is_named(reader)
    heads = ("编号", "发现", "哪一类", "颜色", "网格", "类别", "连着", "到哪一步", "结果", "以后")
    why = ("怎么发现的",) if reader is not None else ()
    who = ("经办",) if named else ()
    rows = tuple(_row(turn, one, reader, named=named) for one in found)
    return Table(title="逐件", heads=heads + why + who, rows=rows, is_list=True)


def _row(turn: Turn, one: _Line, reader: Person | None, *, named: bool) -> tuple[str, ...]:
    finding, ticket = one.finding, one.ticket
    local = finding.found_at.astimezone(ZONE)
    row = (
        ticket.number,
        f"{local.month}月{local.day}日",
        turn.text(f"what_{finding.kind}"),
        turn.text(f"level_{finding.level}"),
        digest_parts.grid_name(turn, finding.grid),
        loop.category_name(turn, finding.category) if finding.category else "",
        f"{one.attached}件",
        ticket.stage.label,
        _result(ticket),
        _afterwards(one),
    )
    why = (shown.quoted(turn, ticket, reader, _LONGEST),) if reader is not None else ()
    who = (loop.name_of(turn, ticket.owner) if ticket.owner else "",) if named else ()
    return row + why + who


def _result(ticket: Ticket) -> str:
    return ClosingCode(ticket.closing_code).label if ticket.closing_code else ""


def _afterwards(one: _Line) -> str:
    if one.after is None:
        return "还没到看的时候" if one.is_over else ""
    days, times = one.after
    return f"又来{times}次" if times else f"{days}天内没再来"
