"""A demo of each kind of database for the privacy tests, made as crash tests make theirs."""

from pathlib import Path

import pytest

from tests.crash.conftest import Station, postgres_station, sqlite_station, station

HERE = Path(__file__).parent
TIMEOUT_S = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These start whole houses."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))
            item.add_marker(pytest.mark.slow)


__all__ = ["Station", "postgres_station", "sqlite_station", "station"]
