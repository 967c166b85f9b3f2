"""Whoever stands in for a grid's people may see and sign what he is rung for."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain import rights
from bot.domain.rights import Matter
from config.duty_rules import Pattern, PatternKind, Stay
from config.load import load_rules
from config.people_rules import Leave
from config.rules import Rules
from config.vocabulary import Act, Role

WEDNESDAY, THURSDAY, SATURDAY = date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 7)
SITE = Path(__file__).parents[2] / "config" / "site"
AUXILIARY, OTHER_BEAT = "tang_shuo", "g03"
BEATEN = Matter(
    category="P04", danger_class="domestic", protected=True, grid=OTHER_BEAT, department="",
    owner="he_yunfei", past_owners=(), carrier="",
)  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(SITE)


def with_roster(rules: Rules, **more: object) -> Rules:
    return replace(rules, roster=rules.roster.model_copy(update=more))


def may_sign(rules: Rules) -> bool:
    person = rules.person(AUXILIARY)
    assert person is not None
    seen = rights.may_see(person, BEATEN, rules)
    return seen and not rights.may_act(person, Act.ACCEPT, BEATEN, rules)


def test_other_beat_is_not_his(rules: Rules) -> None:
    assert not may_sign(rules.on(WEDNESDAY))


@pytest.mark.parametrize("why", ["stay", "leave", "everywhere"])
def test_he_may_sign_where_he_stands_in(rules: Rules, why: str) -> None:
    stay = Stay(id="xiao_beichen", grid=OTHER_BEAT, days=(2, 5), otherwise=AUXILIARY)
    leave = Leave.model_validate(
        {"id": "xiao_beichen", "from": "2026-03-04", "to": "2026-03-06", "substitute": AUXILIARY}
    )
    pattern = Pattern(
        role=Role.AUXILIARY, kind=PatternKind.DAYS_OFF, groups=((AUXILIARY,),),
        begins=date(2026, 3, 2),
    )  # fmt: skip
    ways: dict[str, dict[str, object]] = {"stay": {"stays": (stay,)}, "leave": {"leave": (leave,)}}

    more = ways.get(why, {"patterns": (pattern,)})
    changed = with_roster(rules, **more)

    assert may_sign(changed.on(SATURDAY if why == "everywhere" else THURSDAY))
    assert not may_sign(changed)
