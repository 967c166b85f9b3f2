"""Node for tests: the machine's own from version 18 on, else the one from PyPI.

Runs scripts of ``tests/interop`` with the official npm packages installed there. Loaded by
``tests/conftest.py``.
"""

from pathlib import Path

import pytest

from tests.servers.needs import find_node, missing

INTEROP = Path(__file__).parents[1] / "interop"


@pytest.fixture(scope="session")
def node() -> Path:
    """The program ``node``, with the official packages of WeCom beside the interop scripts."""
    program = find_node()
    if program is None:
        missing("node >= 18", "nodejs npm")
    if not (INTEROP / "node_modules/@wecom").is_dir():
        missing("node_modules of tests/interop", "them by `npm ci` there")
    return program
