"""Names that no other file of the site knows are told with file, line, key and remedy."""

import pytest

from tests.config.sites import Site


@pytest.mark.parametrize(
    ("file", "typed", "instead", "key", "what", "should"),
    [
        pytest.param(
            "grids.yaml",
            "    officer: he_yunfei",
            "    officer: he_yunfeii",
            "grids[3].officer",
            "没有“he_yunfeii”这个人员",
            "he_yunfei",
            id="unknown person",
        ),
        pytest.param(
            "grids.yaml",
            "    officer: he_yunfei",
            "    officer: xiao_beichen",
            "grids[3].officer",
            "auxiliary",
            "officer",
            id="person of the wrong role",
        ),
        pytest.param(
            "chats.yaml",
            "name: 石桥村, kind: internal_group, grid: g03",
            "name: 石桥村, kind: internal_group, grid: g30",
            "chats[3].grid",
            "没有“g30”这个网格",
            "g03",
            id="unknown grid",
        ),
        pytest.param(
            "chats.yaml",
            "robots: [小警, 小格]",
            "robots: [小警, 小哥]",
            "chats[4].robots[2]",
            "没有“小哥”这个机器人",
            "小格",
            id="unknown robot",
        ),
        pytest.param(
            "closing.yaml",
            "sign_levels: [red]",
            "sign_levels: [crimson]",
            "sign_levels[1]",
            "没有“crimson”这个颜色",
            "red",
            id="unknown colour",
        ),
        pytest.param(
            "demo.yaml",
            "{id: wang_ayi, name: 王阿姨, grid: g01, chats: [wrGUIHUA01]}",
            "{id: wang_ayi, name: 王阿姨, grid: g01, chats: [wrGUIHUA02]}",
            "residents[1].chats[1]",
            "没有“wrGUIHUA02”这个群",
            "wrGUIHUA01",
            id="unknown chat",
        ),
        pytest.param(
            "divert.yaml",
            "{id: n07, category: N07, department: environment}",
            "{id: n07, category: N07, department: enviroment}",
            "list[10].department",
            "没有“enviroment”这个部门",
            "environment",
            id="unknown department",
        ),
        pytest.param(
            "divert.yaml",
            "  - {id: n07, category: N07, department: environment}\n",
            "",
            "list",
            "类别 N07 不归公安",
            "department: environment",
            id="category nobody handles",
        ),
        pytest.param(
            "divert.yaml",
            "{id: n07, category: N07, department: environment}",
            "{id: n07, category: N07, department: street}",
            "list[10].department",
            "N07 归 environment",
            "department: environment",
            id="row that contradicts the category",
        ),
        pytest.param(
            "chats.yaml",
            "name: 石桥村, kind: internal_group, grid: g03",
            "name: 石桥村, kind: internal_group, grid: null",
            "chats[3].grid",
            "居民群要写属于哪个网格",
            "grid: g01",
            id="residents' group of no grid",
        ),
        pytest.param(
            "roster.yaml",
            "unit: 溪河住建所, department: housing}",
            "unit: 溪河住建所}",
            "people[19]",
            "是哪个部门",
            "department:",
            id="department's person of no department",
        ),
        pytest.param(
            "times.yaml",
            "inspector], text: supervise}",
            "inspector], text: supervize}",
            "chase[5].text",
            "没有“supervize”这个句子",
            "supervise",
            id="chase step with an unknown sentence",
        ),
        pytest.param(
            "crisis.yaml",
            "private_text: tip_confidential",
            "private_text: tip_confidentiel",
            "classes[21].private_text",
            "没有“tip_confidentiel”这个句子",
            "tip_confidential",
            id="danger class with an unknown sentence",
        ),
        pytest.param(
            "demo.yaml",
            "{id: wang_ayi,",
            "{id: lin_zhiyuan,",
            "residents[1].id",
            "已经是名册里的工作人员",
            "换一个账号",
            id="resident with a member's account",
        ),
        pytest.param(
            "crisis.yaml",
            "P15, P21]",
            "P15, P99]",
            "police_only_categories[6]",
            "没有“P99”这个类别",
            "P",
            id="unknown category",
        ),
        pytest.param(
            "crisis.yaml",
            '  - {id: fire, name: 火情, group_speech: safety, numbers: ["119"]}\n',
            "",
            "classes",
            "缺了险情类别 fire",
            "id: fire",
            id="danger class nobody speaks for",
        ),
        pytest.param(
            "roster.yaml",
            "  inspector: [meng_fanxing]",
            "  inspector: [jia_shuwen]",
            "duty.inspector[1]",
            "不能值 inspector 的班",
            "inspector",
            id="duty of the wrong role",
        ),
        pytest.param(
            "divert.yaml",
            "contacts: [wei_heping]",
            "contacts: [kang_liqun]",
            "departments[1].contacts[1]",
            "不是 city_management 的人",
            "department: city_management",
            id="contact of another department",
        ),
    ],
)
def test_fault_names_file_line_key_and_remedy(
    site: Site, file: str, typed: str, instead: str, key: str, what: str, should: str
) -> None:
    line = site.spoil(file, typed, instead)

    fault = site.fault_at(file, key)

    assert what in fault.what
    assert should in fault.should
    assert fault.typed == site.line(file, fault.line)
    if "缺了" not in what and "不归公安" not in what:
        assert fault.line == line


def test_roles_that_nobody_holds_are_named(site: Site) -> None:
    text = site.read("roster.yaml").replace("role: inspector", "role: auditor")
    text = text.replace("role: auxiliary", "role: assistant")
    (site.path / "roster.yaml").write_text(
        text.replace("  inspector: [meng_fanxing]\n", ""), "utf-8"
    )

    what = {fault.file: fault.what for fault in site.faults()}

    assert "没有 inspector" in what["roster.yaml"]
    assert "叫人顺序里有 auxiliary" in what["times.yaml"]


def test_category_of_an_unknown_department_is_named(site: Site) -> None:
    text = site.read("divert.yaml")
    kept = [line for line in text.splitlines() if "transport" not in line]
    (site.path / "divert.yaml").write_text("\n".join(kept), encoding="utf-8")

    faults = {(fault.file, fault.what) for fault in site.faults()}

    assert ("categories.yaml", "没有“transport”这个部门（divert.yaml）") in faults
    assert ("roster.yaml", "没有“transport”这个部门（divert.yaml）") in faults


def test_same_id_twice_is_named_with_the_first_line(site: Site) -> None:
    line = site.spoil("grids.yaml", "  - id: g02\n", "  - id: g01\n")

    faults = [fault for fault in site.faults() if fault.key == "grids[2].id"]

    assert [(fault.file, fault.line) for fault in faults] == [("grids.yaml", line)]
    assert "第 3 行已经用过" in faults[0].what
