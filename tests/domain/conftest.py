"""What the tests of the reader share: the sample site's rules, a moment, a grid of names."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reading import GridNames
from config.load import load_rules
from config.reading_rules import ReadingRules

SITE = Path(__file__).parents[2] / "config" / "site"


@pytest.fixture(scope="session")
def rules() -> ReadingRules:
    """The reader's rules of the sample site."""
    return load_rules(SITE).reading


@pytest.fixture(scope="session")
def at() -> datetime:
    """Wednesday 2026-03-04, 09:00 in Shanghai."""
    return datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def grid() -> GridNames:
    """A made-up estate with two other names and landmarks of its own."""
    return GridNames(
        community="桂花社区",
        estates=(("桂花苑", ("桂花园", "桂苑")),),
        landmarks=("东门", "凉亭", "小广场"),
    )
