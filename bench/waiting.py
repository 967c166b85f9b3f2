"""Tickets that wait for their timers (到点的一批), put into an empty database in bulk.

By turns one whose limit draws near (the ladder warns its owner), one whose reporter has not judged
(she is reminded) and one that nobody judged in time (it is closed). Every timer has an effect that
can be counted: a journal row or an outgoing row, with a key made of the timer's. Two in five were
told in a group of the county, the others privately. Used by ``bench.timers``.
"""

import json
from datetime import datetime, timedelta

from bench.station.bulk import Bulk
from bot.domain import ticket_numbers
from bot.lines import line_of
from config.rules import Rules
from config.vocabulary import Act, Danger, Stage, Urgency
from storage.database import Database
from storage.sealed import Seal
from storage.tables import JournalRow, TicketRow, TimerRow

KINDS = ("chase", "rating_reminder", "rating_silence")
_DAY = timedelta(days=1)


def put(database: Database, seal: Seal, rules: Rules, count: int, now: datetime) -> None:
    """So many tickets with a timer each, which falls due a day after ``now``."""
    bulk = Bulk(database)
    for number in range(1, count + 1):
        kind = KINDS[number % len(KINDS)]
        stage = Stage.ASSIGNED if kind == "chase" else Stage.EVALUATION
        line = _ticket(bulk, seal, rules, number, stage, now)
        data = {"rung": 0, "stage": stage} if kind == "chase" else {}
        bulk.add(
            TimerRow,
            key=f"made:t{number:08d}", ticket_id=number, line=line, kind=kind, due_at=now + _DAY,
            data=json.dumps(data),
        )  # fmt: skip
        if not number % 5000:
            bulk.flush()
    bulk.done()


def _ticket(bulk: Bulk, seal: Seal, rules: Rules, number: int, stage: Stage, now: datetime) -> str:
    """The line of the ticket that is put down."""
    grid = rules.grids.grids[number % len(rules.grids.grids)]
    groups = [chat.id for chat in rules.chats.chats[number % 500 :: 500] if chat.public]
    group = groups[number % len(groups)] if number % 5 < 2 and groups else ""
    user, at = f"bench-{number}", now - 2 * _DAY
    whole = ticket_numbers.make(rules.station.prefix, at, number)
    about, chat = f"ticket:{whole}", group or f"bot:{user}"
    voice = {"user": user, "chat": chat, "said_at": ""}
    result = {"internal": "换了灯泡", "public": "灯修好了"}
    bulk.add(
        TicketRow,
        number=whole, serial=ticket_numbers.serial_in(whole), version=4, stage=stage,
        category="N03", urgency=Urgency.U3, danger=Danger.NONE,
        origin="group" if group else "private",
        grid=grid.id, chat=group, line=line_of(chat), owner=grid.officer, unit=grid.post,
        reporter_key=seal.person_key(user),
        reporter_sealed=seal.close(json.dumps([voice]), about),
        masked_sealed=seal.close("3号楼门口路灯不亮", about),
        original_sealed=seal.close("3号楼门口路灯不亮", about),
        result_sealed=seal.close(json.dumps(result), about),
        place=json.dumps({"building": "3"}), place_key=f"{grid.id}|{number % 60}",
        opened_at=at, stage_at=at, clock_at=at, due_at=now + _DAY, finish_at=now + _DAY,
        closing_code="" if stage is Stage.ASSIGNED else "solved", rules_version=rules.version,
    )  # fmt: skip
    bulk.add(
        JournalRow,
        key=f"made:{number:08d}", ticket_id=number, at=at, actor=grid.officer, act=Act.ACCEPT,
        from_stage=Stage.ASSIGNED, to_stage=stage, rules_version=rules.version,
    )  # fmt: skip
    return line_of(chat)
