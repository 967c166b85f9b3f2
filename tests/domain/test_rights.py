"""Who may see and touch a ticket: one table of people against matters."""

from itertools import product

import pytest

from bot.domain import rights
from bot.domain.rights import Matter
from config.load import load_rules
from config.people_rules import Person
from config.vocabulary import Act, Role
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE)
SEEN_BY_ALL = "N03"
VIOLENCE = "P03"


def person(userid: str) -> Person:
    found = RULES.person(userid)
    assert found is not None, userid
    return found


def matter(category: str = SEEN_BY_ALL, **more: object) -> Matter:
    plain: dict[str, object] = {
        "danger_class": "",
        "protected": False,
        "grid": "g01",
        "department": "",
        "owner": "lin_zhiyuan",
        "past_owners": (),
        "carrier": "",
    }
    return Matter(category, **{**plain, **more})  # type: ignore[arg-type]  # a table of values


@pytest.mark.parametrize(
    ("who", "what", "sees"),
    [
        pytest.param("lin_zhiyuan", matter(), True, id="owner"),
        pytest.param("tang_shuo", matter(), True, id="auxiliary_of_the_grid"),
        pytest.param("he_yunfei", matter(), False, id="officer_of_another_grid"),
        pytest.param("he_yunfei", matter(grid=""), True, id="officer_where_no_grid_is_known"),
        pytest.param("qiu_ruolan", matter(protected=True), True, id="command_room_all"),
        pytest.param("zhong_yihang", matter(protected=True), True, id="leader_all"),
        pytest.param("fang_xiaoman", matter(), True, id="worker_of_the_grid"),
        pytest.param("lu_jianing", matter(), False, id="worker_of_another_grid"),
        pytest.param("lu_jianing", matter(carrier="lu_jianing"), True, id="worker_who_carried_it"),
        pytest.param("fang_xiaoman", matter(protected=True), False, id="protected_from_the_worker"),
        pytest.param("tang_shuo", matter(protected=True), True, id="protected_seen_by_the_beat"),
        pytest.param("wei_heping", matter(department="city_management"), True, id="own_department"),
        pytest.param("wei_heping", matter(department="housing"), False, id="other_department"),
        pytest.param("wei_heping", matter(), False, id="department_and_a_police_matter"),
        pytest.param(
            "wei_heping",
            matter(department="city_management", protected=True),
            False,
            id="protected_from_the_department",
        ),
        pytest.param("zuo_mingkai", matter(), False, id="admin"),
        pytest.param("jia_shuwen", matter(), False, id="legal_officer"),
        pytest.param("meng_fanxing", matter("P23"), True, id="inspector_and_staff_complaint"),
        pytest.param("zhong_yihang", matter("P23"), False, id="leader_and_staff_complaint"),
        pytest.param("lin_zhiyuan", matter("P23"), False, id="owner_and_staff_complaint"),
        pytest.param("cheng_muyan", matter("P08"), True, id="narcotics_and_drug_tip"),
        pytest.param("qiu_ruolan", matter("P08"), False, id="command_room_and_drug_tip"),
        pytest.param("lin_zhiyuan", matter("P08"), True, id="owner_of_a_drug_tip"),
    ],
)
def test_who_sees_what(who: str, what: Matter, sees: bool) -> None:
    assert rights.may_see(person(who), what, RULES) is sees


@pytest.mark.parametrize(
    ("who", "act", "what", "answer"),
    [
        pytest.param("lin_zhiyuan", Act.RESOLVE, matter(), "", id="owner"),
        pytest.param("qiu_ruolan", Act.TRANSFER, matter(), "", id="command_room"),
        pytest.param("tang_shuo", Act.ACCEPT, matter(), "", id="colleague_signs"),
        pytest.param("fang_xiaoman", Act.ACCEPT, matter(), "", id="worker_signs"),
        pytest.param("tang_shuo", Act.RESOLVE, matter(), "not_your_ticket", id="colleague_closes"),
        pytest.param("he_yunfei", Act.ACCEPT, matter(), "not_your_ticket", id="stranger_signs"),
        pytest.param(
            "fang_xiaoman",
            Act.VERIFY,
            matter(VIOLENCE),
            "police_only_refused",
            id="goes_to_violence",
        ),
        pytest.param(
            "fang_xiaoman",
            Act.ACCEPT,
            matter(danger_class="weapon", owner="fang_xiaoman"),
            "police_only_refused",
            id="owner_but_weapon",
        ),
        pytest.param(
            "fang_xiaoman",
            Act.SEND_BACK,
            matter(VIOLENCE, owner="fang_xiaoman"),
            "",
            id="sends_violence_back",
        ),
        pytest.param("tang_shuo", Act.CONFIRM, matter(VIOLENCE), "", id="police_confirms"),
    ],
)
def test_who_may_do_what(who: str, act: Act, what: Matter, answer: str) -> None:
    assert rights.may_act(person(who), act, what, RULES) == answer


def test_only_police_ever_go_to_what_is_for_police_only() -> None:
    classes = [c.id for c in RULES.crisis.classes if c.police_only]
    matters = [matter(danger_class=c) for c in classes]
    matters += [matter(c) for c in RULES.crisis.police_only_categories]

    for who, act, what in product(RULES.people, rights.GOING_THERE, matters):
        if not who.role.is_police:
            assert rights.may_act(who, act, what, RULES) == "police_only_refused"


def test_staff_complaint_is_seen_by_the_inspector_alone() -> None:
    for who in RULES.people:
        own = matter("P23", owner=who.id, carrier=who.id)

        assert rights.may_see(who, own, RULES) is (who.role is Role.INSPECTOR)
