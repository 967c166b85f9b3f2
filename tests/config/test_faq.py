"""faq.yaml: what the loader refuses, and what check tells a clerk to look at."""

from datetime import date
from io import StringIO

import pytest

from config.check import check_command
from config.faq_check import faq_hints
from config.load import inspect
from config.rules import Rules
from config.yaml_lines import parse
from tests.config.sites import Site

TODAY = date(2026, 11, 22)
ENTRY = "{id: extra, ask: [[抽水泵], [借]], answer: 到居委会借。}"


def hints(site: Site, today: date = TODAY) -> list[str]:
    """What check would tell of the site's faq.yaml."""
    rules, faults = inspect(site.path)
    assert rules is not None, faults
    document = parse("faq.yaml", (site.path / "faq.yaml").read_bytes())
    return [hint.sentence for hint in faq_hints(document, rules.faq, today)]


def test_sample_station_has_enough_answers_and_nothing_to_look_at(site: Site, rules: Rules) -> None:
    assert len(rules.faq.entries) >= 25
    assert hints(site) == []


def test_every_sample_answer_is_short_and_kind_even_when_filled(rules: Rules) -> None:
    for entry in rules.faq.entries:
        said = entry.said(rules.answer_words("g01"))
        assert "{" not in said
        assert len(said) <= 160, entry.id


def test_site_without_the_file_has_no_answers(site: Site) -> None:
    (site.path / "faq.yaml").unlink()

    rules, faults = inspect(site.path)

    assert faults == []
    assert rules is not None
    assert rules.faq.entries == ()


def test_link_stands_on_a_line_of_its_own(rules: Rules) -> None:
    entry = next(one for one in rules.faq.entries if one.link)

    assert entry.said(rules.station.words).splitlines()[-1] == entry.link


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        pytest.param(ENTRY.replace("extra", "id_card"), "已经用过", id="id twice"),
        pytest.param(ENTRY.replace("[[抽水泵], [借]]", "[]"), "至少要有 1 项", id="no groups"),
        pytest.param(ENTRY.replace("[借]", "[]"), "至少要有 1 项", id="empty group"),
        pytest.param(
            ENTRY.replace("到居委会借。", '"到{nowhere}借。"'), "花括号", id="unknown word"
        ),
        pytest.param(ENTRY.replace("到居委会借", "好" * 121), "最多 120 个字", id="too long"),
        pytest.param(ENTRY.replace("到居委会借", "民警马上到"), "不能许诺", id="promise"),
        pytest.param(ENTRY.replace("到居委会借", "打13912345678"), "手机号", id="phone"),
        pytest.param(
            ENTRY.replace("}", ", link: http://a.example}"), "写法不对", id="link not https"
        ),
        pytest.param(ENTRY.replace("}", ", categories: [P99]}"), "P99", id="unknown category"),
        pytest.param(ENTRY.replace("}", ", valid_until: 下个月}"), "日期", id="no date"),
        pytest.param(ENTRY.replace("answer", "anser"), "不认识“anser”", id="unknown key"),
    ],
)
def test_entry_that_cannot_be_used_is_a_fault_with_its_line(
    site: Site, entry: str, what: str
) -> None:
    line = site.append("faq.yaml", f"  - {entry}")

    found = [fault for fault in site.faults() if fault.file == "faq.yaml"]

    assert found
    assert any(what in fault.what for fault in found), found
    assert all(fault.line == line for fault in found)


def test_expired_entry_is_a_hint_and_stops_nothing(site: Site) -> None:
    entry = ENTRY.replace("}", ", valid_until: 2020-01-01}")
    line = site.append("faq.yaml", f"  - {entry}")
    out = StringIO()

    code = check_command(site.path, out)

    assert code == 0
    assert f"提醒：faq.yaml 第 {line} 行" in out.getvalue()
    assert "“抽水泵·借”2020-01-01 已经过期" in out.getvalue()


def test_two_entries_for_the_same_words_are_a_hint(site: Site) -> None:
    site.append("faq.yaml", f"  - {ENTRY}")
    site.append("faq.yaml", "  - {id: other, ask: [[借, 租], [抽水泵]], answer: 到物业借。}")

    found = hints(site)

    assert len(found) == 1
    assert "说到“抽水泵、借”时" in found[0]
    assert "（extra）" in found[0]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param("[[怎么办]]", id="said around every question"),
        pytest.param("[[办]]", id="one character"),
        pytest.param("[[办], [哪里]]", id="no group says what it is about"),
    ],
)
def test_entry_that_says_too_little_is_a_hint(site: Site, ask: str) -> None:
    site.append("faq.yaml", f"  - {{id: vague, ask: {ask}, answer: 请问窗口。}}")

    assert any("太泛" in hint for hint in hints(site))


def test_answer_that_a_group_would_hear_cut_is_a_hint(site: Site) -> None:
    site.append("faq.yaml", f"  - {ENTRY}")
    out = StringIO()

    code = check_command(site.path, out, lambda _, said: said.replace("到居委会借", "（略）"))

    assert code == 0
    assert "群里只会听到“（略）。”" in out.getvalue()
