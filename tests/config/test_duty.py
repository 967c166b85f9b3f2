"""Patterns of duty, second offices with dates, 驻村, and what ``check`` says of the month ahead."""

import dataclasses
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.duty_check import uncovered
from config.duty_rules import Pattern
from config.load import load_rules
from config.people_rules import ZONE, Leave, Roster
from config.rules import Rules
from config.vocabulary import Role

SITE = Path(__file__).parents[2] / "config" / "site"
LIN, HE = "lin_zhiyuan", "he_yunfei"


@pytest.fixture(scope="module")
def sample() -> Rules:
    return load_rules(SITE)


def with_roster(rules: Rules, **parts: Any) -> Rules:
    plain = rules.roster.model_dump(by_alias=True)
    return dataclasses.replace(rules, roster=Roster.model_validate({**plain, **parts}))


def at(day: int, hour: int = 10, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


def officers(rules: Rules, moment: datetime, grid: str) -> list[str]:
    return [person.id for person in rules.duty(Role.OFFICER, moment, grid)]


PATTERNS = [
    {"role": "officer", "kind": "workdays", "groups": [[LIN, HE]]},
    {"role": "officer", "kind": "days_off", "groups": [[LIN], [HE]], "begins": "2026-03-02"},
]


def test_on_working_days_everybody_has_his_own_grids(sample: Rules) -> None:
    rules = with_roster(sample, patterns=PATTERNS)

    assert officers(rules, at(4), "g01") == [LIN]
    assert officers(rules, at(4), "g03") == [HE]


def test_weekend_group_answers_for_all_grids_and_takes_turns(sample: Rules) -> None:
    rules = with_roster(sample, patterns=PATTERNS)

    assert officers(rules, at(7), "g03") == [LIN]
    assert officers(rules, at(14), "g01") == [HE]
    assert officers(rules, at(21), "g03") == [LIN]


def test_holiday_is_the_weekend_groups_and_a_worked_saturday_is_not(sample: Rules) -> None:
    rules = with_roster(sample, patterns=PATTERNS)

    holiday, worked = at(1, month=10), at(14, month=2)  # 国庆 a Thursday; 调休 before 春节
    assert len(officers(rules, holiday, "g01")) == 1
    assert officers(rules, holiday, "g01") == officers(rules, holiday, "g03")
    assert officers(rules, worked, "g03") == [HE]


def test_round_the_clock_post_changes_hands_at_its_hour(sample: Rules) -> None:
    post = {
        "role": "command_room",
        "kind": "round_the_clock",
        "groups": [["qiu_ruolan"], ["bai_jingshu"]],
        "begins": "2026-03-02",
    }
    rules = with_roster(sample, patterns=[post], shifts=[])

    first = [rules.duty(Role.COMMAND_ROOM, at(3, hour))[0].id for hour in (8, 9, 23)]
    assert first == ["qiu_ruolan", "bai_jingshu", "bai_jingshu"]
    assert rules.duty(Role.COMMAND_ROOM, at(4, 3))[0].id == "bai_jingshu"


def test_groups_in_turn_need_a_beginning() -> None:
    with pytest.raises(ValidationError, match="begins"):
        Pattern.model_validate({"role": "officer", "kind": "days_off", "groups": [["a"], ["b"]]})


def test_who_stays_in_the_village_two_days_is_replaced_on_the_others(sample: Rules) -> None:
    stay = {"id": "xiao_beichen", "grid": "g03", "days": [2, 4], "otherwise": "tang_shuo"}
    rules = with_roster(sample, stays=[stay])

    asked = [rules.duty(Role.AUXILIARY, at(day), "g03")[0].id for day in (3, 4, 5)]
    assert asked == ["xiao_beichen", "tang_shuo", "xiao_beichen"]


def hatted(sample: Rules) -> Rules:
    people = [p.model_dump(by_alias=True) for p in sample.people]
    for person in people:
        if person["id"] == HE:
            person["also"] = [
                {"role": "department", "unit": "溪河街道综治中心", "department": "street",
                 "since": "2026-03-01", "until": "2026-03-31"},
            ]  # fmt: skip
        if person["id"] == LIN:
            person["until"] = "2026-03-10"
    return with_roster(sample, people=people)


def test_second_office_holds_only_between_its_dates(sample: Rules) -> None:
    rules = hatted(sample)

    def holders(day: date) -> list[str]:
        return [p.id for p in rules.on(day).people_with(Role.DEPARTMENT) if p.id == HE]

    assert holders(date(2026, 3, 31)) == [HE]
    assert holders(date(2026, 4, 1)) == []
    there = rules.on(date(2026, 3, 5)).person(HE)
    assert there is not None
    assert there.role is Role.OFFICER


def test_who_is_no_longer_in_office_is_staff_no_more(sample: Rules) -> None:
    rules = hatted(sample)

    assert rules.on(date(2026, 3, 10)).person(LIN) is not None
    assert rules.on(date(2026, 3, 11)).person(LIN) is None


def test_grid_without_officer_in_the_month_ahead_is_found_with_its_day(sample: Rules) -> None:
    today = date(2026, 3, 2)
    leave = Leave.model_validate({"id": HE, "from": "2026-03-20", "to": "2026-03-22"})
    away = with_roster(sample, leave=[leave.model_dump(by_alias=True)])

    assert list(uncovered(sample, today)) == []
    assert list(uncovered(away, today)) == [(2, date(2026, 3, 20))]
    assert next(iter(uncovered(hatted(sample), today))) == (0, date(2026, 3, 11))
    assert list(uncovered(away, date(2026, 3, 23))) == []


def test_day_that_no_pattern_covers_is_found(sample: Rules) -> None:
    rules = with_roster(sample, patterns=PATTERNS[:1])

    found = dict(uncovered(rules, date(2026, 3, 3)))
    assert found == dict.fromkeys(range(3), date(2026, 3, 7))


def test_rules_without_dates_have_the_same_people_on_every_day(sample: Rules) -> None:
    assert sample.on(date(2026, 3, 2) + timedelta(days=400)).roster is sample.roster


def test_night_before_the_weekend_belongs_to_the_day_before(sample: Rules) -> None:
    rules = with_roster(sample, patterns=PATTERNS)

    assert officers(rules, at(7, 3), "g03") == [HE], "Friday's people until half past eight"
    assert officers(rules, at(7, 9), "g03") == [LIN]
    assert officers(rules, at(9, 3), "g03") == [LIN], "the weekend's until Monday morning"
    assert officers(rules, at(9, 9), "g03") == [HE]


def sponsored(sample: Rules, *sponsors: dict[str, Any]) -> Rules:
    return with_roster(sample, sponsors=list(sponsors))


def test_sponsor_of_a_grid_comes_before_the_stations_own(sample: Rules) -> None:
    rules = sponsored(sample, {"id": "gu_changting"}, {"id": "zhong_yihang", "grids": ["g03"]})

    found = [rules.sponsor(grid, at(4)) for grid in ("g01", "g03", "")]
    assert [one.id if one else "" for one in found] == [
        "gu_changting",
        "zhong_yihang",
        "gu_changting",
    ]


def test_sponsor_holds_between_his_dates_and_his_substitute_on_leave(sample: Rules) -> None:
    rules = sponsored(sample, {"id": "gu_changting", "until": "2026-03-31"})
    leave = {"id": "gu_changting", "from": "2026-03-05", "substitute": "zhong_yihang"}
    away = with_roster(rules, leave=[{**leave, "to": "2026-03-06"}])

    there = away.sponsor("g01", at(5))
    assert there is not None
    assert there.id == "zhong_yihang"
    assert rules.sponsor("g01", at(1, month=4)) is None


def test_sample_has_all_three_patterns_a_stay_and_a_sponsor(sample: Rules) -> None:
    kinds = {pattern.kind.value for pattern in sample.roster.patterns}

    assert kinds == {"workdays", "days_off", "round_the_clock"}
    assert officers(sample, at(7, 12), "g03") == [LIN], "the weekend group, for all grids"
    assert [sample.duty(Role.AUXILIARY, at(day), "g03")[0].id for day in (5, 6)] == [
        "xiao_beichen",
        "tang_shuo",
    ]
