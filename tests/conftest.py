"""Fixtures that every test folder may use: real servers, a browser, node.

Each lives in a module of its own under ``tests/servers``; this file only names them.
"""

from hypothesis import settings

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
