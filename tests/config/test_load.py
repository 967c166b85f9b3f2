"""Each kind of fault of a site folder is named with file, line, key, the line and its remedy."""

from pathlib import Path

import pytest

from config.faults import StartupFault
from config.load import load_rules
from tests.config.sites import SAMPLE, Site


def test_sample_site_has_no_fault(site: Site) -> None:
    assert site.faults() == []


def test_version_changes_with_any_byte(site: Site) -> None:
    before = load_rules(site.path).version

    site.append("texts.yaml", "# 一句旁注")

    after = load_rules(site.path).version
    assert len(before) == len(after) == 12
    assert before != after
    assert load_rules(SAMPLE).version == before


@pytest.mark.parametrize(
    ("file", "typed", "instead", "key", "what", "should"),
    [
        pytest.param(
            "station.yaml",
            "prefix: XH ",
            "prefixx: XH ",
            "prefixx",
            "不认识",
            "prefix: XH",
            id="unknown key, near one proposed",
        ),
        pytest.param(
            "station.yaml",
            "prefix: XH ",
            "prefix: xh1 ",
            "prefix",
            "写法不对",
            "prefix: XH",
            id="wrong shape",
        ),
        pytest.param(
            "station.yaml",
            "robot_names: [小警, 小格]",
            "robot_names: 小警",
            "robot_names",
            "列表",
            "[小警, 小格]",
            id="text where a list belongs",
        ),
        pytest.param(
            "station.yaml",
            "[小警, 小格]",
            "[小警，小格]",
            "robot_names",
            "中文逗号",
            "[小警, 小格]",
            id="full-width comma in a list",
        ),
        pytest.param(
            "times.yaml",
            "ask_window: 3m ",
            "ask_window: 3 ",
            "ask_window",
            "时长",
            "3m",
            id="span without unit",
        ),
        pytest.param(
            "times.yaml",
            "max_reopens: 2 ",
            "max_reopens: 二 ",
            "max_reopens",
            "整数",
            "2",
            id="word where a number belongs",
        ),
        pytest.param(
            "times.yaml",
            "max_reopens: 2 ",
            "max_reopens: -1 ",
            "max_reopens",
            "不能小于 0",
            "2",
            id="number out of range",
        ),
        pytest.param(
            "times.yaml",
            "share: 0.7, to: owner",
            "share: 0.7, after: 1m, to: owner",
            "chase[1]",
            "只写一个",
            "",
            id="two keys that exclude each other",
        ),
        pytest.param(
            "times.yaml",
            "U1: {round_the_clock: true, accept: 1m",
            "U1: {round_the_clock: true, accept: 1wd",
            "grades.U1",
            "昼夜计时",
            "",
            id="working days in a round-the-clock grade",
        ),
        pytest.param(
            "times.yaml",
            '"22:00", to: "07:00"',
            '"22点", to: "07:00"',
            "quiet_hours.from",
            "时刻",
            '"22:00"',
            id="no time of day",
        ),
        pytest.param(
            "times.yaml",
            "act: supervise",
            "act: supervize",
            "chase[4].act",
            "可以写",
            "act:",
            id="unknown word of a fixed list",
        ),
        pytest.param(
            "roster.yaml",
            "name: 唐朔, role: auxiliary",
            "name: 唐朔, role: auxillary",
            "people[2].role",
            "可以写",
            "role: officer",
            id="unknown role",
        ),
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
            "grids.yaml",
            "    officer: he_yunfei\n",
            "",
            "grids[3].officer",
            "缺了“officer”",
            "officer: lin_zhiyuan",
            id="grid without officer",
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
            "list[9].department",
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
            "list[9].department",
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
            "to: leader, text: supervise}",
            "to: leader, text: supervize}",
            "chase[4].text",
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
            "crisis.yaml",
            'id: medical, name: 急病受伤, group_speech: neutral, numbers: ["120"]',
            "id: medical, name: 急病受伤, group_speech: neutral",
            "classes[15]",
            "要写电话号码",
            "",
            id="speaking danger class without a number",
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
            "roster.yaml",
            "days: [6, 7], people",
            'days: [6, 7], hours: {form: "08:00", to: "20:00"}, people',
            "shifts[1].hours.form",
            "是不是“from”",
            'from: "08:00"',
            id="unknown key inside an optional part",
        ),
        pytest.param(
            "grids.yaml",
            "- {name: 石桥村,",
            "- {zzz: 1, name: 石桥村,",
            "grids[3].estates[1].zzz",
            "不认识“zzz”这个键",
            "这里可以写：name、aliases、buildings",
            id="unknown key like no other",
        ),
        pytest.param(
            "categories.yaml",
            "  - code: N07\n",
            "  - code: N7\n",
            "categories[30].code",
            "写法不对",
            "",
            id="category code too short",
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

    faults = [fault for fault in site.faults() if fault.file == file and fault.key == key]

    assert len(faults) == 1, [fault.sentence for fault in site.faults()]
    fault = faults[0]
    assert what in fault.what
    assert should in fault.should
    where = fault.line
    typed_there = (site.path / file).read_text("utf-8").splitlines()[where - 1].strip()
    assert fault.typed == typed_there
    if "缺了" not in what and "不归公安" not in what:
        assert where == line


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


def test_category_code_given_twice_is_named(site: Site) -> None:
    site.spoil("categories.yaml", "  - code: N07\n", "  - code: N06\n")

    what = [fault.what for fault in site.faults() if fault.file == "categories.yaml"]

    assert what == ["类别编号 N06 写了两次"]


def test_word_group_that_nobody_defined_is_named_with_its_line(site: Site) -> None:
    line = site.spoil("categories.yaml", "- <骗子套路> + <失钱>", "- <骗子套鹿> + <失钱>")

    fault = site.only_fault()

    assert (fault.file, fault.line) == ("categories.yaml", line)
    assert "骗子套鹿" in fault.what
    assert fault.typed == "- <骗子套鹿> + <失钱>"


def test_unknown_keys_of_the_reader_are_named_in_their_own_file(site: Site) -> None:
    inner = site.spoil("reading.yaml", "\nmanner:\n", "\nmanner:\n  joke_x: [a]\n") + 2
    outer = site.append("danger.yaml", "shields_extra: []")

    places = {(fault.file, fault.line, fault.key) for fault in site.faults()}

    assert places == {
        ("reading.yaml", inner, "manner.joke_x"),
        ("danger.yaml", outer, "shields_extra"),
    }


def test_key_of_the_reader_in_two_files_is_named_in_the_second(site: Site) -> None:
    line = site.append("reading.yaml", "categories: []")

    faults = [fault for fault in site.faults() if "另一个文件" in fault.what]

    assert [(fault.file, fault.line) for fault in faults] == [("reading.yaml", line)]


def test_fault_sentence_shows_the_line_and_how_it_should_look(site: Site) -> None:
    line = site.spoil("station.yaml", "gas_phone:", "gas_fone:")

    said = [fault.sentence for fault in site.faults() if fault.key == "gas_fone"]

    assert said == [
        f"station.yaml 第 {line} 行，gas_fone：不认识“gas_fone”这个键，是不是“gas_phone”。\n"
        '    这一行：gas_fone: "0000-8119119"      # 燃气抢修电话(示例)\n'
        '    应写成：gas_phone: "0000-8119119"      # 燃气抢修电话(示例)'
    ]


def test_key_given_twice_is_named_with_both_lines(site: Site) -> None:
    line = site.append("station.yaml", "prefix: XJ")

    fault = site.only_fault()

    assert (fault.file, fault.line, fault.key) == ("station.yaml", line, "prefix")
    assert "写了两遍，第一遍在第 4 行" in fault.what


def test_same_id_twice_is_named_with_the_first_line(site: Site) -> None:
    line = site.spoil("grids.yaml", "  - id: g02\n", "  - id: g01\n")

    faults = [fault for fault in site.faults() if fault.key == "grids[2].id"]

    assert [(fault.file, fault.line) for fault in faults] == [("grids.yaml", line)]
    assert "第 3 行已经用过" in faults[0].what


def test_tab_in_the_indentation_is_named(site: Site) -> None:
    line = site.spoil("grids.yaml", "    community: 石桥村\n", "\tcommunity: 石桥村\n")

    faults = [fault for fault in site.faults() if fault.file == "grids.yaml"]

    assert [(fault.line, fault.should) for fault in faults] == [(line, "community: 石桥村")]
    assert "制表符" in faults[0].what


def test_full_width_colon_is_named(site: Site) -> None:
    line = site.spoil("grids.yaml", "    post: 石桥警务室\n", "    post：石桥警务室\n")

    faults = [fault for fault in site.faults() if fault.file == "grids.yaml"]

    assert [(fault.line, fault.should) for fault in faults] == [(line, "post: 石桥警务室")]
    assert "全角" in faults[0].what


def test_gbk_file_is_named_with_its_first_foreign_line(site: Site) -> None:
    path = site.path / "chats.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))

    faults = [fault for fault in site.faults() if fault.file == "chats.yaml"]

    assert [fault.line for fault in faults] == [1]
    assert "GBK" in faults[0].what
    assert "企业微信群" in faults[0].typed
    assert "UTF-8" in faults[0].should


def test_utf8_with_byte_order_mark_is_read(site: Site) -> None:
    path = site.path / "chats.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert site.faults() == []


@pytest.mark.parametrize("file", ["station.yaml", "texts.yaml", "categories.yaml", "times.yaml"])
def test_missing_file_is_named(site: Site, file: str) -> None:
    (site.path / file).unlink()

    faults = [fault for fault in site.faults() if fault.file == file]

    assert len(faults) == 1
    assert "缺少这个文件" in faults[0].what


def test_misspelt_file_name_is_recognised(site: Site) -> None:
    (site.path / "texts.yaml").rename(site.path / "text.yaml")

    faults = [fault for fault in site.faults() if fault.file == "texts.yaml"]

    assert faults[0].should == "把 text.yaml 改名为 texts.yaml"


def test_site_without_demo_file_is_complete(site: Site) -> None:
    (site.path / "demo.yaml").unlink()

    assert load_rules(site.path).demo is None


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupFault) as caught:
        load_rules(tmp_path / "nowhere")

    assert "没有这个文件夹" in caught.value.sentences[0]


def test_folder_that_cannot_be_listed_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)

    assert "文件夹打不开" in site.only_fault().what


def test_unreadable_and_oversized_files_are_named(site: Site) -> None:
    (site.path / "chats.yaml").unlink()
    (site.path / "chats.yaml").mkdir()
    (site.path / "demo.yaml").write_bytes(b"#" * 2_000_001)

    what = {fault.file: fault.what for fault in site.faults()}

    assert "读不出来" in what["chats.yaml"]
    assert "2 MB" in what["demo.yaml"]


@pytest.mark.parametrize("body", [b"", b"# nothing\n", b"\n\n"], ids=["empty", "comment", "blank"])
def test_empty_file_is_named(site: Site, body: bytes) -> None:
    (site.path / "chats.yaml").write_bytes(body)

    assert [fault.what for fault in site.faults()] == ["这个文件是空的"]


def test_all_faults_of_all_files_are_told_at_once(site: Site) -> None:
    places = {
        ("station.yaml", site.spoil("station.yaml", "prefix: XH ", "prefixx: XH ")),
        ("grids.yaml", site.spoil("grids.yaml", "leader: ding_changhe", "leader: nobody_here")),
        ("texts.yaml", site.append("texts.yaml", "praise: 再说一遍")),
        ("times.yaml", site.spoil("times.yaml", "ask_window: 3m ", "ask_window: 三分钟 ")),
        (
            "roster.yaml",
            site.spoil("roster.yaml", "石桥调解室, grids: [g03]", "石桥调解室, grids: [g33]"),
        ),
    }

    with pytest.raises(StartupFault) as caught:
        load_rules(site.path)

    said = "\n".join(caught.value.sentences)
    for file, line in places:
        assert f"{file} 第 {line} 行" in said


def test_times_and_numbers_stay_as_typed(site: Site) -> None:
    site.spoil("times.yaml", '{from: "22:00", to: "07:00"}', "{from: 22:30, to: 07:00}")
    site.spoil("station.yaml", 'room_phone: "0000-8110110"', "room_phone: 0012")

    loaded = load_rules(site.path)

    assert loaded.times.quiet_hours.from_.isoformat() == "22:30:00"
    assert loaded.station.room_phone == "0012"
