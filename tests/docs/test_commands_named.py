"""Commands on the pages exist, and each command that people call stands on some page."""

import re
from pathlib import Path

import pytest

import run_bot
from tests.docs.pages import called, pages

_CALL = re.compile(r"\brun_bot\.py ([a-z][a-z0-9-]*)")
_INNER = {"demo-bot"}  # started by the demo


def named(page: Path) -> set[str]:
    """The commands on a page."""
    return set(_CALL.findall(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", pages(), ids=called)
def test_page_names_only_commands_that_exist(page: Path) -> None:
    assert named(page) <= set(run_bot._COMMANDS)


def test_every_command_stands_on_some_page() -> None:
    told: set[str] = set().union(*map(named, pages()))

    assert told >= set(run_bot._COMMANDS) - _INNER
