"""The rule of publicity: whatever is asked in whatever order, a group is left in peace."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import publicity
from bot.domain.publicity import Past, Standing, Why
from bot.domain.publicity_words import Wanted, Wish, parse
from config.people_rules import ZONE, Grid
from config.publicity_rules import Publicity, Topic

RULES = Publicity.model_validate({"topics": [], "quiet_days": ["2026-03-12"]})
TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
START = datetime(2026, 1, 1, tzinfo=UTC)
TOPIC = Topic.model_validate(
    {
        "id": "fraud",
        "name": "反诈",
        "weekdays": [3],
        "variants": [
            {"id": "one", "text": "电话里叫您转钱的，先挂断。"},
            {"id": "two", "text": "验证码谁要都不给，拿不准问问。"},
        ],
    }
)
moments = st.integers(0, 200 * 24 * 4).map(lambda n: START + timedelta(minutes=15 * n))
asks = st.lists(st.tuples(moments, st.sampled_from("abcde")), max_size=60)


def grid(buildings: str) -> Grid:
    return Grid.model_validate(
        {
            **{"id": "g1", "name": "一", "community": "一", "post": "一", "officer": "lin"},
            **{"leader": "gao", "estates": [{"name": "苑", "buildings": buildings}]},
        }
    )


@settings(max_examples=200, deadline=None)
@given(asks=asks, danger=st.lists(moments, max_size=4))
def test_whatever_is_asked_a_group_is_left_in_peace(
    asks: list[tuple[datetime, str]], danger: list[datetime]
) -> None:
    lines: list[Past] = []
    for at, variant in asks:
        near = max((d for d in danger if d <= at), default=None)
        if publicity.refusal(Standing(tuple(lines), danger_at=near), variant, at, RULES) is None:
            assert near is None or at - near >= timedelta(hours=6)
            lines.append(Past(at, variant))

    days = sorted(one.at.astimezone(ZONE).date() for one in lines)
    assert len(days) == len(set(days)), "one a day"
    for first in days:
        assert sum(0 <= (day - first).days < 7 for day in days) <= 3, "three in any seven days"
    for one in lines:
        assert time(9) <= one.at.astimezone(ZONE).time() < time(20)
    assert date(2026, 3, 12) not in days
    for variant in "abcde":
        used = sorted(one.at.astimezone(ZONE).date() for one in lines if one.variant == variant)
        assert all((b - a).days >= 60 for a, b in pairwise(used))


@given(at=moments, variant=st.sampled_from("ab"))
def test_who_opted_out_hears_nothing(at: datetime, variant: str) -> None:
    assert publicity.refusal(Standing(is_out=True), variant, at, RULES) is Why.OUT


@settings(max_examples=100, deadline=None)
@given(
    history=st.dictionaries(
        st.sampled_from("pqrst"), st.lists(st.tuples(moments, st.sampled_from(["one", "two"])))
    ),
    at=moments,
)
def test_a_topic_is_spread_so_that_each_group_hears_one_wording_it_may_hear(
    history: dict[str, list[tuple[datetime, str]]], at: datetime
) -> None:
    groups = {g: Standing(tuple(Past(*one) for one in lines)) for g, lines in history.items()}

    found = publicity.spread(TOPIC, groups, at, RULES)

    heard = [group for _, those in found for group in those]
    assert len(heard) == len(set(heard))
    for variant, those in found:
        assert all(publicity.refusal(groups[g], variant.id, at, RULES) is None for g in those)
    for group in set(groups) - set(heard):
        for variant in TOPIC.variants:
            assert publicity.refusal(groups[group], variant.id, at, RULES) is not None


@pytest.mark.parametrize(
    ("standing", "at", "why"),
    [
        (Standing(), TEN, None),
        (Standing(), TEN.replace(hour=8, minute=59), Why.HOURS),
        (Standing(), TEN.replace(hour=20), Why.HOURS),
        (Standing(), TEN.replace(day=12), Why.MOURNING),
        (Standing((Past(TEN, "x"),)), TEN.replace(hour=19), Why.DAY),
        (Standing((Past(TEN - timedelta(days=59), "a"),)), TEN, Why.AGAIN),
        (Standing((Past(TEN - timedelta(days=60), "a"),)), TEN, None),
        (Standing((Past(TEN + timedelta(days=1), ""),)), TEN, None),
        (Standing(tuple(Past(TEN + timedelta(days=d)) for d in (-2, 1, 3))), TEN, Why.WEEK),
        (Standing(tuple(Past(TEN + timedelta(days=d)) for d in (-5, -4, 3))), TEN, None),
        (Standing(danger_at=TEN - timedelta(hours=5)), TEN, Why.DANGER),
        (Standing(danger_at=TEN - timedelta(hours=6)), TEN, None),
    ],
)
def test_why_not(standing: Standing, at: datetime, why: Why | None) -> None:
    assert publicity.refusal(standing, "a", at, RULES) is why
    assert why is None or why.label


def test_the_calendar_knows_days_of_the_year_and_the_second_wednesday() -> None:
    topic = TOPIC.model_copy(update={"weeks": (2,), "months": (3,), "dates": ((6, 26),)})
    other = TOPIC.model_copy(update={"id": "fire", "weekdays": (5,)})
    rules = RULES.model_copy(update={"topics": (other, topic)})

    def on(*day: int) -> list[str]:
        return [one.id for one in publicity.topics_on(date(*day), rules)]

    assert on(2026, 3, 11) == ["fraud"]
    assert on(2026, 3, 4) == []
    assert on(2026, 4, 8) == []
    assert on(2026, 6, 26) == ["fraud", "fire"], "the day of the year comes first"
    assert on(2026, 3, 12) == [], "nothing in mourning"


@pytest.mark.parametrize(
    ("buildings", "residents", "small"),
    [
        ("1-4", 0, True), ("1-5", 0, False), ("1-2,7-9", 0, False), ("", 0, True),
        ("1-120", 49, True), ("1-2", 50, False),
    ],
)  # fmt: skip
def test_a_case_in_a_small_grid_could_be_guessed(
    buildings: str, residents: int, small: bool
) -> None:
    assert publicity.is_small(grid(buildings), residents, RULES) is small


def test_that_it_happened_here_is_said_only_when_it_is_sure() -> None:
    assert publicity.case_words("别转钱。", RULES, is_verified=False) == "别转钱。"
    assert publicity.case_words("别转钱。", RULES, is_verified=True).startswith("本辖区近日")


def test_by_night_the_next_moment_is_by_day() -> None:
    assert publicity.soonest(TEN, RULES) == TEN
    assert publicity.soonest(TEN.replace(hour=3), RULES) == TEN.replace(hour=9)
    assert publicity.soonest(TEN.replace(hour=22), RULES) == TEN.replace(day=5)
    assert publicity.ends_at(TEN, RULES) == TEN.replace(hour=20)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("", Wanted(Wish.LIST)),
        ("同意 12", Wanted(Wish.APPROVE, (12,))),
        ("同意12、13号", Wanted(Wish.APPROVE, (12, 13))),
        ("同意", Wanted(Wish.APPROVE)),
        ("跳过 12", Wanted(Wish.SKIP, (12,))),
        ("不发 12", Wanted(Wish.SKIP, (12,))),
        ("改 12 挂断，打96110。", Wanted(Wish.CHANGE, (12,), "挂断，打96110。")),
        ("改12：110有人接", Wanted(Wish.CHANGE, (12,), "110有人接")),
        ("改 12 96110问一声", Wanted(Wish.CHANGE, (12,), "96110问一声")),
        ("改成 挂断电话", Wanted(Wish.CHANGE, (), "挂断电话")),
        ("停 桂花苑 群里办丧事", Wanted(Wish.STOP, (), "桂花苑 群里办丧事")),
        ("恢复 桂花苑", Wanted(Wish.RESUME, (), "桂花苑")),
        ("明天发什么", Wanted(Wish.UNKNOWN)),
    ],
)
def test_what_is_typed_behind_the_word(said: str, wanted: Wanted) -> None:
    assert parse(said) == wanted
