"""What counts towards the three rates (三率) and what is left out with its reason.

Left out are duplicates, what is no matter of ours by law, a reporter whom nobody reached, crisis,
protected matters, and what the command room took out by hand (不计). One reason for each ticket,
so that the shares add up. Read by ``storage.figures``.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, case, literal, or_, select

from config.vocabulary import ClosingCode, Danger, Stage
from storage.archiving import ended_as
from storage.database import table_of
from storage.station_tables import FactRow
from storage.tables import TicketRow
from storage.ticket_facts import Fact

_T, _F = table_of(TicketRow).c, table_of(FactRow).c


class Why(StrEnum):
    """Why a ticket is left out."""

    BY_HAND = "by_hand"
    PROTECTED = "protected"
    CRISIS = "crisis"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside"
    UNREACHABLE = "unreachable"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    Why.BY_HAND: "指挥室定的",
    Why.PROTECTED: "受保护",
    Why.CRISIS: "险情",
    Why.DUPLICATE: "重复",
    Why.OUTSIDE: "依法不归办",
    Why.UNREACHABLE: "联系不上",
}


# Danger is in no rate, but how fast it went is measured.
MEASURED = ("", Why.CRISIS.value)


def why() -> ColumnElement[str]:
    """The reason for which a ticket is left out; empty where it counts. For reads of this floor."""
    said = (Fact.NOT_COUNTED, Fact.COUNTED)
    last = (
        select(_F.kind)
        .where(_F.ticket_id == _T.id, _F.kind.in_(said))
        .order_by(_F.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    duplicate = or_(ended_as() == Stage.MERGED, _T.closing_code == ClosingCode.DUPLICATE)
    outside = or_(ended_as() == Stage.REJECTED, _T.closing_code == ClosingCode.NOT_OURS)
    return case(
        (last == Fact.NOT_COUNTED, literal(Why.BY_HAND.value)),
        (_T.protected.is_(True), literal(Why.PROTECTED.value)),
        (_T.danger == Danger.CONFIRMED, literal(Why.CRISIS.value)),
        (duplicate, literal(Why.DUPLICATE.value)),
        (outside, literal(Why.OUTSIDE.value)),
        (_T.closing_code == ClosingCode.UNREACHABLE, literal(Why.UNREACHABLE.value)),
        else_=literal(""),
    )


def measured() -> ColumnElement[bool]:
    """True for what may count in a figure of speed or outcome: as ``why``, but danger counts."""
    return why().in_(MEASURED)
