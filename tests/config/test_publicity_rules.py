"""publicity.yaml: the limits only stricter, the wordings kind, no number but official ones."""

from datetime import date
from io import StringIO

import pytest

from config.check import check_command
from config.publicity_check import faults_of
from config.rules import Rules
from tests.config.sites import Site

LINE = "text: 灶上炖着东西别出门。油锅起火别泼水，盖上锅盖、关火，火大就出来打119。"


@pytest.mark.parametrize(
    ("typed", "instead", "what"),
    [
        ("a_week: 3", "a_week: 4", "3"),
        ("again_after: 60d", "again_after: 59d", "至少隔 60 天"),
        ('hours: {from: "09:00", to: "20:00"}', 'hours: {from: "08:00", to: "20:00"}', "只在白天"),
        ('hours: {from: "09:00", to: "20:00"}', 'hours: {from: "09:00", to: "21:00"}', "只在白天"),
        ('send_at: "10:00"', 'send_at: "20:00"', "hours 里面"),
        ('evening: "18:00"', 'evening: "23:00"', "别等夜里"),
        ("danger_quiet: 6h", "danger_quiet: 5m", "至少 1h"),
        ("small: {buildings: 5", "small: {buildings: 2", "5"),
        ("quiet_days: [2026-12-13]", "quiet_days: [12月13日]", "2026-12-13"),
        ('dates: ["11-09"]', 'dates: ["11-31"]', "06-26"),
        ("approver: officer", "approver: nobody_here", "名册里没有"),
        ("cases: [P02]", "cases: [P02, P04]", "受保护"),
        ("cases: [P02]", "cases: [P99]", "没有“P99”"),
        ("    cases: [P01]", "    chats: [wrGEZIBAN1]\n    cases: [P01]", "内部工作群"),
        ("    cases: [P01]", "    grids: [g09]\n    cases: [P01]", "没有“g09”"),
        ("{id: fire_kitchen,", "{id: fire_bike,", "已经用过"),
        (LINE, "text: 严禁灶上离人，违者后果自负，着火打119。", "训人"),
        (LINE, "text: 着火了别慌，打13912345678找我，我有办法。", "不是公布的热线"),
        (LINE, "text: 灶上炖着东西别出门，有事找林知远，他都在。", "不写人名"),
        (LINE, "text: 灶上炖着东西别出门，着火了我们马上就到您家。", "许诺"),
        (LINE, "text: 短", "8"),
        (LINE, 'text: "看看灶关了没有，{fraud_phone}有人接。"', "花括号"),
    ],
)
def test_what_may_not_stand_there_is_said(site: Site, typed: str, instead: str, what: str) -> None:
    site.spoil("publicity.yaml", typed, instead)

    faults = [one for one in site.faults() if one.file == "publicity.yaml"]

    assert any(what in one.sentence for one in faults), [one.sentence for one in site.faults()]


def test_wordings_that_will_not_last_are_a_hint(site: Site) -> None:
    site.spoil("publicity.yaml", "    weekdays: [4]\n    weeks: [3]", "    weekdays: [4]")
    out = StringIO()

    code = check_command(site.path, out, today=date(2026, 3, 4))

    assert code == 0
    assert "“交通”60 天里要说 10 次，只有 4 种说法" in out.getvalue()


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029, 2030])
def test_the_lines_of_the_sample_last_through_every_year(site: Site, year: int) -> None:
    out = StringIO()

    check_command(site.path, out, today=date(year, 1, 1))

    assert "种说法" not in out.getvalue()


def test_every_line_of_the_sample_reads_well(rules: Rules) -> None:
    lines = [one.text for topic in rules.publicity.topics for one in topic.variants]

    assert len(lines) >= 30
    assert {topic.name for topic in rules.publicity.topics} >= {
        *("反诈", "防盗", "防火", "燃气用电", "交通", "禁毒", "防溺水"),
    }
    for words in lines:
        assert list(faults_of(words, [], ["林知远"])) == []
        assert words[-1] in "。？！"
