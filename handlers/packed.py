"""A workbook that somebody hands in (收进来的 Excel), looked at before anything reads it.

Its size, its size unpacked (one whose table of contents lies is broken), the number of its parts,
and that none of them is XML which could grow or fetch: no document type, no entity, no
other encoding to hide one in. Called by whoever reads a workbook.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

_BAD = (b"<!DOCTYPE", b"<!ENTITY")
_XML = (".xml", ".rels", ".vml")
_CODED = re.compile(rb"""\A[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']*)""")
_CODES = (b"utf-8", b"us-ascii", b"ascii")
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)


class BadPack(ValueError):
    """Not a workbook, or not safe to read; the words say why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Most bytes as handed in, most bytes unpacked, most parts."""

    packed: int
    unpacked: int
    parts: int


def look(body: bytes, limits: Limits, kind: str) -> None:
    """Pass for a workbook that may be read; ``kind`` says what it should be. Raises: BadPack."""
    if len(body) > limits.packed:
        raise BadPack(f"文件太大了，不像{kind}")
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed:
            _look_at_parts(packed, limits, kind)
    except _UNREADABLE as fault:
        if isinstance(fault, BadPack):
            raise
        raise BadPack("这不是 Excel 文件（.xlsx）") from fault


def _look_at_parts(packed: zipfile.ZipFile, limits: Limits, kind: str) -> None:
    """The reader itself gives no more of a part than the table of contents says."""
    parts = packed.infolist()
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise BadPack(f"文件解开以后太大了，不像{kind}")
    for part in parts:
        data = packed.read(part)
        if part.filename.lower().endswith(_XML) and not _is_plain(data):
            raise BadPack("文件里有不认识的内容，没有读")


def _is_plain(data: bytes) -> bool:
    """True for XML in which nothing can be declared, written so that this can be seen."""
    coded = _CODED.match(data)
    if coded and coded[1].lower() not in _CODES:
        return False
    return b"\0" not in data and not any(bad in data for bad in _BAD)
