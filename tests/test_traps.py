"""docs/traps.md keeps its word: every trap has a row, and every test it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "traps.md"
_ROW = re.compile(r"^\| (\d+) \|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
_NODE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def named_in(path: Path) -> frozenset[str]:
    """The names of the test functions of a file, read and not run."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(n.name for n in tree.body if isinstance(n, kinds))


ROWS = [
    (int(number), what.strip(), tests)
    for number, what, _, tests in _ROW.findall(TABLE.read_text("utf-8"))
]
NODES = sorted({node for _, _, tests in ROWS for node in _NODE.findall(tests)})


def test_every_trap_has_its_row() -> None:
    assert {number for number, _, _ in ROWS} == set(range(1, 27))


@pytest.mark.parametrize(
    ("number", "what", "tests"), ROWS, ids=[f"{n} {w[:20]}" for n, w, _ in ROWS]
)
def test_row_names_a_test(number: int, what: str, tests: str) -> None:
    named = _NODE.findall(tests)

    assert named
    assert len(named) == tests.count("`") // 2


@pytest.mark.parametrize(("path", "name"), NODES)
def test_named_test_exists(path: str, name: str) -> None:
    file = ROOT / path

    assert file.is_file()
    assert name.startswith("test_")
    assert name in named_in(file)
