"""The program as a user starts it: a process of its own, with nothing set but what is given."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_GIVEN_UP_S = 60


def run(
    *words: str, said: str = "", settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """``run_bot.py words`` with ``said`` on its stdin, finished."""
    return _finished([sys.executable, str(ROOT / "run_bot.py"), *words], said, settings)


def modules_after(*words: str, said: str = "") -> set[str]:
    """Top-level names of all that is loaded when that command has done its work."""
    program = (
        "import sys, run_bot; code = run_bot.main(sys.argv[1:]); "
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules})); "
        "sys.exit(code)"
    )
    done = _finished([sys.executable, "-c", program, *words], said, None)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def _finished(
    command: list[str], said: str, settings: dict[str, str] | None
) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        command, input=said, text=True, capture_output=True, cwd=ROOT, timeout=_GIVEN_UP_S,
        env={**kept, **(settings or {})}, check=False,
    )  # fmt: skip
