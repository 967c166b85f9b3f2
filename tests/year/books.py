"""The books of the year (盘点): what must hold of every row when the year is over.

Each function returns sentences, one for each fault; ``audit`` runs them all. Read by SQL and by
the domain's own table, not by the handlers that wrote it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.domain import lifecycle
from bot.events import Scheduled
from bot.turn import Turn
from config.vocabulary import Act, Stage
from handlers import loop
from storage import holds, subtasks
from storage.database import table_of
from storage.divert_tables import DiversionRow
from storage.draft_tables import GroupDraftRow
from storage.mediation_tables import MediationRow
from storage.people_tables import HeardRow, PersonRow
from storage.retention_tables import DeletionRow
from storage.station_tables import ApprovalRow, PauseRow
from storage.tables import InboxRow, JournalRow, OutgoingRow, TicketRow, TimerRow
from storage.team_tables import SubtaskRow
from storage.tickets import ENDED, Ticket
from tests.year.station import Station

_T, _J, _TM = table_of(TicketRow).c, table_of(JournalRow).c, table_of(TimerRow).c
_OVER = (Stage.ARCHIVED, Stage.VOID, Stage.MERGED, Stage.REJECTED)
_DAY = timedelta(days=1)
Faults = Iterator[str]
Book = Callable[[Station], Faults]


def audit(station: Station) -> list[str]:
    """Every fault of every book."""
    return [f"{book.__name__}: {fault}" for book in BOOKS for fault in book(station)]


def _tickets(station: Station) -> list[Ticket]:
    ids = station.conn.execute(select(_T.id).order_by(_T.id)).scalars().all()
    return [found for one in ids if (found := station.ticket(one)) is not None]


def _rows(station: Station, table: Any) -> list[Any]:
    return list(station.conn.execute(select(table_of(table)).order_by(table_of(table).c.id)).all())


def stages_replay(station: Station) -> Faults:
    """The journal leads by rows of the table from 登记 to the stage in which the ticket stands."""
    story: dict[int, list[Any]] = defaultdict(list)
    for row in station.conn.execute(select(table_of(JournalRow)).order_by(_J.id)):
        story[row.ticket_id].append(row)
    for ticket in _tickets(station):
        rows = story[ticket.id]
        if not rows or rows[0].act != Act.OPEN:
            yield f"{ticket.number} does not begin with {Act.OPEN}"
            continue
        stage = rows[0].to_stage
        for row in rows[1:]:
            yield from _steps(ticket, row, stage)
            stage = row.to_stage
        if stage != ticket.stage:
            yield f"{ticket.number} stands in {ticket.stage}, its journal ends in {stage}"
        moved = sum(row.from_stage != row.to_stage for row in rows[1:])
        if moved > ticket.version - 1:
            yield f"{ticket.number} moved {moved} times in {ticket.version} versions"


def _steps(ticket: Ticket, row: Any, stage: str) -> Faults:
    if row.from_stage != stage:
        yield f"{ticket.number} {row.act}: from {row.from_stage}, but stood in {stage}"
    if row.from_stage == row.to_stage:
        return
    step = lifecycle.TABLE.get((Stage(row.from_stage), Act(row.act)))
    if step is None or (step.to is not None and step.to != row.to_stage):
        yield f"{ticket.number} {row.from_stage} –{row.act}→ {row.to_stage} is not in the table"


def pauses_end(station: Station) -> Faults:
    """A pause that has no end belongs to a ticket that stands still now."""
    for row in _rows(station, PauseRow):
        ticket = station.ticket(row.ticket_id)
        if row.ends_at is not None and row.ends_at < row.begins_at:
            yield f"pause {row.id} ends before it begins"
        if row.ends_at is None and (ticket is None or ticket.stage not in lifecycle.STANDING):
            yield f"pause {row.id} runs on, its ticket does not stand still"
    for ticket in _tickets(station):
        running = [r for r in _rows_of(station, PauseRow, ticket.id) if r.ends_at is None]
        if ticket.stage in lifecycle.STANDING and len(running) != 1:
            yield f"{ticket.number} stands still with {len(running)} pauses"


def _rows_of(station: Station, table: Any, ticket_id: int) -> list[Any]:
    c = table_of(table).c
    return list(station.conn.execute(select(table_of(table)).where(c.ticket_id == ticket_id)).all())


def limits_recount(station: Station) -> Faults:
    """``due_at`` is what counting anew gives; what stands still has none."""
    event = Scheduled(key="audit", at=station.now, job="audit")
    turn = Turn(station.db, station.rules, event, station.now)
    for ticket in _tickets(station):
        if not ticket.is_open:
            continue
        wanted = None if ticket.stage in lifecycle.STANDING else loop.due_of(turn, ticket)
        if ticket.due_at != wanted:
            yield f"{ticket.number} {ticket.stage} due {ticket.due_at}, counted {wanted}"


def timers_fire(station: Station) -> Faults:
    """Nothing is due and unfired, nothing was posted and lost, nothing hangs on what is over."""
    for row in _rows(station, TimerRow):
        if row.done_at is None and row.posted_at is not None:
            yield f"timer {row.kind} was posted and never done"
        if row.done_at is not None:
            continue
        if row.due_at <= station.now:
            yield f"timer {row.kind} is due and unfired"
        ticket = station.ticket(row.ticket_id) if row.ticket_id else None
        if row.ticket_id and (ticket is None or ticket.stage in _OVER):
            yield f"timer {row.kind} hangs on {ticket.stage if ticket else 'nothing'}"


def words_leave(station: Station) -> Faults:
    """Every outgoing row has gone, or waits for a later moment, or says why not."""
    for row in _rows(station, OutgoingRow):
        if row.state == "pending" and row.due_at <= station.now:
            yield f"{row.key} waits for nothing"
        if row.state in ("parked", "dropped") and not row.why:
            yield f"{row.key} is {row.state} without a reason"


def events_done(station: Station) -> Faults:
    """Every event was handled, none was parked."""
    for row in _rows(station, InboxRow):
        if row.done_at is None or row.dead:
            yield f"{row.kind} {row.key} undone"


def departments_answer(station: Station) -> Faults:
    """A hand-over has an end, or the open ticket is with that department now; one at a time."""
    running: Counter[int] = Counter()
    for row in _rows(station, DiversionRow):
        if row.ended_at is not None:
            continue
        running[row.ticket_id] += 1
        ticket = station.ticket(row.ticket_id)
        if ticket is None or not ticket.is_open or ticket.department != row.department:
            where = f"{ticket.stage} {ticket.department}" if ticket else "gone"
            yield f"diversion {row.id} to {row.department} runs on, its ticket is {where}"
    for ticket_id, count in running.items():
        if count > 1:
            yield f"ticket {ticket_id} is with {count} departments"


def parts_end(station: Station) -> Faults:
    """Sub-tasks, wishes for a second person, drafts and mediations end with their ticket."""
    ended = set(station.conn.execute(select(_T.id).where(_T.stage.in_(ENDED))).scalars().all())
    for row in _rows(station, SubtaskRow):
        if row.ticket_id in ended and row.state in (subtasks.State.OPEN, subtasks.State.TAKEN):
            yield f"sub-task {row.id} runs on"
    for row in _rows(station, ApprovalRow):
        if row.ticket_id in ended and row.decided_at is None and row.act not in _AFTERWARDS:
            yield f"wish {row.act} waits on an ended ticket"
    for row in _rows(station, MediationRow):
        if row.ticket_id in ended and row.state != "ended":
            yield f"mediation {row.id} is {row.state} on an ended ticket"
    for row in _rows(station, GroupDraftRow):
        if row.state == "open" and row.expires_at <= station.now:
            yield f"draft {row.id} ({row.kind}) has expired and is open"


_AFTERWARDS = (Act.UNMASK, Act.PRESERVE, Act.APPEAL)


def sums_balance(station: Station) -> Faults:
    """登记 = 在办 + 办结 + 到期删除; each way of counting gives the whole."""
    count = select(func.count()).select_from(table_of(TicketRow))
    whole = station.conn.execute(count).scalar_one()
    for column in (_T.category, _T.stage, _T.origin, _T.grid, _T.urgency):
        rows = station.conn.execute(select(column, func.count()).group_by(column)).all()
        if sum(row[1] for row in rows) != whole:
            yield f"by {column.name} {sum(row[1] for row in rows)} of {whole}"
    ended = station.conn.execute(count.where(_T.stage.in_(ENDED))).scalar_one()
    opened = station.conn.execute(count.where(_T.stage.not_in(ENDED))).scalar_one()
    d = table_of(DeletionRow).c
    deleted = station.conn.execute(
        select(func.coalesce(func.sum(d.count), 0)).where(d.kind == "tickets")
    ).scalar_one()
    if station.opened != ended + opened + int(deleted):
        yield f"opened {station.opened}, ended {ended}, open {opened}, deleted {deleted}"


def tickets_go_in_time(station: Station) -> Faults:
    """What retention.yaml says goes has gone; one night may pass, and legal hold keeps."""
    kept, night = station.rules.retention, station.now - _DAY
    held = set(station.conn.execute(holds.held()).scalars().all())
    ended = (row for row in _rows(station, TicketRow) if row.stage in ENDED)
    for row in ended:
        if row.id in held:
            continue
        at = row.closed_at or row.stage_at
        if at < night - _span(station, row):
            yield f"{row.number} ended {at:%Y-%m-%d}, still there"
        if not _is_grave(row) and at < night - kept.reporter and row.anonymised_at is None:
            yield f"{row.number} still knows who reported it"
        if row.anonymised_at is not None and row.reporter_key:
            yield f"{row.number} is anonymous and has a reporter"


def _is_grave(row: Any) -> bool:
    return bool(row.protected) or row.danger != "none"


def _span(station: Station, row: Any) -> timedelta:
    kept = station.rules.retention
    if _is_grave(row):
        return kept.grave
    return kept.void if row.stage in (Stage.VOID, Stage.REJECTED) else kept.closed


def words_go_in_time(station: Station) -> Faults:
    """Envelopes lose their words, then go; who was silent for long is forgotten."""
    kept, night = station.rules.retention, station.now - _DAY
    talk = max(station.rules.times.talk_kept, timedelta(days=30))
    heard = table_of(HeardRow).c
    held = set(
        station.conn.execute(
            select(heard.event_key).where(heard.ticket_id.in_(holds.held()))
        ).scalars()
    )
    for row in _rows(station, InboxRow):
        if row.payload_sealed and row.received_at < night - talk and row.key not in held:
            yield f"inbox {row.kind} keeps its words since {row.received_at:%Y-%m-%d}"
        if row.done_at is not None and row.done_at < night - kept.audit and row.key not in held:
            yield f"inbox {row.kind} of {row.received_at:%Y-%m-%d} is still there"
    people = table_of(PersonRow).c
    known = {row.reporter_key for row in _rows(station, TicketRow)}
    for row in station.conn.execute(select(people.person_key, people.last_at)).all():
        if row.last_at < night - kept.silent_person and row.person_key not in known:
            yield "somebody silent is not forgotten"


BOOKS: tuple[Book, ...] = (
    stages_replay, pauses_end, limits_recount, timers_fire, words_leave, events_done,
    departments_answer, parts_end, sums_balance, tickets_go_in_time, words_go_in_time,
)  # fmt: skip
