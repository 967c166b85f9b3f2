"""What the pages for residents and for the assessment promise is what the program has."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain import binding_words, humans, mediation
from bot.domain.commands import wish_of
from config.settings import Settings

ROOT = Path(__file__).parents[2]
SITE = ROOT / "config" / "site"
PAGES = [ROOT / "docs" / name for name in ("privacy.md", "pia.md")]
_KEY = re.compile(r"`([a-z_0-9]+\.yaml): ([a-z_.]+)`")
_TEST = re.compile(r"`(tests/[a-z_/0-9]+\.py)::(\w+)`")
_SETTING = re.compile(r"`JINGGE_([A-Z_]+)`")
_DAYS = re.compile(r"(\d+) 天")
_HEARS: tuple[Callable[[str], object], ...] = (
    wish_of, binding_words.said_in, humans.is_wish, mediation.resident_move,
)  # fmt: skip


def _text(page: Path) -> str:
    return page.read_text("utf-8")


def _value(file: str, path: str) -> Any:
    found = yaml.safe_load((SITE / file).read_text("utf-8"))
    for part in path.split("."):
        assert part in found, f"{file} has no {path}"
        found = found[part]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.stem)
def test_every_rule_setting_and_test_that_is_named_is_there(page: Path) -> None:
    text = _text(page)
    keys = _KEY.findall(text)
    assert len(keys) >= 7
    for file, path in keys:
        assert _value(file, path) is not None
    assert {name.lower() for name in _SETTING.findall(text)} <= set(Settings.model_fields)
    for file, name in _TEST.findall(text):
        assert re.search(rf"def {name}\(", (ROOT / file).read_text("utf-8")), (file, name)


def test_the_table_of_spans_says_what_the_rules_say() -> None:
    rows = [line for line in _text(PAGES[0]).splitlines() if "天" in line and _KEY.search(line)]
    told = {match.groups(): _DAYS.findall(row) for row in rows if (match := _KEY.search(row))}
    assert {path for file, path in told if file == "retention.yaml"} >= {
        "reporter", "void", "closed", "grave", "audit", "silent_person",
    }  # fmt: skip
    for (file, path), days in told.items():
        assert [f"{one}d" for one in days] == [_value(file, path)], (file, path)


def test_every_word_that_residents_are_told_to_type_is_heard() -> None:
    part = _text(PAGES[0]).partition("## 您能做什么")[2].partition("## ")[0]
    words = re.findall(r"`([^`]+)`", part)
    assert len(words) >= 10
    for one in words:
        assert any(hears(one) for hears in _HEARS), one


def test_assessment_covers_four_uses_with_need_risk_measure_rest_and_signature() -> None:
    text = _text(PAGES[1])
    for use in ("会话内容存档", "未成年人", "一人多次", "宣传"):
        _, _, part = text.partition(f"、{use}")
        part = part.partition("\n## ")[0]
        for head in ("为什么要", "为什么够少", "| 风险 | 措施 | 由什么看得出 |", "剩下的风险"):
            assert head in part, (use, head)
        rows = [
            line for line in part.splitlines() if line.startswith("| ") and "风险 |" not in line
        ]
        assert rows
        assert all(_TEST.search(row) or _KEY.search(row) for row in rows), use
    assert "所领导（批）" in text
