"""Which dialects a station speaks is its own choice: ``check`` has nothing against any of them."""

from dataclasses import replace
from itertools import combinations

import pytest

from config.contradictions import contradictions
from config.load import READING_FILES
from config.rule_words import Files
from config.yaml_lines import parse
from tests.config.sites import SAMPLE

EVERY = ("北方", "西北", "中原", "西南", "武汉", "江南", "粤味")
CHOICES = [list(c) for size in (0, 1, len(EVERY) - 1) for c in combinations(EVERY, size)]


@pytest.fixture(scope="module")
def files() -> Files:
    return {name: parse(name, (SAMPLE / name).read_bytes()) for name in READING_FILES}


@pytest.mark.parametrize("on", CHOICES, ids="、".join)
def test_station_may_turn_any_dialect_off(files: Files, on: list[str]) -> None:
    reading = files["reading.yaml"]
    assert set(reading.data["dialects_on"]) == set(EVERY)

    chosen = replace(reading, data={**reading.data, "dialects_on": on})

    assert contradictions({**files, "reading.yaml": chosen}).faults == ()


def test_dialect_that_is_off_excuses_its_own_words_alone(files: Files) -> None:
    """A word that a dialect in use makes unreadable is told, whatever else is off."""
    dialects = files["dialects.yaml"]
    regions = dialects.data["dialects"]
    spoilt = {**regions, "武汉": {**regions["武汉"], "跳楼": "淌红"}}
    reading = files["reading.yaml"]
    chosen = {
        **files,
        "dialects.yaml": replace(dialects, data={**dialects.data, "dialects": spoilt}),
        "reading.yaml": replace(reading, data={**reading.data, "dialects_on": ["武汉"]}),
    }

    assert any("跳楼" in fault.what for fault in contradictions(chosen).faults)
