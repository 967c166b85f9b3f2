"""A picture before it is kept (图片): really a picture, of a sane size, without hidden words.

EXIF and the like tell where and with which phone it was taken; they go, the turn of the camera is
applied first. What carries none of it stays byte for byte. Its size is looked at before a pixel is
decoded, and one picture is decoded at a time, so that many large ones do not fill the memory.
Called by ``keepsakes``.
"""

import io
import threading
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_MOST_PIXELS = 80_000_000
_MOST_SIDE = 30_000
_HIDDEN = ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "parsed_exif")
_QUALITY = 90


Image.init()  # else only some formats are known until a picture of another one was seen
warnings.simplefilter("error", Image.DecompressionBombWarning)  # as Pillow's manual has it
_one_at_a_time = threading.Lock()


_TOO_MUCH = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    MemoryError,
)
# What Pillow raises over bytes that only look like a picture (found by tests/security).
_DAMAGED = (OSError, SyntaxError, ValueError)


class NoPicture(Exception):
    """These bytes are no picture that may be kept; the sentence says why."""


def cleaned(data: bytes) -> bytes:
    """The picture without what its file says besides. Raises: NoPicture."""
    try:
        with _one_at_a_time, Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS or max(picture.size) > _MOST_SIDE:
                raise NoPicture(f"{picture.width}x{picture.height} pixels")
            if not _tells_more(picture):
                picture.load()
                return data
            return _again(picture)
    except _TOO_MUCH as fault:
        raise NoPicture(type(fault).__name__) from fault
    except _DAMAGED as fault:
        raise NoPicture("the file is damaged") from fault


def _tells_more(picture: Image.Image) -> bool:
    told = any(picture.info.get(name) for name in _HIDDEN)
    return told or bool(picture.getexif()) or bool(getattr(picture, "text", None))


def _again(picture: Image.Image) -> bytes:
    """The same pixels in a new file."""
    kind = "JPEG" if picture.format in ("JPEG", "MPO") else picture.format or "PNG"
    turned = ImageOps.exif_transpose(picture)
    bare = Image.new(turned.mode, turned.size)
    if turned.mode == "P" and (palette := turned.getpalette()):
        bare.putpalette(palette)
    bare.paste(turned)
    held = io.BytesIO()
    more = {"quality": _QUALITY} if kind == "JPEG" else {}
    bare.save(held, kind, **more)
    return held.getvalue()
