"""Whoever may have taken poison or is hurt is told 120 as well, in private and in the group."""

import pytest

from config.load import load_rules
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE)


@pytest.mark.parametrize("name", ["suicide_self", "suicide_seen"])
def test_words_for_somebody_who_may_have_taken_poison_name_both_numbers(name: str) -> None:
    found = RULES.danger_class(name)
    assert found is not None

    for key in (found.answer_text, found.group_text or ""):
        said = RULES.text(key)
        assert "110" in said
        assert "120" in said
