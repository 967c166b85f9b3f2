"""Inputs nobody means well with (乱写): good examples, changed by a seeded hand.

Values of JSON keep their shape mostly, words lose and gain pieces, bytes are cut, flipped and
spliced. The same seed gives the same inputs. hypothesis would shrink what it finds but costs a
millisecond for each; this costs some microseconds, so that a million can be tried.
"""

import json
import random
from typing import Any

HUGE = 10**400
WORDS = (
    "",
    " ",
    "\0",
    "\ud83d",
    "\udcff",
    "\u202e",
    "\ufeff",
    "\u2028",
    "\x1b[31m",
    "\x7f",
    "９",
    "٣٣٣",
    "²",
    "①",
    "-1",
    "0",
    "1e999",
    "NaN",
    "Infinity",
    "9" * 13,
    "9" * 5000,
    "0x7f",
    "1_000",
    "+5",
    "١" * 5000,
    "a" * 300,
    "啊" * 3000,
    "[" * 60,
    "{" * 60,
    "<",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&#0;",
    "%00",
    "../../etc/passwd",
    "C:\\x",
    "=1+1",
    "@SUM(1)",
    "＝1",
    "{number}",
    "{0.__class__}",
    "%s%n",
    "${x}",
    "👨‍👩‍👧‍👦",
    "🇨🇳" * 40,
    "e\u0301" * 200,
    "null",
    "true",
    "|",
    "|" * 9,
    ":",
    "wm",
    "geo:",
    "2026-02-30",
    "29:61",
    "13900000000",
    "5栋3单元201室",
    "5" + "-5" * 300,
    "周" * 50,
    "第" * 99,
    "半" * 99,
    "*",
    "&a",
    "!!x",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    float("nan"),
    float("inf"),
    -float("inf"),
    1e308,
    HUGE,
    -HUGE,
    2**63,
    10**12,
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    {"": {}},
    [{}],
    "x",
    b"".decode(),
)


def value(rng: random.Random, good: Any) -> Any:
    """``good``, changed in one to four places."""
    changed = json.loads(json.dumps(good))
    for _ in range(rng.randint(1, 4)):
        changed = _changed(rng, changed)
    return changed


def words(rng: random.Random, good: str) -> str:
    """``good``, changed in one to four places."""
    for _ in range(rng.randint(1, 4)):
        good = _words(rng, good)
    return good


def raw(rng: random.Random, good: bytes) -> bytes:
    """``good``, changed in one to six places."""
    data = bytearray(good)
    for _ in range(rng.randint(1, 6)):
        _bytes(rng, data)
    return bytes(data)


def _changed(rng: random.Random, good: Any) -> Any:
    if isinstance(good, dict) and good and rng.random() < 0.9:
        return _in_dict(rng, good)
    if isinstance(good, list) and good and rng.random() < 0.8:
        return _in_list(rng, good)
    if isinstance(good, str) and rng.random() < 0.6:
        return words(rng, good)
    return rng.choice((rng.choice(VALUES), rng.choice(WORDS), _deep(rng)))


def _in_dict(rng: random.Random, good: dict[str, Any]) -> dict[str, Any]:
    key = rng.choice(list(good))
    match rng.randrange(8):
        case 0:
            return {name: one for name, one in good.items() if name != key}
        case 1:
            return {**good, rng.choice((rng.choice(WORDS), key.upper())): rng.choice(VALUES)}
        case 2:
            return {**good, key: good[rng.choice(list(good))]}
        case _:
            return {**good, key: _changed(rng, good[key])}


def _in_list(rng: random.Random, good: list[Any]) -> list[Any]:
    at = rng.randrange(len(good))
    match rng.randrange(4):
        case 0:
            return good[:at] + good[at + 1 :]
        case 1:
            return good * rng.randint(2, 30)
        case _:
            return [*good[:at], _changed(rng, good[at]), *good[at + 1 :]]


def _deep(rng: random.Random) -> Any:
    found: Any = "x"
    for _ in range(rng.randint(1, 40)):
        found = [found] if rng.random() < 0.5 else {"a": found}
    return found


def _words(rng: random.Random, good: str) -> str:
    start, end = sorted((rng.randint(0, len(good)), rng.randint(0, len(good))))
    match rng.randrange(7):
        case 0:
            return good[:start] + rng.choice(WORDS) + good[start:]
        case 1:
            return good[:start] + good[end:]
        case 2:
            return good[:end] + good[start:end] * rng.randint(1, 9) + good[end:]
        case 3:
            return rng.choice(WORDS)
        case 4:
            return good[:start] + chr(rng.randrange(0x110000)) + good[end:]
        case 5:
            return good[end:] + good[start:end] + good[:start]
        case _:
            return good[:start] + "".join(map(_wide, good[start:end])) + good[end:]


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter


def _bytes(rng: random.Random, data: bytearray) -> None:
    start, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    match rng.randrange(6):
        case 0:
            del data[start : min(end, start + 64)]
        case 1:
            data[start:start] = rng.choice(WORDS).encode("utf-8", "surrogatepass")
        case 2:
            del data[end:]
        case 3:
            data[start:start] = data[start:end][:4096]
        case 4 if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
        case _:
            data[start : start + 4] = rng.randbytes(4)
