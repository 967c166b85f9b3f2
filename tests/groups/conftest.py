from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.groups.corp import Corp, open_corp


def pytest_itemcollected(item: pytest.Item) -> None:
    """These start a whole house: second part, with its time."""
    item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.timeout(180))


@pytest.fixture
async def corp(tmp_path: Path) -> AsyncIterator[Corp]:
    async with open_corp(tmp_path) as opened:
        yield opened
