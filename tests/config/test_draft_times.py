"""The clocks of drafts in times.yaml (代发): what may be written, and what weakens a danger."""

import pytest

from config.rules import Rules
from config.time_rules import DraftTimes
from tests.config.sites import Site


def test_sample_says_what_holds_when_nothing_is_said(rules: Rules) -> None:
    assert rules.times.drafts == DraftTimes()


@pytest.mark.parametrize(
    ("typed", "instead", "what"),
    [
        pytest.param("next_person: 60s", "next_person: 61s", "最多等 60 秒", id="danger waits"),
        pytest.param("next_person: 60s", "next_person: 0s", "10s 到 60s", id="no time at all"),
        pytest.param("danger: 30m", "danger: 29m", "至少留 30 分钟", id="danger dies early"),
        pytest.param("remind: 10m", "remind: 0s", "remind 太短", id="reminded at once"),
    ],
)
def test_rules_cannot_weaken_a_danger(site: Site, typed: str, instead: str, what: str) -> None:
    site.spoil("times.yaml", typed, instead)

    fault = site.only_fault()

    assert fault.key.startswith("drafts")
    assert what in fault.what
