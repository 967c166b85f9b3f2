"""docs/rules.md: every YAML file has its section, and each change ends in ``check`` as it says."""

import re
import shutil
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.domain import outbound
from bot.domain.reading import read
from config.check import check_command
from config.load import load_rules
from config.rules import Rules
from tests.docs.pages import ROOT, text

_SITE = ROOT / "config" / "site"
_SECTION = re.compile(r"^## (\w+\.yaml)$\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_CASE = re.compile(r"((?:```diff\n.*?^```\n+)+)\*\*看\*\*：(.*?)$", re.MULTILINE | re.DOTALL)
_DIFF = re.compile(r"```diff\n(.*?)^```", re.MULTILINE | re.DOTALL)
_READ = re.compile(r'--explain "([^"]+)"` (?:原来读成 (\w+)，现在)?读成 (\w+)')
_DAY = date(2026, 10, 22)


class Case(NamedTuple):
    """One worked example: the file, its changes, what the page says of ``check``."""

    file: str
    diffs: tuple[str, ...]
    says: str

    @property
    def passes(self) -> bool:
        return self.says.startswith("`check` 放行")


def sections() -> dict[str, str]:
    return dict(_SECTION.findall(text("rules.md")))


def cases() -> list[Case]:
    return [
        Case(file, tuple(_DIFF.findall(diffs)), says)
        for file, words in sections().items()
        for diffs, says in _CASE.findall(words)
    ]


def apply(page: Path, diff: str) -> None:
    """Change the file as the block shows. Raises: AssertionError where the old lines are not."""
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if line[:1] in " -")
    new = "\n".join(line[1:] for line in lines if line[:1] in " +")
    words = page.read_text(encoding="utf-8")
    assert words.count(old) == 1, f"{page.name}: {words.count(old)} × {old}"
    page.write_text(words.replace(old, new), encoding="utf-8")


def changed(case: Case, folder: Path) -> Path:
    site = folder / "site"
    shutil.copytree(_SITE, site)
    for diff in case.diffs:
        apply(site / case.file, diff)
    return site


def _heard_in_group(rules: Rules, said: str) -> str:
    return outbound.for_group(said, outbound.published(rules))


def test_every_file_of_the_sample_site_has_its_section() -> None:
    assert set(sections()) == {page.name for page in _SITE.glob("*.yaml")}


def test_every_section_has_an_example_and_says_what_becomes_of_it() -> None:
    shown = {case.file for case in cases()}

    assert shown == set(sections())
    assert all(re.match(r"`check` (?:放行|不放行)", case.says) for case in cases())
    assert all("**群里**" in words for words in sections().values())
    assert sum(len(case.diffs) for case in cases()) == text("rules.md").count("```diff")


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.file}-{'ok' if c.passes else 'no'}")
def test_changed_file_passes_check_as_the_page_says(case: Case, tmp_path: Path) -> None:
    out = StringIO()

    code = check_command(changed(case, tmp_path), out, _heard_in_group, today=_DAY)

    assert (code == 0) is case.passes, out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in cases() if _READ.search(c.says)], ids=lambda c: c.file)
def test_sentence_is_read_as_the_page_says(case: Case, tmp_path: Path) -> None:
    found = _READ.search(case.says)
    assert found is not None
    said, before, after = found.groups()

    def category(site: Path) -> str | None:
        rules = load_rules(site)
        return read(said, datetime(2026, 10, 22, tzinfo=UTC), None, rules.reading).category

    assert category(changed(case, tmp_path)) == after
    if before:
        assert category(_SITE) == (None if before == "闲聊" else before)
