"""The program as a user starts it, with nothing set but what is given.

``run`` starts a process; ``run_here`` calls the same command in this one, where loading the
program anew for each test would take ten times as long as its work.
"""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import run_bot

ROOT = Path(__file__).parents[2]
_GIVEN_UP_S = 60


def run(
    *words: str, said: str = "", settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """``run_bot.py words`` with ``said`` on its stdin, finished."""
    return _finished([sys.executable, str(ROOT / "run_bot.py"), *words], said, settings)


def run_here(
    *words: str, said: str = "", settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """As ``run``, without a process of its own."""
    told, fault = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, _kept(settings), clear=True),
        mock.patch.object(sys, "stdin", io.StringIO(said)),
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(fault),
        contextlib.chdir(ROOT),
    ):
        code = run_bot.main([*words])
    return subprocess.CompletedProcess(words, code, told.getvalue(), fault.getvalue())


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
    return subprocess.run(
        command, input=said, text=True, capture_output=True, cwd=ROOT, timeout=_GIVEN_UP_S,
        env=_kept(settings), check=False,
    )  # fmt: skip


def _kept(settings: dict[str, str] | None) -> dict[str, str]:
    """The environment: nothing but what every program needs, and these settings."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return {**kept, **(settings or {})}
