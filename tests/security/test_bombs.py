"""Files that grow when they are opened: pictures, workbooks, backups that point elsewhere."""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image

from bot.engine import pictures
from bot.engine.pictures import NoPicture, cleaned
from commands import org_read
from config.faults import StartupFault
from handlers import packed
from handlers.packed import BadPack, Limits
from storage import backup_files
from storage.backup_files import BackupBroken

LIMITS = Limits(packed=100_000, unpacked=1_000_000, parts=50)


# -- pictures -------------------------------------------------------------------------------


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that says it is that large; its pixels are few zeros, well packed."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    pixels = _chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"".join((b"\x89PNG\r\n\x1a\n", head, *more, pixels, _chunk(b"IEND", b"")))


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + b";"


TEXT_BOMB = _chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(50_000_000)))
BOMBS = {
    "pixels": png(20_000, 20_000),
    "more than Pillow's own warning": png(9_800, 9_800),
    "one endless row": png(2_000_000, 1),
    "gif": gif(65_535, 65_535),
    "text in it": png(4, 4, TEXT_BOMB),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_that_grows_is_refused_before_a_pixel_is_decoded(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    real = Image.Image.load

    def load(picture: Image.Image) -> Any:
        decoded.append(str(picture.size))
        return real(picture)

    monkeypatch.setattr(Image.Image, "load", load)
    with pytest.raises(NoPicture):
        cleaned(BOMBS[name])
    assert decoded == []


def test_a_picture_of_a_good_phone_is_none() -> None:
    held = io.BytesIO()
    Image.new("L", (8_000, 6_000)).save(held, "PNG")

    assert cleaned(held.getvalue()) == held.getvalue()
    assert pictures._MOST_PIXELS > 8_000 * 6_000


# -- workbooks ------------------------------------------------------------------------------


def book() -> bytes:
    held = io.BytesIO()
    Workbook().save(held)
    return held.getvalue()


def pack(*parts: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return held.getvalue()


def lying(data: bytes) -> bytes:
    """The same, but its table of contents says that each part is ten bytes."""
    size = struct.pack("<I", 2_000_000)
    assert size in data
    return data.replace(size, struct.pack("<I", 10))


DECLARED = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
NAMED = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'
PACKS = {
    "no zip": b"PK\x03\x04 no zip at all",
    "empty": b"",
    "too large": b"x" * 200_000,
    "grows": pack(("xl/a.xml", bytes(2_000_000))),
    "lies about its size": lying(pack(("xl/a.bin", bytes(2_000_000)))),
    "many parts": pack(*((f"{number}.xml", b"<x/>") for number in range(60))),
    "several that are too large together": pack(
        *((f"{number}.bin", bytes(300_000)) for number in range(4))
    ),
    "entities": pack(("xl/workbook.xml", DECLARED.encode())),
    "entities in another encoding": pack(("xl/workbook.xml", DECLARED.encode("utf-16"))),
    "an encoding that hides": pack(("xl/workbook.xml", NAMED.encode())),
    "another zip in it, cut": pack(("a.xml", b"<x/>"))[:40],
}


@pytest.mark.parametrize("name", PACKS)
def test_a_workbook_that_grows_or_declares_is_not_read(name: str) -> None:
    with pytest.raises(BadPack):
        packed.look(PACKS[name], LIMITS, "词表")


def test_a_plain_workbook_is_read() -> None:
    packed.look(book(), LIMITS, "词表")


def test_the_organisation_is_looked_at_as_well(tmp_path: Path) -> None:
    file = tmp_path / "org.xlsx"
    file.write_bytes(pack(("xl/workbook.xml", DECLARED.encode())))

    with pytest.raises(StartupFault, match="没有读"):
        org_read.read(file, frozenset())


# -- backups --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../evil.sealed", "/etc/cron.d/evil", "..", "a\\..\\b", ""])
@pytest.mark.parametrize("where", ["media", "sums", "database"])
def test_a_manifest_that_points_elsewhere_is_no_backup(
    tmp_path: Path, where: str, name: str
) -> None:
    about: dict[str, Any] = {
        "made_at": "2026-03-04T09:30:00+08:00",
        "database": "database.sqlite",
        "revision": "0001",
        "rows": {},
        "sums": {"database.sqlite": "00"},
        "media": {"0123456789abcdef01234567.sealed": "00"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(about))
    assert backup_files.manifest(tmp_path).media
    about[where] = name if where == "database" else {name: "00"}
    (tmp_path / "manifest.json").write_text(json.dumps(about))

    with pytest.raises(BackupBroken, match="指到别处"):
        backup_files.manifest(tmp_path)
