"""Allowances, quiet hours and the order of calls, as times.yaml of the sample writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.clock_rules import CategoryTimes
from config.load import load_rules
from config.rules import Rules
from config.shapes import Hours, WrittenSpan, read_duration, read_span
from config.time_rules import Allowance
from config.vocabulary import Stage, Urgency
from tests.config.sites import Site

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("stage", "urgency", "allowance"),
    [
        (Stage.ASSIGNED, Urgency.U1, Allowance(MINUTE, True)),
        (Stage.ACCEPTED, Urgency.U2, Allowance(30 * MINUTE, True)),
        (Stage.HANDLING, Urgency.U2, Allowance(24 * HOUR, True)),
        (Stage.ASSIGNED, Urgency.U3, Allowance(30 * MINUTE, False)),
        (Stage.HANDLING, Urgency.U3, Allowance(27 * HOUR, False)),
        (Stage.REOPENED, Urgency.U4, Allowance(9 * HOUR, False)),
        (Stage.WAITING, Urgency.U3, None),
        (Stage.CLOSED, Urgency.U1, None),
    ],
)
def test_allowance_of_a_stage(
    rules: Rules, stage: Stage, urgency: Urgency, allowance: Allowance | None
) -> None:
    assert rules.times.allowance(stage, urgency) == allowance


def test_every_urgency_has_a_promise(rules: Rules) -> None:
    promised = {urgency: rules.times.promise(urgency) for urgency in Urgency}

    assert promised[Urgency.U2] == Allowance(24 * HOUR, True)
    assert promised[Urgency.U3] == Allowance(27 * HOUR, False)


@pytest.mark.parametrize(
    ("written", "urgency", "allowance"),
    [
        ("3wd", Urgency.U1, Allowance(27 * HOUR, False)),
        ("7d", Urgency.U4, Allowance(7 * DAY, True)),
        ("2h", Urgency.U4, Allowance(2 * HOUR, False)),
        ("2h", Urgency.U1, Allowance(2 * HOUR, True)),
    ],
)
def test_span_takes_the_clock_of_its_unit_and_urgency(
    rules: Rules, written: str, urgency: Urgency, allowance: Allowance
) -> None:
    assert rules.times.spread(read_span(written), urgency) == allowance


@pytest.mark.parametrize(
    "written",
    ["", "3", "wd", "1.5h", "-1h", "3 wd", "三天", "1000000s", None, ["3h"], {"count": 3}],
)
def test_span_refuses_what_it_cannot_read(written: object) -> None:
    with pytest.raises(ValueError, match="时限写成"):
        read_span(written)
    with pytest.raises(ValueError, match="时长写成"):
        read_duration(written)


def test_spans_that_are_read_already_pass() -> None:
    assert read_span(WrittenSpan(3, "wd")) == WrittenSpan(3, "wd")
    assert read_duration(HOUR) == HOUR


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2026, 3, 4, 22, tzinfo=ZONE), True),
        (datetime(2026, 3, 4, 21, 59, tzinfo=ZONE), False),
        (datetime(2026, 3, 4, 6, 59, tzinfo=ZONE), True),
        (datetime(2026, 3, 4, 7, tzinfo=ZONE), False),
        (datetime(2026, 3, 4, 15, tzinfo=UTC), True),
    ],
)
def test_night_is_told_by_the_sites_wall_clock(rules: Rules, at: datetime, night: bool) -> None:
    assert rules.times.is_night(at) is night


def test_hours_know_their_length_over_midnight() -> None:
    night = Hours.model_validate({"from": "22:00", "to": "07:00"})
    work = Hours.model_validate({"from": "08:30", "to": "17:30"})

    assert (night.length, work.length) == (9 * HOUR, 9 * HOUR)


def test_chase_ladder_warns_before_and_chases_after_the_limit(rules: Rules) -> None:
    steps = [(step.act.value, step.share, step.to) for step in rules.times.chase]

    assert steps == [
        ("warn", 0.7, "owner"),
        ("warn", 0.5, "owner"),
        ("chase", None, "owner"),
        ("chase", None, "unit_leader"),
        ("supervise", None, "leader"),
        ("escalate", None, "sponsor"),
        ("escalate", None, "command_room"),
        ("escalate", None, "command_room"),
    ]
    assert rules.times.chase[2].after == WrittenSpan(1, "m")


def test_waiting_times_are_timedeltas(rules: Rules) -> None:
    times = rules.times

    assert times.ask_window == 3 * MINUTE
    assert times.supplement_window == timedelta(seconds=90)
    assert times.danger.suspected_timeout == timedelta(seconds=60)
    assert times.rating_silence == 72 * HOUR
    assert times.review_after == (7 * DAY,)


@pytest.mark.parametrize(
    ("typed", "instead", "what"),
    [
        pytest.param(
            "{role: officer, after: 0s}",
            "{role: officer, after: 5s}",
            "从 0s 开始",
            id="chain that begins late",
        ),
        pytest.param(
            "{role: leader, after: 180s}",
            "{role: leader, after: 30s}",
            "一位比一位晚",
            id="chain out of order",
        ),
        pytest.param("  U5: {accept", "  U4x: {accept", "可以写", id="unknown grade"),
        pytest.param(
            '{from: "22:00", to: "07:00"}',
            '{from: "22:00", to: "22:00"}',
            "同一时刻",
            id="empty hours",
        ),
    ],
)
def test_impossible_times_are_refused(site: Site, typed: str, instead: str, what: str) -> None:
    site.spoil("times.yaml", typed, instead)

    assert any(what in fault.what for fault in site.faults())


def test_missing_grade_is_named(site: Site) -> None:
    text = site.read("times.yaml")
    kept = [line for line in text.splitlines() if not line.startswith("  U5:")]
    (site.path / "times.yaml").write_text("\n".join(kept), encoding="utf-8")

    fault = site.only_fault()

    assert (fault.file, fault.key) == ("times.yaml", "")
    assert "缺 U5" in fault.what


def test_leave_with_hours_is_read(site: Site) -> None:
    entry = "{id: tang_shuo, from: 2026-03-04 08:30, to: 2026-03-04 12:00, substitute: he_yunfei}"
    site.spoil("roster.yaml", "leave: []", f"leave: [{entry}]")
    rules = load_rules(site.path)

    morning = datetime(2026, 3, 4, 9, tzinfo=ZONE)
    noon = datetime(2026, 3, 4, 12, 1, tzinfo=ZONE)

    assert rules.leave_of("tang_shuo", morning) is not None
    assert rules.leave_of("tang_shuo", noon) is None


def test_unreadable_leave_date_is_named(site: Site) -> None:
    entry = "{id: tang_shuo, from: 3月4日, to: 2026-03-04}"
    line = site.spoil("roster.yaml", "leave: []", f"leave: [{entry}]")

    fault = site.only_fault()

    assert (fault.line, fault.key) == (line, "leave[1].from")
    assert "2026-03-04" in fault.what
    assert fault.should == "from: 2026-03-04"


def test_hard_dispute_has_its_categorys_own_time_and_others_the_usual(rules: Rules) -> None:
    own = CategoryTimes.model_validate({"category": "P10", "hard": "20d"})
    times = rules.times.model_copy(update={"by_category": (own,)})

    def finish(category: str, *, hard: bool) -> object:
        found = times.allowance(Stage.HANDLING, Urgency.U3, category, hard=hard)
        return found.span if found else None

    assert finish("P10", hard=True) == timedelta(days=20)
    assert finish("P11", hard=True) == timedelta(days=15)
    assert finish("P10", hard=False) == finish("P11", hard=False)
