"""Counts which lines the fast tests visit (覆盖率), at next to no cost: ``-p tests.counting``.

Slipcover puts its marks into the code of our own packages as they are imported and takes them out
once a line was seen; counting by tracing (coverage.py on CPython 3.11) sees every line of every
library too and made tests take two thirds longer. Each process of pytest writes one
``.counted.*.json``; ``tests.counted`` adds them up. Called by ``make fast``.
"""

import atexit
import json
import os
import sys
from pathlib import Path

import slipcover

SOURCES = ["config", "storage", "bot", "handlers", "simulator"]
OMITTED = ["storage/migrations/*"]  # loaded by Alembic, past the importer
NEVER_RUN = ["if TYPE_CHECKING:", r"assert_never\(", "@overload", r"\.\.\.$", "pragma: no cover"]
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_ONLY_HANDS_OUT = _WORKER == "main" and "-n" in sys.argv


def _begin() -> None:
    found = slipcover.Slipcover(branch=True, source=SOURCES, omit=OMITTED, exclude_lines=NEVER_RUN)
    matcher = slipcover.FileMatcher(sources=SOURCES, omit=OMITTED)
    slipcover.ImportManager(found, matcher).__enter__()  # for as long as the process
    atexit.register(_write, found)


def _write(found: slipcover.Slipcover) -> None:
    Path(f".counted.{_WORKER}.json").write_text(json.dumps(found.get_coverage()), encoding="utf-8")


if not _ONLY_HANDS_OUT:
    _begin()
