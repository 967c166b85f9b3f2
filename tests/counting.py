"""Counts which lines the tests visit (覆盖率), at next to no cost: ``-p tests.counting``.

Slipcover puts its marks into the code of our own packages as they are imported and takes them out
once a line was seen; counting by tracing (coverage.py on CPython 3.11) sees every line of every
library too and made tests take two thirds longer. Each process of pytest writes one
``.counted.*.json`` under the name of its part; ``tests.counted`` adds them up. Called by
``make fast`` and ``make slow``.
"""

import json
import os
import sys
from pathlib import Path

import slipcover

SOURCES = ["config", "storage", "bot", "handlers", "simulator"]
OMITTED = ["storage/migrations/*"]  # loaded by Alembic, past the importer
NEVER_RUN = ["if TYPE_CHECKING:", r"assert_never\(", "@overload", r"\.\.\.$", "pragma: no cover"]
_PART = os.environ.get("COUNTED_AS", "some")
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_FOUND = slipcover.Slipcover(branch=True, source=SOURCES, omit=OMITTED, exclude_lines=NEVER_RUN)
_VISITS = _WORKER != "main" or "-n" not in sys.argv  # who only hands out visits nothing

if _VISITS:
    _MATCHER = slipcover.FileMatcher(sources=SOURCES, omit=OMITTED)
    slipcover.ImportManager(_FOUND, _MATCHER).__enter__()  # for as long as the process


def pytest_sessionfinish() -> None:
    """Write what this process has seen, while whoever hands out still waits for it."""
    if _VISITS:
        found = json.dumps(_FOUND.get_coverage())
        Path(f".counted.{_PART}.{_WORKER}.json").write_text(found, encoding="utf-8")
