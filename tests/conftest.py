"""Fixtures that every test folder may use, and which folders are quick.

Real servers, a browser and node live each in a module of its own under ``tests/servers``; this file
only names them. The fast part of ``make test`` has to end within two minutes on two cores: it is
the tests of ``QUICK``, where no station lives and no program starts, and it does not even load
the other folders. What lies elsewhere belongs to the second part without a mark of its own.
"""

from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
QUICK = {"config", "docs", "domain", "security", "simulator", "wecom"}

# The machine is shared: how long one example takes says nothing; the same examples every time.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")

pytest_plugins = [
    "tests.servers.postgres",
    "tests.servers.schema",
    "tests.servers.redis",
    "tests.servers.browser",
    "tests.servers.node",
]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """True for a folder of which a run without slow tests would take nothing."""
    without_slow = config.option.markexpr.startswith("not slow")
    return True if without_slow and not _is_quick(collection_path) else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """A test outside ``QUICK`` is slow."""
    if not _is_quick(item.path):
        item.add_marker(pytest.mark.slow)


def _is_quick(path: Path) -> bool:
    """True for the quick folders, what is in them, and the files beside this one."""
    first = path.relative_to(HERE).parts[:1]
    return not first or first[0] in QUICK or (path.parent == HERE and path.is_file())
