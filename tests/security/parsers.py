"""Everything that reads what came from outside: one row each, in ``PARSERS``.

What makes an input of an example (``examples.py``), what reads it (``readers.py``), the faults it
may raise.
"""

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from PIL import Image

from bot.engine.pictures import NoPicture, cleaned
from bot.web import open311_wire
from bot.wecom.archive import Unreadable
from bot.wecom.crypto import (
    BadBody,
    open_media,
)
from bot.wecom.errors import WeComFault
from handlers.dashboard import rule_sheets
from tests.security import examples, readers, strewing

Make = Callable[[random.Random, Any], Any]


@dataclass(frozen=True)
class Parser:
    """``share`` of all inputs is tried; ``raises`` are the faults it says in its docstring."""

    examples: tuple[Any, ...]
    make: Make
    reads: Callable[[Any], object]
    raises: tuple[type[Exception], ...] = ()
    share: int = 10


def _png() -> tuple[bytes, ...]:
    found = []
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP"):
        held = io.BytesIO()
        exif = Image.Exif()
        exif[0x010F], exif[0x0112] = "Some Phone", 6
        more: dict[str, Any] = {"exif": exif} if kind in ("PNG", "JPEG", "WEBP") else {}
        Image.new("RGB", (5, 3), "red").save(held, kind, **more)
        found.append(held.getvalue())
    return tuple(found)


def _book() -> tuple[bytes, ...]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(rule_sheets.HEADS)
    sheet.append(("1 N03", "市政", "words", "", "路灯"))
    held = io.BytesIO()
    book.save(held)
    return (held.getvalue(),)


def _yamls() -> tuple[bytes, ...]:
    return tuple(file.read_bytes()[:1500] for file in sorted(readers.SITE.glob("*.yaml")))


def _json_text(rng: random.Random, good: Any) -> str:
    return strewing.words(rng, json.dumps(strewing.value(rng, good), ensure_ascii=False))


def _letter_text(rng: random.Random, good: dict[str, Any]) -> str:
    return strewing.words(rng, examples.xml_of(good))


PARSERS: dict[str, Parser] = {
    "app: XML": Parser(examples.LETTERS, _letter_text, readers.xml, (BadBody,)),
    "app: fields": Parser(examples.LETTERS, strewing.value, readers.letter, share=20),
    "robot": Parser(examples.ROBOTS, strewing.value, readers.robot, (BadBody,), share=15),
    "socket": Parser(
        tuple(
            {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": one}
            for one in examples.ROBOTS
        ),
        _json_text,
        readers.frame,
    ),
    "kf": Parser(examples.KFS, strewing.value, readers.kf, share=15),
    "archive": Parser(examples.ROWS, strewing.value, readers.archive, (Unreadable,), share=15),
    "orders": Parser(examples.ORDERS, strewing.value, readers.order, share=15),
    "envelopes": Parser(examples.ENVELOPES, strewing.raw, readers.envelope),
    "files of robots": Parser(
        (bytes(64), b"x" * 33), strewing.raw, lambda data: open_media(data, "a" * 43), (BadBody,)
    ),
    "answers of the interface": Parser(
        ({"errcode": 45009, "errmsg": "limit, hint: [1]"},),
        strewing.value,
        readers.payload,
        (WeComFault,),
    ),
    "reading": Parser(examples.SAID, strewing.words, readers.reading, share=3),
    "commands": Parser(examples.SAID, strewing.words, readers.words, share=15),
    "numbers and card keys": Parser(examples.KEYS, strewing.words, readers.numbers, share=15),
    "addresses and times": Parser(examples.SAID, strewing.words, readers.places, share=10),
    "masking": Parser(examples.SAID, strewing.words, readers.masking, share=10),
    "rule files": Parser(_yamls(), strewing.raw, readers.yaml, share=4),
    "words in Excel": Parser(
        _book(), strewing.raw, readers.sheet, (rule_sheets.BadSheet,), share=1
    ),
    "pictures": Parser(_png(), strewing.raw, cleaned, (NoPicture,), share=6),
    "Open311: fields": Parser(
        examples.ASKED, strewing.value, readers.open311, (open311_wire.Fault,), share=15
    ),
    "Open311: forms": Parser(examples.FORMS, strewing.words, readers.form, (open311_wire.Fault,)),
}
