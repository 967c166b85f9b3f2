"""Rules that every test of this folder may use."""

import pytest

from config.load import load_rules
from config.rules import Rules
from tests.commands.program import ROOT


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The sample site's rules."""
    return load_rules(ROOT / "config" / "site")
