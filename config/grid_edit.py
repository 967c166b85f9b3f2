"""Adds workers to grids.yaml (改 grids.yaml): one line per grid, comments and order stay.

Only the ``workers:`` line of a grid that stands written as ``workers: [a, b]`` is touched; where it
is written otherwise the clerk is told. The edited text is judged by ``load_rules`` before it
replaces the file. Called by ``commands.orders``.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.faults import StartupFault
from config.load import load_rules

_ID = re.compile(r"^\s*-\s*id:\s*['\"]?([0-9A-Za-z_-]+)")
_WORKERS = re.compile(r"^(\s*workers:\s*)\[([^\]]*)\](.*)$")


def with_workers(text: str, more: Mapping[str, Sequence[str]]) -> str:
    """``text`` with these people added to the workers of these grids.

    Raises: StartupFault, naming every grid whose line cannot be edited.
    """
    left, lines, grid = dict(more), [], ""
    for line in text.split("\n"):
        named, workers = _ID.match(line), _WORKERS.match(line)
        grid = named[1] if named else grid
        if workers and grid in left:
            there = [one.strip() for one in workers[2].split(",") if one.strip()]
            there += [user for user in left.pop(grid) if user not in there]
            line = f"{workers[1]}[{', '.join(there)}]{workers[3]}"
        lines.append(line)
    if left:
        raise StartupFault(
            *(f"grids.yaml 里网格 {one} 没有“workers: […]”这一行，请手工加人。" for one in left)
        )
    return "\n".join(lines)


def write_workers(site: Path, more: Mapping[str, Sequence[str]]) -> None:
    """Change grids.yaml of ``site``; the old file stays as it is when the new one is no good.

    Raises: StartupFault, in the words of ``check``.
    """
    file = site / "grids.yaml"
    text = with_workers(file.read_text(encoding="utf-8"), more)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "site"
        shutil.copytree(site, trial)
        (trial / "grids.yaml").write_text(text, encoding="utf-8")
        load_rules(trial)
    draft = file.with_name(".grids.yaml.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
