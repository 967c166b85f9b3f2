"""Sample values for the storage tests; everybody and every place in them is made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from config.vocabulary import Stage, Urgency
from storage.inbox import Arrival
from storage.journal import Entry
from storage.outbox import Parcel
from storage.sealed import Seal
from storage.tickets import Ticket
from storage.timers import Timer

SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def arrival(key: str, **more: Any) -> Arrival:
    made = Arrival(
        key=key, line="line-a", partition=3, kind="heard", payload=f"payload {key}", event_at=NOW
    )
    return replace(made, **more)


def ticket(number: str, **more: Any) -> Ticket:
    made = Ticket(
        number=number,
        serial=number[-5:-1],
        stage=Stage.NEW,
        category="dispute_neighbour",
        urgency=Urgency.U4,
        line="line-a",
        opened_at=NOW,
        stage_at=NOW,
    )
    return replace(made, **more)


def parcel(key: str, **more: Any) -> Parcel:
    made = Parcel(key=key, lane="aibot", line="line-a", body=f"body {key}", due_at=NOW)
    return replace(made, **more)


def timer(key: str, **more: Any) -> Timer:
    made = Timer(
        key=key, line="line-a", kind="overdue", due_at=NOW, ticket_id=7, data={"stage": "NEW"}
    )
    return replace(made, **more)


def entry(key: str, **more: Any) -> Entry:
    made = Entry(key=key, ticket_id=7, at=NOW, actor="linzhiyuan", act="accept")
    return replace(made, **more)
