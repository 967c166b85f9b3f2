"""repeats.yaml: what may never speak of a person is refused, whoever writes it."""

import pytest

from config.repeats_rules import Repeats
from tests.config.sites import Site

CATEGORIES = "  categories: [P10, P11, P12, P13, P14, P18]"


@pytest.mark.parametrize("code", ["P23", "N11", "N15", "P17", "P04", "N03"])
def test_no_complaint_wage_opinion_question_or_victim_speaks_of_a_person(
    site: Site, code: str
) -> None:
    site.spoil("repeats.yaml", CATEGORIES, f"  categories: [P10, {code}]")

    assert f"{code} 不能算一人多次" in site.only_fault().sentence


@pytest.mark.parametrize(
    ("typed", "instead", "says"),
    [
        ("drop_after: 90d", "drop_after: 120d", "最多 90d"),
        ("red: {count: 6, within: 90d}", "red: {count: 3, within: 90d}", "比 yellow"),
        ("red_times: 2", "red_times: 1.2", "比 yellow_times"),
        ("effect_after: [7d, 30d, 90d]", "effect_after: [30d, 7d]", "从早到晚"),
    ],
)
def test_thresholds_that_contradict_each_other_are_told(
    site: Site, typed: str, instead: str, says: str
) -> None:
    site.spoil("repeats.yaml", typed, instead)

    assert says in site.only_fault().sentence


def test_site_without_the_file_keeps_the_standard(site: Site) -> None:
    (site.path / "repeats.yaml").unlink()

    assert site.faults() == []


@pytest.mark.parametrize("category", ["P17", "P22", "P23", "N11", "N15"])
def test_no_file_can_make_questions_complaints_wages_or_opinions_count(category: str) -> None:
    rules = Repeats.standard()
    place = rules.place.model_copy(update={"not_counted": ()})
    kind = rules.kind.model_copy(update={"not_counted": ()})

    assert not place.counts(category)
    assert not kind.counts(category)
    assert place.counts("P10")
    assert kind.counts("N03")
