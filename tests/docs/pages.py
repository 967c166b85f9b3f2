"""The pages that people read, and how they are read here."""

from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FOREIGN = {"node_modules", "data", "static"}


@cache
def pages() -> list[Path]:
    """Every page of ours, the front page first."""
    ours = (one for one in ROOT.iterdir() if one.is_dir() and not one.name.startswith("."))
    inside = (path for one in ours if one.name not in _FOREIGN for path in one.rglob("*.md"))
    found = [*ROOT.glob("*.md"), *(path for path in inside if not _foreign(path))]
    return sorted(found, key=lambda path: (len(path.parts), path))


def _foreign(path: Path) -> bool:
    return bool(_FOREIGN & set(path.relative_to(ROOT).parts))


def text(name: str) -> str:
    """What stands on a page of ``docs/``."""
    return (DOCS / name).read_text(encoding="utf-8")


def called(page: Path) -> str:
    """How a test names it."""
    return str(page.relative_to(ROOT))
