"""What is installed is what was looked at: pinned with its sums, and named on a page."""

import json
import re
from importlib import metadata
from pathlib import Path

import pytest

from bench import dependencies

LOCKS = sorted((dependencies.HERE / "requirements").glob("*.txt"))
_BLOCK = re.compile(r"^(?!\s|#)(?P<head>[^\n\\]+)(?P<rest>(?:\\\n[^\n]*)*)", re.MULTILINE)
_ROW = re.compile(r"^\| ([\w.-]+) \| (\S+) \| (.+) \|$", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_every_requirement_is_pinned_with_its_sums(lock: Path) -> None:
    blocks = list(_BLOCK.finditer(lock.read_text(encoding="utf-8")))

    assert blocks
    loose = [
        block["head"]
        for block in blocks
        if "==" not in block["head"] or "--hash=sha256:" not in block["rest"]
    ]
    assert loose == []


def test_nothing_is_installed_without_looking_at_the_sums() -> None:
    makefile = (dependencies.HERE / "Makefile").read_text(encoding="utf-8")
    joined = makefile.replace("\\\n", " ")
    installs = re.findall(r"^.*-m pip install.*|^install = .*|^\t.*uv pip install.*", joined, re.M)

    assert len(installs) == 2  # uv, and all else by uv
    assert all("--require-hashes" in one for one in installs)
    assert "npm ci --ignore-scripts" in makefile


def test_every_package_of_the_pages_has_its_sum() -> None:
    lock = json.loads((dependencies.HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}

    assert packages
    assert [name for name, one in packages.items() if not one.get("integrity")] == []


def test_the_page_of_packages_is_current() -> None:
    """`python -m bench.dependencies` writes it anew."""
    rows = {row[0]: row[1:] for row in _ROW.findall(dependencies.PAGE.read_text(encoding="utf-8"))}
    locked = dependencies.pins(dependencies.LOCK.read_text(encoding="utf-8"))

    assert {name: version for name, (version, _) in rows.items() if name != "包"} == locked


def test_installed_packages_say_the_licence_that_the_page_says() -> None:
    page = dependencies.PAGE.read_text(encoding="utf-8")
    here = {one.metadata["Name"].lower().replace("_", "-") for one in metadata.distributions()}
    for name, _, said in _ROW.findall(page):
        if name in here:
            assert dependencies.licence_of(name) == said
