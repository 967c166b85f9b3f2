"""Adds up what ``tests.counting`` has counted and compares it: ``python -m tests.counted all=90``.

Prints the least visited files and the shares (lines and branches); exit code 1 when one is below
its least. Called by ``make coverage``.
"""

import json
import sys
from pathlib import Path
from typing import Any

import slipcover

_WORST = 12


def main(words: list[str]) -> int:
    """Exit code; ``words``: FOLDER=PERCENT, ``all`` for everything."""
    files = _merged()["files"]
    for name in sorted(files, key=lambda one: _share([files[one]]))[:_WORST]:
        sys.stdout.write(f"{_share([files[name]]):6.1f}  {name}\n")
    wanted = dict(word.split("=") for word in words)
    below = [_is_below(files, folder, float(least)) for folder, least in wanted.items()]
    return int(any(below))


def _merged() -> dict[str, Any]:
    parts = [json.loads(path.read_text("utf-8")) for path in sorted(Path().glob(".counted.*.json"))]
    if not parts:
        raise SystemExit("nothing was counted: run make fast slow first")
    for part in parts[1:]:
        slipcover.merge_coverage(parts[0], part)
    whole: dict[str, Any] = parts[0]
    return whole


def _is_below(files: dict[str, Any], folder: str, least: float) -> bool:
    inside = [
        one for name, one in files.items() if folder == "all" or name.startswith(f"{folder}/")
    ]
    share = _share(inside)
    sys.stdout.write(f"{folder}: {share:.1f} %, at least {least:g} %\n")
    return share < least


def _share(files: list[dict[str, Any]]) -> float:
    """Percent of lines and branches that were visited."""
    seen = sum(len(one["executed_lines"]) + len(one["executed_branches"]) for one in files)
    rest = sum(len(one["missing_lines"]) + len(one["missing_branches"]) for one in files)
    return 100 * seen / (seen + rest) if seen + rest else 100.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
