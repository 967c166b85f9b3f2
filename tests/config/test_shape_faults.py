"""A value of the wrong shape is named with file, line, key, the line and its remedy."""

import pytest

from tests.config.sites import Site


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
            "share: 0.7, urgencies",
            "share: 0.7, after: 1m, urgencies",
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
            "chase[5].act",
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
            "    officer: he_yunfei\n",
            "",
            "grids[3].officer",
            "缺了“officer”",
            "officer: lin_zhiyuan",
            id="grid without officer",
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
    if "缺了" not in what:
        assert fault.line == line
