"""What came with a message is fetched only where its door hands it out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.engine.keepsakes import Keepsakes, opened
from bot.events import Heard, Media, media_names
from storage.sealed import Seal, load_or_create_keys

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return load_or_create_keys(tmp_path / "keys.json", must_exist=False)


def heard(*media: Media) -> Heard:
    return Heard(key="k", at=NOON, chat="bot:res", by="res", door="socket", text="", media=media)


async def test_voice_that_the_door_only_tells_of_is_not_fetched(tmp_path: Path, seal: Seal) -> None:
    fetched: list[Media] = []

    async def fetch(medium: Media) -> bytes:
        fetched.append(medium)
        return b"sound"

    keepsakes = Keepsakes(tmp_path / "media", seal)
    keepsakes.plug("socket", fetch)
    picture = Media(kind="image", url="https://wecom.example/1")
    event = heard(Media(kind="voice"), picture)
    keepsakes.keep(event)
    await keepsakes.close()

    assert fetched == [picture]
    assert opened(tmp_path / "media", seal, media_names(event)[1]) == b"sound"
