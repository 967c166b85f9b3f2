"""Fixtures that every test folder may use: real servers, a browser, node.

Each lives in a module of its own under ``tests/servers``; this file only names them.
"""

pytest_plugins = [
    "tests.servers.postgres",
    "tests.servers.redis",
    "tests.servers.browser",
    "tests.servers.node",
]
