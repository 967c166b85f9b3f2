"""``read --explain``: the decision as a colleague would tell it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.explain import explain
from config.load import load_rules
from config.reading_rules import ReadingRules

AT = datetime(2026, 3, 4, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def rules() -> ReadingRules:
    return load_rules(Path("config/site")).reading


def test_it_names_the_decision_the_words_and_both_readers(rules: ReadingRules) -> None:
    told = explain("3号楼502半夜又开始跳绳 咚咚咚 孩子都吵醒了", AT, None, rules)

    assert told[1].startswith("读成：诉求，要开单 · P10 生活噪音扰民（派出所办）")
    assert any(line.startswith("规则：") and "P10" in line for line in told)
    assert any(line.startswith("第二读者：诉求") for line in told)


def test_it_says_which_half_sentence_would_change_it(rules: ReadingRules) -> None:
    told = explain("晚饭吃火锅，3号楼有人拿刀砍人", AT, None, rules)

    assert any(line.startswith("要是没有“3号楼有人拿刀砍人”") for line in told)


def test_it_masks_personal_numbers(rules: ReadingRules) -> None:
    told = "\n".join(explain("我电话13812345678，门口有人打架，13812345678", AT, None, rules))

    assert "13812345678" not in told


def test_without_a_model_it_says_so(rules: ReadingRules) -> None:
    told = explain("有人打架", AT, None, rules.model_copy(update={"model": b""}))

    assert any("没有模型文件" in line for line in told)
