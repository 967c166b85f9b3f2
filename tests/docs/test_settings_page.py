"""docs/wecom-setup.md names every setting, with its true default, and no page names another."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import AliasChoices, SecretStr

from config.settings import Settings
from tests.docs.pages import called, pages, text

_PAGE = "wecom-setup.md"
_NAME = re.compile(r"\b(?:JINGGE_[A-Z0-9]+(?:_[A-Z0-9]+)*|DATABASE_URL|REDIS_URL)\b(?!_)")
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \| [^|]+ \|$", re.MULTILINE)
# Read before there are settings, and by the stand-in library of the rehearsal.
_OTHERS = {"JINGGE_CREDENTIALS_DIR", "JINGGE_STANDIN"}


def name_of(field: str) -> str:
    """What an operator writes for it."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias.choices[-1]) if isinstance(alias, AliasChoices) else f"JINGGE_{field.upper()}"


def as_written(value: Any) -> str:
    """A default as the page writes it."""
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if plain in ("", Path()):
        return "空"
    if isinstance(plain, bool):
        return f"`{str(plain).lower()}`"
    return f"`{plain:g}`" if isinstance(plain, int | float) else f"`{plain}`"


FIELDS = sorted(Settings.model_fields)


@pytest.mark.parametrize("field", FIELDS)
def test_setting_is_named_on_the_page(field: str) -> None:
    assert name_of(field) in _NAME.findall(text(_PAGE))


def test_defaults_on_the_page_are_those_of_the_program() -> None:
    true = {name_of(f): as_written(Settings.model_fields[f].default) for f in FIELDS}

    rows = dict(_ROW.findall(text(_PAGE)))

    assert len(rows) > 30
    assert {name: shown for name, shown in rows.items() if true.get(name) != shown.strip()} == {}


@pytest.mark.parametrize("page", pages(), ids=called)
def test_page_names_no_setting_that_the_program_does_not_know(page: Path) -> None:
    known = {name_of(field) for field in FIELDS} | _OTHERS
    known |= {f"JINGGE_{field.upper()}" for field in FIELDS}

    named = set(_NAME.findall(page.read_text(encoding="utf-8")))

    assert named <= known
