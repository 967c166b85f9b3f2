"""Real servers for the tests: private PostgreSQL, Redis and Chromium, started by fixtures.

Nothing of the machine's own services is touched: every server gets a fresh folder under the
temporary directory, a free loopback port and a password of its own, and is gone with the test run.
``prepare`` (called by ``make test``) installs what is missing where that is possible.
"""
