"""Keeping little (少留): what opened no ticket is forgotten after some days, words and originals.

What belongs to a ticket is needed a while longer, to tell voices apart and to undo a merge; then
the envelope goes as well, for a ticket carries its own words, masked and sealed. The inbox row
itself stays without its content: its key is what makes a redelivery harmless. The nightly job
calls ``forget``; ``forget_event`` serves a station that keeps nothing at all.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, not_, update

from storage import bindings, people, samples
from storage.database import table_of
from storage.people_tables import HeardRow
from storage.session import Db
from storage.tables import InboxRow, OutgoingRow

_INBOX = table_of(InboxRow).c
_OUT = table_of(OutgoingRow).c
_HEARD = table_of(HeardRow).c
_EMPTY = {"payload_sealed": "", "answer_sealed": ""}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many masked words, sealed originals, old answers and sample words went."""

    heard: int
    originals: int
    answers: int
    samples: int


def forget(db: Db, before: datetime, tied_before: datetime) -> Forgotten:
    """Delete what was heard before ``before``; what is not handled yet stays.

    Messages that belong to a ticket stay until ``tied_before``.
    """
    bindings.forget(db, before)
    heard = people.forget_heard(db, before, tied_before)
    tied = exists().where(_HEARD.event_key == _INBOX.key, _HEARD.ticket_id > 0)
    done = (
        _INBOX.done_at.is_not(None),
        _INBOX.received_at < before,
        _INBOX.payload_sealed != "",
        not_(tied),
    )
    originals = db.conn.execute(update(InboxRow).where(*done).values(_EMPTY)).rowcount
    said = (
        _OUT.ticket_id == 0,
        _OUT.state != "pending",
        _OUT.created_at < before,
        _OUT.body_sealed != "",
    )
    answers = db.conn.execute(update(OutgoingRow).where(*said).values(body_sealed="")).rowcount
    return Forgotten(heard, originals, answers, samples.forget_words(db, before))


def forget_event(db: Db, event_key: str) -> bool:
    """Keep nothing of an event that led to no ticket; True when it was such a one.

    Called inside its own Turn: either all of it happens or none.
    """
    where = (_HEARD.event_key == event_key, _HEARD.ticket_id == 0)
    if not db.conn.execute(delete(HeardRow).where(*where)).rowcount:
        return False
    db.conn.execute(update(InboxRow).where(_INBOX.key == event_key).values(payload_sealed=""))
    return True
