"""Legal hold (保全): what was said, sampled, filed, drafted or praised on a held ticket stays."""

from datetime import timedelta

from config.vocabulary import Stage
from storage import drafts, filed, holds, inbox, people, praises, retention, samples, tickets
from storage.drafts import Draft
from storage.filed import Filed
from storage.people import Said
from storage.praises import Praise
from storage.samples import OPENED, Sample
from storage.session import Db
from tests.storage.rows import NOW, arrival, ticket

LATER = NOW + timedelta(days=1)


def all_said_on(db: Db, serial: int) -> int:
    """A ticket that ended, and a row of every kind that keeps words of it; its id."""
    number = f"JG260304-000{serial}K"
    one = tickets.create(db, ticket(number, stage=Stage.CLOSED))
    seen = Sample(key=f"s{number}", kind=OPENED, at=NOW, ticket_id=one.id, masked="路灯坏了")
    samples.draw(db, seen, "20260304", "v1")
    never = Sample(key=f"u{number}", kind=OPENED, at=NOW, ticket_id=one.id, masked="路灯坏了")
    samples.keep(db, never)
    words = {"description": "路灯坏了"}
    filed.keep(
        db,
        Filed(key=number, request=number, client="c", body_hash="h", at=NOW, words=words),
    )
    filed.tie(db, number, one.id)
    drafts.add(
        db,
        Draft(
            key=number, chat="g", line="l", kind="answer", text="收到", said_at=NOW, made_at=NOW,
            expires_at=LATER, ticket_id=one.id, state=drafts.SENT,
        ),
    )  # fmt: skip
    praises.add(db, number, Praise("lin", one.id, NOW, "谢谢"))
    inbox.accept(db, arrival(number), NOW)
    (waiting,) = inbox.undone(db, [3], 1)
    inbox.done(db, waiting.id, NOW, "", number)
    people.note_heard(
        db,
        Said(
            event_key=number, line="l", person_key="x", at=NOW, kind="open", masked="路灯",
            ticket_id=one.id,
        ),
    )  # fmt: skip
    return one.id


def all_rules(db: Db) -> dict[str, int]:
    """How much goes when every rule's time is over."""
    return {
        "sample words": samples.forget_words(db, LATER),
        "samples": samples.drop_undrawn(db, LATER),
        "filed": filed.forget_words(db, LATER, LATER),
        "drafts": drafts.forget(db, LATER),
        "praises": praises.forget(db, LATER),
        "inbox": retention.forget_audit(db, LATER)["inbox"],
    }


def test_words_of_a_held_ticket_stay_until_the_hold_ends(db: Db) -> None:
    held, free = all_said_on(db, 1), all_said_on(db, 2)
    assert held != free
    holds.begin(db, held, "lin", "cheng", NOW)

    once = {"samples": 1, "filed": 1, "drafts": 1, "praises": 1, "inbox": 1}
    assert all_rules(db) == {"sample words": 2, **once}

    holds.end(db, held, "lin", "cheng", NOW)
    assert all_rules(db) == {"sample words": 2, **once}
