"""A file of one thing can be read in one sitting: none of the program is over 300 lines."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "handlers", "storage", "config", "commands", "simulator")
MOST_LINES = 300


def too_long(folder: Path) -> list[str]:
    """``path: lines`` of every Python file under ``folder`` that should be split."""
    counts = {path: len(path.read_text("utf-8").splitlines()) for path in folder.rglob("*.py")}
    assert counts, f"nothing to measure in {folder}"
    return sorted(f"{path}: {lines}" for path, lines in counts.items() if lines > MOST_LINES)


@pytest.mark.parametrize("floor", FLOORS)
def test_no_file_of_the_program_is_longer_than_one_reads_at_a_time(floor: str) -> None:
    assert too_long(ROOT / floor) == []


def test_a_file_one_line_too_long_is_named_with_its_length(tmp_path: Path) -> None:
    (tmp_path / "fits.py").write_text("pass\n" * MOST_LINES)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "long.py").write_text("pass\n" * (MOST_LINES + 1))

    assert too_long(tmp_path) == [f"{inner / 'long.py'}: 301"]
