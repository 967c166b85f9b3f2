"""The nightly deletions (保留期): what has been kept as long as retention.yaml says goes.

Each rule writes what went and how many (``storage.retention.record``), never whose; what is under
legal hold stays. Called by ``routine`` after the words that opened no ticket.
"""

from collections import Counter

from bot.turn import Turn
from storage import leftovers, retention, saved_views
from storage.keeping import Forgotten


def nightly(turn: Turn, talk: Forgotten) -> None:
    """Delete and make anonymous, rule by rule, and leave the record of it."""
    rules, db, now = turn.rules.retention, turn.db, turn.now
    words = {
        "heard": talk.heard,
        "inbox": talk.originals,
        "outgoing": talk.answers,
        "samples": talk.samples,
    }
    retention.record(db, "talk", Counter(words), now)
    over = retention.due_for_deletion(db, now - rules.closed, now - rules.void, now - rules.grave)
    for rule, ids in over.items():
        retention.record(db, rule, retention.delete_tickets(db, ids), now)
    nameless = retention.due_for_anonymity(db, now - rules.reporter)
    gone = retention.anonymise(db, nameless, now) + leftovers.forget_agreements(
        db, now - rules.reporter
    )
    retention.record(db, "reporter", gone, now)
    retention.record(db, "person", retention.forget_people(db, now - rules.silent_person), now)
    gone = Counter({"saved_views": saved_views.forget_others(db, _staff(turn))})
    retention.record(db, "left", gone, now)
    gone = retention.forget_audit(db, now - rules.audit) + leftovers.forget(db, now - rules.audit)
    retention.record(db, "audit", gone, now)


def _staff(turn: Turn) -> list[str]:
    return [person.id for person in turn.rules.people]
