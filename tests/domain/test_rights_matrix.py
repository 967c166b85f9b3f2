"""Rights as a matrix (权限): role × scope × class × act × field, as the field has them."""

from dataclasses import replace
from itertools import product

import pytest
from pydantic import ValidationError

from bot.domain import complained, rights, teamwork
from bot.domain.rights import Matter
from config.load import load_rules
from config.people_rules import Person
from config.rights_rules import Class, Part, Rights
from config.vocabulary import Act, Role
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE)
CLASSES = {
    Class.STAFF_COMPLAINT: ("P23", True),
    Class.DRUG_TIP: ("P08", True),
    Class.PROTECTED: ("P04", True),
    Class.DISPUTE: ("P11", False),
    Class.ORDINARY: ("N03", False),
}
WHERE = ("owner", "carrier", "grid", "department", "supervised", "elsewhere")
# Who sees which class when nothing ties him to the ticket but where it lies.
SEES = {
    (Role.INSPECTOR, Class.STAFF_COMPLAINT): set(WHERE),
    (Role.NARCOTICS, Class.DRUG_TIP): set(WHERE),
}
for _role, _class in product(
    (Role.COMMAND_ROOM, Role.LEADER), (Class.PROTECTED, Class.DISPUTE, Class.ORDINARY)
):
    SEES[_role, _class] = set(WHERE)
for _role, _class in product(
    (Role.OFFICER, Role.AUXILIARY), (Class.PROTECTED, Class.DISPUTE, Class.ORDINARY)
):
    SEES[_role, _class] = {"grid"}
for _role, _class in product(
    (Role.GRID_WORKER, Role.GRID_LEADER, Role.MICRO_WORKER, Role.ASSISTANT),
    (Class.DISPUTE, Class.ORDINARY),
):
    SEES[_role, _class] = {"grid", "carrier"}
SEES[Role.MEDIATOR, Class.DISPUTE] = {"grid", "carrier"}
SEES[Role.MEDIATOR, Class.ORDINARY] = {"carrier"}
for _role, _class in product(
    (Role.DEPARTMENT, Role.DEPARTMENT_LEAD), (Class.DISPUTE, Class.ORDINARY)
):
    SEES[_role, _class] = {"department"}
for _class in (Class.DISPUTE, Class.ORDINARY):
    SEES[Role.ANALYST, _class] = set(WHERE)
    SEES[Role.SUPERVISOR, _class] = {"supervised"}


def somebody(role: Role) -> Person:
    department = "city_management" if "department" in role else None
    return Person(
        id="somebody", name="某人", role=role, unit="某单位", grids=("g01",), department=department
    )


def matter(found: Class, where: str) -> Matter:
    category, protected = CLASSES[found]
    return Matter(
        category=category,
        danger_class="",
        protected=protected,
        grid="g01" if where == "grid" else "g09",
        department="city_management" if where == "department" else "",
        owner="somebody" if where == "owner" else "another",
        past_owners=(),
        carrier="somebody" if where == "carrier" else "",
        supervised=where == "supervised",
    )


def expected(role: Role, found: Class, where: str) -> bool:
    own = where == "owner" and role.is_staff and found is not Class.STAFF_COMPLAINT
    return own or where in SEES.get((role, found), set())


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_what_the_field_gives_and_nothing_else(role: Role) -> None:
    for found, where in product(Class, WHERE):
        seen = rights.may_see(somebody(role), matter(found, where), RULES)

        assert seen is expected(role, found, where), (role, found, where)


@pytest.mark.parametrize("role", Role)
def test_who_sees_nothing_does_and_reads_nothing(role: Role) -> None:
    for found, where in product(Class, WHERE):
        what = matter(found, where)
        if rights.may_see(somebody(role), what, RULES):
            continue

        assert all(rights.may_act(somebody(role), act, what, RULES) for act in Act)
        assert not any(rights.may_read(somebody(role), part, what, RULES) for part in Part)


@pytest.mark.parametrize("role", Role)
def test_who_is_barred_has_no_such_ticket_whatever_he_is(role: Role) -> None:
    for found, where in product(Class, WHERE):
        what = replace(matter(found, where), barred=("somebody",))

        assert not rights.may_see(somebody(role), what, RULES)
        assert all(rights.may_act(somebody(role), act, what, RULES) for act in Act)


def test_original_is_read_by_owner_room_leader_and_the_inspector_of_a_complaint_alone() -> None:
    readers = {
        (role, found, where)
        for role, found, where in product(Role, Class, WHERE)
        if rights.may_read(somebody(role), Part.ORIGINAL, matter(found, where), RULES)
    }

    assert all(
        where == "owner"
        or role in (Role.COMMAND_ROOM, Role.LEADER)
        or (role is Role.INSPECTOR and found is Class.STAFF_COMPLAINT)
        for role, found, where in readers
    )


def test_analyst_reads_masked_words_and_does_nothing() -> None:
    what, who = matter(Class.ORDINARY, "elsewhere"), somebody(Role.ANALYST)

    assert [part for part in Part if rights.may_read(who, part, what, RULES)] == [Part.SUMMARY]
    assert [act for act in Act if not rights.may_act(who, act, what, RULES)] == [Act.RECUSE]


def test_grid_leader_diverts_in_the_own_grid_alone() -> None:
    may = {
        (found, where)
        for found, where in product(Class, WHERE)
        if not rights.may_act(somebody(Role.GRID_LEADER), Act.DIVERT, matter(found, where), RULES)
    }

    assert {one for one in may if one[1] != "owner"} == {
        (Class.ORDINARY, "grid"),
        (Class.DISPUTE, "grid"),
    }


def test_site_without_the_file_has_the_same_rows() -> None:
    assert Rights.standard().rows == RULES.rights.rows


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            {"roles": ["leader"], "scope": "station", "classes": ["staff_complaint"]},
            id="complaint_to_the_leader",
        ),
        pytest.param(
            {"roles": "any", "scope": "own", "classes": ["staff_complaint"]}, id="complaint_to_all"
        ),
        pytest.param(
            {"roles": ["officer"], "scope": "beat", "classes": ["drug_tip"]}, id="tip_to_the_beat"
        ),
        pytest.param(
            {"roles": ["grid_worker"], "scope": "grid", "classes": ["protected"]},
            id="protected_to_the_grid",
        ),
    ],
)
def test_no_clerk_can_open_what_is_kept(row: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rights.model_validate({"rows": [row]})


@pytest.mark.parametrize(
    ("category", "text", "meant"),
    [
        pytest.param("N15", "投诉网格员态度差", "fang_xiaoman", id="by_role"),
        pytest.param("N04", "沈伯渔乱收费，帮我说说", "shen_boyu", id="by_name"),
        pytest.param("P23", "林知远来了也不管", "lin_zhiyuan", id="police_by_name"),
    ],
)
def test_complaint_bars_who_it_is_about_and_his_unit(category: str, text: str, meant: str) -> None:
    found = complained.barred(category, text, "g01", RULES)

    person = RULES.person(meant)
    assert person is not None
    assert {p.id for p in RULES.people if p.unit == person.unit} <= set(found)


@pytest.mark.parametrize(
    ("role", "unit", "text"),
    [
        pytest.param(Role.CONTACT, "桂花苑物业", "投诉物业经理乱收费", id="property_manager"),
        pytest.param(Role.MEDIATOR, "桂花调解室", "调解员收了钱偏袒对方，我要投诉", id="mediator"),
        pytest.param(Role.GRID_LEADER, "桂花社区", "社区书记推诿，投诉", id="grid_leader"),
        pytest.param(Role.DEPARTMENT, "溪河城管中队", "苏某某态度恶劣，投诉", id="handler"),
    ],
)
def test_complaint_about_any_role_is_kept_from_him_and_his_team(
    role: Role, unit: str, text: str
) -> None:
    department = "city_management" if role is Role.DEPARTMENT else None
    known = {"role": role, "unit": unit, "grids": ("g01",), "department": department}
    him, mate = (
        Person(id="he", name="苏某某", **known),
        Person(id="mate", name="某乙", **known | {"role": Role.ASSISTANT}),
    )
    roster = RULES.roster.model_copy(update={"people": (*RULES.people, him, mate)})
    rules = replace(RULES, roster=roster)

    found = complained.barred("N15", text, "g01", rules)

    assert {"he", "mate"} <= set(found)
    what = replace(matter(Class.ORDINARY, "grid"), barred=found)
    for who in (him, mate):
        assert not rights.may_see(who, what, rules)
        assert teamwork.may_take_part(RULES.people[0], who, what, rules)


@pytest.mark.parametrize(
    "text", ["网格员方小满来看过了，谢谢", "路灯不亮，投诉好几次了", "林知远警官很好"]
)
def test_naming_somebody_or_complaining_of_a_thing_bars_nobody(text: str) -> None:
    assert complained.barred("N03", text, "g01", RULES) == ()
