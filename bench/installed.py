"""Others' programs that ours is set beside (对照的程序): installed by the bench, kept by itself.

Python's into a virtual environment from ``requirements/bench.txt`` (pinned, with sums), npm's from
the lock file of the interop tests. Both lie under ``data/bench`` and are made anew when their list
changes; nothing of it is in the program's own environment. Called by the lines that have a peer.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "data" / "bench"
PYTHON_LIST = ROOT / "requirements" / "bench.txt"
NODE_LISTS = tuple(ROOT / "tests" / "interop" / f"package{end}.json" for end in ("", "-lock"))


def peers_python() -> Path:
    """The interpreter that has the peers of ``requirements/bench.txt``."""
    folder = FOLDER / "python"
    if not _is_current(folder, PYTHON_LIST):
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        # fmt: off
        _quiet([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet",
                "--disable-pip-version-check", "--require-hashes", "-r", str(PYTHON_LIST)])
        # fmt: on
        _note(folder, PYTHON_LIST)
    return folder / "bin" / "python"


def peers_node() -> Path:
    """A folder with the ``node_modules`` that the interop tests name."""
    folder = FOLDER / "node"
    if not _is_current(folder, *NODE_LISTS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for one in NODE_LISTS:
            shutil.copy(one, folder)
        npm = _program("npm")
        _quiet([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        _note(folder, *NODE_LISTS)
    return folder


def node() -> str:
    """The program itself, of the machine or of our own environment."""
    return _program("node")


def _program(name: str) -> str:
    """Raises: SystemExit where the machine has none."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit(f"这一行要用 {name}，这台机器没有；装了再量（make install-dev）。")
    return found


def _quiet(command: list[str], folder: Path = ROOT) -> None:
    """Raises: SystemExit with the last lines of what it said."""
    done = subprocess.run(  # noqa: S603  pip and npm with pinned lists
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise SystemExit(f"对照的程序没有装上（{command[0]}）：\n{done.stdout[-800:]}")


def _is_current(folder: Path, *lists: Path) -> bool:
    note = folder / "list.sha256"
    return note.exists() and note.read_text() == _sum(lists)


def _note(folder: Path, *lists: Path) -> None:
    (folder / "list.sha256").write_text(_sum(lists))


def _sum(lists: tuple[Path, ...]) -> str:
    return hashlib.sha256(b"".join(one.read_bytes() for one in lists)).hexdigest()
