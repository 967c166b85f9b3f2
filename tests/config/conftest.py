"""Fixtures of the configuration's tests: a site of one's own, and the sample's rules."""

import shutil
from pathlib import Path

import pytest

from config.load import load_rules
from config.rules import Rules
from tests.config.sites import SAMPLE, Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(SAMPLE, tmp_path / "site")
    return Site(tmp_path / "site")


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules(SAMPLE)
