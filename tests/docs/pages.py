"""The pages that people read, and how they are read here."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FOREIGN = {".venv", "node_modules", "data"}


def pages() -> list[Path]:
    """Every page of ours, the front page first."""
    found = (path for path in ROOT.rglob("*.md") if not _FOREIGN & set(path.parts))
    return sorted(found, key=lambda path: (len(path.parts), path))


def text(name: str) -> str:
    """What stands on a page of ``docs/``."""
    return (DOCS / name).read_text(encoding="utf-8")


def called(page: Path) -> str:
    """How a test names it."""
    return str(page.relative_to(ROOT))
