"""What lists hand out is what rights allow: the same for every member of staff and every matter."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.domain import rights
from config.vocabulary import Danger, Stage, Urgency
from handlers import loop
from handlers.dashboard import reach
from storage import ticket_list, tickets
from storage.session import Db
from storage.ticket_list import OPEN, Filter
from storage.tickets import Ticket
from tests.handlers.office import Office

CATEGORIES = ("P08", "P11", "P23", "N03")
GRIDS = ("", "g01", "g02")
PEOPLE = ("", "lin_zhiyuan", "fang_xiaoman")


def _ticket(number: int, office: Office) -> Ticket:
    return Ticket(
        number=f"XH260304-{number:04d}A",
        serial=f"{number:04d}",
        stage=Stage.ASSIGNED,
        category="N03",
        urgency=Urgency.U3,
        line="0" * 12,
        opened_at=office.now,
        stage_at=office.now,
        masked="门口路灯不亮",
    )


def _every_kind(office: Office, db: Db) -> list[Ticket]:
    kinds = product(CATEGORIES, (False, True), GRIDS, PEOPLE, ("", "shen_boyu"), ("", "urban"))
    made = []
    for number, (category, protected, grid, owner, carrier, department) in enumerate(kinds, 1):
        made.append(
            tickets.create(
                db,
                replace(
                    _ticket(number, office),
                    category=category,
                    protected=protected,
                    grid=grid,
                    owner=owner,
                    carrier=carrier,
                    department=department,
                    urged_count=number % 4,
                    barred=("lin_zhiyuan",) if number % 7 == 0 else (),
                ),
            )
        )
    return made


def test_list_holds_what_rights_allow_and_nothing_else(office: Office) -> None:
    made = office.looks(lambda db: _every_kind(office, db))
    rules = office.rules.on(office.now.date())
    for person in rules.people:
        wanted = {t.id for t in made if rights.may_see(person, loop.matter_of(t), rules)}
        seen = office.looks(
            lambda db, p=person: {t.id for t in reach.seen(db, p, rules, Filter(), 10_000)}
        )
        narrowed = office.looks(
            lambda db, p=person: ticket_list.count(db, reach.of(p, rules), Filter())
        )

        assert seen == wanted, person.id
        assert narrowed >= len(wanted)
        assert narrowed <= len(wanted) + len(made) // 7 + 1, "SQL hands out only who is barred"


def test_next_page_goes_on_where_the_last_one_ended(office: Office) -> None:
    office.looks(lambda db: [tickets.create(db, _ticket(n, office)) for n in range(1, 8)])
    room = office.rules.person("qiu_ruolan")
    assert room is not None
    seen: list[int] = []
    before = 0
    while page := office.looks(
        lambda db, b=before: reach.seen(db, room, office.rules, Filter(before=b), 3)
    ):
        seen += [t.id for t in page]
        before = page[-1].id

    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(stages=OPEN), 2),
        (Filter(stages=(Stage.CLOSED,)), 1),
        (Filter(danger=True), 1),
        (Filter(categories=("P11",)), 1),
        (Filter(grid="g02"), 1),
        (Filter(owner="lin_zhiyuan"), 1),
        (Filter(department="urban"), 1),
        (Filter(before=2), 1),
    ],
)
def test_filter_keeps_what_was_asked_for(office: Office, wanted: Filter, count: int) -> None:
    changes = (
        {"danger": Danger.SUSPECTED, "grid": "g02"},
        {"stage": Stage.CLOSED, "owner": "lin_zhiyuan"},
        {"category": "P11", "department": "urban"},
    )
    office.looks(
        lambda db: [
            tickets.create(db, replace(_ticket(n, office), **change))  # type: ignore[arg-type]
            for n, change in enumerate(changes, 1)
        ]
    )
    room = office.rules.person("qiu_ruolan")
    assert room is not None

    seen = office.looks(lambda db: reach.seen(db, room, office.rules, wanted, 10))

    assert len(seen) == count


def test_days_and_limits_are_borders(office: Office) -> None:
    hour, now = timedelta(hours=1), office.now
    office.looks(lambda db: tickets.create(db, replace(_ticket(1, office), due_at=now)))
    room = office.rules.person("qiu_ruolan")
    assert room is not None

    def found(wanted: Filter) -> int:
        return len(office.looks(lambda db: reach.seen(db, room, office.rules, wanted, 10)))

    assert [found(Filter(overdue_at=at)) for at in (now - hour, now)] == [0, 1]
    assert [found(Filter(since=at)) for at in (now, now + hour)] == [1, 0]
    assert [found(Filter(until=at)) for at in (now, now + hour)] == [0, 1]
