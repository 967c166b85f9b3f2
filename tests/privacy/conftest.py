"""A demo of each kind of database for the privacy tests, made as crash tests make theirs."""

import pytest

from tests.crash.conftest import Station, postgres_station, sqlite_station, station

TIMEOUT_S = 600


def pytest_itemcollected(item: pytest.Item) -> None:
    """These start whole houses."""
    item.add_marker(pytest.mark.timeout(TIMEOUT_S))
    item.add_marker(pytest.mark.slow)


__all__ = ["Station", "postgres_station", "sqlite_station", "station"]
