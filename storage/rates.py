"""What counts towards the three rates (三率) and what is left out with its reason; sums and steps.

Left out are duplicates, what is no matter of ours by law, a reporter whom nobody reached, crisis,
protected matters, and what the command room took out by hand (不计). One reason for each ticket,
so that the shares add up. Nothing sealed is opened, no person is counted. Read by
``handlers.rates`` and by pages.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, literal, or_, select

from config.vocabulary import Act, ClosingCode, Danger, Stage
from storage import figure_ids, first_steps
from storage.archiving import ended_as
from storage.database import table_of
from storage.first_steps import First
from storage.people_tables import RatingRow
from storage.repeats import FOCUS
from storage.session import Db
from storage.station_tables import FactRow
from storage.tables import JournalRow, TicketRow
from storage.ticket_facts import Fact

_T, _F = table_of(TicketRow).c, table_of(FactRow).c
_J, _R = table_of(JournalRow).c, table_of(RatingRow).c
_CLOSED = (Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED)
_BEGINS = (Act.ASSIGN, Act.DIVERT, Act.HAND_OUT)
_CONTACT = (Act.VERIFY, Act.ASK, Act.TELL, Act.FEEDBACK)
# When it was given out first, when somebody signed, when the reporter was contacted.
_STEPS = (First(_BEGINS), First((Act.ACCEPT, Act.VERIFY)), First(_CONTACT))


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


@dataclass(frozen=True, slots=True)
class Ended:
    """A ticket that counts: what its three rates are worked out from."""

    category: str
    urgency: str
    rating: int | None
    asked: bool
    verified: bool
    given_at: datetime | None
    signed_at: datetime | None
    contacted: bool


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
    return why().in_(("", Why.CRISIS.value))


def _ended_in(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """What came to an end then; what was never a report (作废) is in no base."""
    over = ended_as().in_((*_CLOSED, Stage.MERGED, Stage.REJECTED))
    return (_T.origin != FOCUS, over, figure_ids.ended_in(since, until))


def left_out(db: Db, since: datetime, until: datetime) -> dict[Why, int]:
    """How many that ended then are left out, by reason, in the order of ``Why``."""
    rows = db.conn.execute(select(why()).where(*_ended_in(since, until))).scalars()
    found = Counter(rows)
    return {reason: found[reason] for reason in Why if found[reason]}


def counted(db: Db, since: datetime, until: datetime) -> list[Ended]:
    """Every ticket that ended then and counts, oldest first."""
    asked = exists().where(_R.ticket_id == _T.id)
    verified = exists().where(_F.ticket_id == _T.id, _F.kind == Fact.RECHECK)
    looked = exists().where(
        _J.ticket_id == _T.id, _J.act == Act.REVIEW, _J.to_stage == Stage.ARCHIVED
    )
    rows = db.conn.execute(
        select(
            *(_T.id, _T.category, _T.urgency, _T.rating, asked.label("asked")),
            or_(verified, looked).label("verified"),
        )
        .where(*_ended_in(since, until), why() == "")
        .order_by(_T.id)
    ).all()
    steps = first_steps.of(db, [row.id for row in rows], _STEPS)
    never = (None, None, None)
    found = []
    for row in rows:
        given, signed, contacted = steps.get(row.id, never)
        found.append(
            Ended(
                row.category, row.urgency, row.rating, row.asked, row.verified,
                given, signed, contacted is not None,
            )
        )  # fmt: skip
    return found
