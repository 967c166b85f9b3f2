"""How long what is kept: limits of the law, and what a site without the file has."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from config.retention_rules import Retention

DAYS = {
    "reporter": "365d",
    "void": "365d",
    "closed": "1826d",
    "grave": "1826d",
    "audit": "1095d",
    "silent_person": "365d",
    "note_again": "365d",
}


def test_standard_is_what_the_sample_says() -> None:
    assert Retention.model_validate(DAYS) == Retention.standard()


@pytest.mark.parametrize(
    ("key", "days", "said"),
    [
        ("audit", "179d", "六个月"),
        ("void", "89d", "90 天"),
        ("grave", "4000d", "十年"),
        ("reporter", "1827d", "不能比整张单"),
    ],
)
def test_limits_are_said_in_words(key: str, days: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Retention.model_validate({**DAYS, key: days})


def test_span_is_whole_time() -> None:
    assert Retention.standard().silent_person == timedelta(days=365)
    assert date(2026, 3, 4) + Retention.standard().reporter == date(2027, 3, 4)
