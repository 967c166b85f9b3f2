"""Appointments as a leader types them, on Wednesday the 4th of March 2026, 09:30."""

from datetime import UTC, datetime

import pytest

from bot.domain.coming import moment_of

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "local"),
    [
        ("明天 6:30", "03-05 06:30"),
        ("明早6点半", "03-05 06:30"),
        ("今晚 11点", "03-04 23:00"),
        ("后天凌晨3点15分", "03-06 03:15"),
        ("周五早上7点", "03-06 07:00"),
        ("周三 8:00", None),
        ("周二 8:00", "03-10 08:00"),
        ("下周二 8:00", "03-10 08:00"),
        ("3月8日 21:00", "03-08 21:00"),
        ("3月8日晚上9点", "03-08 21:00"),
        ("8:00", "03-05 08:00"),
        ("22:15", "03-04 22:15"),
        ("昨天", None),
        ("3月8日", None),
        ("2月30日 8:00", None),
        ("明天 26:00", None),
        ("今天 6:30", None),
    ],
)
def test_moment_to_come(said: str, local: str | None) -> None:
    at = moment_of(said, NOW)

    assert (at and f"{at:%m-%d %H:%M}") == local


def test_day_of_january_said_in_march_is_next_year() -> None:
    at = moment_of("1月5日 7:00", NOW)

    assert at is not None
    assert at.year == 2027
