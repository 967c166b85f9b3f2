"""times.yaml and chats.yaml: how long talk is kept, the daily sample, groups on trial."""

from datetime import time, timedelta

import pytest

from config.load import load_rules
from tests.config.sites import Site

KEPT = "talk_kept: 7d"


def test_sample_site_keeps_talk_seven_days_and_draws_daily(site: Site) -> None:
    times = load_rules(site.path).times

    assert times.talk_kept == timedelta(days=7)
    assert times.sample is not None
    assert (times.sample.at, times.sample.count) == (time(9, 30), 20)


@pytest.mark.parametrize(("typed", "days"), [("0d", 0), ("30d", 30)])
def test_days_may_be_nought_to_thirty(site: Site, typed: str, days: int) -> None:
    site.spoil("times.yaml", KEPT, f"talk_kept: {typed}")

    assert load_rules(site.path).times.talk_kept == timedelta(days=days)


def test_more_than_thirty_days_is_a_fault(site: Site) -> None:
    site.spoil("times.yaml", KEPT, "talk_kept: 31d")

    assert "最多留 30 天" in site.only_fault().what


def test_times_without_these_keys_are_good(site: Site) -> None:
    text = site.read("times.yaml")
    (site.path / "times.yaml").write_text(text[: text.index("# 少留")], encoding="utf-8")

    times = load_rules(site.path).times

    assert (times.talk_kept, times.sample) == (timedelta(days=7), None)


def test_reader_of_the_sample_must_stand_in_the_roster(site: Site) -> None:
    site.spoil("times.yaml", "reader: jia_shuwen", "reader: jia_shuwne")

    fault = site.only_fault()

    assert (fault.file, fault.should) == ("times.yaml", "jia_shuwen")


@pytest.mark.parametrize("none", ["0d", "0h"])
def test_silent_group_with_nothing_kept_is_a_fault(site: Site, none: str) -> None:
    site.spoil("times.yaml", KEPT, f"talk_kept: {none}")
    site.spoil(
        "chats.yaml",
        "name: 石桥村, kind: internal_group,",
        "name: 石桥村, shadow: true, kind: internal_group,",
    )

    fault = site.only_fault()

    assert fault.file == "chats.yaml"
    assert "talk_kept" in fault.what


def test_group_is_not_silent_unless_somebody_says_so(site: Site) -> None:
    assert {chat.shadow for chat in load_rules(site.path).chats.chats} == {False}
