"""What a picture's file says besides its pixels is not kept."""

import io

import pytest
from PIL import Image

from bot.engine.pictures import NoPicture, cleaned

MAKE, ORIENTATION = 0x010F, 0x0112


def made(kind: str, exif: Image.Exif | None = None) -> bytes:
    held = io.BytesIO()
    picture = Image.new("RGB", (4, 2), "red")
    picture.save(held, kind, **({"exif": exif} if exif else {}))
    return held.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_goes_and_the_camera_turn_stays(kind: str) -> None:
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Some Phone", 6
    dirty = made(kind, exif)
    assert b"Some Phone" in dirty

    clean = cleaned(dirty)

    assert b"Some Phone" not in clean
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.size == (2, 4)
        assert not picture.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_picture_that_hides_nothing_stays_as_it_is(kind: str) -> None:
    data = made(kind)

    assert cleaned(data) == data


@pytest.mark.parametrize("data", [b"<html>no picture</html>", b"MZ" + bytes(64), b""])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        cleaned(data)


def test_broken_picture_is_refused() -> None:
    with pytest.raises(NoPicture):
        cleaned(made("PNG")[:40])
