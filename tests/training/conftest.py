"""``station``: the made-up station, for each test one that nobody has touched."""

from pathlib import Path

import pytest

from tests.training.station import Station, build, copied


@pytest.fixture(scope="session")
def _first_station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return build(tmp_path_factory.mktemp("station"))


@pytest.fixture
def station(tmp_path: Path, _first_station: Station) -> Station:
    return copied(_first_station, tmp_path)
