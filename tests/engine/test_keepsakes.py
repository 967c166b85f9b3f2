"""What came with a message is fetched only where its door hands it out."""

import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.engine import keepsakes as module
from bot.engine.keepsakes import APP_LIFE_S, Keepsakes, opened
from bot.events import Heard, Media, media_names
from bot.wecom.errors import Refusal, Unreachable, WeComFault
from storage.key_file import load_or_create_keys
from storage.sealed import Seal

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "5478da6360000000020001e527defc0000000049454e44ae426082"
)
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return load_or_create_keys(tmp_path / "keys.json", must_exist=False)


def heard(*media: Media) -> Heard:
    return Heard(key="k", at=NOON, chat="bot:res", by="res", door="socket", text="", media=media)


async def test_voice_that_the_door_only_tells_of_is_not_fetched(tmp_path: Path, seal: Seal) -> None:
    fetched: list[Media] = []

    async def fetch(medium: Media, limit_bytes: int) -> bytes:
        fetched.append(medium)
        return PICTURE

    keepsakes = Keepsakes(tmp_path / "media", seal)
    keepsakes.plug("socket", fetch)
    picture = Media(kind="image", url="https://wecom.example/1")
    event = heard(Media(kind="voice"), picture)
    keepsakes.keep(event)
    await keepsakes.close()

    assert fetched == [picture]
    assert opened(tmp_path / "media", seal, media_names(event)[1]) == PICTURE


class Door:
    """Hands out what it is told to; remembers limits."""

    def __init__(self, *faults: WeComFault) -> None:
        self.faults = deque(faults)
        self.limits: list[tuple[str, int]] = []

    async def fetch(self, medium: Media, limit_bytes: int) -> bytes:
        self.limits.append((medium.kind, limit_bytes))
        if self.faults:
            raise self.faults.popleft()
        return PICTURE


@pytest.fixture
def kept(tmp_path: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> Keepsakes:
    monkeypatch.setattr(module, "BACKOFF_S", (0.0, 0.0))
    return Keepsakes(tmp_path / "media", seal)


async def test_places_and_links_have_nothing_to_fetch_and_each_kind_has_its_limit(
    kept: Keepsakes,
) -> None:
    """Trap 13: image 10 MB, voice 2 MB, video 10 MB, file 20 MB."""
    door = Door()
    kept.plug("socket", door.fetch)
    kinds = ("location", "link", "image", "voice", "video", "file")
    kept.keep(heard(*(Media(kind=kind, url="u", media_id="m") for kind in kinds)))
    await kept.close()

    megabytes = {kind: size // 1024 // 1024 for kind, size in door.limits}
    assert megabytes == {"image": 10, "voice": 2, "video": 10, "file": 20}


async def test_medium_of_the_app_is_tried_again_for_three_days(
    kept: Keepsakes, tmp_path: Path, seal: Seal
) -> None:
    """Trap 13: a media_id lives three days, so a restart in between loses nothing."""
    door = Door(*(Unreachable("away") for _ in range(3)))
    kept.plug("socket", door.fetch)
    event = heard(Media(kind="image", media_id="m1"))
    kept.keep(event)
    await kept.close()

    later = Keepsakes(tmp_path / "media", seal)
    later.plug("socket", door.fetch)
    assert await later.again(time.time()) == 0
    assert await later.again(time.time()) == 1
    assert opened(tmp_path / "media", seal, media_names(event)[0]) == PICTURE
    assert list((tmp_path / "media").glob("*.later")) == []


async def test_what_wecom_does_not_hand_out_any_more_is_given_up(
    kept: Keepsakes, tmp_path: Path
) -> None:
    door = Door(Refusal("dead", 40007), *(Unreachable("away") for _ in range(9)))
    kept.plug("socket", door.fetch)
    kept.keep(heard(Media(kind="image", media_id="m1")))
    await kept.close()
    assert len(door.limits) == 1

    kept.keep(heard(Media(kind="image", media_id="m2"), Media(kind="file", url="robot's")))
    await kept.close()
    assert len(list((tmp_path / "media").glob("*.later"))) == 1
    assert await kept.again(time.time() + APP_LIFE_S + 1) == 0

    assert list((tmp_path / "media").glob("*.later")) == []
