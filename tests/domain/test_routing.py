"""Whose matter it is: duty, diversion list, protected classes, danger, rework."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import routing
from bot.domain.routing import Question, Route
from config.load import load_rules
from config.vocabulary import Danger, Role
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE)
WEDNESDAY = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 1, 30, tzinfo=UTC)
PLAIN = Question(
    category="P01",
    text="楼上天天吵",
    grid="g01",
    danger=Danger.NONE,
    danger_class="",
    protected=False,
    at=WEDNESDAY,
)
POLICE = {"lin_zhiyuan", "tang_shuo", "qiu_ruolan", "bai_jingshu"}


def question(category: str, text: str = "", **more: object) -> Question:
    return replace(PLAIN, category=category, text=text, **more)  # type: ignore[arg-type]


def owner(found: Route) -> str:
    return found.owner.id if found.owner else ""


@pytest.mark.parametrize(
    ("asked", "expected", "unit"),
    [
        pytest.param(PLAIN, "lin_zhiyuan", "桂花社区警务室", id="officer_of_the_grid"),
        pytest.param(question("P01", grid="g03"), "he_yunfei", "石桥警务室", id="other_grid"),
        pytest.param(question("P01", grid=""), "qiu_ruolan", "综合指挥室", id="no_grid"),
        pytest.param(
            question("P01", grid="", at=SATURDAY), "bai_jingshu", "综合指挥室", id="weekend_shift"
        ),
        pytest.param(
            question("P01", away=("lin_zhiyuan",)), "tang_shuo", "桂花社区警务室", id="officer_away"
        ),
        pytest.param(
            question("P01", away=("lin_zhiyuan", "tang_shuo")),
            "he_yunfei",
            "石桥警务室",
            id="both_away_and_the_nearest_post_is_there",
        ),
        pytest.param(
            question("P01", not_again=("lin_zhiyuan",)),
            "zhong_yihang",
            "溪河派出所",
            id="rework_goes_to_the_leader",
        ),
        pytest.param(question("N01"), "wei_heping", "溪河城管中队", id="diverted"),
        pytest.param(
            question("N02", "邻居敲承重墙"), "kang_liqun", "溪河住建所", id="diverted_by_a_word"
        ),
        pytest.param(
            question("N02", "违章搭建"), "wei_heping", "溪河城管中队", id="without_the_word"
        ),
        pytest.param(
            question("N01", away=("wei_heping",)), "pan_zhenguo", "溪河街道综治中心", id="back_stop"
        ),
        pytest.param(
            question("N06", danger=Danger.CONFIRMED, danger_class="fire"),
            "lin_zhiyuan",
            "桂花社区警务室",
            id="danger_goes_to_the_police",
        ),
        pytest.param(question("P23"), "meng_fanxing", "督察", id="staff_complaint"),
        pytest.param(question("P08"), "cheng_muyan", "禁毒中队", id="drug_tip"),
        pytest.param(
            question("P08", away=("cheng_muyan",)),
            "zhong_yihang",
            "溪河派出所",
            id="tip_and_nobody",
        ),
        pytest.param(
            question("P23", away=("meng_fanxing",)),
            "meng_fanxing",
            "督察",
            id="complaint_waits_for_the_inspector",
        ),
    ],
)
def test_owner_and_unit(asked: Question, expected: str, unit: str) -> None:
    found = routing.route(asked, RULES)

    assert owner(found) == expected
    assert found.unit == unit


def test_nobody_there_leaves_a_matter_without_owner() -> None:
    everybody = tuple(person.id for person in RULES.people)

    found = routing.route(question("P01", away=everybody), RULES)

    assert found == Route(None, "")


@pytest.mark.parametrize(
    ("asked", "helpers", "informed"),
    [
        pytest.param(PLAIN, ["fang_xiaoman"], [], id="plain"),
        pytest.param(question("P01", protected=True), [], [], id="protected"),
        pytest.param(question("P01", grid=""), [], [], id="no_grid"),
        pytest.param(question("P03"), [], [], id="violence_that_is_over"),
        pytest.param(
            question("P03", danger=Danger.CONFIRMED, danger_class="violence"),
            [],
            ["fang_xiaoman"],
            id="violence_now",
        ),
        pytest.param(
            question("P04", danger=Danger.CONFIRMED, danger_class="domestic", protected=True),
            [],
            [],
            id="behind_a_door",
        ),
        pytest.param(
            question("N06", danger=Danger.SUSPECTED, danger_class="fire"),
            [],
            ["fang_xiaoman", "guan_tieying"],
            id="fire_and_its_department",
        ),
        pytest.param(
            question("N09", danger=Danger.CONFIRMED, danger_class="missing", protected=True),
            [],
            ["fang_xiaoman"],
            id="protected_is_told_to_no_department",
        ),
    ],
)
def test_who_helps_and_who_is_only_told(
    asked: Question, helpers: list[str], informed: list[str]
) -> None:
    found = routing.route(asked, RULES)

    assert [person.id for person in found.helpers] == helpers
    assert [person.id for person in found.informed] == informed


def test_every_danger_class_reaches_the_police_in_every_grid() -> None:
    for grid in (g.id for g in RULES.grids.grids):
        for danger in RULES.crisis.classes:
            asked = question("N06", grid=grid, danger=Danger.CONFIRMED, danger_class=danger.id)

            found = routing.route(asked, RULES)

            assert found.owner is not None
            assert found.owner.role.is_police
            if danger.police_only:
                assert not found.helpers


def test_every_category_of_the_list_finds_somebody() -> None:
    for row in RULES.divert.list:
        found = routing.route(question(row.category, " ".join(row.when.words)), RULES)

        assert found.owner is not None
        assert found.department == row.department


def test_department_that_is_not_known_has_nobody() -> None:
    assert routing.department("no_such", PLAIN, RULES) == Route(None, "", "no_such")


@pytest.mark.parametrize(
    ("category", "expected"),
    [pytest.param("N01", "street", id="diverted"), pytest.param("P01", "", id="kept")],
)
def test_back_stop_of_a_category(category: str, expected: str) -> None:
    assert routing.backstop(question(category), RULES) == expected


@pytest.mark.parametrize(
    ("asked", "department", "expected"),
    [
        pytest.param(
            question("P01", not_again=("lin_zhiyuan",)), "", "zhong_yihang", id="police_rework"
        ),
        pytest.param(
            question("N01", not_again=("wei_heping",)),
            "city_management",
            "pan_zhenguo",
            id="street",
        ),
        pytest.param(question("N01"), "city_management", "wei_heping", id="he_was_not_in_it"),
        pytest.param(
            question("N01", not_again=("wei_heping", "pan_zhenguo")),
            "city_management",
            "qiu_ruolan",
            id="command_room_at_last",
        ),
        pytest.param(
            question("P01", not_again=("wei_heping",)),
            "city_management",
            "pan_zhenguo",
            id="no_row_in_the_list",
        ),
    ],
)
def test_rework_goes_to_somebody_else(asked: Question, department: str, expected: str) -> None:
    found = routing.somebody_else(asked, department, RULES)

    assert owner(found) == expected


@pytest.mark.parametrize(
    ("away", "expected", "unit"),
    [
        pytest.param((), "qiu_ruolan", "综合指挥室", id="room"),
        pytest.param(("qiu_ruolan", "bai_jingshu"), "zhong_yihang", "溪河派出所", id="leader"),
        pytest.param(("qiu_ruolan", "bai_jingshu", "zhong_yihang"), "", "综合指挥室", id="nobody"),
    ],
)
def test_room_takes_what_nobody_else_takes(away: tuple[str, ...], expected: str, unit: str) -> None:
    found = routing.room(question("P01", away=away), RULES)

    assert owner(found) == expected
    assert found.unit == unit


def test_people_on_duty_come_in_the_order_in_which_they_are_asked() -> None:
    asked = question("P01", at=SATURDAY, not_again=("bai_jingshu",))

    assert [p.id for p in routing.on_duty(Role.COMMAND_ROOM, asked, RULES)] == ["qiu_ruolan"]
    assert {owner(routing.route(PLAIN, RULES))} <= POLICE
