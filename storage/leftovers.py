"""Old rows that hang on no ticket (旧行): duties, mass sends, counts of visits and the like.

They go with the audit, because some of them name a member of staff; a count without anybody stays
as long as the figures may be asked for. Called by ``handlers.keeping_nightly``.
"""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, update

from storage import holds
from storage.archive_tables import RecallRow
from storage.audit_books import delete_rows
from storage.change_tables import RuleChangeRow
from storage.database import table_of
from storage.draft_tables import MassSendRow
from storage.field_tables import FormRow
from storage.handover_tables import HandoverRow
from storage.mediation_tables import MediationPaperRow, MediationRow, MediationSessionRow
from storage.people_tables import DutyRow, SampleRow
from storage.publicity_tables import PublicityOutRow, PublicityPostRow, PublicityRow
from storage.retention_tables import GroupWordsRow
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import ENDED
from storage.view_tables import SavedViewRow
from storage.web_tables import ViewRow, WebSessionRow

_T, _M = table_of(TicketRow).c, table_of(MediationRow).c


def _aged(before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    """Each table with what of it is old."""
    duties, sends, recalls = table_of(DutyRow), table_of(MassSendRow), table_of(RecallRow)
    words, counts, samples = table_of(GroupWordsRow), table_of(FormRow), table_of(SampleRow)
    logins, looks, shifts = table_of(WebSessionRow), table_of(ViewRow), table_of(HandoverRow)
    lines, posts, outs = (table_of(r) for r in (PublicityRow, PublicityPostRow, PublicityOutRow))
    changes, views = table_of(RuleChangeRow), table_of(SavedViewRow)
    return [
        (changes, changes.c.at < before),
        (views, views.c.at < before),
        (lines, lines.c.proposed_at < before),
        (posts, posts.c.due_at < before),
        (outs, outs.c.ended_at < before),
        (logins, logins.c.until < before),
        (looks, looks.c.at < before),
        (shifts, shifts.c.at < before),
        (duties, duties.c.ends_at < before),
        (sends, sends.c.asked_at < before),
        (recalls, recalls.c.at < before),
        (words, words.c.due_at < before),
        (counts, and_(counts.c.ended_at < before, counts.c.ticket_id == 0)),
        (samples, and_(samples.c.at < before, samples.c.ticket_id == 0)),
    ]


def forget(db: Db, before: datetime) -> Counter[str]:
    """Delete what is older than ``before``; how many rows of which table went."""
    gone: Counter[str] = Counter()
    for table, is_old in _aged(before):
        gone[table.name] = delete_rows(db, table, is_old)
    return gone


def forget_agreements(db: Db, before: datetime) -> Counter[str]:
    """Minutes, terms and papers of matters that ended before then: both sides are named in them.

    That there was a mediation, whose it was and how it ended stays; what is held stays whole. A
    wish of one side does not come here, for the agreement is the other side's too.
    """
    gone: Counter[str] = Counter()
    over = (_T.stage.in_(ENDED), func.coalesce(_T.closed_at, _T.stage_at) < before)
    ended = select(_T.id).where(*over, _T.id.not_in(holds.held()))
    mine = select(_M.id).where(_M.ticket_id.in_(ended)).scalar_subquery()
    for row in (MediationSessionRow, MediationPaperRow):
        table = table_of(row)
        gone[table.name] = db.conn.execute(
            delete(table).where(table.c.mediation_id.in_(mine))
        ).rowcount
    told = (_M.ticket_id.in_(ended), _M.terms_sealed != "")
    change = {"terms_sealed": "", "version": MediationRow.version + 1}
    gone["mediations"] = db.conn.execute(
        update(MediationRow).where(*told).values(**change)
    ).rowcount
    return gone
