"""Charts show the figures of the reports: of the small station's week, counted by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.domain import charts, spans
from bot.domain.charts import Chart, Form
from bot.domain.spans import Length
from config.vocabulary import Stage
from handlers import chart_figures, digests
from handlers.chart_figures import Charts
from storage.session import Db
from storage.tables import TicketRow
from tests.handlers import small_station as small
from tests.handlers.office import Office
from tests.web.boards import looks

LEADER = "zhong_yihang"
WEEK = spans.of(Length.WEEK, date(2026, 3, 2))


@pytest.fixture
def station(office: Office) -> Office:
    office.looks(small.fill)
    office.now = small.NOW
    return office


def seen(office: Office, time: spans.Time = WEEK) -> Charts:
    return looks(office, LEADER, lambda look: chart_figures.of(look.turn, time))


def named(found: Charts) -> dict[str, Chart]:
    return {one.key: one for one in found.charts}


def values(chart: Chart, name: str) -> tuple[float | None, ...]:
    return next(one.values for one in chart.series if one.name == name)


def test_each_day_has_what_came_what_was_closed_and_what_stood_open(station: Office) -> None:
    course = named(seen(station))["course"]

    # 6 | 1 2 3 | 8 10 11 | 12 14 | 9 15 | 18; without void, refused, drafts, focus, protected
    assert values(course, "登记") == (1, 3, 3, 2, 2, 1, 0)
    # 1 | 13 | 14 | 2 | 12 18
    assert values(course, "办结") == (0, 1, 0, 1, 1, 1, 2)
    # 6 13 | +2 | +8 10 11 | +12 14 -13 | +9 15 -14 | +18 -2 | -12 -18
    assert values(course, "期末在办") == (2, 3, 6, 7, 8, 8, 6)
    assert course.said == "合计登记12件，办结6件，期末在办6件。"
    assert [row[1] for row in course.table.rows] == ["1", "3", "3", "2", "2", "1", "0"]


def test_chart_says_the_same_as_the_report_of_the_week(station: Office) -> None:
    report = looks(
        station,
        LEADER,
        lambda look: digests.KINDS["week"].make(look.turn, WEEK, look.seat.person),
    )
    found = named(seen(station))

    assert seen(station).lead == report.lead[0]
    kpis = {row[0]: row for row in report.tables[0].rows}
    shared = [row for row in found["rates"].table.rows if row[0] in kpis]
    assert shared == [kpis[row[0]] for row in shared]
    assert len(shared) == 6
    sums = [int(row[1]) for row in found["heat"].table.rows]
    hours = next(one for one in report.tables if one.title == "什么时候来的")
    assert [str(sum(sums[n : n + 3])) for n in range(0, 24, 3)] == [row[1] for row in hours.rows]
    told = next(one for one in report.tables if one.title == "办理用时")
    drawn = [sum(int(r[1]) for r in found[f"band_{step}"].table.rows) for step in STEPS]
    assert [row[1] for row in told.rows] == [str(count) for count in drawn if count]


STEPS = ("sign", "start", "feedback")


def test_rate_on_a_small_base_has_numbers_and_is_not_drawn(station: Office) -> None:
    rates = named(seen(station))["rates"]

    by_name = dict(zip(rates.names, values(rates, "比率"), strict=True))
    assert by_name["签收及时率 n=10"] == 70.0
    assert by_name["满意率 n=2"] is None
    assert next(row for row in rates.table.rows if row[0] == "满意率")[1:5] == ("1", "2", "", "")


def test_week_is_compared_only_with_what_this_system_has_seen(station: Office) -> None:
    compared = named(seen(station))["compared"]

    assert compared.table.rows == (
        ("登记", "12", "1件，多11件", "没有数"),
        ("办结", "6", "0件，多6件", "没有数"),
    )
    assert [one.name for one in compared.series] == ["这段时间", "上周"]


def test_nothing_is_usual_before_some_weeks_are_known(station: Office) -> None:
    weeks = named(seen(station))["weeks"]

    assert "先不比" in weeks.said
    assert weeks.table.heads == ("哪一周", "每周登记")


def test_week_far_above_its_fifteen_weeks_is_said_so(office: Office) -> None:
    office.looks(_many)
    office.now = small.NOW
    found = named(seen(office))

    assert values(found["weeks"], "每周登记") == (2,) * 15 + (12,)
    assert found["weeks"].said.endswith("之前15周平均每周2.0件（共30件）：比平时多很多。")
    first = found["classes"].table.rows[0]
    assert first == ("市政设施", "12", "2.0", "30", "6.0倍", "比平时多很多")


def _many(db: Db) -> None:
    """Two lamps in each of sixteen weeks, and twelve in the last."""
    serial = 0
    for back in range(16, -1, -1):
        for _ in range(12 if back == 0 else 2):
            serial += 1
            ticket = small.put(db, serial, "3 09:00", category="N03")
            opened = ticket.opened_at - timedelta(weeks=back)
            db.conn.execute(update(TicketRow).values(opened_at=opened).filter_by(id=ticket.id))


def test_running_week_is_drawn_as_far_as_it_has_come(station: Office) -> None:
    found = named(seen(station, spans.of(Length.WEEK, date(2026, 3, 9))))

    assert found["course"].names == ("3月9日",)
    assert found["compared"].said == "这段时间还没过完，和整段比会偏少。"
    assert values(found["course"], "期末在办") == (5,), "15 was closed this morning"


def test_quarter_goes_by_weeks_and_year_by_months(station: Office) -> None:
    quarter = named(seen(station, spans.of(Length.QUARTER, date(2026, 3, 2))))["course"]
    year = named(seen(station, spans.of(Length.YEAR, date(2026, 3, 2))))["course"]

    assert quarter.names[:2] == ("1月1日起", "1月8日起")
    assert year.names == ("1月", "2月", "3月")
    assert values(year, "登记") == (0, 0, 13)
    beside = named(seen(station, spans.of(Length.YEAR, date(2026, 3, 2))))["compared"]
    assert beside.table.heads == ("项目", "这段时间", "环比：上一年"), "the year before is both"


def test_protected_matters_are_in_no_chart(station: Office) -> None:
    before = seen(station)
    station.looks(lambda db: small.put(db, 30, "5 10:00", stage=Stage.ASSIGNED, protected=True))

    assert seen(station) == before


def test_chart_of_nothing_is_no_picture() -> None:
    empty = Chart(
        key="x",
        form=Form.BARS,
        table=charts.table_of("没有", "", ("a",), (charts.Series("n", (0,)),)),
        names=("a",),
        series=(charts.Series("n", (0, None)),),
    )

    assert not empty.has_marks
