"""The questions that the program asks of the rules, answered from the sample site."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.load import load_rules
from config.people_rules import Leave, Shift
from config.rules import Rules
from config.vocabulary import Role
from tests.config.sites import Site

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=ZONE)
SATURDAY = datetime(2026, 3, 7, 9, tzinfo=ZONE)


def ids(people: object) -> list[str]:
    return [person.id for person in people]  # type: ignore[attr-defined]


def with_leave(rules: Rules, *leave: dict[str, str]) -> Rules:
    given = tuple(Leave.model_validate(one) for one in leave)
    return replace(rules, roster=rules.roster.model_copy(update={"leave": given}))


def test_people_grids_chats_and_departments_are_found_by_id(rules: Rules) -> None:
    person, grid = rules.person("lin_zhiyuan"), rules.grid("g03")
    chat, department = rules.chat("wrHUAIAN01"), rules.department("housing")

    assert person is not None
    assert person.name == "林知远"
    assert grid is not None
    assert grid.post == "石桥警务室"
    assert chat is not None
    assert rules.grid_of("wrHUAIAN01") == rules.grid("g02")
    assert department is not None
    assert ids(rules.contacts("housing")) == ["kang_liqun"]


def test_strangers_are_none(rules: Rules) -> None:
    assert rules.person("wang_ayi") is None
    assert rules.grid(None) is None
    assert rules.chat("bot:wang_ayi") is None
    assert rules.grid_of("wrGEZIBAN1") is None
    assert rules.department("nowhere") is None
    assert rules.contacts("nowhere") == ()
    assert rules.danger_class("nothing") is None


@pytest.mark.parametrize(
    ("role", "grid", "found"),
    [
        (Role.OFFICER, None, ["lin_zhiyuan", "he_yunfei"]),
        (Role.OFFICER, "g03", ["he_yunfei"]),
        (Role.GRID_WORKER, "g02", ["lu_jianing"]),
        (Role.COMMAND_ROOM, "g02", ["qiu_ruolan", "bai_jingshu"]),
        (Role.OFFICER, "g99", []),
        (Role.AUDITOR, "g01", []),
    ],
)
def test_people_with_a_role(rules: Rules, role: Role, grid: str | None, found: list[str]) -> None:
    assert ids(rules.people_with(role, grid)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("林知远", ["lin_zhiyuan"]),
        ("@林知远", ["lin_zhiyuan"]),
        ("林警官", ["lin_zhiyuan"]),
        ("老贺", ["he_yunfei"]),
        ("钟所长", ["zhong_yihang"]),
        ("林", []),
        ("诸葛警官", []),
        ("", []),
    ],
)
def test_people_are_known_by_name_or_surname_with_title(
    rules: Rules, said: str, found: list[str]
) -> None:
    assert ids(rules.named(said)) == found


def test_duty_follows_the_list_and_at_weekends_the_shift(rules: Rules) -> None:
    assert ids(rules.duty(Role.COMMAND_ROOM, WEDNESDAY)) == ["qiu_ruolan", "bai_jingshu"]
    assert ids(rules.duty(Role.COMMAND_ROOM, SATURDAY)) == ["bai_jingshu", "qiu_ruolan"]


def test_duty_of_a_role_without_list_is_the_roster_of_the_grid(rules: Rules) -> None:
    assert ids(rules.duty(Role.OFFICER, WEDNESDAY, "g01")) == ["lin_zhiyuan"]
    assert ids(rules.duty(Role.AUDITOR, WEDNESDAY)) == []


def test_substitute_stands_in_during_leave_only(rules: Rules) -> None:
    away = with_leave(
        rules,
        {"id": "lin_zhiyuan", "from": "2026-03-03", "to": "2026-03-04", "substitute": "he_yunfei"},
    )

    assert ids(away.duty(Role.OFFICER, WEDNESDAY, "g01")) == ["he_yunfei"]
    assert ids(away.duty(Role.OFFICER, WEDNESDAY + timedelta(days=1), "g01")) == ["lin_zhiyuan"]


def test_substitute_of_a_substitute_is_found_and_a_circle_ends(rules: Rules) -> None:
    first = {"id": "lin_zhiyuan", "from": "2026-03-01", "to": "2026-03-09"}
    second = {"id": "he_yunfei", "from": "2026-03-01", "to": "2026-03-09"}
    chain = with_leave(
        rules, first | {"substitute": "he_yunfei"}, second | {"substitute": "tang_shuo"}
    )
    circle = with_leave(
        rules, first | {"substitute": "he_yunfei"}, second | {"substitute": "lin_zhiyuan"}
    )

    assert ids(chain.duty(Role.OFFICER, WEDNESDAY, "g01")) == ["tang_shuo"]
    assert ids(circle.duty(Role.OFFICER, WEDNESDAY)) == []


def test_who_told_the_bot_to_be_away_is_left_out(rules: Rules) -> None:
    found = rules.duty(Role.COMMAND_ROOM, WEDNESDAY, away={"qiu_ruolan"})

    assert ids(found) == ["bai_jingshu"]


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        (datetime(2026, 3, 6, 23, tzinfo=ZONE), True),
        (datetime(2026, 3, 7, 5, 59, tzinfo=ZONE), True),
        (datetime(2026, 3, 6, 22, tzinfo=UTC), False),
        (datetime(2026, 3, 7, 23, tzinfo=ZONE), False),
        (datetime(2026, 3, 6, 12, tzinfo=ZONE), False),
    ],
)
def test_night_shift_belongs_to_the_day_it_began(at: datetime, covered: bool) -> None:
    hours = {"from": "20:00", "to": "06:00"}
    shift = Shift.model_validate(
        {"role": "officer", "days": [5], "hours": hours, "people": ["lin_zhiyuan"]}
    )

    assert shift.covers(at) is covered


def test_unit_leader_is_the_grid_leader_for_grid_workers_else_the_stations(rules: Rules) -> None:
    by_id = {person.id: person for person in rules.people}

    leaders = {
        userid: leader.id if (leader := rules.unit_leader(by_id[userid])) else None
        for userid in ("fang_xiaoman", "lin_zhiyuan", "zhong_yihang")
    }

    assert leaders == {
        "fang_xiaoman": "gao_mingfang",
        "lin_zhiyuan": "zhong_yihang",
        "zhong_yihang": None,
    }


def test_named_leader_goes_before_all_others(site: Site) -> None:
    site.spoil(
        "roster.yaml",
        "role: officer, unit: 石桥警务室, grids: [g03]}",
        "role: officer, unit: 石桥警务室, grids: [g03], leader: qiu_ruolan}",
    )
    rules = load_rules(site.path)
    officer = rules.person("he_yunfei")

    assert officer is not None
    leader = rules.unit_leader(officer)

    assert leader is not None
    assert leader.id == "qiu_ruolan"


@pytest.mark.parametrize(
    ("category", "text", "row"),
    [
        ("N03", "路灯不亮", "n03"),
        ("N03", "电线耷拉下来了", "n03_wire"),
        ("N02", "楼上敲承重墙", "n02_inside"),
        ("N02", "楼顶搭了个棚子", "n02"),
        ("P11", "对门吵架", None),
    ],
)
def test_first_row_that_fits_decides(
    rules: Rules, category: str, text: str, row: str | None
) -> None:
    found = rules.divert_row(category, text, "g01", WEDNESDAY)

    assert (found.id if found else None) == row


def test_row_may_ask_for_grid_and_hour(site: Site) -> None:
    line = (
        "  - {id: n07_night, category: N07, department: city_management, when: {grids: [g02], "
        'hours: {from: "22:00", to: "06:00"}}}\n'
    )
    site.spoil("divert.yaml", "  - {id: n07,", f"{line}  - {{id: n07,")
    rules = load_rules(site.path)
    night = WEDNESDAY.replace(hour=23)

    found = [
        row.id if (row := rules.divert_row("N07", "打桩", grid, at)) else None
        for grid, at in (("g02", night), ("g01", night), ("g02", WEDNESDAY), (None, night))
    ]

    assert found == ["n07_night", "n07", "n07", "n07"]


def test_danger_classes_say_which_sentences_they_speak(rules: Rules) -> None:
    fire, domestic = rules.danger_class("fire"), rules.danger_class("domestic")
    tip = rules.danger_class("tip")

    assert fire is not None
    assert (fire.group_text, fire.answer_text) == ("danger_fire_group", "danger_fire_private")
    assert domestic is not None
    assert domestic.group_text is None
    assert tip is not None
    assert tip.answer_text == "tip_confidential"


@pytest.mark.parametrize(
    ("category", "danger", "police_only"),
    [("P03", "", True), ("P01", "weapon", True), ("P01", "fire", False), ("P11", "", False)],
)
def test_violence_is_for_police_only(
    rules: Rules, category: str, danger: str, police_only: bool
) -> None:
    assert rules.is_police_only(category, danger) is police_only


def test_sentence_is_filled_and_stations_words_are_always_there(rules: Rules) -> None:
    said = rules.text("accepted_group", number="0012", unit="桂花社区警务室")

    assert said == (
        "收到，记下了，编号0012，已转给桂花社区警务室。有新情况@我接着说；门牌、电话请私聊我。"
    )
    assert rules.text("welcome").startswith("您好，我是溪河派出所的自动助手")
    assert "0000-8119119" in rules.text("danger_gas_group")


def test_values_are_never_taken_for_words(rules: Rules) -> None:
    said = rules.text("supplement_ack_group") + rules.text(
        "accepted_private", summary="{number}{0.__class__}", number="0012", unit="甲", due="今天"
    )

    assert "“{number}{0.__class__}”" in said


@pytest.mark.parametrize(("key", "values"), [("no_such_text", {}), ("accepted_group", {})])
def test_sentence_without_its_values_is_our_bug(
    rules: Rules, key: str, values: dict[str, str]
) -> None:
    with pytest.raises(KeyError):
        rules.text(key, **values)


@pytest.mark.parametrize(
    ("buildings", "number", "there"),
    [
        ("1-18", 18, True),
        ("1-18", 19, False),
        ("1-9,12", 12, True),
        ("1-9,12", 10, False),
        ("", 7, True),
    ],
)
def test_estate_knows_its_buildings(rules: Rules, buildings: str, number: int, there: bool) -> None:
    estate = rules.grids.grids[0].estates[0].model_copy(update={"buildings": buildings})

    assert estate.has_building(number) is there


def test_team_of_a_grid_begins_with_the_officer(rules: Rules) -> None:
    assert rules.grids.grids[2].team == (
        "he_yunfei",
        "xiao_beichen",
        "ruan_qiuyue",
        "ding_changhe",
        "yu_wanqing",
    )
