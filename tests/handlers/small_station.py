"""A small station's week that was worked out by hand (小所一周): every odd case once.

Monday 2 March to Sunday 8 March 2026; it is read on Monday 9 March at 08:30. U3 is signed within
30 working minutes and gone to within one working day, as times.yaml of the sample says.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.vocabulary import Act, ClosingCode, Danger, Stage, Urgency
from storage import diversions, journal, ratings, tickets
from storage.diversions import Diversion, End, Round
from storage.journal import Entry
from storage.session import Db
from storage.tickets import Ticket

ZONE = ZoneInfo("Asia/Shanghai")
Step = tuple[Act, str, str]  # what, when, by whom
BOT, OFFICER = "system", "lin_zhiyuan"


def at(words: str) -> datetime:
    """``3 09:10``: that day of March 2026."""
    day, clock = words.split()
    hour, minute = clock.split(":")
    return datetime(2026, 3, int(day), int(hour), int(minute), tzinfo=ZONE)


SINCE, UNTIL, NOW = at("2 00:00"), at("9 00:00"), at("9 08:30")


def put(db: Db, serial: int, opened: str, steps: tuple[Step, ...] = (), **more: Any) -> Ticket:
    """One ticket as it stands in the end, with its steps."""
    moments = {k: at(v) for k, v in more.items() if k.endswith("_at")}
    number = f"XH260303-{serial:04}K"
    values = {
        "stage": Stage.ASSIGNED, "category": "P11", "urgency": Urgency.U3, "grid": "g01",
        "unit": "桂花社区警务室", "origin": "group", "stage_at": at(opened),
        **more, **moments,
    }  # fmt: skip
    ticket = tickets.create(
        db,
        Ticket(number=number, serial=f"{serial:04}", line="l", opened_at=at(opened), **values),
    )
    for n, (act, when, actor) in enumerate(((Act.OPEN, opened, BOT), *steps)):
        key = f"t{serial}:{n}"
        journal.add(db, Entry(key=key, ticket_id=ticket.id, at=at(when), actor=actor, act=act))
    if ticket.closed_at:
        end = Entry(
            key=f"t{serial}:end", ticket_id=ticket.id, at=ticket.closed_at, actor=BOT,
            act=Act.CLOSE, to_stage=ticket.stage,
        )  # fmt: skip
        journal.add(db, end)
    return ticket


def worked(given: str, signed: str, there: str, told: str) -> tuple[Step, ...]:
    """Given out by the bot, signed, gone to, and the result told."""
    return (
        (Act.ASSIGN, given, BOT),
        (Act.ACCEPT, signed, OFFICER),
        (Act.VERIFY, there, OFFICER),
        (Act.RESOLVE, told, OFFICER),
        (Act.FEEDBACK, told, BOT),
    )


def judged(db: Db, ticket: Ticket, score: int | None, when: str) -> None:
    """She was asked for a judgement; with a score she gave one."""
    ratings.asked(db, ticket.id, at(when))
    if score is not None:
        ratings.rated(db, ticket.id, score, at(when))


def _diverted(db: Db, ticket: Ticket, when: str, returned: str = "") -> None:
    one = Diversion(
        key=f"d{ticket.id}", ticket_id=ticket.id, round=Round.INTAKE, list_version="1",
        row_id="r1", department="city_management", at=at(when),
    )  # fmt: skip
    diversions.add(db, one)
    if returned:
        diversions.end(db, ticket.id, End.RETURNED, at(returned))


def fill(db: Db) -> None:
    """The week."""
    closed, solved = Stage.CLOSED, ClosingCode.SOLVED
    # 13 from the week before, told a day after its promise, rated 2
    late = (*worked("1 09:00", "2 08:40", "2 09:00", "4 09:00"), (Act.EXTEND, "2 10:00", "system"))
    old = put(
        db, 13, "1 09:00", late, stage=closed, closing_code=solved, closed_at="5 09:00",
        finish_at="3 09:00", rating=2,
    )  # fmt: skip
    judged(db, old, 2, "4 09:00")
    # 1 a lamp, well done: signed after 10 minutes, there, told before its limit, rated 5
    lamp = put(
        db, 1, "3 09:00", worked("3 09:00", "3 09:10", "3 10:00", "3 11:00"), category="N03",
        stage=closed, closing_code=solved, closed_at="3 12:00", finish_at="5 09:00", rating=5,
    )  # fmt: skip
    judged(db, lamp, 5, "3 11:00")
    # 2 a quarrel: signed after 60 minutes (late), settled, nobody rated it
    quarrel = put(
        db, 2, "3 10:00", worked("3 10:00", "3 11:00", "3 11:30", "4 09:00"), stage=closed,
        closing_code=ClosingCode.MEDIATED, closed_at="7 09:00", finish_at="6 10:00",
    )  # fmt: skip
    judged(db, quarrel, None, "4 09:00")
    # 3 to 5 the same quarrel told again and merged; one that was no report; one refused
    merged = ((Act.ASSIGN, "3 10:05", BOT), (Act.MERGE, "3 10:20", OFFICER))
    put(db, 3, "3 10:05", merged, stage=Stage.MERGED, closed_at="3 10:20", finish_at="6 10:05")
    put(db, 4, "3 11:00", stage=Stage.VOID, closed_at="3 11:05")
    refused = ((Act.REJECT, "3 12:00", OFFICER),)
    put(db, 5, "3 11:30", refused, stage=Stage.REJECTED, closed_at="3 12:00")
    # 6 told to be solved on Monday, reopened on Tuesday, overdue since Friday 08:30
    again = (*worked("2 09:00", "2 09:20", "2 10:00", "2 11:00"), (Act.REOPEN, "3 09:00", "system"))
    put(
        db, 6, "2 09:00", again, category="P01", stage=Stage.HANDLING, reopen_count=1,
        due_at="6 08:30", finish_at="6 09:00",
    )  # fmt: skip
    # 7 protected: in no figure
    put(db, 7, "3 13:00", worked("3 13:00", "3 13:05", "3 13:10", "3 14:00"), protected=True)
    # 8 paused: she has to answer; its promise is not due yet
    paused = ((Act.ASSIGN, "4 09:00", BOT), (Act.ACCEPT, "4 09:30", OFFICER),
              (Act.ASK, "4 09:40", OFFICER))  # fmt: skip
    put(db, 8, "4 09:00", paused, stage=Stage.WAITING, finish_at="11 09:00")
    # 9 sent back, then given out again on Friday at 17:20; still time to sign on Monday
    back = ((Act.ASSIGN, "6 17:20", BOT),)
    put(db, 9, "6 17:15", back, return_count=1, due_at="9 08:50", finish_at="11 17:00")
    # 10 a lamp that the department has; 11 one that it sent back, not signed in time
    outside = ((Act.DIVERT, "4 10:00", BOT),)
    out = put(db, 10, "4 10:00", outside, category="N03", stage=Stage.DIVERTED, finish_at="6 10:00")
    _diverted(db, out, "4 10:00")
    sent = ((Act.DIVERT, "4 11:00", BOT), (Act.SEND_BACK, "5 09:00", "wei_heping"),
            (Act.ASSIGN, "5 09:00", BOT))  # fmt: skip
    put_back = put(db, 11, "4 11:00", sent, category="N03", return_count=1, due_at="5 09:30")
    _diverted(db, put_back, "4 11:00", "5 09:00")
    # 12 a theft closed without a rating asked for
    put(
        db, 12, "5 09:00", worked("5 09:00", "5 09:05", "5 09:30", "5 10:00"), category="P01",
        stage=closed, closing_code=solved, closed_at="8 10:00", finish_at="10 09:00",
    )  # fmt: skip
    # 14 a quarrel that became a crime; 15 closed only on the Monday after: open in this week
    put(
        db, 14, "5 14:00", worked("5 14:00", "5 14:20", "5 15:00", "5 16:00"), stage=closed,
        closing_code=ClosingCode.FILED, closed_at="6 09:00", finish_at="10 14:00",
    )  # fmt: skip
    put(
        db, 15, "6 09:00", worked("6 09:00", "6 09:15", "6 10:00", "9 08:00"), stage=closed,
        closing_code=solved, closed_at="9 08:00", finish_at="11 09:00",
    )  # fmt: skip
    # 16 a draft that nobody has let through; 17 what the station found by itself (重点)
    put(db, 16, "5 10:00", stage=Stage.DRAFT)
    put(db, 17, "5 10:00", origin="focus", category="N03")
    # 18 a danger, answered at once
    put(
        db, 18, "7 20:00", worked("7 20:00", "7 20:00", "7 20:08", "7 21:00"), category="P03",
        urgency=Urgency.U1, danger=Danger.CONFIRMED, stage=closed, closing_code=solved,
        closed_at="8 09:00", finish_at="7 22:00",
    )  # fmt: skip
    # 19 a complaint about staff, which only the inspector has: in no figure
    put(db, 19, "4 15:00", worked("4 15:00", "4 16:30", "4 17:00", "5 09:00"), category="P23")
