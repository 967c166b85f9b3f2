from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.drafts.block import Block, open_block


def pytest_itemcollected(item: pytest.Item) -> None:
    """These start a whole house: second part, with its time."""
    item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.timeout(180))


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []
