"""``except Exception`` stands where a bug must not stop the machine, and nowhere else."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "handlers", "storage", "config", "commands")
_MAYBE = re.compile(r"except\s*:|except\b[^\n]*(?:\n[^\n]*){0,4}?Exception")
# The writer, the worker and its look behind the held, the sender; the one middleware round pages.
MAY = {
    "storage/writer.py",
    "bot/engine/worker.py",
    "bot/engine/sender.py",
    "bot/engine/behind.py",
    "handlers/dashboard/errors.py",
}


def catches_all(text: str) -> bool:
    """True when some handler of that source catches everything."""
    if not _MAYBE.search(text):  # most files need no parsing
        return False
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ExceptHandler))
    return any(_is_broad(node.type) for node in found)


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id == "Exception")


def test_only_these_places_catch_everything() -> None:
    found = {
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if catches_all(path.read_text("utf-8"))
    }
    assert found == MAY


def test_a_bare_or_hidden_one_is_seen() -> None:
    assert catches_all("try:\n    x\nexcept:\n    pass\n")
    assert catches_all("try:\n    x\nexcept (OSError, Exception):\n    pass\n")
    assert not catches_all("try:\n    x\nexcept OSError:\n    pass\n")
