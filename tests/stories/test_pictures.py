"""Pictures (图片): fetched while WeCom's address lives, kept sealed, named in the journal."""

import base64
import struct
import zlib

from bot.engine.keepsakes import opened
from storage.key_file import load_or_create_keys
from tests.stories.world import World


def _png() -> bytes:
    """A picture of one grey point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


async def test_picture_of_the_same_minute_goes_to_the_ticket_and_lies_sealed(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says("3号楼门口垃圾堆成山了", chat="桂花苑")
    await wang.says("", image=base64.b64encode(_png()).decode())

    ticket = await world.only_ticket()
    (step,) = ticket.steps("supplement")
    name = step.reason.removeprefix("[图片 ").rstrip("]")
    folder = world.demo.data / "media"
    seal = load_or_create_keys(world.demo.data / "keys.json", must_exist=True)
    assert opened(folder, seal, name) == _png()
    assert b"PNG" not in (folder / f"{name}.sealed").read_bytes()
